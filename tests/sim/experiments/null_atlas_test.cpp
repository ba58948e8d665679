// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/experiments/null_atlas.hpp.
#include "sim/inference/null_atlas.hpp"

#include <string>

#include "sim/core/table.hpp"
#include "tests/catch.hpp"
#include "tests/sim/experiments/experiment_run.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using tests::cell;
using tests::load_experiment;
using tests::number;
using tests::run_task;

TEST_CASE("null_atlas: its records are a table that the atlas reads", "[experiments]") {
  const auto c = load_experiment("null_atlas",
                                 "parameters:\n  shape: {cols: 40, aspect_ratio: 1.5}\n"
                                 "  noise: {draws: 1000}\n");
  const auto result = run_task(c, 0, 0);
  REQUIRE(result.rows.size() == inference::all_bulk_tests.size());
  CHECK(result.rows == run_task(c, 0, 0).rows);
  std::string csv;
  for (const auto& [column, value] : result.rows.front()) csv += (csv.empty() ? "" : ",") + column;
  for (const core::Row& row : result.rows) {
    csv += '\n';
    for (std::size_t i = 0; i < row.size(); ++i)
      csv += (i > 0 ? "," : "") + core::cell_text(row[i].second);
  }
  const inference::NullAtlas atlas(csv + "\n");
  for (std::size_t t = 0; t < result.rows.size(); ++t) {
    const auto test = inference::all_bulk_tests[t];
    CHECK(std::get<std::string>(cell(result.rows[t], "test")) == name(test));
    const auto quantiles = atlas.quantiles(test, 60, 40, 0);
    CHECK_THAT(quantiles[6], WithinAbs(number(result.rows[t], "tail_0.05"), 1e-12));
    CHECK_THAT(quantiles[11], WithinAbs(number(result.rows[t], "tail_0.001"), 1e-12));
    // The same noise as in the table compiled in: two samples of 1000 or more; at the 5 % quantile the share
    // has a standard deviation of 0.007 and less, 4.5 of both are 0.042.
    CHECK_THAT(inference::NullAtlas::standard().p_value(test, quantiles[6], 60, 40, 0),
               WithinAbs(0.05, 0.042));
    CHECK_THAT(inference::NullAtlas::standard().p_value(test, quantiles[3], 60, 40, 0),
               WithinAbs(0.5, 0.1));
  }
}

TEST_CASE("null_atlas: too few columns or draws are refused", "[experiments][errors]") {
  CHECK_THROWS_WITH(load_experiment("null_atlas", "parameters:\n  shape: {cols: 19}\n"),
                    ContainsSubstring("is 19, and a fit needs at least 20 eigenvalues"));
  CHECK_THROWS_WITH(load_experiment("null_atlas", "parameters:\n  noise: {draws: 999}\n"),
                    ContainsSubstring("1000"));
}
