// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/wishart_spectrum.hpp.
#include "sim/ensembles/wishart_spectrum.hpp"

#include <cmath>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include <armadillo>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"
#include "tests/shared_data.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;
using rmtlab::core::Stream;
using rmtlab::ensembles::wishart_spectrum;

arma::vec dense_spectrum(arma::uword rows, arma::uword cols, double variance, Stream& stream) {
  arma::mat W(rows, cols);
  for (double& w : W) w = std::sqrt(variance) * stream.normal();
  return arma::eig_sym(arma::mat(W.t() * W)) / static_cast<double>(rows);
}

arma::vec sample(int draws, const std::function<double()>& draw) {
  arma::vec values(static_cast<arma::uword>(draws));
  for (double& value : values) value = draw();
  return values;
}

double standard_error(const arma::vec& values) {
  return arma::stddev(values) / std::sqrt(static_cast<double>(values.n_elem));
}

double z_against(const arma::vec& values, double mean) {
  return (arma::mean(values) - mean) / standard_error(values);
}

double z_between(const arma::vec& a, const arma::vec& b) {
  return (arma::mean(a) - arma::mean(b)) / std::hypot(standard_error(a), standard_error(b));
}

}  // namespace

// |z| < 4 throughout: false alarm 6e-5 per comparison for a normal z. With 100 other seeds in
// place of these none of the comparisons below exceeded it.

TEST_CASE("wishart_spectrum: exact moments of the trace", "[ensembles][statistical]") {
  // With S = W^T W, n = N, p = M: E tr S = np, E tr S^2 = np (n+p+1),
  // E tr S^3 = np (n^2 + p^2 + 3np + 3n + 3p + 4), in units of sigma^2, sigma^4, sigma^6.
  struct Shape {
    std::size_t rows, cols;
  };
  const auto [rows, cols] = GENERATE(Shape{1, 1}, Shape{7, 1}, Shape{6, 6}, Shape{40, 25});
  CAPTURE(rows, cols);
  const auto n = static_cast<double>(rows), p = static_cast<double>(cols);
  const double variance = 2.5;
  Stream stream = Stream(20240501).child("moments").child(rows).child(cols);
  const int draws = 10000;
  arma::vec first(draws), second(draws), third(draws);
  for (arma::uword r = 0; r < first.n_elem; ++r) {
    const arma::vec values = wishart_spectrum(rows, cols, variance, stream) / variance;
    first[r] = arma::accu(values);
    second[r] = arma::accu(arma::square(values));
    third[r] = arma::accu(arma::pow(values, 3));
  }
  const double mean = p, square = p * (n + p + 1) / n;
  const double cube = p * (n * n + p * p + 3 * n * p + 3 * n + 3 * p + 4) / n / n;
  CHECK(std::abs(z_against(first, mean)) < 4);
  CHECK(std::abs(z_against(second, square)) < 4);
  CHECK(std::abs(z_against(third, cube)) < 4);
  // Tr is sigma^2 chi^2_NM / N: the spread is known as well (4 % = 4 standard errors at least).
  CHECK_THAT(arma::var(first), WithinRel(2 * p / n, n * p > 30 ? 0.06 : 0.30));
  // Negative control: 6 % more variance is seen where NM is not tiny.
  if (cols > 1) CHECK(std::abs(z_against(1.06 * first, mean)) > 4);
}

