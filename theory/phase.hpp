// SPDX-License-Identifier: MIT
/// \file
/// \brief The 5+1 phases of a weight matrix: their names and the numbers that separate them.
#pragma once

#include <array>
#include <string_view>

namespace rmtlab::theory {

/**
 * \brief The six phases, in order of increasing departure from noise (\cite MartinMahoney2021).
 *
 * Here they are properties of how a matrix was *made*, so that a classifier can be wrong:
 *
 * - random-like: i.i.d. entries with a fourth moment, or signal below the threshold of detection;
 * - bleeding-out: a finite number of spikes, the strongest predicted between \f$\lambda_+\f$ and
 *   1.5 \f$\lambda_+\f$;
 * - bulk+spikes: a finite number of spikes, the strongest predicted beyond 1.5 \f$\lambda_+\f$;
 * - bulk-decay: an extensive deformation whose tail is lighter than any power, or a power-law part
 *   beside noise that still carries half the trace;
 * - heavy-tailed: a power-law tail, \f$1.3\le\alpha\le4\f$, with more than half the trace;
 * - rank-collapse: at least a fifth of the eigenvalues below 1e-3 of the mean of all but the largest,
 *   entries far beyond their row's and column's others cut first: neither one huge entry nor one huge
 *   eigenvalue collapses anything.
 *
 * The numbers are conventions (`phase_definition`): a continuum is cut, and the statistic belongs
 * beside the label.
 */
enum class Phase {
  random_like,
  bleeding_out,
  bulk_plus_spikes,
  bulk_decay,
  heavy_tailed,
  rank_collapse,
};

inline constexpr std::array<Phase, 6> all_phases = {Phase::random_like,      Phase::bleeding_out,
                                                    Phase::bulk_plus_spikes, Phase::bulk_decay,
                                                    Phase::heavy_tailed,     Phase::rank_collapse};

/// As in records and reports: random-like, bleeding-out, bulk+spikes, bulk-decay, heavy-tailed,
/// rank-collapse.
std::string_view name(Phase phase);

/// The phase whose name is `wanted`. \throws std::domain_error listing the names if there is none.
Phase phase_named(std::string_view wanted);

/// Whether the whole spectrum is deformed, not a few directions: bulk-decay, heavy-tailed, rank-collapse.
bool is_extensive(Phase phase);

/// Where the definitions cut a continuum.
namespace phase_definition {
/// Predicted strongest outlier over \f$\lambda_+\f$: bleeding-out below, bulk+spikes above.
inline constexpr double spikes_ratio = 1.5;
/// The other cut in use: the pictures that gave the phases their names change sides between them.
inline constexpr double spikes_ratio_low = 1.2;
/// theory::critical_window below which noise and spike cannot be told apart: not scored.
inline constexpr double undecidable_window = 4;
/// Share of the trace that separates bulk-decay from heavy-tailed.
inline constexpr double heavy_trace_share = 0.5;
inline constexpr double smallest_alpha = 1.3, largest_alpha = 4;
/// Share of the eigenvalues below `collapsed_level` times the mean in rank-collapse.
inline constexpr double collapsed_share = 0.2;
inline constexpr double collapsed_level = 1e-3;
/// Directions over M from which a deformation counts as extensive.
inline constexpr double extensive_share = 0.1;
}  // namespace phase_definition

}  // namespace rmtlab::theory
