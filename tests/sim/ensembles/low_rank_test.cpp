// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/low_rank.hpp.
#include "sim/ensembles/low_rank.hpp"

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

TEST_CASE("low_rank: the rank is exact, the floor lifts the rest", "[ensembles][property]") {
  const std::size_t cols = GENERATE(20U, 40U, 80U);
  CAPTURE(cols);
  const std::size_t rows = 2 * cols, rank = cols / 4;
  Stream stream = Stream(20240655).child(cols);
  const arma::vec bare =
      arma::svd(low_rank_matrix(rows, cols, {.rank = rank, .variance = 3}, stream));
  CHECK(arma::accu(bare > 1e-12 * bare[0]) == rank);
  // Weyl: the M - k small eigenvalues are below the largest one of the floor, which exceeds
  // (1 + Q^(-1/2) + 1/3)^2 floor_variance with probability exp(-N / 18) < 2e-2 (N = 40), 1e-4 (160).
  const double floor_variance = 1e-6;
  const arma::vec values = spectrum(low_rank_matrix(
      rows, cols, {.rank = rank, .variance = 3, .floor_variance = floor_variance}, stream));
  CHECK(values[cols - rank - 1] < std::pow(1 + std::sqrt(0.5) + 1.0 / 3, 2) * floor_variance);
  CHECK(values.front() > 0);
  CHECK(values[cols - rank] > 1e3 * floor_variance);
}

TEST_CASE("low_rank: moments", "[ensembles][statistical]") {
  // Exact moments of the header; |z| < 4: false alarm 6e-5 each.
  struct Shape {
    std::size_t rows, cols, rank;
  };
  const auto shape = GENERATE(Shape{30, 15, 1}, Shape{30, 15, 4}, Shape{10, 20, 8});
  const auto n = double(shape.rows), m = double(shape.cols), k = double(shape.rank);
  const double variance = 2;
  CAPTURE(n, m, k);
  Stream stream = Stream(20240656).child(shape.rows).child(shape.rank);
  const int draws = 4000;
  arma::vec first(draws), second(draws);
  for (arma::uword d = 0; d < first.n_elem; ++d) {
    const arma::mat W =
        low_rank_matrix(shape.rows, shape.cols, {.rank = shape.rank, .variance = variance}, stream);
    const arma::mat X = W.t() * W / n;
    first[d] = arma::trace(X);
    second[d] = arma::accu(arma::square(X));
  }
  const double expected = variance * variance * m / k * ((m + 1) * (n + k + 1) + n * k + 2) / n;
  CHECK(std::abs(z_against(first, variance * m)) < 4);
  CHECK(std::abs(z_against(second, expected)) < 4);
  // Negative control: one more inner unit.
  const double wrong =
      variance * variance * m / (k + 1) * ((m + 1) * (n + k + 2) + n * (k + 1) + 2) / n;
  CHECK(std::abs(z_against(second, wrong)) > 4);
}

TEST_CASE("low_rank: refuses what does not fit", "[ensembles][errors]") {
  Stream stream(1);
  CHECK_THROWS_WITH(
      low_rank_matrix(5, 4, {.rank = 5}, stream),
      ContainsSubstring("low_rank_matrix: rank = 5 (must be from 1 to min(N, M) = 4)"));
  CHECK_THROWS_WITH(low_rank_matrix(5, 4, {.variance = 0}, stream),
                    ContainsSubstring("variance = 0 (must be finite and > 0)"));
  CHECK_THROWS_WITH(low_rank_matrix(5, 4, {.floor_variance = -1}, stream),
                    ContainsSubstring("floor_variance = -1 (must be finite and >= 0)"));
}
