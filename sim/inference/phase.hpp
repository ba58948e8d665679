// SPDX-License-Identifier: MIT
/// \file
/// \brief The rule that names the phase of a spectrum, and the evidence it rests on.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <armadillo>

#include "sim/inference/marchenko_pastur_fit.hpp"
#include "theory/phase.hpp"

namespace rmtlab::inference {

using theory::Phase;

/// What the rule asks of a Marchenko-Pastur fit; meanings as in `MarchenkoPasturFit`.
struct BulkEvidence {
  double edge_z = 0;
  double edge_p_value = 0;
  double lambda_max_over_lambda_plus = 0;  ///< lambda_plus of the fitted bulk
  std::size_t outlier_count = 0;
  double outlier_fraction = 0;
  double outlier_trace_fraction = 0;
  double ks_bulk = 0;
  double ks_bulk_p_value = 0;
};

/// What the rule asks of a power-law fit to the tail of the spectrum.
struct TailEvidence {
  double exponent = 0;       ///< alpha of the density lambda^-alpha
  double ks = 0;             ///< distance of the tail to the fitted law
  double tail_fraction = 0;  ///< eigenvalues in the tail / M
  double against_exponential =
      0;  ///< Vuong's normalised log-likelihood ratio, > 0: power law better
};

/// Everything that a decision rests on. Parts that could not be computed are absent.
struct PhaseEvidence {
  std::size_t eigenvalue_count = 0;     ///< M
  double lower_quartile_over_mean = 0;  ///< spectra::lower_quartile_over_mean
  double fraction_near_zero = 0;        ///< spectra::fraction_near_zero at 1e-3
  double ks_all = 0;                    ///< `distance_to_random`
  std::optional<BulkEvidence> bulk;
  std::optional<TailEvidence> tail;
};

/// Evidence of one spectrum: `eigenvalues` of W^T W / N, all M, in any order, N = `rows`. `bulk` may
/// be absent where the fit was impossible, `tail` likewise. A zero matrix counts as wholly collapsed
/// (quartile 0, fraction 1, ks_all 1).
/// \throws as `distance_to_random` for eigenvalues that are none.
PhaseEvidence collect_evidence(const arma::vec& eigenvalues, std::size_t rows,
                               const std::optional<MarchenkoPasturFit>& bulk,
                               const std::optional<TailEvidence>& tail);

/// One statistic by name, for tables and JSON; without a value where it could not be computed.
struct NamedStatistic {
  std::string_view name;
  std::optional<double> value;
};

/// The evidence as name and value, always the same names in the same order.
std::vector<NamedStatistic> describe(const PhaseEvidence& evidence);

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

struct PhaseDecision {
  Phase phase = Phase::random_like;
  PhaseEvidence evidence;
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
 * tests/sim/inference/phase_test.cpp.
 */
PhaseDecision decide_phase(const PhaseEvidence& evidence);

}  // namespace rmtlab::inference
