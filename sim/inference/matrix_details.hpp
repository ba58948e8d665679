// SPDX-License-Identifier: MIT
/// \file
/// \brief What takes longer than a fit: bootstrap, shuffles and singular vectors of one matrix.
#pragma once

#include <cstddef>
#include <optional>

#include <armadillo>

#include "sim/inference/matrix_analysis.hpp"
#include "sim/inference/parallel_analysis.hpp"
#include "sim/inference/power_law_bootstrap.hpp"
#include "sim/inference/shuffle_test.hpp"
#include "sim/inference/tail_mechanism.hpp"

namespace rmtlab::inference {

struct DetailOptions {
  std::size_t bootstrap =
      1000;  ///< replicates for p-value and interval of the tail's exponent; 0: none
  /// Shuffles of the entries, at least 39; 0: none. Absent: 39 where N M^2 <= `shuffle_limit`.
  std::optional<std::size_t> shuffles;
  std::size_t vectors =
      10;  ///< at most so many outliers, and so many from the middle of the bulk; 0: none
};

/// 39 shuffles of a matrix with N M^2 at this limit take about a second.
inline constexpr double shuffle_limit = 1.2e8;

/// Localisation of k singular vectors of length n, for one side.
struct VectorSide {
  std::size_t components = 0;  ///< n
  double mean_scaled_ipr = 0;  ///< mean of n sum v^4: 3 for random vectors, n for single components
  double p_value = 1;          ///< theory::ipr_mean_sf; small: localised
  double largest_component = 0;  ///< of the vector of the largest eigenvalue: n max v^2
  double largest_p_value = 1;    ///< theory::HaarMaximum
};

/// A group of singular vectors; right ones live on the shorter side (length M), left ones on the longer.
struct VectorGroup {
  std::size_t count = 0;
  VectorSide right, left;
};

struct MatrixDetails {
  Attempt<GoodnessOfFit> tail_goodness;
  Attempt<ExponentInterval> tail_interval;
  /// The KS distance of the whole spectrum to Marchenko-Pastur: of W, of its shuffles, of noise.
  Attempt<StructureVerdict> structure;
  /// Outliers beyond noise whose columns have variances of their own, by `deterministic_parallel_analysis`
  /// with deflation: fewer than the fit's if these variances are what widens the spectrum.
  Attempt<ParallelAnalysis> parallel;
  Attempt<VectorGroup> outlier_vectors, bulk_vectors;
  /// What may have made the tail; asked where the phase is bulk+spikes, bulk-decay or heavy-tailed.
  Attempt<MechanismVerdict> mechanism;
};

/**
 * \brief Computes them; what is impossible or not asked for is an `Attempt` with its reason.
 *
 * Random numbers come from fixed streams keyed by the shape: the result is a function of the arguments.
 * \param analysis of the same W, by `analyze_matrix`
 */
MatrixDetails examine_matrix(const arma::mat& W, const MatrixAnalysis& analysis,
                             const DetailOptions& options = {});

}  // namespace rmtlab::inference
