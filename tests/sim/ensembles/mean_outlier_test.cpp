// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/mean_outlier.hpp.
#include "sim/ensembles/mean_outlier.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "tests/catch.hpp"
#include "tests/sim/ensembles/sample_checks.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using rmtlab::core::Stream;
using namespace rmtlab;
using namespace rmtlab::ensembles;
using namespace rmtlab::tests;

}  // namespace

TEST_CASE("mean_outlier: the planted singular value is |mean| sqrt(NM)", "[ensembles][property]") {
  const arma::mat planted = with_mean(arma::mat(12, 7, arma::fill::zeros), -0.3);
  const double singular = arma::norm(planted, 2);
  // The excess is nu^2 / (N sigma^2).
  CHECK_THAT(mean_outlier(12, 7, -0.3, 2.5).excess(),
             WithinRel(singular * singular / (12 * 2.5), 1e-13));
  CHECK(mean_outlier(12, 7, -0.3, 2.5).kind() == theory::SpikeKind::additive);
}

TEST_CASE("mean_outlier: shows where predicted, and not below the threshold",
          "[ensembles][statistical]") {
  // h = m^2 M / sigma^2 = 4 at every size; limits within 4 standard errors and 8/N. And a mean at
  // half the threshold, m^2 = sigma^2 / (2 sqrt(NM)), which leaves the edge where it was.
  const double variance = 2;
  for (const std::size_t cols : {25U, 50U, 100U}) {
    const std::size_t rows = 2 * cols;
    const auto n = static_cast<double>(rows), m = static_cast<double>(cols);
    const double mean = std::sqrt(4 * variance / m),
                 weak = std::sqrt(variance / (2 * std::sqrt(n * m)));
    const theory::Spike spike = mean_outlier(rows, cols, mean, variance);
    Stream stream = Stream(20240654).child(cols);
    const int draws = 3000 / static_cast<int>(cols);
    arma::vec strong(draws), below(draws);
    for (arma::uword d = 0; d < strong.n_elem; ++d) {
      const arma::mat noise = gaussian_matrix(rows, cols, variance, stream);
      strong[d] = spectrum(with_mean(noise, mean)).back();
      below[d] = spectrum(with_mean(noise, weak)).back();
    }
    CAPTURE(cols);
    const double location = theory::outlier_location(spike);
    CHECK_THAT(arma::mean(strong) / location,
               WithinAbs(1, 4 * standard_error(strong) / location + 8 / n));
    // Negative control: the outlier of a mean 10 % larger.
    const double wrong = theory::outlier_location(mean_outlier(rows, cols, 1.1 * mean, variance));
    CHECK(std::abs(arma::mean(strong) - wrong) > 4 * standard_error(strong) + 8 / n);
    const theory::Spike hidden = mean_outlier(rows, cols, weak, variance);
    CHECK_FALSE(theory::is_supercritical(hidden));
    CHECK(arma::mean(below) < theory::outlier_location(hidden));  // Tracy-Widom's mean is negative
  }
}

TEST_CASE("mean_outlier: refuses what is no number", "[ensembles][errors]") {
  CHECK_THROWS_WITH(with_mean(arma::mat(2, 2), std::numeric_limits<double>::infinity()),
                    ContainsSubstring("with_mean: mean = inf (must be finite)"));
  CHECK_THROWS_WITH(mean_outlier(2, 2, 1, 0), ContainsSubstring("variance = 0"));
  CHECK_THROWS_AS(mean_outlier(0, 2, 1, 1), std::domain_error);
}
