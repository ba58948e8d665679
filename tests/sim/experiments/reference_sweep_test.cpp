// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/experiments/reference_sweep.hpp and of its configuration.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/sim/experiments/experiment_run.hpp"
#include "theory/tracy_widom.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using tests::cell;
using tests::load_experiment;
using tests::number;
using tests::run_task;

namespace {

std::string text(const core::Row& row, const std::string& column) {
  return std::get<std::string>(cell(row, column));
}

core::Row one_row(const std::string& published, const std::string& more = "") {
  const auto c = load_experiment("reference_sweep",
                                 "parameters:\n  layer: {rows: 4096, cols: 384, sigma2: 1.4148}\n"
                                 "  published: {" +
                                     published + "}\n" + more);
  return run_task(c, 0, 0).rows.front();
}

}  // namespace

TEST_CASE("reference_sweep: the published sweep, judged again", "[experiments][reference]") {
  const auto c = core::Configuration::load(RMTLAB_SOURCE_DIR "/configs/reference_sweep.yaml", {},
                                           experiments::registry(), core::Strictness::run);
  REQUIRE(c.points().size() == 11);
  const auto row = [&](std::size_t point) { return run_task(c, point, 0).rows.front(); };
  // Independent judgements from the edge lambda_+ of the limit, whose z is 0.08 lower, to two digits.
  CHECK_THAT(number(row(0), "z"), WithinAbs(0.58, 0.05));
  CHECK_THAT(number(row(0), "z_raw"), WithinAbs(1.28, 0.05));
  CHECK(text(row(0), "random_like") == "compatible");
  CHECK_THAT(number(row(1), "z"), WithinAbs(2.98, 0.1));
  CHECK_THAT(number(row(2), "z"), WithinAbs(9.28, 0.1));
  CHECK_THAT(number(row(2), "z_raw"), WithinAbs(12.18, 0.06));
  CHECK(number(row(2), "p_value_upper") < 1e-8);
  for (std::size_t point = 2; point < c.points().size(); ++point)
    CHECK(text(row(point), "random_like") == "refuted");
  CHECK(text(row(4), "variance") == "raw");  // batch 100: no mean eigenvalue

  std::vector<std::string> columns;
  for (const auto& [column, value] : row(0)) columns.push_back(column);
  core::Table records(columns);
  for (std::size_t point = 0; point < c.points().size(); ++point) {
    std::vector<std::string> cells;
    for (const auto& [column, value] : row(point)) cells.push_back(core::cell_text(value));
    records.add(cells);
  }
  const std::string summary = c.experiment_at(0)->summary(records);
  CHECK_THAT(summary, ContainsSubstring("b = 250") && ContainsSubstring("refuted (variance of the "
                                                                        "start)"));
  CAPTURE(summary);
  CHECK(std::count(summary.begin(), summary.end(), '\n') == 12);
}

TEST_CASE("reference_sweep: the maximum of R runs, and what the reading error does",
          "[experiments]") {
  const auto one = one_row("lambda_max: 2.44, mean_ratio: 1.003, runs: 1");
  const auto ten = one_row("lambda_max: 2.44, mean_ratio: 1.003, runs: 10");
  const theory::TracyWidom law(1);
  const double z = number(one, "z");
  CHECK(number(ten, "z") == z);
  CHECK_THAT(number(one, "p_value"), WithinRel(sf(law, z), 1e-12));
  CHECK_THAT(number(ten, "p_value"), WithinRel(1 - std::pow(cdf(law, z), 10), 1e-10));
  CHECK(number(one, "z_lower") == z);
  // An error of 0.005 in lambda is 0.43 scales of 0.0117; the interval has that half-width.
  const auto read =
      one_row("lambda_max: 2.44, lambda_max_error: 0.005, mean_ratio: 1.003, runs: 10");
  CHECK_THAT(number(read, "z_upper") - number(read, "z"), WithinAbs(0.43, 0.02));
  CHECK_THAT(number(read, "z") - number(read, "z_lower"), WithinAbs(0.43, 0.02));
  CHECK(number(read, "p_value_lower") < number(read, "p_value"));
  CHECK(number(read, "p_value_upper") > number(read, "p_value"));
}

TEST_CASE("reference_sweep: a verdict that the reading error decides is none", "[experiments]") {
  const std::string level = "  test: {level: 0.05}\n";
  const auto sure = one_row("lambda_max: 2.47, mean_ratio: 1.003, runs: 10", level);
  CHECK(text(sure, "random_like") == "refuted");
  const auto unsure =
      one_row("lambda_max: 2.47, lambda_max_error: 0.04, mean_ratio: 1.003, runs: 10", level);
  CHECK(text(unsure, "random_like") == "cannot tell");
  const auto low =
      one_row("lambda_max: 2.41, lambda_max_error: 0.005, mean_ratio: 1.003, runs: 10", level);
  CHECK(text(low, "random_like") == "compatible");
}

TEST_CASE("reference_sweep: refuses rows that contradict themselves", "[experiments][errors]") {
  CHECK_THROWS_WITH(
      load_experiment("reference_sweep", "parameters:\n  layer: {rows: 100, cols: 200}\n"),
      ContainsSubstring("must be at most layer.rows = 100, got 200"));
  CHECK_THROWS_WITH(one_row("lambda_max: 2, lambda_max_error: 3"),
                    ContainsSubstring("must be below published.lambda_max = 2, got 3"));
}
