// SPDX-License-Identifier: MIT
/// \file
/// \brief How good a classifier of phases is on matrices whose phase is known.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/inference/bulk_variance.hpp"
#include "sim/inference/phase_classifier.hpp"

namespace rmtlab::inference {

/// What was said of a matrix, and what is true.
struct ScoredLabel {
  theory::Phase truth{};
  theory::Phase phase{};
  bool abstained = false;
  PhaseProbabilities probabilities{};
};

/// Per phase, in the order of theory::all_phases.
template <class T>
using PerPhase = std::array<T, theory::all_phases.size()>;

/**
 * \brief Scores in which every phase counts the same, however many matrices it has.
 *
 * With w the weight that makes it so (sum 1), p the probabilities, c the true phase:
 * Brier score \f$\sum_iw_i\sum_k(p_{ik}-\delta_{kc_i})^2\f$ (0 best, 2 worst), log score
 * \f$-\sum_iw_i\ln p_{ic_i}\f$ (p at least 1e-12), expected calibration error
 * \f$\sum_b|\sum_{i\in b}w_i(\delta_i-\hat p_i)|\f$ over ten bins of the named phase's probability
 * \f$\hat p\f$, \f$\delta\f$ whether it was right. A phase without matrices is left out.
 */
struct PhaseScores {
  PerPhase<PerPhase<std::size_t>> confusion{};       ///< [truth][phase], abstained ones too
  PerPhase<PerPhase<std::size_t>> confusion_kept{};  ///< those not abstained
  PerPhase<std::size_t> counts{};
  PerPhase<double> recall{}, recall_kept{}, abstention{};  ///< 0 where there are none
  double balanced_accuracy = 0, balanced_accuracy_kept = 0;
  double abstained = 0;  ///< mean of `abstention` over the phases
  double brier = 0, log_score = 0, calibration_error = 0;
};

/// \throws std::invalid_argument without labels.
PhaseScores score_phases(std::span<const ScoredLabel> labels);

/**
 * \brief 95 % interval of the difference of two classifiers' balanced accuracies (abstained ones counted by
 * their phase) on the same matrices: percentiles of 1000 bootstrap samples, drawn within each phase.
 * \throws std::invalid_argument if the labels are not of the same matrices.
 */
Interval accuracy_difference(std::span<const ScoredLabel> better,
                             std::span<const ScoredLabel> worse, const core::Stream& stream);

}  // namespace rmtlab::inference
