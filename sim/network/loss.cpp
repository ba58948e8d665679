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

// What the outputs should be: t_k.
struct Target {
  std::size_t label, classes;
  double smoothing;

  double operator()(std::size_t k) const {
    return (k == label ? 1 - smoothing : 0) + smoothing / static_cast<double>(classes);
  }
};

// sum_k t_k (z_k - shift), which for s = 0 is one term.
template <class Real>
double expected_output(std::span<const Real> outputs, const Target& target, double shift) {
  const double own = static_cast<double>(outputs[target.label]) - shift;
  if (target.smoothing == 0) return own;
  double sum = 0;
  for (const Real z : outputs) sum += static_cast<double>(z) - shift;
  return (1 - target.smoothing) * own +
         target.smoothing * sum / static_cast<double>(target.classes);
}

template <class Real>
double softmax_cross_entropy_forward(std::span<const Real> outputs, const Target& target) {
  const double shift = largest(outputs);
  double sum = 0;
  for (const Real z : outputs) sum += std::exp(static_cast<double>(z) - shift);
  return std::log(sum) - expected_output(outputs, target, shift);
}

template <class Real>
double softmax_cross_entropy_backward(std::span<const Real> outputs, const Target& target,
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
  if (target.smoothing == 0)
    delta[target.label] -= static_cast<Real>(scale);
  else
    for (std::size_t k = 0; k < delta.size(); ++k) delta[k] -= static_cast<Real>(scale * target(k));
  return std::log(sum) - expected_output(outputs, target, shift);
}

template <class Real>
double mse_forward(std::span<const Real> outputs, const Target& target) {
  double sum = 0;
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    const double error = static_cast<double>(outputs[k]) - target(k);
    sum += error * error;
  }
  return sum / static_cast<double>(outputs.size());
}

template <class Real>
double mse_backward(std::span<const Real> outputs, const Target& target, double scale,
                    std::span<Real> delta) {
  const double factor = 2 * scale / static_cast<double>(outputs.size());
  for (std::size_t k = 0; k < outputs.size(); ++k)
    delta[k] = static_cast<Real>(factor * (static_cast<double>(outputs[k]) - target(k)));
  return mse_forward(outputs, target);
}

// Calls visit(k, p_k) for every class.
template <class Real, class Visit>
void visit_probabilities(std::span<const Real> outputs, Visit&& visit) {
  const double shift = largest(outputs);
  double sum = 0;
  for (const Real z : outputs) sum += std::exp(static_cast<double>(z) - shift);
  for (std::size_t k = 0; k < outputs.size(); ++k)
    visit(k, std::exp(static_cast<double>(outputs[k]) - shift) / sum);
}

template <class Real>
double softmax_mse_forward(std::span<const Real> outputs, const Target& target) {
  double sum = 0;
  visit_probabilities(outputs, [&](std::size_t k, double p) { sum += std::pow(p - target(k), 2); });
  return sum / static_cast<double>(outputs.size());
}

template <class Real>
double softmax_mse_backward(std::span<const Real> outputs, const Target& target, double scale,
                            std::span<Real> delta) {
  const double factor = 2 * scale / static_cast<double>(outputs.size());
  double sum = 0, mean_slope = 0;
  visit_probabilities(outputs, [&](std::size_t k, double p) {
    sum += std::pow(p - target(k), 2);
    mean_slope += p * (p - target(k));
  });
  visit_probabilities(outputs, [&](std::size_t k, double p) {
    delta[k] = static_cast<Real>(factor * p * (p - target(k) - mean_slope));
  });
  return sum / static_cast<double>(outputs.size());
}

}  // namespace

template <class Real>
double loss_forward(Loss loss, std::span<const Real> outputs, std::size_t label,
                    double label_smoothing) {
  const Target target{label, outputs.size(), label_smoothing};
  switch (loss) {
    case Loss::softmax_cross_entropy:
      return softmax_cross_entropy_forward(outputs, target);
    case Loss::mse:
      return mse_forward(outputs, target);
    case Loss::softmax_mse:
      return softmax_mse_forward(outputs, target);
  }
  return std::numeric_limits<double>::quiet_NaN();  // not reached: every value has its case
}

template <class Real>
double loss_backward(Loss loss, std::span<const Real> outputs, std::size_t label, double scale,
                     std::span<Real> delta, double label_smoothing) {
  const Target target{label, outputs.size(), label_smoothing};
  switch (loss) {
    case Loss::softmax_cross_entropy:
      return softmax_cross_entropy_backward(outputs, target, scale, delta);
    case Loss::mse:
      return mse_backward(outputs, target, scale, delta);
    case Loss::softmax_mse:
      return softmax_mse_backward(outputs, target, scale, delta);
  }
  return std::numeric_limits<double>::quiet_NaN();  // not reached: every value has its case
}

double uninformed_loss(Loss loss, std::size_t classes) {
  const auto K = static_cast<double>(classes);
  return loss == Loss::softmax_cross_entropy ? std::log(K) : (K - 1) / (K * K);
}

template double loss_forward<float>(Loss, std::span<const float>, std::size_t, double);
template double loss_forward<double>(Loss, std::span<const double>, std::size_t, double);
template double loss_backward<float>(Loss, std::span<const float>, std::size_t, double,
                                     std::span<float>, double);
template double loss_backward<double>(Loss, std::span<const double>, std::size_t, double,
                                      std::span<double>, double);

}  // namespace rmtlab::network
