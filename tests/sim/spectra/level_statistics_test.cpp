// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/spectra/level_statistics.hpp.
#include "sim/spectra/level_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"

using namespace rmtlab;
using Catch::Matchers::WithinAbs;

namespace {
double uniform_cdf(double x) { return std::clamp(x, 0.0, 1.0); }
}  // namespace

TEST_CASE("level statistics: KS distance by hand", "[spectra]") {
  const std::vector<double> x{0.1, 0.4, 0.9};
  // Steps 1/3, 2/3, 1 against 0.1, 0.4, 0.9: the largest gap is 2/3 - 0.4 or 0.9 - 2/3 or 1/3 - 0.1.
  CHECK_THAT(spectra::ks_distance(x, uniform_cdf), WithinAbs(2.0 / 3 - 0.4, 1e-15));
  const std::vector<double> tied{0.5, 0.5, 0.5};
  CHECK_THAT(spectra::ks_distance(tied, uniform_cdf), WithinAbs(0.5, 1e-15));
}

TEST_CASE("level statistics: an atom of the law is no distance", "[spectra]") {
  // Half the mass at zero, the rest uniform: four zeros among eight values fit.
  const std::vector<double> x{0, 0, 0, 0, 0.125, 0.375, 0.625, 0.875};
  const auto cdf = [](double v) { return v < 0 ? 0 : 0.5 + 0.5 * std::min(v, 1.0); };
  const auto left = [&](double v) { return v <= 0 ? 0.0 : cdf(v); };
  CHECK_THAT(spectra::ks_distance(x, cdf, left), WithinAbs(1.0 / 16, 1e-15));
  CHECK(spectra::ks_distance(x, cdf) >= 0.5);  // without its left limit the atom looks like a gap
}

TEST_CASE("level statistics: gap ratio of independent levels is 2 log 2 - 1", "[spectra]") {
  core::Stream stream = core::Stream(3).child("levels");
  std::vector<double> x(200000);
  for (double& v : x) v = stream.uniform();
  std::sort(x.begin(), x.end());
  // One ratio has standard deviation 0.28, neighbours are correlated: 5 x 0.28 sqrt(2) / sqrt(n),
  // false alarms below 1e-6.
  const double tolerance = 5 * 0.28 * std::sqrt(2.0 / 200000);
  CHECK_THAT(*spectra::mean_gap_ratio(x, 0, x.size()),
             WithinAbs(2 * std::numbers::ln2 - 1, tolerance));
  CHECK(std::abs(*spectra::mean_gap_ratio(x, 0, x.size()) - 0.5307) > tolerance);
}

TEST_CASE("level statistics: equally spaced levels, degenerate and bad input", "[spectra]") {
  const std::vector<double> even{1, 2, 3, 4};
  CHECK(*spectra::mean_gap_ratio(even, 0, 4) == 1);
  CHECK_FALSE(spectra::mean_gap_ratio(even, 1, 3).has_value());
  CHECK_FALSE(spectra::mean_gap_ratio(std::vector<double>{2, 2, 2, 2}, 0, 4).has_value());
  CHECK_THROWS_AS(spectra::mean_gap_ratio(even, 2, 5), std::domain_error);
  CHECK_THROWS_AS(spectra::mean_gap_ratio(std::vector<double>{2, 1, 3}, 0, 3), std::domain_error);
  CHECK_THROWS_AS(spectra::ks_distance(std::vector<double>{2, 1}, uniform_cdf), std::domain_error);
  CHECK_THROWS_AS(spectra::ks_distance({}, uniform_cdf), std::domain_error);
}
