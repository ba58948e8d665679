// SPDX-License-Identifier: MIT
/// \file
/// \brief Activation functions of hidden layers.
#pragma once

#include <span>

namespace rmtlab::network {

/// Nonlinearity of the hidden layers. A new one is a value here and a case in both functions below.
enum class Activation { relu, tanh, linear };

/// Replaces pre-activations z by a = f(z), elementwise: max(z, 0), tanh(z) or z.
template <class Real>
void activation_forward(Activation activation, std::span<Real> values);

/**
 * \brief Multiplies dLoss/da by f'(z), elementwise, where f' is expressed through the activation a.
 *
 * ReLU: f' = 1 where a > 0, else 0 (also at the kink, as in common frameworks); tanh: 1 - a^2;
 * linear: 1. `activations` holds a / `keep`, as dropout leaves those it keeps; 1 without dropout.
 * \pre `delta` and `activations` have the same size.
 */
template <class Real>
void activation_backward(Activation activation, std::span<Real> delta,
                         std::span<const Real> activations, Real keep = 1);

}  // namespace rmtlab::network
