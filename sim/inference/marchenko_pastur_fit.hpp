// SPDX-License-Identifier: MIT
/// \file
/// \brief Marchenko-Pastur fit of a spectrum: bulk, outliers, and whether the bulk is noise at all.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include <armadillo>

#include "sim/inference/bulk_statistics.hpp"
#include "sim/inference/bulk_variance.hpp"
#include "sim/inference/outlier_count.hpp"
#include "sim/inference/spike_strength.hpp"
#include "theory/spiked.hpp"

namespace rmtlab::inference {

struct MarchenkoPasturOptions {
  double familywise_level = default_familywise_level;  ///< of the outlier test, in (0, 1)
  double excess_kurtosis = 0;  ///< of the entries of W, >= -2; unknown from eigenvalues alone
  double coverage = 0.95;      ///< of every interval, in (0, 1)
  theory::SpikeKind spike_kind = theory::SpikeKind::additive;
  VarianceEstimator estimator = VarianceEstimator::trace;
  /// Fit N too, from the width of the bulk (`effective_rows`), for rows or columns that are correlated.
  bool effective_aspect_ratio = false;
};

/// An eigenvalue outside the bulk.
struct Outlier {
  double lambda;        ///< in units of sigma2
  double z;             ///< of `upper_edge_test` or `lower_edge_test`, those beyond it set apart
  double p_value;       ///< 0 when it underflows
  SpikeEstimate spike;  ///< of the declared kind; zero for an outlier below the bulk
};

struct BulkTestResult {
  BulkTest test;
  double statistic;
  double p_value;  ///< NullAtlas
};

/// Result of `fit_marchenko_pastur`. N, M are the shape of W, Q = N / M, k the number of outliers.
struct MarchenkoPasturFit {
  double sigma2 = 0;     ///< entry variance of the noise
  Interval sigma2_ci{};  ///< `variance_interval`
  /// \f$\sigma^2(1\mp Q^{-1/2})^2\f$, asymptotic edges of noise of shape N x M
  double lambda_minus = 0, lambda_plus = 0;
  std::vector<Outlier>
      outliers;  ///< above the bulk, from the largest down; empty if there are none
  std::vector<Outlier> lower_outliers;  ///< below it, from the smallest up
  /// Bounds for the number of spikes above the bulk: k, and with those that lie where a spike of
  /// `certain_window` may.
  std::size_t fewest_spikes = 0, most_spikes = 0;
  double edge_z = 0;        ///< largest eigenvalue against the edge of the fitted bulk
  double edge_p_value = 0;  ///< its p-value
  double ks_bulk = 0;       ///< KS distance of the bulk to its mean law (`BulkStatistics::ks`)
  double p_value = 0;       ///< of `ks_bulk`, simulated null; small means the bulk is not noise
  std::array<BulkTestResult, all_bulk_tests.size()> tests{};  ///< the first is `p_value`'s
  BulkStatistics bulk{};
  double ks_all = 0;  ///< KS distance of all M to Marchenko-Pastur (Q, mean eigenvalue)
  double outlier_trace_fraction = 0;   ///< share of the trace in the outliers, in [0, 1]
  double outlier_fraction = 0;         ///< k / M
  std::size_t bulk_count = 0;          ///< M - k
  std::size_t zero_count = 0;          ///< eigenvalues that count as zero (they are in the bulk)
  double effective_rows = 0;           ///< N, or what was fitted in its place
  bool outlier_limit_reached = false;  ///< `OutlierCount::limit_reached`: no bulk
};

/**
 * \brief Fits noise plus outliers to the eigenvalues of \f$W^{\mathsf T}W/N\f$.
 *
 * Outliers and variance by `count_outliers`; intervals by `variance_interval` and `estimate_spike`; then
 * the bulk that is left is put to the tests of `bulk_statistics`, with p-values from NullAtlas.
 * Eigenvalues at or below M eps lambda_max are set to zero first; they are rounding.
 *
 * Sizes, coverages and powers are in the records of `mp_calibration`, `sigma_bakeoff` and
 * `spike_detection`.
 *
 * \param eigenvalues all M, in any order, zeros included
 * \param rows N
 * \param cols M
 * \throws std::invalid_argument if there are not `cols` eigenvalues.
 * \throws std::domain_error if rows < cols, an eigenvalue is negative or not finite, or an option is outside
 *   its domain.
 * \throws FitError if the data allow no fit: fewer than 20 eigenvalues, too many zeros, or a bulk so wide
 *   that the effective N would be below M, or so narrow that there is none.
 */
MarchenkoPasturFit fit_marchenko_pastur(const arma::vec& eigenvalues, std::size_t rows,
                                        std::size_t cols,
                                        const MarchenkoPasturOptions& options = {});

/**
 * \brief N of Gaussian noise whose p = M - k bulk eigenvalues spread as those seen:
 * \f$n'=\frac{(p+1)S_1^2-2S_2}{pS_2-S_1^2}\f$, \f$S_i=\sum\lambda^i\f$.
 *
 * For n x p noise \f$S_2/S_1^2\f$ is independent of \f$S_1\f$, and its mean is exactly
 * \f$(n+p+1)/(pn+2)\f$; this is the n with that mean. Relative standard deviation about 2/p, bias its
 * square. The idea is that of \cite PattersonPriceReich2006, whose m counts the levels and the one that
 * centring removed, p + 1.
 * \throws FitError if it is not at least p, or the bulk is narrower than noise of any N.
 */
double effective_rows(std::span<const double> bulk);

/// `MarchenkoPasturFit::ks_all` alone, which exists for every spectrum but that of a zero matrix:
/// the distance of all eigenvalues to Marchenko-Pastur with Q = rows / M and the mean eigenvalue as
/// variance. \throws as `fit_marchenko_pastur`; std::domain_error if all eigenvalues are zero.
double distance_to_random(const arma::vec& eigenvalues, std::size_t rows);

}  // namespace rmtlab::inference
