// SPDX-License-Identifier: MIT
#include "sim/network/sgd.hpp"

#include <array>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/network/kernels.hpp"

namespace rmtlab::network {
namespace {

void check_momentum(const char* function, double momentum) {
  if (!(momentum >= 0 && momentum < 1))
    throw std::domain_error(
        fmt::format("{}: momentum = {} (must be >= 0 and < 1)", function, momentum));
}

void check(const char* function, const SgdConfig& config) {
  if (!(config.learning_rate > 0) || !std::isfinite(config.learning_rate))
    throw std::domain_error(fmt::format("{}: learning_rate = {} (must be finite and > 0)", function,
                                        config.learning_rate));
  check_momentum(function, config.momentum);
  if (!(config.weight_decay >= 0) || !std::isfinite(config.weight_decay))
    throw std::domain_error(fmt::format("{}: weight_decay = {} (must be finite and >= 0)", function,
                                        config.weight_decay));
}

template <class Real>
StepCoefficients<Real> coefficients(const SgdConfig& config, bool with_decay) {
  return {static_cast<Real>(config.learning_rate), static_cast<Real>(config.momentum),
          static_cast<Real>(with_decay ? config.weight_decay : 0)};
}

}  // namespace

template <class Real>
Sgd<Real>::Sgd(const std::vector<std::size_t>& widths, const SgdConfig& config)
    : config_(config), velocity_(widths), gradient_(widths) {
  check("Sgd", config);
}

template <class Real>
void Sgd<Real>::check_widths(const std::vector<std::size_t>& widths) const {
  if (widths != velocity_.widths())
    throw std::invalid_argument(fmt::format("Sgd: widths {} (must be {}, those of the velocity)",
                                            widths_text(widths), widths_text(velocity_.widths())));
}

template <class Real>
void Sgd<Real>::step(DenseNetwork<Real>& network, const Parameters<Real>& gradient) {
  check_widths(network.widths());
  check_widths(gradient.widths());
  const Kernels<Real>& loops = kernels<Real>();
  for (std::size_t l = 0; l < network.layers(); ++l) {
    const std::span<Real> w = network.parameters().weights(l), b = network.parameters().biases(l);
    loops.step(w.data(), velocity_.weights(l).data(), gradient.weights(l).data(), w.size(),
               coefficients<Real>(config_, true));
    loops.step(b.data(), velocity_.biases(l).data(), gradient.biases(l).data(), b.size(),
               coefficients<Real>(config_, false));
  }
}

template <class Real>
BatchScore Sgd<Real>::train_batch(DenseNetwork<Real>& network, std::span<const Real> x,
                                  std::span<const Label> labels, Workspace<Real>& workspace) {
  check_widths(network.widths());
  network.forward(x, workspace);
  const std::size_t B = workspace.batch;
  if (B > small_batch) {
    const BatchScore score = network.backward(x, labels, workspace, gradient_);
    step(network, gradient_);
    return score;
  }
  const BatchScore score = network.backward_deltas(labels, workspace);
  const Kernels<Real>& loops = kernels<Real>();
  std::array<Real, small_batch> ones;
  ones.fill(1);
  const Real* a = x.data();
  for (std::size_t l = 0; l < network.layers(); ++l) {
    const std::size_t n = network.inputs(l), m = network.outputs(l);
    const Real* delta = workspace.deltas[l].data();
    loops.outer_step(network.parameters().weights(l).data(), velocity_.weights(l).data(), a, delta,
                     B, n, m, coefficients<Real>(config_, true));
    // A bias is the weight of an input that is always 1.
    loops.outer_step(network.parameters().biases(l).data(), velocity_.biases(l).data(), ones.data(),
                     delta, B, 1, m, coefficients<Real>(config_, false));
    a = workspace.outputs[l].data();
  }
  return score;
}

template class Sgd<float>;
template class Sgd<double>;

double sgd_time(const SgdConfig& config, std::size_t steps) {
  check("sgd_time", config);
  return config.learning_rate * static_cast<double>(steps) / (1 - config.momentum);
}

double startup_factor(double momentum, std::size_t steps) {
  check_momentum("startup_factor", momentum);
  if (steps == 0) return 0;
  const auto count = static_cast<double>(steps);
  return 1 - momentum * (1 - std::pow(momentum, count)) / ((1 - momentum) * count);
}

}  // namespace rmtlab::network
