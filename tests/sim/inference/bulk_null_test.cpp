// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/bulk_null.hpp.
#include "sim/inference/bulk_null.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <stdexcept>
#include <thread>
#include <vector>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/ensembles/wishart_spectrum.hpp"
#include "sim/inference/marchenko_pastur_fit_bulk.hpp"
#include "tests/catch.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using rmtlab::core::Stream;
using rmtlab::inference::BulkNull;

// Draws of m D of Gaussian spectra that are not the ones inside BulkNull.
std::vector<double> fresh_draws(std::size_t rows, std::size_t cols, int count) {
  Stream stream = Stream(77).child("fresh").child(rows).child(cols);
  std::vector<double> draws;
  for (int r = 0; r < count; ++r) {
    const arma::vec values = rmtlab::ensembles::wishart_spectrum(rows, cols, 3.0, stream);
    const auto fit =
        rmtlab::inference::fit_bulk(std::span(values.memptr(), values.n_elem), rows, 0.01);
    draws.push_back(static_cast<double>(cols - fit.outlier_count) * fit.ks);
  }
  std::sort(draws.begin(), draws.end());
  return draws;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

TEST_CASE("bulk_null: p-values count null draws", "[inference]") {
  const BulkNull null(99);
  const std::vector<double> draws = null.draws(120, 40);
  REQUIRE(draws.size() == 99);
  CHECK(null.replicates() == 99);
  CHECK(std::is_sorted(draws.begin(), draws.end()));
  CHECK(null.p_value(120, 40, 40, 0) == 1);
  CHECK(null.p_value(120, 40, 40, 1) == 0.01);                            // (1 + 0) / (99 + 1)
  CHECK(null.p_value(120, 40, 40, draws[49] / 40 * (1 - 1e-9)) == 0.51);  // 50 of 99 reach it
  // Half as many eigenvalues at twice the distance are the same number of eigenvalues astray.
  CHECK(null.p_value(120, 40, 20, 2 * 0.06) == null.p_value(120, 40, 40, 0.06));
}

TEST_CASE("bulk_null: noise is 2.4 eigenvalues away from its law", "[inference][statistical]") {
  // Known from 200 dense matrices of each of 784x128, 784x256, 512x256: mean 2.4, 99 % 3.2-3.8.
  // Standard error of the mean of 300 draws 0.025; the bound is 4 of them and the 0.05 of rounding.
  const BulkNull null(300);
  CHECK_THAT(mean(null.draws(784, 128)), WithinAbs(2.4, 0.15));
  // Independent draws would be 0.87 sqrt(128) = 9.8 away.
  CHECK(null.draws(784, 128).back() < 5);
}

TEST_CASE("bulk_null: beyond 200 columns the shifted null is that of the shape itself",
          "[inference][statistical]") {
  // 300 draws at 800 x 400 against the null that was simulated at 400 x 200. Standard deviations
  // 0.43, so 4 standard errors of the difference of means are 0.11; the theory's slope is good to
  // 0.02 per factor 2.
  const BulkNull null(600);
  const double fresh = mean(fresh_draws(800, 400, 300));
  CHECK_THAT(mean(null.draws(800, 400)) - fresh, WithinAbs(0, 0.13));
  CHECK(std::abs(mean(null.draws(400, 200)) - fresh) >
        0.13);  // negative control: without the shift
}

TEST_CASE("bulk_null: the same numbers whatever was asked before, from any thread",
          "[inference][repro]") {
  const BulkNull a(50), b(50);
  (void)b.p_value(60, 30, 30, 0.1);
  CHECK(a.draws(100, 50) == b.draws(100, 50));
  CHECK(a.draws(100, 50) == a.draws(100, 50));
  CHECK(a.draws(100, 50) != a.draws(101, 50));

  const BulkNull shared(50);
  std::vector<std::vector<double>> seen(4);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < seen.size(); ++t)
    threads.emplace_back([&, t] { seen[t] = shared.draws(100, 50 - t % 2); });
  for (std::thread& thread : threads) thread.join();
  CHECK(seen[0] == a.draws(100, 50));
  CHECK(seen[2] == seen[0]);
  CHECK(seen[3] == seen[1]);
  CHECK(seen[1] == a.draws(100, 49));
}

TEST_CASE("bulk_null: refuses what it cannot simulate", "[inference][errors]") {
  CHECK_THROWS_AS(BulkNull(5), std::domain_error);
  CHECK_THROWS_WITH(BulkNull(5), ContainsSubstring("BulkNull: replicates = 5 (must be >= 19"));
  const BulkNull null(19);
  CHECK_THROWS_WITH(null.p_value(100, 19, 19, 0.1),
                    ContainsSubstring("BulkNull::p_value: cols = 19 (must be >= 20)"));
  CHECK_THROWS_WITH(null.draws(30, 40),
                    ContainsSubstring("BulkNull::draws: rows = 30 (must be >= cols = 40)"));
  CHECK_THROWS_WITH(null.p_value(60, 40, 41, 0.1),
                    ContainsSubstring("bulk_count = 41 (must be <= cols = 40)"));
  CHECK_THROWS_WITH(null.p_value(60, 40, 40, -0.1),
                    ContainsSubstring("ks = -0.1 (must be in [0, 1])"));
  CHECK_THROWS_AS(null.p_value(60, 40, 40, std::nan("")), std::domain_error);
}
