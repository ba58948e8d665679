// SPDX-License-Identifier: MIT
/// \file
/// \brief Optimisers: from the gradient of a batch to a step of the weights.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "sim/network/dense_network.hpp"
#include "sim/network/kernels.hpp"

namespace rmtlab::network {

/// How a gradient becomes a step. A new one is a value here and a case in `Optimizer::step`.
enum class Method { sgd, nesterov, adam };

/// Where weight decay enters: into the gradient, or beside it. \cite LoshchilovHutter2019
enum class Decay { coupled, decoupled };

struct OptimizerConfig {
  double learning_rate = 0.002;  ///< lr > 0
  double momentum = 0.9;         ///< mu in [0, 1); SGD with and without Nesterov
  double weight_decay = 2e-4;    ///< wd >= 0; acts on weight matrices, not on biases, as does `l1`
  Method method = Method::sgd;   ///< see `Optimizer`
  Decay decay = Decay::coupled;  ///< see `Optimizer`
  double l1 = 0;                 ///< >= 0: coefficient of the penalty sum |w|
  double spectral_penalty = 0;   ///< >= 0: coefficient of sum_l ||W_l||_2^2 / 2; see `Optimizer`
  double gradient_clip = 0;      ///< >= 0: largest ||g|| over all parameters; 0: no clipping
  double max_norm = 0;         ///< >= 0: largest ||W_l e_j||, the norm of a unit's weights; 0: none
  double adam_beta1 = 0.9;     ///< in [0, 1)
  double adam_beta2 = 0.999;   ///< in [0, 1)
  double adam_epsilon = 1e-8;  ///< > 0
  std::vector<double> rate_factors = {};   ///< per layer, > 0, times lr; empty: all 1
  std::vector<double> decay_factors = {};  ///< per layer, >= 0, times all penalties; empty: all 1
};

/**
 * \brief The optimiser. With g the gradient of the mean batch loss, clipped by the factor
 * min(1, gradient_clip/||g||), and the regularised gradient of a weight
 * \f[ g' = g + \mathrm{wd}\,w + \mathrm{l1}\,\mathrm{sign}(w) \f]
 * (without the wd term if the decay is decoupled; g' = g for biases), a step is
 *   - sgd: \f$ v \leftarrow \mu v - \mathrm{lr}\,g',\quad w \leftarrow w + v \f$
 *   - nesterov: the same v, and \f$ w \leftarrow w + \mu v - \mathrm{lr}\,g' \f$ with the new one
 *     (\cite SutskeverEtAl2013 in the form of common frameworks)
 *   - adam: \f$ v \leftarrow \beta_1 v + (1-\beta_1) g',\ u \leftarrow \beta_2 u + (1-\beta_2) g'^2,\
 *     w \leftarrow w - \mathrm{lr}\,\frac{v/(1-\beta_1^t)}{\sqrt{u/(1-\beta_2^t)} + \epsilon} \f$
 *     \cite KingmaBa2015
 *
 * where a decoupled decay replaces the w on the right by (1 - lr wd) w: SGDW and AdamW. v and u start
 * at 0. Afterwards, with `max_norm`, the weights into a unit whose norm is larger are scaled to it.
 * Coupled decay passes through the momentum, as L2 regularisation wd w^2/2 in the loss would.
 *
 * With `spectral_penalty` the loss gains half of it times \f$\sum_l\lVert W_l\rVert_2^2\f$ (Yoshida
 * and Miyato, arXiv:1705.10941), that is, g' of a layer gains
 * \f[ \mathrm{spectral\_penalty}\;\nu\,a\,b^{\mathsf T},\qquad
 *     a\propto Wb,\quad \nu\,b\leftarrow W^{\mathsf T}a, \f]
 * outside of the clipping, whatever the decay. One round of the power iteration per step goes on from
 * the b of the step before (at first, component j = 0, 1, ... is proportional to cos j: no symmetric
 * structure is orthogonal to it). nu never exceeds the norm ||W||_2 and the error of b falls by
 * (nu_2/nu_1)^2 per step while W stands still. Measured on 784-128-10 (teacher, batch 16, rate 0.002,
 * penalties 0.001 to 0.1): nu is below the norm by 14 % in the second step, by 4 % at most in the
 * eleventh, and by less than 3 % after one epoch and after ten. With so strong a penalty that several
 * singular values become one, b wanders among their vectors. An epoch takes 4 times as long at batch 1,
 * 1.5 times at batch 16, 1.1 times at batch 64.
 *
 * The learning rate is inside the velocity, so when a schedule changes it what has been gathered
 * keeps the old one; PyTorch's SGD keeps it outside. Both are the same for a constant rate.
 */
template <class Real>
class Optimizer {
public:
  /// \throws std::domain_error naming a setting outside its range.
  /// \throws std::invalid_argument unless the factors per layer are none or one for each.
  Optimizer(const std::vector<std::size_t>& widths, const OptimizerConfig& config);

