// SPDX-License-Identifier: MIT
/// \file
/// \brief How many eigenvalues lie outside the noise: sequential tests with known familywise error.
#pragma once

#include <cstddef>
#include <span>

#include "sim/inference/bulk_variance.hpp"

namespace rmtlab::inference {

/// Level of the sequential edge test by default: the probability that pure noise shows any outlier.
inline constexpr double default_familywise_level = 0.01;

struct OutlierSettings {
  double level = default_familywise_level;  ///< familywise, in (0, 1)
  double excess_kurtosis = 0;               ///< of the entries, >= -2
  VarianceEstimator estimator = VarianceEstimator::trace;
};

struct OutlierCount {
  std::size_t count = 0;       ///< k, the largest eigenvalues set apart
  double sigma2 = 0;           ///< with k set apart
  bool limit_reached = false;  ///< k ran into M/2: no bulk to speak of
};

/**
 * \brief Splits a spectrum into bulk and outliers above it, and fits the variance of the bulk.
 *
 * The hypotheses "at most k spikes", k = 0, 1, ..., are nested, and number k is tested by
 * `upper_edge_test` of eigenvalue k + 1 with k set apart, itself counted as noise in the variance. The count is a
 * k whose own test accepts while that of k - 1 rejects. Going up from k = 0 \cite Kritchman2009, the
 * probability of more outliers than spikes is at most the level, since that takes a rejection of a true
 * hypothesis (closed testing).
 *
 * Going up from 0 fails where many outliers inflate the trace and so hide each other. So the walk starts
 * from a count that cannot be hidden from, the fixed point with `quantile_variance`, goes *down* while the
 * test of k - 1 accepts and then up while that of k rejects. On noise with a few spikes it ends where the
 * upward walk does; sizes are in the records of `mp_calibration`.
 *
 * At most M/2 eigenvalues are set apart, since a bulk is a majority. On a spectrum that decays all the way
 * the count runs into this limit; what is fitted then is the lower half.
 *
 * Another `estimator` than the trace changes the variance in the tests; their p-values are calibrated for
 * the trace only.
 *
 * \param ascending all M eigenvalues of W^T W / N, ascending, >= 0; \param rows N >= M
 * \throws FitError if there are fewer than `smallest_spectrum` eigenvalues, or so many are zero that
 *   sigma2 would be zero.
 */
OutlierCount count_outliers(std::span<const double> ascending, std::size_t rows,
                            const OutlierSettings& settings);

/// The upward walk from k = 0 alone. \throws as `count_outliers`
OutlierCount count_outliers_upwards(std::span<const double> ascending, std::size_t rows,
                                    const OutlierSettings& settings);

/**
 * \brief Eigenvalues below the bulk: the sequential test from the smallest up, at the familywise `level` of its
 * own, with `removed_above` outliers set apart and the variance given.
 *
 * A covariance spike below 1, or dead directions; at most M/2.
 * \throws std::domain_error unless sigma2 is finite and > 0.
 */
std::size_t count_lower_outliers(std::span<const double> ascending, std::size_t rows,
                                 std::size_t removed_above, double sigma2,
                                 const OutlierSettings& settings);

}  // namespace rmtlab::inference
