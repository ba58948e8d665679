// SPDX-License-Identifier: MIT
#include "sim/inference/phase_decision.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace rmtlab::inference {
namespace {

using theory::Phase;

constexpr std::size_t fewest_eigenvalues = 10;
constexpr std::size_t named_statistics = 2;  // of each answer, in the reason

std::string_view answer_in_words(PhaseQuestion question, bool yes) {
  switch (question) {
    case PhaseQuestion::collapsed:
      return yes ? "collapsed" : "not collapsed";
    case PhaseQuestion::extensive:
      return yes ? "deformed as a whole" : "noise but for a few directions";
    case PhaseQuestion::heavy:
      return yes ? "with a power-law tail" : "with a lighter tail than a power law";
    case PhaseQuestion::outliers:
      return yes ? "with outliers" : "without outliers";
    case PhaseQuestion::far_spikes:
      return yes ? "the largest beyond 1.5 lambda_plus (a convention)"
                 : "the largest below 1.5 lambda_plus (a convention)";
  }
  return "";
}

// The questions that lead to a phase, and whether with yes.
std::vector<std::pair<PhaseQuestion, bool>> path_to(Phase phase) {
  using enum PhaseQuestion;
  switch (phase) {
    case Phase::random_like:
      return {{collapsed, false}, {extensive, false}, {outliers, false}};
    case Phase::bleeding_out:
      return {{collapsed, false}, {extensive, false}, {outliers, true}, {far_spikes, false}};
    case Phase::bulk_plus_spikes:
      return {{collapsed, false}, {extensive, false}, {outliers, true}, {far_spikes, true}};
    case Phase::bulk_decay:
      return {{collapsed, false}, {extensive, true}, {heavy, false}};
    case Phase::heavy_tailed:
      return {{collapsed, false}, {extensive, true}, {heavy, true}};
    case Phase::rank_collapse:
      return {{collapsed, true}};
  }
  return {};
}

std::string reason_for(const PhaseClassification& classification) {
  std::string text;
  for (const auto& [question, yes] : path_to(classification.phase)) {
    const PhaseAnswer& answer = classification.answers[static_cast<std::size_t>(question)];
    text += fmt::format("{}{} ({:.2g}", text.empty() ? "" : "; ", answer_in_words(question, yes),
                        yes ? answer.yes : 1 - answer.yes);
    const std::size_t count = std::min(named_statistics, answer.contributions.size());
    for (std::size_t i = 0; i < count; ++i)
      text += fmt::format("{}{} {:.3g}", i == 0 ? ": " : ", ", answer.contributions[i].statistic,
                          answer.contributions[i].value);
    text += ")";
  }
  if (classification.abstained)
    text += fmt::format("; the evidence does not separate (no phase has {})", certain_enough);
  return text + ".";
}

}  // namespace

double probability(const PhaseDecision& decision, Phase phase) {
  return decision.probabilities[static_cast<std::size_t>(phase)];
}

PhaseDecision decide_phase(const PhaseInput& input, const PhaseEvidence& evidence) {
  PhaseDecision decision;
  decision.evidence = evidence;
  if (!input.eigenvalues.is_empty() && input.eigenvalues.max() <= 0) {
    decision.phase = Phase::rank_collapse;
    decision.probabilities.back() = 1;
    decision.reason = "all eigenvalues are zero.";
    return decision;
  }
  if (input.eigenvalues.n_elem < fewest_eigenvalues) {
    decision.abstained = true;
    decision.probabilities.fill(1.0 / static_cast<double>(decision.probabilities.size()));
    decision.reason = fmt::format("{} eigenvalues show no phase (at least {} are needed).",
                                  input.eigenvalues.n_elem, fewest_eigenvalues);
    return decision;
  }
  decision.statistics = phase_statistics(input);
  const auto classification = PhaseClassifier::shipped().classify(*decision.statistics);
  decision.phase = classification.phase;
  decision.abstained = classification.abstained;
  decision.probabilities = classification.probabilities;
  decision.reason = reason_for(classification);
  return decision;
}

}  // namespace rmtlab::inference