  /// The factor by which a schedule multiplies the learning rate of the next steps; 1 at first.
  void set_rate_factor(double factor) { rate_factor_ = factor; }

  /// One step with a given gradient. The plain statement of the rule.
  /// \throws std::invalid_argument if the widths differ.
  void step(DenseNetwork<Real>& network, const Parameters<Real>& gradient);

  /// Forward pass, backward pass and step for one batch x (B x d); returns the score before it. If
  /// the workspace has masks, the forward pass is that with dropout.
  ///
  /// For SGD with coupled decay alone, up to `small_batch` samples, the gradient of a weight is used
  /// in the loop that makes it and never stored; equal to `backward` and `step` up to rounding.
  /// \throws std::invalid_argument if a shape does not fit.
  BatchScore train_batch(DenseNetwork<Real>& network, std::span<const Real> x,
                         std::span<const Label> labels, Workspace<Real>& workspace);

  /// v, the velocity or Adam's first moment.
  [[nodiscard]] const Parameters<Real>& velocity() const { return velocity_; }
  [[nodiscard]] Parameters<Real>& velocity() { return velocity_; }
  /// u, Adam's second moment; nothing for the other methods.
  [[nodiscard]] const std::optional<Parameters<Real>>& second_moment() const {
    return second_moment_;
  }
  [[nodiscard]] std::optional<Parameters<Real>>& second_moment() { return second_moment_; }
  /// The unit vectors b of the power iteration, m numbers per layer; nothing without the penalty.
  [[nodiscard]] const std::vector<Real>& spectral_vectors() const { return spectral_vectors_; }
  [[nodiscard]] std::vector<Real>& spectral_vectors() { return spectral_vectors_; }
  [[nodiscard]] std::size_t steps() const { return steps_; }  ///< t, taken so far
  void set_steps(std::size_t steps) { steps_ = steps; }

private:
  void check_widths(const std::vector<std::size_t>& widths) const;
  [[nodiscard]] bool is_plain_sgd() const;
  [[nodiscard]] StepCoefficients<Real> plain_coefficients(std::size_t l, bool is_bias) const;
  [[nodiscard]] RuleCoefficients<Real> rule_coefficients(std::size_t l, bool is_bias,
                                                         double gradient_scale) const;
  [[nodiscard]] double gradient_scale(const Parameters<Real>& gradient) const;
  void apply_rule(std::span<Real> w, std::span<Real> v, Real* u, std::span<const Real> g,
                  const RuleCoefficients<Real>& c) const;
  void fused_step(DenseNetwork<Real>& network, std::span<const Real> x,
                  const Workspace<Real>& workspace);
  double power_iteration(std::span<const Real> w, std::span<Real> b);
  void add_spectral_penalty(const DenseNetwork<Real>& network, const Parameters<Real>& gradient,
                            double gradient_scale);
  void apply(DenseNetwork<Real>& network, const Parameters<Real>& gradient, double gradient_scale);
  void limit_norms(DenseNetwork<Real>& network);

  OptimizerConfig config_;
  double rate_factor_ = 1;
  std::size_t steps_ = 0;
  Parameters<Real> velocity_;
  Parameters<Real> gradient_;
  std::optional<Parameters<Real>> second_moment_;
  std::vector<double> column_norms_;      // of the widest layer
  std::vector<Real> spectral_vectors_;    // of all layers
  std::vector<Real> left_vector_, zero_;  // of the widest layer
};

extern template class Optimizer<float>;
extern template class Optimizer<double>;

/// `rate_sum`, the sum of the learning rates over the steps, divided by 1 - momentum; nothing for
/// Adam, whose steps do not scale with the gradient.
///
/// The time of gradient flow that the steps amount to: under a constant gradient g the weights move
/// by -g S to leading order, and coupled weight decay shrinks what was there by exp(-wd S)
/// (decoupled decay, by exp(-wd `rate_sum`)). Dimension: learning rate.
/// \throws std::domain_error naming a setting outside its range.
std::optional<double> sgd_time(const OptimizerConfig& config, double rate_sum);

/// Share of `sgd_time` that has acted after `steps` steps at a constant rate: 1 - mu (1 - mu^steps) /
/// ((1 - mu) steps), because the velocity starts at 0. With it, -g S is exact for a constant gradient
/// without decay and Nesterov. 0 for no steps. \throws std::domain_error unless 0 <= momentum < 1.
double startup_factor(double momentum, std::size_t steps);

}  // namespace rmtlab::network
