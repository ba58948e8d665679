// SPDX-License-Identifier: MIT
#include "sim/experiments/phase_benchmark.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/core/sha256.hpp"
#include "sim/experiments/phase_records.hpp"
#include "sim/inference/matrix_analysis.hpp"
#include "sim/inference/phase_baselines.hpp"
#include "sim/inference/tail_mechanism.hpp"
#include "sim/inference/threshold_rule.hpp"

namespace rmtlab::experiments {
namespace {

using core::Row;
using core::Value;
using ensembles::Probe;

Value count(std::size_t n) { return static_cast<std::int64_t>(n); }

void add_truth(Row& row, const ensembles::PhaseFamily& family, double strength,
               const ensembles::GroundTruth& truth) {
  row.emplace_back("family", std::string(family.name));
  row.emplace_back("hard", family.is_hard);
  row.emplace_back("strength", strength);
  row.emplace_back("truth", truth.phase ? Value(std::string(name(*truth.phase))) : Value());
  row.emplace_back("mechanism", std::string(name(truth.mechanism)));
  row.emplace_back("outlier_ratio", core::value_of(truth.outlier_ratio));
  row.emplace_back("critical_window", core::value_of(truth.critical_window));
}

void add_answers(Row& row, const inference::MatrixAnalysis& a) {
  row.emplace_back("phase", std::string(name(a.decision.phase)));
  row.emplace_back("abstained", a.decision.abstained);
  for (const theory::Phase phase : theory::all_phases)
    row.emplace_back(probability_column(phase), probability(a.decision, phase));
  row.emplace_back("threshold_rule",
                   std::string(name(decide_by_thresholds(a.decision.evidence).phase)));
  row.emplace_back("exponent_rule",
                   a.power_law
                       ? Value(std::string(name(inference::phase_by_exponent(a.power_law->alpha))))
                       : Value());
  row.emplace_back("density_distance",
                   inference::density_distance(a.spectrum.eigenvalues, a.spectrum.rows));
  row.emplace_back("excess_kurtosis",
                   a.entry_kurtosis ? Value(a.entry_kurtosis->excess_kurtosis) : Value());
  for (std::size_t i = 0; i < inference::phase_statistic_count; ++i)
    row.emplace_back(std::string(inference::phase_statistic_list()[i].name),
                     a.decision.statistics ? Value((*a.decision.statistics)[i]) : Value());
}

void add_mechanism(Row& row, const arma::mat& W, const inference::MatrixAnalysis& analysis) {
  const auto statistics = inference::mechanism_statistics(W, analysis);
  const auto verdict = inference::MechanismClassifier::shipped().classify(statistics);
  row.emplace_back("found_mechanism", std::string(name(verdict.mechanism)));
  row.emplace_back("mechanism_abstained", verdict.abstained);
  row.emplace_back("mechanism_probability",
                   *std::max_element(verdict.probabilities.begin(), verdict.probabilities.end()));
  for (std::size_t j = 0; j < statistics.size(); ++j)
    row.emplace_back(mechanism_column(inference::mechanism_statistic_list()[j].name),
                     statistics[j]);
}

// "0.93 (7 of 100 abstained)" of the rows of a family.
struct Share {
  std::size_t rows = 0, right = 0, abstained = 0;
};

std::string family_table(const core::Table& records, const std::string& truth,
                         const std::string& found, const std::string& abstained) {
  std::map<std::string, Share> shares;
  std::vector<std::string> order = records.distinct("family");
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records.text(i, truth).empty()) continue;
    Share& share = shares[records.text(i, "family")];
    ++share.rows;
    share.right += records.text(i, truth) == records.text(i, found);
    share.abstained += records.text(i, abstained) == "true";
  }
  std::string text =
      fmt::format("\n{:<34}{:>8}{:>8}{:>11}\n", "family", "scored", "right", "abstained");
  for (const std::string& family : order) {
    const Share& share = shares[family];
    if (share.rows == 0) continue;
    const auto part = [&](std::size_t n) {
      return static_cast<double>(n) / static_cast<double>(share.rows);
    };
    text += fmt::format("{:<34}{:>8}{:>8.3f}{:>11.3f}\n", family, share.rows, part(share.right),
                        part(share.abstained));
  }
  return text;
}

