// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/trained_like.hpp.
#include "sim/ensembles/trained_like.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "tests/catch.hpp"
#include "tests/sim/ensembles/sample_checks.hpp"
#include "theory/marchenko_pastur.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using rmtlab::core::Stream;
using namespace rmtlab;
using namespace rmtlab::ensembles;
using namespace rmtlab::tests;

}  // namespace

TEST_CASE("trained_like: W - a W_0 has the singular values asked for", "[ensembles][property]") {
  Stream stream = Stream(20240663).child("parts");
  const arma::mat initial = gaussian_matrix(15, 9, 0.4, stream);
  const TrainedLike model{.initial_scale = 0.8, .singular_values = {5, 3, 0}, .left_support = 4};
  const SpikedMatrix trained = trained_like(initial, 0.4, model, stream);
  const arma::vec delta = arma::svd(arma::mat(trained.W - 0.8 * initial));
  CHECK(arma::approx_equal(delta.head(3), arma::vec{5, 3, 0}, "absdiff", 1e-13));
  CHECK(delta[3] < 1e-13);
  CHECK(arma::accu(trained.left != 0) == 12);
  CHECK_THAT(trained.spikes[0].variance(), WithinRel(0.4 * 0.64, 1e-15));
  CHECK_THAT(trained.spikes[0].excess(), WithinRel(25 / (15 * 0.4 * 0.64), 1e-14));
}

TEST_CASE("trained_like: outliers where predicted beside a shrunken bulk",
          "[ensembles][statistical]") {
  // nu^2 = N: eigenvalue 1 of Delta^T Delta / N beside noise of variance a^2 / 2. Within 4 standard
  // errors (6e-5 each) and a relative 8/N; negative control: the prediction without the shrinking.
  const double a = 0.6, variance = 0.5;
  for (const std::size_t cols : {25U, 50U, 100U}) {
    const std::size_t rows = 2 * cols;
    const auto n = static_cast<double>(rows);
    Stream stream = Stream(20240664).child(cols);
    const TrainedLike model{.initial_scale = a, .singular_values = {std::sqrt(n)}};
    const int draws = 3000 / static_cast<int>(cols);
    arma::vec top(draws), second(draws);
    double location = 0;
    for (arma::uword d = 0; d < top.n_elem; ++d) {
      const SpikedMatrix trained =
          trained_like(gaussian_matrix(rows, cols, variance, stream), variance, model, stream);
      const arma::vec values = spectrum(trained.W);
      top[d] = values.back();
      second[d] = values[cols - 2];
      location = theory::outlier_location(trained.spikes[0]);
    }
    CAPTURE(cols);
    CHECK_THAT(arma::mean(top) / location,
               WithinAbs(1, 4 * standard_error(top) / location + 8 / n));
    const double wrong =
        theory::outlier_location(theory::Spike::additive(2, std::sqrt(1 / variance), variance));
    CHECK(std::abs(arma::mean(top) / wrong - 1) > 4 * standard_error(top) / wrong + 8 / n);
    const theory::MarchenkoPastur bulk(2, variance * a * a);
    CHECK(arma::mean(second) < bulk.upper_edge());  // Tracy-Widom's mean is negative
    CHECK(arma::mean(second) > 0.8 * bulk.upper_edge());
  }
}

TEST_CASE("trained_like: refuses impossible parameters", "[ensembles][errors]") {
  Stream stream(1);
  const arma::mat initial(5, 4, arma::fill::zeros);
  CHECK_THROWS_WITH(trained_like(initial, 1, {.initial_scale = 0, .singular_values = {}}, stream),
                    ContainsSubstring("trained_like: initial_scale = 0 (must be finite and > 0)"));
  CHECK_THROWS_WITH(trained_like(initial, 1, {.singular_values = {1, -1}}, stream),
                    ContainsSubstring("trained_like: singular value = -1"));
  CHECK_THROWS_WITH(trained_like(initial, -1, {.singular_values = {}}, stream),
                    ContainsSubstring("variance = -1"));
  CHECK_THROWS_WITH(trained_like(initial, 1, {.singular_values = {1, 1, 1, 1, 1}}, stream),
                    ContainsSubstring("5 spikes (must be at most min(N, M) = 4)"));
}
