// SPDX-License-Identifier: MIT
/// \file
/// \brief Losses of one sample, with their derivative.
#pragma once

#include <cstddef>
#include <span>

namespace rmtlab::network {

/// Loss of the network's outputs. A new one is a value here and a case in both functions below.
enum class Loss { softmax_cross_entropy };

/**
 * \brief Loss of one sample with outputs z (K numbers) and class `label` < K.
 *
 * Softmax cross-entropy, in nats: log(sum_k exp(z_k)) - z_label. The largest output is subtracted
 * first, so nothing overflows and adding a constant to all outputs changes nothing but rounding.
 * Computed in double for both types. Not finite if an output is not finite.
 */
template <class Real>
double loss_forward(Loss loss, std::span<const Real> outputs, std::size_t label);

/// As `loss_forward`, and sets delta_k = scale * dLoss/dz_k (K numbers).
///
/// Softmax cross-entropy: scale * (softmax(z)_k - [k = label]).
template <class Real>
double loss_backward(Loss loss, std::span<const Real> outputs, std::size_t label, double scale,
                     std::span<Real> delta);

}  // namespace rmtlab::network
