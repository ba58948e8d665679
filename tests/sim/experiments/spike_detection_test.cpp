// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/experiments/spike_detection.hpp.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "sim/experiments/mp_calibration.hpp"
#include "tests/catch.hpp"
#include "tests/sim/experiments/experiment_run.hpp"

using namespace rmtlab;
using tests::cell;
using tests::load_experiment;
using tests::number;
using tests::run_task;

namespace {

core::TaskResult detected(const std::string& kind, double strength) {
  return run_task(load_experiment("spike_detection",
                                  fmt::format("outputs: [p_values]\nparameters:\n"
                                              "  spike: {{kind: {}, strength: {}, draws: 400}}\n"
                                              "  shape: {{cols: 100, aspect_ratio: 2}}\n",
                                              kind, strength)),
                  0, 0);
}

// Whether a share of 400 is what `rate` leaves, with a false alarm of 1e-5.
bool plausible(double share, double rate) {
  const auto band = experiments::binomial_band(400, rate, 1 - 1e-5);
  return 400 * share >= band.lower && 400 * share <= band.upper;
}

}  // namespace

TEST_CASE("spike_detection: nothing planted is found as often as the level says", "[experiments]") {
  const auto result = detected("additive", 0);
  const core::Row& row = result.rows.front();
  CHECK(number(row, "excess") == 0);
  CHECK(plausible(number(row, "found_at_5"), 0.05));
  CHECK(plausible(number(row, "found_at_1"), 0.01));
  CHECK(plausible(number(row, "found_variance_known"), 0.05));
  // Negative control of the band, and what that edge is for: it lies 4 scales out at M = 100.
  CHECK_FALSE(plausible(number(row, "found_by_square_root_edge"), 0.05));
  const auto& p = std::get<std::vector<double>>(tests::array(result, "p_values").values);
  REQUIRE(p.size() == 400);
  CHECK(plausible(
      static_cast<double>(std::count_if(p.begin(), p.end(), [](double x) { return x < 0.2; })) /
          400,
      0.2));
  CHECK(result.rows == detected("additive", 0).rows);
}

TEST_CASE("spike_detection: a strong spike is found, its interval is that of its kind",
          "[experiments]") {
  const auto row = detected("covariance", 5).rows.front();
  CHECK(number(row, "critical_window") > 8);
  CHECK(number(row, "found_at_1") == 1);
  CHECK(number(row, "cannot_tell") < 0.05);
  CHECK(number(row, "too_many") < 0.05);
  CHECK(plausible(number(row, "covered_covariance"), 0.95));
  CHECK(number(row, "covered_additive") < number(row, "covered_covariance") - 0.03);
  CHECK(number(row, "count_coverage") > 0.95);
}

TEST_CASE("spike_detection: below the threshold nobody finds it", "[experiments]") {
  const auto row = detected("additive", 0.6).rows.front();
  CHECK(number(row, "critical_window") < 0);
  CHECK(number(row, "found_at_1") < 0.06);
}
