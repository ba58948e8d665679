// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/kernel_blocks.hpp.
#include "sim/ensembles/kernel_blocks.hpp"

#include <cmath>
#include <stdexcept>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "sim/ensembles/population_levels.hpp"
#include "tests/catch.hpp"
#include "tests/sim/ensembles/sample_checks.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using rmtlab::core::Stream;
using namespace rmtlab::ensembles;
using namespace rmtlab::tests;

}  // namespace

TEST_CASE("kernel_blocks: levels are products of the Toeplitz ones", "[ensembles][accuracy]") {
  // Against the closed form of the first-order autoregression, at two complete kernels.
  const double correlation = GENERATE(-0.4, 0.0, 0.7);
  const std::size_t width = GENERATE(1U, 2U, 5U);
  CAPTURE(correlation, width);
  const arma::vec side =
      population_levels({.law = LevelLaw::toeplitz, .shape = correlation}, width);
  const arma::vec product = arma::sort(arma::vec(arma::kron(side, side)));
  const arma::vec levels =
      kernel_levels({.width = width, .correlation = correlation}, 2 * width * width);
  CHECK(
      arma::approx_equal(levels, arma::sort(arma::join_cols(product, product)), "absdiff", 1e-13));
  CHECK(std::abs(arma::mean(levels) - 1) < 1e-14);
}

TEST_CASE("kernel_blocks: entries have the covariance of the tensor", "[ensembles][property]") {
  // The factor itself, from noise that is the identity: F F^T = I x S, a cut kernel at the end included.
  const KernelBlocks kernel{.width = 2, .correlation = 0.6};
  const arma::uword count = 10;  // two kernels of 4 and half of one
  const arma::mat factor = kernel_matrix(arma::eye(count, count), kernel, UnitAxis::rows);
  const arma::mat covariance = factor * factor.t();
  for (arma::uword p = 0; p < count; ++p)
    for (arma::uword q = 0; q < count; ++q) {
      const auto x = [](arma::uword i) { return double(i % 4 % 2); };
      const auto y = [](arma::uword i) { return double(i % 4 / 2); };
      const double expected =
          p / 4 == q / 4 ? std::pow(0.6, std::abs(x(p) - x(q)) + std::abs(y(p) - y(q))) : 0.0;
      CAPTURE(p, q);
      CHECK(std::abs(covariance(p, q) - expected) < 1e-14);
    }
  CHECK(arma::approx_equal(kernel_levels(kernel, count), arma::eig_sym(covariance), "absdiff",
                           1e-13));
  // Columns as positions are the transpose.
  Stream stream = Stream(20240910).child("axes");
  const arma::mat noise = gaussian_matrix(7, count, 1, stream);
  CHECK(arma::approx_equal(kernel_matrix(noise, kernel, UnitAxis::columns),
                           kernel_matrix(noise.t(), kernel, UnitAxis::rows).t(), "absdiff", 1e-14));
}

TEST_CASE("kernel_blocks: refuses what does not fit", "[ensembles][errors]") {
  CHECK_THROWS_WITH(kernel_levels({.width = 0}, 3),
                    ContainsSubstring("KernelBlocks: width = 0 (must be from 1 to 32)"));
  CHECK_THROWS_WITH(kernel_matrix(arma::mat(3, 3), {.correlation = 1}, UnitAxis::rows),
                    ContainsSubstring("correlation = 1 (must be above -1 and below 1)"));
  CHECK_THROWS_AS(kernel_levels({}, 0), std::domain_error);
}
