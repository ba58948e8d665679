// SPDX-License-Identifier: MIT
/// \file
/// \brief What an outlier says about the spike behind it, and what it cannot say.
#pragma once

#include <cstddef>

#include "sim/inference/bulk_variance.hpp"
#include "theory/spiked.hpp"

namespace rmtlab::inference {

/// Below this `theory::critical_window` of the estimate nobody can tell a spike from noise with certainty.
inline constexpr double certain_window = 4;

/// h is the excess of theory::Spike.
struct SpikeEstimate {
  double excess =
      0;  ///< h whose outlier lies here; the threshold for an eigenvalue inside the bulk
  double strength = 0;       ///< additive: S = sqrt(h), in sigma sqrt(N); covariance: l = 1 + h
  Interval excess_ci{};      ///< lower = 0 where `cannot_tell`; upper may be infinite for N < 50
  Interval strength_ci{};    ///< the same in units of `strength`
  double window = 0;         ///< theory::critical_window of the estimate
  bool cannot_tell = false;  ///< window < `certain_window`: the spike may lie below the threshold
};

/**
 * \brief Inverts the location of an outlier, with an interval for the declared kind of spike.
 *
 * The interval holds the h for which the outlier seen is within its normal bounds,
 * \f[ |x-L(h)|\le z\sqrt{V(h)+L(h)^2s^2},\qquad x=\lambda/\hat\sigma^2,\quad L(h)=(1+h)(1+c/h), \f]
 * \f$NV(h)\f$ the limit variance of theory::fluctuation_variance and s the relative error of
 * \f$\hat\sigma^2\f$. (A step of h where V vanishes, at the threshold, cannot be excluded by this; hence
 * `cannot_tell`.) One matrix does not show whether its spike is a fixed one or a random load; the kind
 * is a declaration, and the interval of the wrong one covers less.
 *
 * Gaussian noise or delocalised vectors. Coverage: `spike_detection`.
 *
 * \param lambda of the outlier; \param sigma2 of the noise; \param sigma2_error its standard error / sigma2
 * \param rows N; \param cols M; \param coverage in (0, 1)
 */
SpikeEstimate estimate_spike(theory::SpikeKind kind, double lambda, double sigma2,
                             double sigma2_error, std::size_t rows, std::size_t cols,
                             double coverage);

/// Where the outlier of a spike at window `certain_window` lies with probability 0.994 at least above, in
/// units of sigma2: the mean location minus 2.5 standard deviations, for the kind with the larger ones.
double certain_outlier(std::size_t rows, std::size_t cols);

}  // namespace rmtlab::inference
