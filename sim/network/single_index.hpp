// SPDX-License-Identifier: MIT
/// \file
/// \brief Synthetic data: labels that depend on the inputs through one projection.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/network/dataset.hpp"
#include "sim/network/input_covariance.hpp"

namespace rmtlab::network {

/// Nothing but what all synthetic data sets have.
using SingleIndexConfig = SyntheticConfig;

/**
 * \brief Inputs from `GaussianInputs`; the label is the quantile class of one noisy projection.
 *
 * With theta uniform on the unit sphere, u = theta . x / sqrt(theta^T Sigma theta) and
 * g = (sqrt(snr) u + eta)/sqrt(snr + 1), both standard normal, the label is the k with
 * k/K <= Phi(g) < (k + 1)/K: K equally likely classes. A monotone function of g, such as a sigmoid,
 * has the same quantiles and gives the same labels. `snr` is the variance of the projection over that
 * of the noise; 0 (the default) and infinity mean no noise.
 *
 * Noise and no noise agree on the label of K = 2 classes with probability 1 - arccos(r)/pi,
 * r = sqrt(snr/(snr + 1)), which is also the accuracy of the best classifier.
 */
class SingleIndex {
public:
  /// Draws theta from child "direction" of `stream`.
  /// \throws std::domain_error naming a setting outside its range.
  SingleIndex(const SingleIndexConfig& config, const core::Stream& stream);

  /// theta, d numbers of norm 1.
  [[nodiscard]] std::span<const double> direction() const { return direction_; }

  /// Independent samples; inputs from `stream`, eta from its child "noise", so that inputs do not depend
  /// on `snr`.
  [[nodiscard]] Dataset draw(std::size_t samples, core::Stream stream) const;

private:
  std::size_t classes_;
  double snr_;
  GaussianInputs inputs_;
  std::vector<double> direction_;
};

/// A training and a test set from children "train" and "test" of `stream`: a larger set begins with the
/// smaller one.
DataSplit make_single_index(const SingleIndexConfig& config, const core::Stream& stream);

}  // namespace rmtlab::network
