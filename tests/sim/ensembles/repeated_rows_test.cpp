// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/repeated_rows.hpp.
#include "sim/ensembles/repeated_rows.hpp"

#include <cmath>
#include <stdexcept>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/ensembles/ensemble_catalogue.hpp"
#include "tests/catch.hpp"
#include "tests/sim/ensembles/sample_checks.hpp"
#include "theory/law_catalogue.hpp"
#include "theory/marchenko_pastur.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using rmtlab::core::Stream;
using namespace rmtlab;
using namespace rmtlab::ensembles;
using namespace rmtlab::tests;

}  // namespace

TEST_CASE("repeated_rows: levels are the eigenvalues of the covariance of the rows",
          "[ensembles][accuracy]") {
  const double c = GENERATE(0.0, 0.3, 1.0);
  CAPTURE(c);
  arma::mat covariance(11, 11, arma::fill::zeros);  // groups of 4, 4 and 3
  for (arma::uword i = 0; i < 11; ++i)
    for (arma::uword j = 0; j < 11; ++j)
      if (i / 4 == j / 4) covariance(i, j) = i == j ? 1 : c;
  CHECK(arma::approx_equal(repeated_rows_levels({.copies = 4, .correlation = c}, 11),
                           arma::eig_sym(covariance), "absdiff", 1e-14));
}

TEST_CASE("repeated_rows: correlation of rows in a group and between groups",
          "[ensembles][statistical]") {
  // 20000 products of standard normal entries: |z| < 4.5, false alarm 7e-6 each.
  Stream stream = Stream(20240911).child("correlation");
  const arma::mat W = repeated_rows_matrix(6, 20000, 2, {.copies = 3, .correlation = 0.4}, stream);
  const auto products = [&](arma::uword i, arma::uword j) {
    return arma::vec(arma::vectorise(W.row(i) % W.row(j)));
  };
  for (arma::uword i = 0; i < 6; ++i)
    for (arma::uword j = i; j < 6; ++j) {
      CAPTURE(i, j);
      const double expected = i == j ? 2 : i / 3 == j / 3 ? 0.8 : 0;
      CHECK(std::abs(z_against(products(i, j), expected)) < 4.5);
    }
  CHECK(std::abs(z_against(products(0, 1), 0.9)) > 4.5);  // negative control: 0.45
}

TEST_CASE("repeated_rows: copies are noise of another aspect ratio", "[ensembles][property]") {
  Stream stream = Stream(20240912).child("copies"), same = stream;
  const arma::mat W = repeated_rows_matrix(240, 60, 1, {.copies = 2}, stream);
  const arma::mat V = repeated_rows_matrix(120, 60, 1, {.copies = 1}, same);
  CHECK(arma::approx_equal(spectrum(W), spectrum(V), "absdiff", 1e-13));
  // Judged by its shape, a share of the eigenvalues lies beyond the edge: Q = 4 in place of 2.
  CHECK(arma::accu(spectrum(W) > theory::MarchenkoPastur(4).upper_edge()) >= 3);
  const auto truth = make_ensemble("repeated-rows").truth(240, 60);
  CHECK(truth.phase == theory::Phase::random_like);
  CHECK(truth.limit->parameters.at("Q") == "2");
  CHECK(truth.largest->parameters.at("N") == "120");
  // Fewer different rows than columns: directions are lost.
  const auto lost = make_ensemble("repeated-rows", {{"copies", "4"}});
  CHECK(lost.truth(120, 60).phase == theory::Phase::rank_collapse);
  const arma::vec x = correlation_eigenvalues(lost.matrix(120, 60, stream));
  CHECK(arma::accu(x < 1e-12) == 30);
  CHECK(make_ensemble("repeated-rows", {{"correlation", "0.5"}}).truth(120, 60).phase ==
        theory::Phase::bulk_decay);
}

TEST_CASE("repeated_rows: refuses what does not fit", "[ensembles][errors]") {
  Stream stream(1);
  CHECK_THROWS_WITH(repeated_rows_matrix(4, 3, 1, {.copies = 0}, stream),
                    ContainsSubstring("RepeatedRows: copies = 0 (must be >= 1)"));
  CHECK_THROWS_WITH(repeated_rows_levels({.correlation = 2}, 3),
                    ContainsSubstring("RepeatedRows: correlation = 2 (must be >= 0 and <= 1)"));
  CHECK_THROWS_AS(repeated_rows_levels({}, 0), std::domain_error);
  CHECK_THROWS_AS(repeated_rows_matrix(0, 3, 1, {}, stream), std::domain_error);
}