// Right answers by strength, a row each sixth of the range, and by shape; abstentions beside them.
std::string strength_table(const core::Table& records) {
  constexpr std::size_t bins = 6;
  double least = std::numeric_limits<double>::infinity(), most = -least;
  for (std::size_t i = 0; i < records.size(); ++i) {
    least = std::min(least, records.number(i, "strength"));
    most = std::max(most, records.number(i, "strength"));
  }
  const double width = (most - least) / static_cast<double>(bins);
  if (!(width > 0)) return {};
  std::vector<std::string> shapes;
  std::map<std::pair<std::size_t, std::string>, Share> shares;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::string shape = records.text(i, "rows") + "x" + records.text(i, "cols");
    if (std::find(shapes.begin(), shapes.end(), shape) == shapes.end()) shapes.push_back(shape);
    if (records.text(i, "truth").empty()) continue;
    const double place = (records.number(i, "strength") - least) / width;
    Share& share = shares[{std::min(bins - 1, static_cast<std::size_t>(place)), shape}];
    ++share.rows;
    share.right += records.text(i, "truth") == records.text(i, "phase");
    share.abstained += records.text(i, "abstained") == "true";
  }
  std::string text = fmt::format("\n{:<18}{}\n{:<18}", "strength", "right (abstained)", "");
  for (const auto& shape : shapes) text += fmt::format("{:>18}", shape);
  text += "\n";
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const double from = least + static_cast<double>(bin) * width;
    text += fmt::format("{:<18}", fmt::format("{:.2f} to {:.2f}", from, from + width));
    for (const auto& shape : shapes) {
      const Share& share = shares[{bin, shape}];
      const auto n = static_cast<double>(share.rows);
      text += fmt::format("{:>18}",
                          share.rows == 0
                              ? std::string("-")
                              : fmt::format("{:.3f} ({:.3f})", static_cast<double>(share.right) / n,
                                            static_cast<double>(share.abstained) / n));
    }
    text += "\n";
  }
  return text;
}

// Which matrices these were: names, strengths and shapes in the order of the records.
std::string set_hash(const core::Table& records) {
  std::string text;
  for (std::size_t i = 0; i < records.size(); ++i)
    for (const char* column : {"family", "strength", "rows", "cols", "replicate"})
      text += records.text(i, column) + (column == std::string_view("replicate") ? "\n" : ",");
  return core::sha256_hex(text);
}

}  // namespace

void PhaseBenchmark::declare(core::Schema& schema) {
  shape_.declare(schema);
  schema.section("benchmark", "which matrices", [&] {
    schema.choice<std::optional<Probe>>(
        "set", probe_,
        {{"families", std::nullopt},
         {"noise", Probe::noise},
         {"tail", Probe::tail},
         {"weak_tail", Probe::weak_tail},
         {"mechanism", Probe::mechanism}},
        "families: those of all phases; the others test one claim each");
    schema.integer("draws", draws_, core::at_least(1),
                   "matrices of each family, strengths evenly distributed over its range");
    schema.boolean("hard", hard_, "with the families that no classifier is trained on");
  });
}

std::vector<core::Complaint> PhaseBenchmark::complaints() const { return shape_.complaints(20); }

double PhaseBenchmark::cost() const {
  const auto m = static_cast<double>(shape_.cols), n = static_cast<double>(shape_.rows());
  return static_cast<double>(families().size() * draws_) * (0.01 + m * m * (n + 4 * m) * 6e-10);
}

std::vector<ensembles::PhaseFamily> PhaseBenchmark::families() const {
  const auto all = probe_ ? ensembles::probe_families(*probe_) : ensembles::phase_families();
  std::vector<ensembles::PhaseFamily> drawn;
  std::copy_if(all.begin(), all.end(), std::back_inserter(drawn),
               [this](const auto& family) { return hard_ || !family.is_hard; });
  return drawn;
}

core::TaskResult PhaseBenchmark::run(const core::Task& task) const {
  const std::size_t rows = shape_.rows(), cols = shape_.cols;
  core::TaskResult result;
  for (const ensembles::PhaseFamily& family : families())
    for (std::size_t draw = 0; draw < draws_; ++draw) {
      task.check_stop();
      const core::Stream own = task.own_stream("matrix").child(family.name).child(draw);
      const double strength = ensembles::strength_at(family, own.child("strength").uniform());
      const ensembles::Ensemble ensemble = ensembles::make_member(family, strength);
      core::Stream entries = own.child("entries");
      const arma::mat W = ensemble.matrix(rows, cols, entries);
      const auto analysis = inference::analyze_matrix(W);
      Row row;
      add_truth(row, family, strength, ensemble.truth(rows, cols));
      row.emplace_back("rows", count(rows));
      row.emplace_back("cols", count(cols));
      add_answers(row, analysis);
      if (probe_ == Probe::mechanism) add_mechanism(row, W, analysis);
      result.rows.push_back(std::move(row));
    }
  return result;
}

std::string PhaseBenchmark::summary(const core::Table& records) const {
  if (records.size() == 0) return "no records\n";
  std::string text = fmt::format("matrices {}  classifier {}\n", set_hash(records).substr(0, 16),
                                 inference::PhaseClassifier::shipped().hash().substr(0, 16));
  if (records.has_column("found_mechanism"))
    return text + family_table(records, "mechanism", "found_mechanism", "mechanism_abstained");
  text += scores_text(score_phases(labels_of(records))) +
          family_table(records, "truth", "phase", "abstained");
  // Their strength is alpha in all of them; that of other families is now this, now that.
  const bool weak_tails = records.text(0, "family").starts_with(name(Probe::weak_tail));
  return weak_tails ? text + strength_table(records) : text;
}

}  // namespace rmtlab::experiments
