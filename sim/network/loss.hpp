// SPDX-License-Identifier: MIT
/// \file
/// \brief Losses of one sample, with their derivative.
#pragma once

#include <cstddef>
#include <span>

namespace rmtlab::network {

/// Loss of the network's outputs. A new one is a value here and a case in the functions below.
enum class Loss {
  softmax_cross_entropy,  ///< in nats
  mse,                    ///< of the outputs against the target
  softmax_mse             ///< of the probabilities softmax(z) against the target
};

/**
 * \brief Loss of one sample with outputs z (K numbers) and class `label` < K.
 *
 * The target is t_k = (1 - s)[k = label] + s/K with label smoothing s in [0, 1), p = softmax(z):
 *   - softmax cross-entropy, in nats: log(sum_k exp(z_k)) - sum_k t_k z_k. With s = 0 that is
 *     -log p_label; for s > 0 its minimum is the entropy of t, not 0
 *   - mse: (1/K) sum_k (z_k - t_k)^2, a mean over the outputs as in Keras and PyTorch
 *   - softmax_mse: (1/K) sum_k (p_k - t_k)^2, what Keras computes for a softmax layer compiled with
 *     `mse`; at most 2/K, and its gradient vanishes when a wrong class is certain
 *
 * The largest output is subtracted before exponentials are taken, so nothing overflows and adding a
 * constant to all outputs changes a softmax loss by nothing but rounding. Computed in double for
 * both types. Not finite if an output is not finite.
 */
template <class Real>
double loss_forward(Loss loss, std::span<const Real> outputs, std::size_t label,
                    double label_smoothing = 0);

/// As `loss_forward`, and sets delta_k = scale * dLoss/dz_k (K numbers).
///
/// Cross-entropy: scale (p_k - t_k); mse: scale (2/K)(z_k - t_k); softmax_mse: scale p_k (g_k -
/// sum_j p_j g_j) with g = (2/K)(p - t).
template <class Real>
double loss_backward(Loss loss, std::span<const Real> outputs, std::size_t label, double scale,
                     std::span<Real> delta, double label_smoothing = 0);

/// Loss of the guess that all of `classes` are equally likely (s = 0): ln K, or (K - 1)/K^2 for both
/// mean squares. The scale on which a loss is large.
double uninformed_loss(Loss loss, std::size_t classes);

}  // namespace rmtlab::network
