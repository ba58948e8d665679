// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/gaussian_matrix.hpp.
#include "sim/ensembles/gaussian_matrix.hpp"

#include <cmath>
#include <stdexcept>

#include <armadillo>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"
#include "tests/sim/ensembles/sample_checks.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using rmtlab::core::Stream;
using namespace rmtlab::ensembles;
using namespace rmtlab::tests;

}  // namespace

TEST_CASE("gaussian_matrix: independent normal entries of the variance asked for",
          "[ensembles][statistical]") {
  Stream stream = Stream(20240665).child("entries");
  const arma::mat W = gaussian_matrix(200, 100, 2.5, stream);
  const arma::vec entries = arma::vectorise(W);
  const auto distance = [&](double variance) {
    return ks_distance(entries,
                       [&](double w) { return std::erfc(-w / std::sqrt(2 * variance)) / 2; });
  };
  CHECK(distance(2.5) < 2.3 / std::sqrt(20000.0));  // 5e-5
  CHECK(distance(3.5) > 2.3 / std::sqrt(20000.0));
  // Neighbours in a row and in a column: |z| < 4, 6e-5 each.
  CHECK(std::abs(z_against(arma::vectorise(W.head_rows(199) % W.tail_rows(199)), 0)) < 4);
  CHECK(std::abs(z_against(arma::vectorise(W.head_cols(99) % W.tail_cols(99)), 0)) < 4);
}

TEST_CASE("gaussian_matrix: a function of the stream", "[ensembles][repro]") {
  Stream a = Stream(3).child("x"), b = a;
  const arma::mat first = gaussian_matrix(7, 5, 1.0, a);
  CHECK(arma::all(arma::vectorise(first == gaussian_matrix(7, 5, 1.0, b))));
  CHECK(arma::any(arma::vectorise(first != gaussian_matrix(7, 5, 1.0, a))));
  CHECK_THROWS_WITH(gaussian_matrix(0, 5, 1.0, a),
                    ContainsSubstring("gaussian_matrix: rows = 0 (must be >= 1)"));
  CHECK_THROWS_AS(gaussian_matrix(5, 0, 1.0, a), std::domain_error);
  CHECK_THROWS_AS(gaussian_matrix(5, 5, 0.0, a), std::domain_error);
}
