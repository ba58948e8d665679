// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/experiments/mp_calibration.hpp, and the gate that all sizes must pass.
#include "sim/experiments/mp_calibration.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "tests/catch.hpp"
#include "tests/sim/experiments/experiment_run.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using experiments::binomial_band;
using tests::cell;
using tests::load_experiment;
using tests::number;
using tests::run_task;

namespace {

std::string text(const core::Row& row, const std::string& column) {
  return std::get<std::string>(cell(row, column));
}

double rate(const core::TaskResult& result, const std::string& test, const std::string& column) {
  for (const core::Row& row : result.rows)
    if (text(row, "test") == test) return number(row, column);
  FAIL("no record of " << test);
  return -1;
}

core::TaskResult calibrated(const std::string& parameters) {
  return run_task(load_experiment("mp_calibration", "parameters:\n" + parameters), 0, 0);
}

}  // namespace

TEST_CASE("mp_calibration: one record per test, the same for the same seed", "[experiments]") {
  const std::string parameters =
      "  shape: {cols: 30, aspect_ratio: 2}\n  calibration: {draws: 200}\n";
  const auto result = calibrated(parameters), again = calibrated(parameters);
  std::vector<std::string> tests;
  for (const core::Row& row : result.rows) tests.push_back(text(row, "test"));
  CHECK(tests == std::vector<std::string>{"edge", "outliers", "lower_edge", "ks",
                                          "cramer_von_mises", "chebyshev", "gap_ratio",
                                          "number_variance", "textbook_ks"});
  CHECK(result.rows == again.rows);
  for (const core::Row& row : result.rows) {
    CAPTURE(text(row, "test"));
    CHECK(std::get<std::int64_t>(cell(row, "rows")) == 60);
    CHECK(std::get<std::int64_t>(cell(row, "matrices")) == 200);
    CHECK(number(row, "rejected_at_1") <= number(row, "rejected_at_5"));
    if (text(row, "test") == "textbook_ks") continue;
    // 200 draws at 5 %, false alarm 1e-4 each.
    const auto band = binomial_band(200, 0.05, 1 - 1e-4);
    CHECK(200 * number(row, "rejected_at_5") >= band.lower);
    CHECK(200 * number(row, "rejected_at_5") <= band.upper);
  }
  // Negative control: independent values would lie much farther from their law.
  CHECK(rate(result, "textbook_ks", "rejected_at_5") == 0);
}

TEST_CASE("mp_calibration: power against what is not noise", "[experiments]") {
  const auto spiked = calibrated(
      "  ensemble: {name: additive-spikes, strengths: \"2,3\"}\n"
      "  shape: {cols: 60, aspect_ratio: 2}\n  calibration: {draws: 100}\n");
  CHECK(rate(spiked, "edge", "rejected_at_1") == 1);
  CHECK(rate(spiked, "outliers", "rejected_at_1") == 1);
  CHECK(rate(spiked, "ks", "rejected_at_5") < 0.2);  // the bulk under the spikes is noise
}

TEST_CASE("mp_calibration: too few columns are refused", "[experiments][errors]") {
  CHECK_THROWS_WITH(load_experiment("mp_calibration", "parameters:\n  shape: {cols: 19}\n"),
                    ContainsSubstring("is 19, and a fit needs at least 20 eigenvalues"));
}

TEST_CASE("binomial_band: counts outside have at most the probability left over", "[experiments]") {
  // n = 10, p = 1/2: P(X < 2) = P(X > 8) = 11/1024 = 0.0107, P(X < 3) = 0.055.
  const auto band = binomial_band(10, 0.5, 0.95);
  CHECK(band.lower == 2);
  CHECK(band.upper == 8);
  const auto wide = binomial_band(1000, 0.05, 0.9999), narrow = binomial_band(1000, 0.05, 0.5);
  CHECK(wide.lower < narrow.lower);
  CHECK(wide.upper > narrow.upper);
  CHECK_THAT((wide.upper - wide.lower) / 2, WithinAbs(3.89 * std::sqrt(47.5), 1.5));
}

TEST_CASE("calibration: sizes of all tests on a small grid", "[experiments][statistical][slow]") {
  // The gate. Every rate of rejection of noise, at 5 and at 1 %, must lie inside one familywise 99 % band
  // around its level: Bonferroni over all rates, so a false alarm in one of a hundred seeds at exact sizes.
  // 1000 draws at 5 % leave about 0.024 ... 0.081, which is what an approximation may use up.
  struct Grid {
    std::string ensemble;
    std::vector<int> cols;
    std::vector<double> aspect_ratios;
  };
  const std::vector<Grid> grids = {{"name: gaussian", {64, 100, 200}, {1, 2, 5}},
                                   {"name: rademacher", {64, 100}, {1, 2}},
                                   {"name: student-t, mu: 10", {64, 100}, {1, 2}}};
  std::size_t cells = 0;
  for (const Grid& grid : grids) cells += grid.cols.size() * grid.aspect_ratios.size();
  constexpr std::size_t draws = 1000, tests_of_noise = 8;
  const double coverage = 1 - 0.01 / static_cast<double>(2 * cells * tests_of_noise);
  const auto outside = [&](double rejected, double level) {
    const auto band = binomial_band(draws, level, coverage);
    const double count = std::round(rejected * draws);
    return count < band.lower || count > band.upper;
  };
  for (const Grid& grid : grids)
    for (const int cols : grid.cols)
      for (const double q : grid.aspect_ratios) {
        const auto result =
            calibrated(fmt::format("  ensemble: {{{}}}\n  shape: {{cols: {}, aspect_ratio: {}}}\n"
                                   "  calibration: {{draws: {}}}\n",
                                   grid.ensemble, cols, q, draws));
        REQUIRE(result.rows.size() == tests_of_noise + 1);
        for (const core::Row& row : result.rows) {
          const std::string test = text(row, "test");
          const double at5 = number(row, "rejected_at_5"), at1 = number(row, "rejected_at_1");
          CAPTURE(grid.ensemble, cols, q, test, at5, at1);
          if (test == "textbook_ks")
            CHECK(outside(at5, 0.05));  // negative control
          else
            CHECK_FALSE((outside(at5, 0.05) || outside(at1, 0.01)));
        }
      }
  // Negative control: the kurtosis of signs, ignored, moves the second Chebyshev sum by one standard
  // deviation, which makes the 5 % test one of 11 % (noncentral chi-square).
  const auto ignored = calibrated(
      fmt::format("  ensemble: {{name: rademacher}}\n  shape: {{cols: 64, aspect_ratio: 2}}\n"
                  "  calibration: {{draws: {}, kurtosis: ignored}}\n",
                  draws));
  CHECK(outside(rate(ignored, "chebyshev", "rejected_at_5"), 0.05));
}
