// SPDX-License-Identifier: MIT
#include "sim/inference/phase_scores.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace rmtlab::inference {
namespace {

constexpr std::size_t phases = theory::all_phases.size();
constexpr std::size_t bins = 10;
constexpr std::size_t bootstrap_samples = 1000;

std::size_t index_of(theory::Phase phase) { return static_cast<std::size_t>(phase); }

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

double mean_over_present(const PerPhase<double>& values, const PerPhase<std::size_t>& counts) {
  double sum = 0;
  std::size_t present = 0;
  for (std::size_t k = 0; k < phases; ++k)
    if (counts[k] > 0) {
      sum += values[k];
      ++present;
    }
  return sum / static_cast<double>(present);
}

// The scores of probabilities; weights make each phase count the same.
void score_probabilities(std::span<const ScoredLabel> labels, PhaseScores& scores) {
  const auto present = static_cast<double>(
      std::count_if(scores.counts.begin(), scores.counts.end(), [](auto n) { return n > 0; }));
  std::array<double, bins> excess{};
  for (const ScoredLabel& label : labels) {
    const double weight = 1 / (present * static_cast<double>(scores.counts[index_of(label.truth)]));
    for (std::size_t k = 0; k < phases; ++k) {
      const double target = k == index_of(label.truth) ? 1 : 0;
      scores.brier += weight * std::pow(label.probabilities[k] - target, 2);
    }
    scores.log_score -=
        weight * std::log(std::max(label.probabilities[index_of(label.truth)], 1e-12));
    const double said = label.probabilities[index_of(label.phase)];
    const auto bin = std::min(static_cast<std::size_t>(said * bins), bins - 1);
    excess[bin] += weight * ((label.phase == label.truth ? 1 : 0) - said);
  }
  for (const double e : excess) scores.calibration_error += std::abs(e);
}

double balanced_accuracy(const PerPhase<std::vector<bool>>& right,
                         const PerPhase<std::vector<std::size_t>>& chosen) {
  double sum = 0;
  std::size_t present = 0;
  for (std::size_t k = 0; k < phases; ++k) {
    if (chosen[k].empty()) continue;
    const auto hits = std::count_if(chosen[k].begin(), chosen[k].end(),
                                    [&](std::size_t i) { return right[k][i]; });
    sum += static_cast<double>(hits) / static_cast<double>(chosen[k].size());
    ++present;
  }
  return sum / static_cast<double>(present);
}

}  // namespace

PhaseScores score_phases(std::span<const ScoredLabel> labels) {
  if (labels.empty()) throw std::invalid_argument("score_phases: there are no labels");
  PhaseScores scores;
  PerPhase<std::size_t> kept{}, right{}, right_kept{};
  for (const ScoredLabel& label : labels) {
    const std::size_t t = index_of(label.truth), p = index_of(label.phase);
    ++scores.counts[t];
    ++scores.confusion[t][p];
    right[t] += t == p;
    if (label.abstained) continue;
    ++scores.confusion_kept[t][p];
    ++kept[t];
    right_kept[t] += t == p;
  }
  for (std::size_t k = 0; k < phases; ++k) {
    scores.recall[k] = share(right[k], scores.counts[k]);
    scores.recall_kept[k] = share(right_kept[k], kept[k]);
    scores.abstention[k] = share(scores.counts[k] - kept[k], scores.counts[k]);
  }
  scores.balanced_accuracy = mean_over_present(scores.recall, scores.counts);
  scores.balanced_accuracy_kept = mean_over_present(scores.recall_kept, scores.counts);
  scores.abstained = mean_over_present(scores.abstention, scores.counts);
  score_probabilities(labels, scores);
  return scores;
}

Interval accuracy_difference(std::span<const ScoredLabel> better,
                             std::span<const ScoredLabel> worse, const core::Stream& stream) {
  PerPhase<std::vector<bool>> right_a, right_b;
  if (better.size() != worse.size() || better.empty())
    throw std::invalid_argument("accuracy_difference: the labels are not of the same matrices");
  for (std::size_t i = 0; i < better.size(); ++i) {
    if (better[i].truth != worse[i].truth)
      throw std::invalid_argument("accuracy_difference: the labels are not of the same matrices");
    right_a[index_of(better[i].truth)].push_back(better[i].phase == better[i].truth);
    right_b[index_of(better[i].truth)].push_back(worse[i].phase == worse[i].truth);
  }
  core::Stream draws = stream.child("accuracy_difference");
  std::vector<double> differences(bootstrap_samples);
  for (double& difference : differences) {
    PerPhase<std::vector<std::size_t>> chosen;
    for (std::size_t k = 0; k < phases; ++k)
      for (std::size_t i = 0; i < right_a[k].size(); ++i)
        chosen[k].push_back(draws.below(right_a[k].size()));
    difference = balanced_accuracy(right_a, chosen) - balanced_accuracy(right_b, chosen);
  }
  std::sort(differences.begin(), differences.end());
  return {differences[bootstrap_samples * 25 / 1000], differences[bootstrap_samples * 975 / 1000]};
}

}  // namespace rmtlab::inference
