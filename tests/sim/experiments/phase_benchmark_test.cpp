// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of experiment phase_benchmark, of its records as samples, and of `phase_comparison`.
#include "sim/experiments/phase_benchmark.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "sim/experiments/phase_comparison.hpp"
#include "sim/experiments/phase_records.hpp"
#include "tests/catch.hpp"
#include "tests/sim/experiments/experiment_run.hpp"

namespace rmtlab::experiments {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using tests::cell;

core::TaskResult drawn(const std::string& parameters) {
  return tests::run_task(
      tests::load_experiment("phase_benchmark", "replicates: 1\nparameters:\n" + parameters), 0, 0);
}

// As `records.csv`, which has the replicate in front.
core::Table table_of(const core::TaskResult& result) {
  std::vector<std::string> columns{"replicate"};
  for (const auto& [name, value] : result.rows.front()) columns.push_back(name);
  core::Table table(columns);
  for (const core::Row& row : result.rows) {
    std::vector<std::string> cells{"0"};
    for (const auto& [name, value] : row) cells.push_back(core::cell_text(value));
    table.add(std::move(cells));
  }
  return table;
}

const std::string small = "  shape: {cols: 60, aspect_ratio: 3}\n  benchmark: {draws: 2}\n";

TEST_CASE("phase_benchmark: every family, its declared phase, and answers that sum to one",
          "[experiments]") {
  const auto result = drawn(small);
  CHECK(result.rows.size() == 2 * ensembles::phase_families().size());
  for (const core::Row& row : result.rows) {
    double sum = 0;
    for (const theory::Phase phase : theory::all_phases)
      sum += tests::number(row, probability_column(phase));
    CHECK_THAT(sum, WithinAbs(1, 1e-12));
    const auto& family = ensembles::find_phase_family(std::get<std::string>(cell(row, "family")));
    if (const auto* truth = std::get_if<std::string>(&cell(row, "truth")))
      CHECK(theory::phase_named(*truth) ==
            make_member(family, tests::number(row, "strength")).truth(180, 60).phase);
  }
  // The same matrices again, and others for another shape.
  CHECK(cell(drawn(small).rows[5], "density_distance") == cell(result.rows[5], "density_distance"));
  const auto easy = drawn(
      "  shape: {cols: 60, aspect_ratio: 3}\n"
      "  benchmark: {draws: 2, hard: false}\n");
  CHECK(easy.rows.size() < result.rows.size());
}

TEST_CASE("phase_benchmark: records give back the statistics that the classifier was asked with",
          "[experiments]") {
  const core::Table records = table_of(drawn(small));
  const auto labels = labels_of(records);
  const auto rows = scored_rows(records);
  REQUIRE(labels.size() == rows.size());
  REQUIRE(rows.size() > 60);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto again =
        inference::PhaseClassifier::shipped().classify(statistics_of(records, rows[i]));
    CHECK(again.phase == labels[i].phase);
    CHECK(again.abstained == labels[i].abstained);
    CHECK(again.probabilities == labels[i].probabilities);
  }
  core::Table other({"truth"});
  other.add({"random-like"});
  CHECK_THROWS_AS(labels_of(other), std::out_of_range);
}

TEST_CASE("phase_benchmark: the summary says which matrices and which classifier",
          "[experiments]") {
  const core::Table records = table_of(drawn(small));
  const std::string text = PhaseBenchmark().summary(records);
  CHECK_THAT(text, ContainsSubstring(inference::PhaseClassifier::shipped().hash().substr(0, 16)));
  CHECK_THAT(text, ContainsSubstring("balanced accuracy"));
  CHECK_THAT(text, ContainsSubstring("rank-collapse/floor"));
}

TEST_CASE("phase_benchmark: weak tails are counted by strength", "[experiments]") {
  const core::Table records = table_of(
      drawn("  shape: {cols: 60, aspect_ratio: 3}\n  benchmark: {set: weak_tail, draws: 12}\n"));
  // The strongest tails, which the first row of the table counts, by hand.
  double least = 10, most = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    least = std::min(least, records.number(i, "strength"));
    most = std::max(most, records.number(i, "strength"));
  }
  REQUIRE(least > 2.2);
  REQUIRE(most < 4);
  const double bound = least + (most - least) / 6;
  int rows = 0, right = 0, abstained = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records.number(i, "strength") >= bound || records.text(i, "truth").empty()) continue;
    ++rows;
    right += records.text(i, "truth") == records.text(i, "phase");
    abstained += records.text(i, "abstained") == "true";
  }
  REQUIRE(rows > 0);
  const std::string text = PhaseBenchmark().summary(records);
  CHECK_THAT(text, ContainsSubstring("180x60"));
  CHECK_THAT(text,
             ContainsSubstring(fmt::format(
                 "{:<18}{:>18}", fmt::format("{:.2f} to {:.2f}", least, bound),
                 fmt::format("{:.3f} ({:.3f})", 1.0 * right / rows, 1.0 * abstained / rows))));
  CHECK_THAT(PhaseBenchmark().summary(table_of(drawn(small))),
             !ContainsSubstring("right (abstained)"));
}

TEST_CASE("phase_comparison: a family that is left out took no part", "[experiments]") {
  const core::Table training = table_of(
      drawn("  shape: {cols: 50, aspect_ratio: 2}\n  benchmark: {draws: 4, hard: false}\n"));
  const core::Table test = table_of(drawn(small));
  const std::string text = phase_comparison(test, training);
  for (const char* part : {"five questions", "softmax, one step", "threshold rule",
                           "exponent window", "leave one family out", "hard, never trained on"})
    CHECK_THAT(text, ContainsSubstring(part));
  // Hard families are in no training set, so exactly theirs are the lines that say so.
  std::size_t marked = 0, hard = 0;
  for (std::size_t at = text.find("never trained on"); at != std::string::npos;
       at = text.find("never trained on", at + 1))
    ++marked;
  for (const auto& family : ensembles::phase_families()) hard += family.is_hard;
  CHECK(marked == hard);
}

TEST_CASE("phase_benchmark: mechanisms are recorded where they are asked for", "[experiments]") {
  const core::Table records = table_of(
      drawn("  shape: {cols: 100, aspect_ratio: 2}\n  benchmark: {set: mechanism, draws: 1}\n"));
  CHECK(records.has_column("found_mechanism"));
  for (const auto& sample : mechanism_samples_of(records))
    for (const double value : sample.statistics) CHECK(std::isfinite(value));
  CHECK(mechanism_samples_of(records).size() >= 8);
}

}  // namespace
}  // namespace rmtlab::experiments
