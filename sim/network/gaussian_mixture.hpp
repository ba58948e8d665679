// SPDX-License-Identifier: MIT
/// \file
/// \brief Synthetic data: classes that are clusters of Gaussian points.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/network/dataset.hpp"
#include "sim/network/input_covariance.hpp"

namespace rmtlab::network {

struct GaussianMixtureConfig : SyntheticConfig {
  std::size_t clusters = 1;  ///< C, clusters per class
};

/**
 * \brief J = K C equally likely clusters x ~ N(m_j, Sigma); cluster j belongs to class j mod K.
 *
 * Directions t_j are independent standard normal vectors, shifted so that their sum is zero and
 * multiplied by one number; so the means m_j have no common part, and for J = 2 they are +-m in a
 * uniformly random direction. Sigma has the shape of `GaussianInputs` with this law. The two sizes
 * follow from
 * \f[
 *   \mathrm{snr} = \frac{V}{v}, \qquad V = \frac1J \sum_j |m_j|^2, \qquad
 *   v = \frac{\sum_j m_j^{\mathsf T} \Sigma\, m_j}{\sum_j |m_j|^2}, \qquad
 *   \mathrm E|x|^2 = V + \operatorname{tr}\Sigma = \texttt{input\_norm2}:
 * \f]
 * the squared distance of the means from their centre over the variance within a cluster along the
 * means. For J = 2 the means are 2 sqrt(snr) standard deviations apart, and projecting on their
 * difference classifies a share Phi(sqrt(snr)) correctly; for white noise (`covariance_exponent` = 0)
 * nothing does better. For coloured noise the best is Phi(sqrt(m^T Sigma^-1 m)), which is more.
 *
 * The means span min(J - 1, d) dimensions: what there is to learn has low rank.
 */
class GaussianMixture {
public:
  /// Draws the means from child "means" of `stream`.
  /// \throws std::domain_error naming a setting outside its range; `snr` must be finite and > 0.
  GaussianMixture(const GaussianMixtureConfig& config, const core::Stream& stream);

  [[nodiscard]] std::size_t clusters() const { return means_.size() / inputs_.dimension(); }  ///< J
  [[nodiscard]] std::span<const double> mean(std::size_t j) const {
    return std::span(means_).subspan(j * inputs_.dimension(), inputs_.dimension());
  }
  /// The law within a cluster.
  [[nodiscard]] const GaussianInputs& within() const { return inputs_; }

  /// Independent samples, one after the other: a cluster, then its d inputs.
  [[nodiscard]] Dataset draw(std::size_t samples, core::Stream stream) const;

private:
  std::size_t classes_;
  std::vector<double> means_;  // J x d
  GaussianInputs inputs_;
};

/// A training and a test set from children "train" and "test" of `stream`: a larger set begins with the
/// smaller one.
DataSplit make_gaussian_mixture(const GaussianMixtureConfig& config, const core::Stream& stream);

}  // namespace rmtlab::network
