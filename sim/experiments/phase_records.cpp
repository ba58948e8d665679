// SPDX-License-Identifier: MIT
#include "sim/experiments/phase_records.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace rmtlab::experiments {
namespace {

constexpr std::array<std::string_view, theory::all_phases.size()> probability_columns{
    "p_random_like", "p_bleeding_out", "p_bulk_plus_spikes",
    "p_bulk_decay",  "p_heavy_tailed", "p_rank_collapse"};

}  // namespace

std::string probability_column(theory::Phase phase) {
  return std::string(probability_columns[static_cast<std::size_t>(phase)]);
}

std::string mechanism_column(std::string_view statistic) {
  return fmt::format("mechanism_{}", statistic);
}

std::vector<std::size_t> scored_rows(const core::Table& records) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < records.size(); ++i)
    if (!records.text(i, "truth").empty()) rows.push_back(i);
  return rows;
}

std::vector<inference::ScoredLabel> labels_of(const core::Table& records) {
  std::vector<inference::ScoredLabel> labels;
  for (const std::size_t i : scored_rows(records)) {
    inference::ScoredLabel label;
    label.truth = theory::phase_named(records.text(i, "truth"));
    label.phase = theory::phase_named(records.text(i, "phase"));
    label.abstained = records.text(i, "abstained") == "true";
    for (const theory::Phase phase : theory::all_phases)
      label.probabilities[static_cast<std::size_t>(phase)] =
          records.number(i, probability_column(phase));
    labels.push_back(label);
  }
  return labels;
}

std::array<double, inference::phase_statistic_count> statistics_of(const core::Table& records,
                                                                   std::size_t row) {
  std::array<double, inference::phase_statistic_count> statistics{};
  for (std::size_t j = 0; j < statistics.size(); ++j)
    statistics[j] = records.number(row, inference::phase_statistic_list()[j].name);
  return statistics;
}

std::vector<inference::PhaseSample> samples_of(const core::Table& records,
                                               const std::vector<std::size_t>& rows) {
  std::vector<inference::PhaseSample> samples;
  for (const std::size_t i : rows)
    samples.push_back({statistics_of(records, i), theory::phase_named(records.text(i, "truth"))});
  return samples;
}

std::vector<inference::MechanismSample> mechanism_samples_of(const core::Table& records) {
  std::vector<inference::MechanismSample> samples;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto mechanism =
        std::find_if(inference::tail_mechanisms.begin(), inference::tail_mechanisms.end(),
                     [&](auto m) { return name(m) == records.text(i, "mechanism"); });
    if (mechanism == inference::tail_mechanisms.end()) continue;
    inference::MechanismSample sample{{}, *mechanism};
    for (std::size_t j = 0; j < sample.statistics.size(); ++j)
      sample.statistics[j] =
          records.number(i, mechanism_column(inference::mechanism_statistic_list()[j].name));
    samples.push_back(sample);
  }
  return samples;
}

std::string scores_text(const inference::PhaseScores& scores) {
  std::string text = fmt::format("\n{:<14}", "truth");
  for (const theory::Phase phase : theory::all_phases) text += fmt::format("{:>14}", name(phase));
  text += fmt::format("{:>8}{:>8}{:>11}\n", "recall", "kept", "abstained");
  for (const theory::Phase truth : theory::all_phases) {
    const auto t = static_cast<std::size_t>(truth);
    if (scores.counts[t] == 0) continue;
    text += fmt::format("{:<14}", name(truth));
    for (const std::size_t n : scores.confusion[t]) text += fmt::format("{:>14}", n);
    text += fmt::format("{:>8.3f}{:>8.3f}{:>11.3f}\n", scores.recall[t], scores.recall_kept[t],
                        scores.abstention[t]);
  }
  text += fmt::format(
      "balanced accuracy {:.4f}, of those not abstained {:.4f} ({:.1f} % abstained)\n"
      "Brier score {:.4f}, log score {:.4f}, expected calibration error {:.4f}\n",
      scores.balanced_accuracy, scores.balanced_accuracy_kept, 100 * scores.abstained, scores.brier,
      scores.log_score, scores.calibration_error);
  return text;
}

}  // namespace rmtlab::experiments
