// SPDX-License-Identifier: MIT
/// \file
/// \brief Phases by fixed thresholds: the rule that the classifier has to beat.
#pragma once

#include <string>

#include "sim/inference/phase_evidence.hpp"
#include "theory/phase.hpp"

namespace rmtlab::inference {

using theory::Phase;

/// Limits of the rule. They are conventions fixed beforehand on networks and ensembles of other
/// shapes, not fitted to anything this project reports: phases are a continuum, and the statistics
/// belong beside every label.
namespace phase_limits {
inline constexpr double collapsed_quartile = 0.01;  ///< lower quartile / mean
inline constexpr double power_law_ks = 0.1;
inline constexpr double smallest_exponent = 1.3;
inline constexpr double largest_exponent = 5;
inline constexpr double tail_fraction = 0.15;
inline constexpr double against_exponential = 1;
inline constexpr double heavy_ks_all = 0.28;
inline constexpr double heavy_trace_fraction = 0.5;
/// ks_bulk times M: 3.2-3.8 is the 99 % point of noise for M = 128-256, nearly free of the shape.
inline constexpr double noise_distance = 3.5;
inline constexpr double decayed_distance = 1.15 * noise_distance;
inline constexpr double decayed_outlier_fraction = 0.085;
inline constexpr double bleeding_ratio = 1.5;  ///< lambda_max / lambda_plus
}  // namespace phase_limits

struct ThresholdVerdict {
  Phase phase = Phase::random_like;
  std::string reason;  ///< one sentence with the numbers that decided
};

/**
 * \brief The phase of a spectrum, by the first line that applies.
 *
 * | evidence                                                                     | phase         |
 * |------------------------------------------------------------------------------|---------------|
 * | lower quartile / mean < 0.01                                                 | rank-collapse |
 * | a power-law tail, and (ks_all > 0.28 or outliers hold >= half the trace)     | heavy-tailed  |
 * | no outlier and M ks_bulk < 3.5                                               | random-like   |
 * | M ks_bulk > 4.025 or outliers >= 0.085 M                                     | bulk-decay    |
 * | no outlier                                                                   | random-like   |
 * | lambda_max / lambda_plus < 1.5                                               | bleeding-out  |
 * | otherwise                                                                    | bulk+spikes   |
 *
 * A power-law tail has KS < 0.1, 1.3 < exponent < 5, at least 0.15 M eigenvalues, and a Vuong ratio
 * above 1 against the exponential; an absent tail counts as none. The first two lines need no bulk.
 * Where it is absent and they do not apply, M ks_all > 4.025 means bulk-decay and the rest
 * random-like: the reason says so.
 *
 * How often it is right on matrices of known kind, and where it is not, is measured in
 * tests/sim/inference/threshold_rule_test.cpp.
 */
ThresholdVerdict decide_by_thresholds(const PhaseEvidence& evidence);

}  // namespace rmtlab::inference