TEST_CASE("wishart_spectrum: extreme eigenvalues as from a dense matrix",
          "[ensembles][statistical]") {
  struct Shape {
    std::size_t rows, cols;
  };
  const Shape shape = GENERATE(Shape{30, 20}, Shape{12, 12}, Shape{200, 5});
  const std::size_t rows = shape.rows, cols = shape.cols;  // a lambda below needs variables
  CAPTURE(rows, cols);
  const Stream root = Stream(20240502).child(rows).child(cols);
  Stream fast = root.child("fast"), dense = root.child("dense");
  const int draws = 4000;
  arma::vec fast_max(draws), fast_min(draws), dense_max(draws), dense_min(draws);
  for (arma::uword r = 0; r < fast_max.n_elem; ++r) {
    const arma::vec a = wishart_spectrum(rows, cols, 1.0, fast);
    const arma::vec b = dense_spectrum(rows, cols, 1.0, dense);
    REQUIRE(a.n_elem == cols);
    fast_max[r] = a.back();
    fast_min[r] = a.front();
    dense_max[r] = b.back();
    dense_min[r] = b.front();
  }
  CHECK(std::abs(z_between(fast_max, dense_max)) < 4);
  CHECK(std::abs(z_between(fast_min, dense_min)) < 4);
  // The whole law, not only its mean: second moments of both extremes.
  CHECK(std::abs(z_between(arma::square(fast_max), arma::square(dense_max))) < 4);
  CHECK(std::abs(z_between(arma::square(fast_min), arma::square(dense_min))) < 4);
  // Negative control: one row more or less in the chi variates moves both extremes visibly; here
  // the draws of N + 2 rows rescaled to N.
  Stream wrong = root.child("wrong");
  const double ratio = static_cast<double>(rows + 2) / static_cast<double>(rows);
  const arma::vec wrong_max =
      sample(draws, [&] { return ratio * wishart_spectrum(rows + 2, cols, 1.0, wrong).back(); });
  CHECK(std::abs(z_between(wrong_max, dense_max)) > 4);
}

TEST_CASE("wishart_spectrum: law of the largest eigenvalue against exact values",
          "[ensembles][statistical]") {
  const auto path = rmtlab::tests::shared_file("reference/rmt/wishart_exact.csv");
  if (!path) return;
  struct Row {
    double x, cdf;
  };
  std::vector<Row> rows;
  std::ifstream file(*path);
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("1,10,5,", 0) != 0) continue;  // beta, n, p, x, cdf of lambda_max(W^T W)
    std::istringstream fields(line.substr(7));
    Row row{};
    char comma = 0;
    fields >> row.x >> comma >> row.cdf;
    rows.push_back(row);
  }
  REQUIRE(rows.size() >= 3);
  Stream stream = Stream(20240503).child("exact");
  const int draws = 20000;
  const arma::vec largest =
      10 * sample(draws, [&] { return wishart_spectrum(10, 5, 1.0, stream).back(); });
  for (const Row& row : rows) {
    CAPTURE(row.x, row.cdf);
    const double seen = arma::mean(arma::conv_to<arma::vec>::from(largest <= row.x));
    const double spread = std::sqrt(row.cdf * (1 - row.cdf) / draws);
    CHECK(std::abs(seen - row.cdf) < 4 * spread + 1.0 / draws);  // 1/draws: counts at cdf -> 0, 1
  }
}

TEST_CASE("wishart_spectrum: scale, order and determinism", "[ensembles][property]") {
  Stream a = Stream(5).child("x"), b = Stream(5).child("x");
  const arma::vec plain = wishart_spectrum(50, 30, 1.0, a);
  const arma::vec scaled = wishart_spectrum(50, 30, 4.0, b);
  CHECK(arma::all(scaled == 4 * plain));  // a power of two: no rounding
  CHECK(plain.is_sorted());
  CHECK(plain.front() > 0);
  CHECK(arma::any(wishart_spectrum(50, 30, 1.0, a) != plain));  // the stream has moved on
}

TEST_CASE("wishart_spectrum: refuses impossible shapes", "[ensembles][errors]") {
  Stream stream(1);
  CHECK_THROWS_AS(wishart_spectrum(5, 0, 1, stream), std::domain_error);
  CHECK_THROWS_WITH(wishart_spectrum(5, 0, 1, stream),
                    ContainsSubstring("wishart_spectrum: cols = 0 (must be from 1 to 2^31 - 1)"));
  CHECK_THROWS_WITH(wishart_spectrum(5, 6, 1, stream),
                    ContainsSubstring("rows = 5 (must be >= cols = 6)"));
  CHECK_THROWS_WITH(wishart_spectrum(5, 3, 0, stream),
                    ContainsSubstring("variance = 0 (must be finite and > 0)"));
}
