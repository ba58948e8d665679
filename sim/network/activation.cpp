// SPDX-License-Identifier: MIT
#include "sim/network/activation.hpp"

#include <cmath>
#include <cstddef>

namespace rmtlab::network {

template <class Real>
void activation_forward(Activation activation, std::span<Real> values) {
  switch (activation) {
    case Activation::relu:
      // Not std::max: a NaN must stay one, or a diverged network would look like a dead one.
      for (Real& z : values) z = z < Real(0) ? Real(0) : z;
      break;
    case Activation::tanh:
      for (Real& z : values) z = std::tanh(z);
      break;
    case Activation::linear:
      break;
  }
}

template <class Real>
void activation_backward(Activation activation, std::span<Real> delta,
                         std::span<const Real> activations, Real keep) {
  switch (activation) {
    case Activation::relu:
      for (std::size_t i = 0; i < delta.size(); ++i)
        delta[i] = activations[i] > Real(0) ? delta[i] : Real(0);
      break;
    case Activation::tanh:
      for (std::size_t i = 0; i < delta.size(); ++i) {
        const Real a = keep * activations[i];
        delta[i] *= 1 - a * a;
      }
      break;
    case Activation::linear:
      break;
  }
}

template void activation_forward<float>(Activation, std::span<float>);
template void activation_forward<double>(Activation, std::span<double>);
template void activation_backward<float>(Activation, std::span<float>, std::span<const float>,
                                         float);
template void activation_backward<double>(Activation, std::span<double>, std::span<const double>,
                                          double);

}  // namespace rmtlab::network
