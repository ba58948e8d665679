// SPDX-License-Identifier: MIT
/// \file
/// \brief Activation functions of hidden layers.
#pragma once

#include <span>

namespace rmtlab::network {

/// Nonlinearity of the hidden layers. A new one is a value here and a case in both functions below.
enum class Activation { relu };

/// Replaces pre-activations z by a = f(z), elementwise; ReLU: f(z) = max(z, 0).
template <class Real>
void activation_forward(Activation activation, std::span<Real> values);

/// Multiplies dLoss/da by f'(z), elementwise, where f' is expressed through the activation a.
///
/// ReLU: f' = 1 where a > 0, else 0 (also at the kink, as in common frameworks).
/// \pre `delta` and `activations` have the same size.
template <class Real>
void activation_backward(Activation activation, std::span<Real> delta,
                         std::span<const Real> activations);

}  // namespace rmtlab::network
