// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/experiments/sigma_bakeoff.hpp.
#include <cmath>
#include <string>
#include <vector>

#include "sim/experiments/mp_calibration.hpp"
#include "tests/catch.hpp"
#include "tests/sim/experiments/experiment_run.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using tests::cell;
using tests::load_experiment;
using tests::number;
using tests::run_task;

TEST_CASE("sigma_bakeoff: on noise the trace is the best estimator and its interval covers",
          "[experiments]") {
  const auto c = load_experiment("sigma_bakeoff",
                                 "parameters:\n  ensemble: {name: gaussian, sigma2: 4}\n"
                                 "  shape: {cols: 40, aspect_ratio: 2}\n  bakeoff: {draws: 200}\n");
  const auto result = run_task(c, 0, 0);
  CHECK(result.rows == run_task(c, 0, 0).rows);
  REQUIRE(result.rows.size() == 4);
  std::vector<std::string> names;
  for (const core::Row& row : result.rows) {
    names.push_back(std::get<std::string>(cell(row, "estimator")));
    CHECK(std::get<std::int64_t>(cell(row, "spikes")) == 0);
    CHECK(number(row, "count_exact") + number(row, "count_too_many") == 1);
  }
  CHECK(names == std::vector<std::string>{"trace", "quantile", "median", "lower-edge"});
  const core::Row& trace = result.rows[0];
  // 200 draws: the standard error of a root mean square is 5 %, 4.5 of them; of the bias best/14, 0.0018.
  CHECK_THAT(number(trace, "efficiency_known_count"), WithinAbs(1, 0.225));
  CHECK_THAT(number(trace, "bias_known_count"), WithinAbs(0, 0.008));
  for (std::size_t e = 1; e < 4; ++e)
    CHECK(number(result.rows[e], "efficiency_known_count") >
          number(trace, "efficiency_known_count"));
  const auto band = experiments::binomial_band(200, 0.95, 1 - 1e-5);
  CHECK(200 * number(trace, "coverage") >= band.lower);
  CHECK(200 * number(trace, "coverage") <= band.upper);
  CHECK(std::holds_alternative<std::monostate>(cell(result.rows[1], "coverage")));
}

TEST_CASE("sigma_bakeoff: spikes are counted from the truth and found", "[experiments]") {
  const auto c = load_experiment("sigma_bakeoff",
                                 "parameters:\n  ensemble: {name: additive-spikes, scale: "
                                 "threshold, strengths: \"0.5,4,5,6\"}\n"
                                 "  shape: {cols: 60, aspect_ratio: 2}\n  bakeoff: {draws: 60}\n");
  const auto result = run_task(c, 0, 0);
  const core::Row& trace = result.rows[0];
  CHECK(std::get<std::int64_t>(cell(trace, "spikes")) == 3);  // one is below the threshold
  CHECK(number(trace, "count_exact") > 0.85);
  CHECK(number(trace, "count_coverage") > 0.9);
  CHECK_THAT(number(trace, "bias_known_count"),
             WithinAbs(0, 4.5 * std::sqrt(2.0 / 7200 / 60) + 0.003));
}

TEST_CASE("sigma_bakeoff: too few columns are refused", "[experiments][errors]") {
  CHECK_THROWS_WITH(load_experiment("sigma_bakeoff", "parameters:\n  shape: {cols: 10}\n"),
                    ContainsSubstring("is 10, and a fit needs at least 20 eigenvalues"));
}
