// SPDX-License-Identifier: MIT
/// \file
/// \brief Stochastic gradient descent with momentum and coupled weight decay.
#pragma once

#include <cstddef>
#include <span>

#include "sim/network/dense_network.hpp"

namespace rmtlab::network {

struct SgdConfig {
  double learning_rate = 0.002;  ///< lr > 0
  double momentum = 0.9;         ///< mu in [0, 1)
  double weight_decay = 2e-4;    ///< wd >= 0; acts on weight matrices, not on biases
};

/**
 * \brief The optimiser: for each weight w with gradient g of the mean batch loss,
 * \f[ v \leftarrow \mu v - \mathrm{lr}\,(g + \mathrm{wd}\,w), \qquad w \leftarrow w + v, \f]
 * and the same with wd = 0 for biases. The velocity v starts at 0.
 *
 * "Coupled": the decay passes through the momentum, as L2 regularisation wd w^2/2 in the loss
 * would; \cite LoshchilovHutter2019 for the other kind.
 */
template <class Real>
class Sgd {
public:
  /// \throws std::domain_error naming a setting outside its range.
  Sgd(const std::vector<std::size_t>& widths, const SgdConfig& config);

  /// One step with a given gradient. The plain statement of the rule.
  /// \throws std::invalid_argument if the widths differ.
  void step(DenseNetwork<Real>& network, const Parameters<Real>& gradient);

  /// Forward pass, backward pass and step for one batch x (B x d); returns the score before it.
  ///
  /// Up to `small_batch` samples the gradient of a weight is used in the loop that makes it and
  /// never stored; equal to `backward` and `step` up to rounding.
  /// \throws std::invalid_argument if a shape does not fit.
  BatchScore train_batch(DenseNetwork<Real>& network, std::span<const Real> x,
                         std::span<const Label> labels, Workspace<Real>& workspace);

  [[nodiscard]] const Parameters<Real>& velocity() const { return velocity_; }
  [[nodiscard]] Parameters<Real>& velocity() { return velocity_; }

private:
  void check_widths(const std::vector<std::size_t>& widths) const;

  SgdConfig config_;
  Parameters<Real> velocity_;
  Parameters<Real> gradient_;
};

extern template class Sgd<float>;
extern template class Sgd<double>;

/// Sum of the learning rates over `steps` steps, divided by 1 - momentum.
///
/// The time of gradient flow that the steps amount to: under a constant gradient g the weights move
/// by -g S to leading order, and weight decay shrinks what was there by exp(-wd S). Dimension:
/// learning rate. \throws std::domain_error naming a setting outside its range.
double sgd_time(const SgdConfig& config, std::size_t steps);

/// Share of `sgd_time` that has acted after `steps` steps: 1 - mu (1 - mu^steps) / ((1 - mu) steps),
/// because the velocity starts at 0. With it, -g S is exact for a constant gradient without decay.
/// 0 for no steps. \throws std::domain_error unless 0 <= momentum < 1.
double startup_factor(double momentum, std::size_t steps);

}  // namespace rmtlab::network
