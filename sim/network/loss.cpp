// SPDX-License-Identifier: MIT
#include "sim/network/loss.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rmtlab::network {
namespace {

template <class Real>
double largest(std::span<const Real> outputs) {
  return static_cast<double>(*std::max_element(outputs.begin(), outputs.end()));
}

template <class Real>
double softmax_cross_entropy_forward(std::span<const Real> outputs, std::size_t label) {
  const double shift = largest(outputs);
  double sum = 0;
  for (const Real z : outputs) sum += std::exp(static_cast<double>(z) - shift);
  return std::log(sum) - (static_cast<double>(outputs[label]) - shift);
}

template <class Real>
double softmax_cross_entropy_backward(std::span<const Real> outputs, std::size_t label,
                                      double scale, std::span<Real> delta) {
  const double shift = largest(outputs);
  // The exponentials are kept in `delta`; their sum is taken of what is kept, so the
  // probabilities add up to 1 to rounding.
  double sum = 0;
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    delta[k] = static_cast<Real>(std::exp(static_cast<double>(outputs[k]) - shift));
    sum += static_cast<double>(delta[k]);
  }
  const double factor = scale / sum;
  for (Real& p : delta) p = static_cast<Real>(static_cast<double>(p) * factor);
  delta[label] -= static_cast<Real>(scale);
  return std::log(sum) - (static_cast<double>(outputs[label]) - shift);
}

}  // namespace

template <class Real>
double loss_forward(Loss loss, std::span<const Real> outputs, std::size_t label) {
  switch (loss) {
    case Loss::softmax_cross_entropy:
      return softmax_cross_entropy_forward(outputs, label);
  }
  return std::numeric_limits<double>::quiet_NaN();  // not reached: every value has its case
}

template <class Real>
double loss_backward(Loss loss, std::span<const Real> outputs, std::size_t label, double scale,
                     std::span<Real> delta) {
  switch (loss) {
    case Loss::softmax_cross_entropy:
      return softmax_cross_entropy_backward(outputs, label, scale, delta);
  }
  return std::numeric_limits<double>::quiet_NaN();  // not reached: every value has its case
}

template double loss_forward<float>(Loss, std::span<const float>, std::size_t);
template double loss_forward<double>(Loss, std::span<const double>, std::size_t);
template double loss_backward<float>(Loss, std::span<const float>, std::size_t, double,
                                     std::span<float>);
template double loss_backward<double>(Loss, std::span<const double>, std::size_t, double,
                                      std::span<double>);

}  // namespace rmtlab::network
