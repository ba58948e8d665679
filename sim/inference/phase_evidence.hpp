// SPDX-License-Identifier: MIT
/// \file
/// \brief What a spectrum shows, as the numbers that stand beside the name of its phase.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include <armadillo>

#include "sim/inference/phase_input.hpp"

namespace rmtlab::inference {

/// What a Marchenko-Pastur fit shows; meanings as in `MarchenkoPasturFit`.
struct BulkEvidence {
  double edge_z = 0;
  double edge_p_value = 0;
  double lambda_max_over_lambda_plus = 0;  ///< lambda_plus of the fitted bulk
  std::size_t outlier_count = 0;
  double outlier_fraction = 0;
  double outlier_trace_fraction = 0;
  double ks_bulk = 0;
  double ks_bulk_p_value = 0;
  double mean_gap_ratio =
      0;  ///< of the bulk's levels: 0.53 where they repel, 0.39 where they do not
};

/// What a power-law fit to the tail of the spectrum shows.
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
  double collapsed_share = 0;  ///< inference::collapsed_share: the definition's, outliers aside
  double ks_all = 0;           ///< `distance_to_random`
  std::optional<BulkEvidence> bulk;
  std::optional<TailEvidence> tail;
};

/// Evidence of one matrix; `tail` may be absent, as the fits of `input`. A zero matrix counts as wholly
/// collapsed (quartile 0, shares 1, ks_all 1).
/// \throws as `distance_to_random` for eigenvalues that are none.
PhaseEvidence collect_evidence(const PhaseInput& input, const std::optional<TailEvidence>& tail);

/// One statistic by name, for tables and JSON; without a value where it could not be computed.
struct NamedStatistic {
  std::string_view name;
  std::optional<double> value;
};

/// The evidence as name and value, always the same names in the same order.
std::vector<NamedStatistic> describe(const PhaseEvidence& evidence);

}  // namespace rmtlab::inference
