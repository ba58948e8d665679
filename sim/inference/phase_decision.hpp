// SPDX-License-Identifier: MIT
/// \file
/// \brief The phase of one matrix: probabilities, abstention, and the evidence in words and numbers.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "sim/inference/phase_classifier.hpp"
#include "sim/inference/phase_evidence.hpp"

namespace rmtlab::inference {

struct PhaseDecision {
  theory::Phase phase{};   ///< the most probable
  bool abstained = false;  ///< the evidence does not separate (`certain_enough`)
  PhaseProbabilities probabilities{};
  PhaseEvidence evidence;
  /// What the classifier was asked with; absent for a matrix beyond it.
  std::optional<std::array<double, phase_statistic_count>> statistics;
  std::string reason;  ///< the questions on the way to the phase, each with what weighed most
};

/// Probability of the named phase.
double probability(const PhaseDecision& decision, theory::Phase phase);

/**
 * \brief Classifies one matrix by `PhaseClassifier::shipped`.
 *
 * A zero matrix, and one with fewer than 10 eigenvalues, is beyond the statistics: the first is
 * rank-collapse, of the second nothing can be said (random-like, all probabilities 1/6, abstained).
 * \param evidence of the same matrix
 */
PhaseDecision decide_phase(const PhaseInput& input, const PhaseEvidence& evidence);

}  // namespace rmtlab::inference
