// SPDX-License-Identifier: MIT
#include "sim/network/optimizer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::network {
namespace {

void check_fraction(const char* function, const char* name, double value) {
  if (!(value >= 0 && value < 1))
    throw std::domain_error(
        fmt::format("{}: {} = {} (must be >= 0 and < 1)", function, name, value));
}

void check_positive(const char* function, const char* name, double value) {
  if (!(value > 0) || !std::isfinite(value))
    throw std::domain_error(
        fmt::format("{}: {} = {} (must be finite and > 0)", function, name, value));
}

void check_non_negative(const char* function, const char* name, double value) {
  if (!(value >= 0) || !std::isfinite(value))
    throw std::domain_error(
        fmt::format("{}: {} = {} (must be finite and >= 0)", function, name, value));
}

void check(const char* function, const OptimizerConfig& c) {
  check_positive(function, "learning_rate", c.learning_rate);
  check_fraction(function, "momentum", c.momentum);
  check_non_negative(function, "weight_decay", c.weight_decay);
  check_non_negative(function, "l1", c.l1);
  check_non_negative(function, "spectral_penalty", c.spectral_penalty);
  check_non_negative(function, "gradient_clip", c.gradient_clip);
  check_non_negative(function, "max_norm", c.max_norm);
  check_fraction(function, "adam_beta1", c.adam_beta1);
  check_fraction(function, "adam_beta2", c.adam_beta2);
  check_positive(function, "adam_epsilon", c.adam_epsilon);
  for (const double factor : c.rate_factors) check_positive(function, "rate factor", factor);
  for (const double factor : c.decay_factors) check_non_negative(function, "decay factor", factor);
}

void check_layers(const char* name, const std::vector<double>& factors, std::size_t layers) {
  if (!factors.empty() && factors.size() != layers)
    throw std::invalid_argument(
        fmt::format("Optimizer: {} {} for {} layers (must be none or one "
                    "for each)",
                    factors.size(), name, layers));
}

double factor_of(const std::vector<double>& factors, std::size_t l) {
  return factors.empty() ? 1 : factors[l];
}

template <class Real>
double squared_norm(std::span<const Real> values) {
  double sum = 0;
  for (const Real g : values) sum += static_cast<double>(g) * static_cast<double>(g);
  return sum;
}

// Scaled to length 1 if it has a length; returns what that was.
template <class Real>
double normalise(std::span<Real> values) {
  const double norm = std::sqrt(squared_norm(std::span<const Real>(values)));
  if (norm > 0)
    for (Real& x : values) x = static_cast<Real>(static_cast<double>(x) / norm);
  return norm;
}

// Unit vectors of m numbers per layer.
template <class Real>
std::vector<Real> starting_vectors(const Parameters<Real>& shape) {
  std::vector<Real> all;
  for (std::size_t l = 0; l < shape.layers(); ++l) {
    std::vector<Real> b(shape.outputs(l));
    for (std::size_t j = 0; j < b.size(); ++j)
      b[j] = static_cast<Real>(std::cos(static_cast<double>(j)));
    normalise(std::span<Real>(b));
    all.insert(all.end(), b.begin(), b.end());
  }
  return all;
}

}  // namespace

template <class Real>
Optimizer<Real>::Optimizer(const std::vector<std::size_t>& widths, const OptimizerConfig& config)
    : config_(config), velocity_(widths), gradient_(widths) {
  check("Optimizer", config);
  check_layers("rate factors", config.rate_factors, velocity_.layers());
  check_layers("decay factors", config.decay_factors, velocity_.layers());
  if (config.method == Method::adam) second_moment_.emplace(widths);
  if (config.max_norm > 0)
    column_norms_.resize(*std::max_element(widths.begin() + 1, widths.end()));
  if (config.spectral_penalty > 0) {
    spectral_vectors_ = starting_vectors(velocity_);
    left_vector_.resize(*std::max_element(widths.begin(), widths.end() - 1));
    zero_.resize(*std::max_element(widths.begin() + 1, widths.end()));
  }
}

template <class Real>
void Optimizer<Real>::check_widths(const std::vector<std::size_t>& widths) const {
  if (widths != velocity_.widths())
    throw std::invalid_argument(
        fmt::format("Optimizer: widths {} (must be {}, those of the "
                    "velocity)",
                    widths_text(widths), widths_text(velocity_.widths())));
}

template <class Real>
bool Optimizer<Real>::is_plain_sgd() const {
  return config_.method == Method::sgd && config_.decay == Decay::coupled && config_.l1 == 0 &&
         config_.spectral_penalty == 0 && config_.gradient_clip == 0;
}

template <class Real>
StepCoefficients<Real> Optimizer<Real>::plain_coefficients(std::size_t l, bool is_bias) const {
  const double rate = config_.learning_rate * rate_factor_ * factor_of(config_.rate_factors, l);
  const double decay = config_.weight_decay * factor_of(config_.decay_factors, l);
  return {static_cast<Real>(rate), static_cast<Real>(config_.momentum),
          static_cast<Real>(is_bias ? 0 : decay)};
}

template <class Real>
RuleCoefficients<Real> Optimizer<Real>::rule_coefficients(std::size_t l, bool is_bias,
                                                          double gradient_scale) const {
  const double rate = config_.learning_rate * rate_factor_ * factor_of(config_.rate_factors, l);
  const double strength = is_bias ? 0 : factor_of(config_.decay_factors, l);
  const double decay = config_.weight_decay * strength;
  const bool coupled = config_.decay == Decay::coupled;
  const auto t = static_cast<double>(steps_);  // counts the step at hand
  const bool adam = config_.method == Method::adam;
  return {.gradient_scale = static_cast<Real>(gradient_scale),
          .weight_decay = static_cast<Real>(coupled ? decay : 0),
          .l1 = static_cast<Real>(config_.l1 * strength),
          .keep = static_cast<Real>(coupled ? 1 : 1 - rate * decay),
          .learning_rate =
              static_cast<Real>(adam ? rate / (1 - std::pow(config_.adam_beta1, t)) : rate),
          .momentum = static_cast<Real>(adam ? config_.adam_beta1 : config_.momentum),
          .beta2 = static_cast<Real>(config_.adam_beta2),
          .root_scale = static_cast<Real>(1 / std::sqrt(1 - std::pow(config_.adam_beta2, t))),
          .epsilon = static_cast<Real>(config_.adam_epsilon)};
}

template <class Real>
double Optimizer<Real>::gradient_scale(const Parameters<Real>& gradient) const {
  if (config_.gradient_clip == 0) return 1;
  double sum = 0;
  for (std::size_t l = 0; l < gradient.layers(); ++l)
    sum += squared_norm(gradient.weights(l)) + squared_norm(gradient.biases(l));
  const double norm = std::sqrt(sum);
  // A norm that is not finite must go on to be seen as divergence: no comparison hides it.
  return norm <= config_.gradient_clip ? 1 : config_.gradient_clip / norm;
}

// a = w b / ||w b|| in `left_vector_`, b = w^T a / nu; returns nu = ||w^T a||. If w b = 0 then nu = 0
// and b stays what it was.
template <class Real>
double Optimizer<Real>::power_iteration(std::span<const Real> w, std::span<Real> b) {
  const Kernels<Real>& loops = kernels<Real>();
  const std::size_t m = b.size(), n = w.size() / m;
  loops.backward(left_vector_.data(), b.data(), w.data(), 1, n, m);
  if (normalise(std::span<Real>(left_vector_.data(), n)) == 0) return 0;
  loops.forward(b.data(), left_vector_.data(), w.data(), zero_.data(), 1, n, m);
  return normalise(b);
}

// Leaves `gradient_scale` gradient + spectral_penalty nu a b^T in `gradient_`; both may be one.
template <class Real>
void Optimizer<Real>::add_spectral_penalty(const DenseNetwork<Real>& network,
                                           const Parameters<Real>& gradient,
                                           double gradient_scale) {
  const auto scale = static_cast<Real>(gradient_scale);
  Real* first = spectral_vectors_.data();
  for (std::size_t l = 0; l < network.layers(); ++l) {
    const std::size_t n = network.inputs(l), m = network.outputs(l);
    const std::span<Real> b(first, m);
    first += m;
    const double strength = config_.spectral_penalty * factor_of(config_.decay_factors, l);
    const auto factor = static_cast<Real>(strength * power_iteration(network.weights(l), b));
    const Real* g = gradient.weights(l).data();
    Real* sum = gradient_.weights(l).data();
    for (std::size_t i = 0; i < n; ++i) {
      const Real row = factor * left_vector_[i];
      for (std::size_t j = 0; j < m; ++j) sum[i * m + j] = scale * g[i * m + j] + row * b[j];
    }
    std::ranges::transform(gradient.biases(l), gradient_.biases(l).begin(),
                           [scale](Real x) { return scale * x; });
  }
}

template <class Real>
void Optimizer<Real>::apply_rule(std::span<Real> w, std::span<Real> v, Real* u,
                                 std::span<const Real> g, const RuleCoefficients<Real>& c) const {
  const Kernels<Real>& loops = kernels<Real>();
  switch (config_.method) {
    case Method::sgd:
      loops.sgd_rule(w.data(), v.data(), g.data(), w.size(), c);
      break;
    case Method::nesterov:
      loops.nesterov_rule(w.data(), v.data(), g.data(), w.size(), c);
      break;
    case Method::adam:
      loops.adam_rule(w.data(), v.data(), u, g.data(), w.size(), c);
      break;
  }
}

template <class Real>
void Optimizer<Real>::step(DenseNetwork<Real>& network, const Parameters<Real>& gradient) {
  check_widths(network.widths());
  check_widths(gradient.widths());
  if (config_.spectral_penalty > 0) {
    add_spectral_penalty(network, gradient, gradient_scale(gradient));
    apply(network, gradient_, 1);
  } else {
    apply(network, gradient, gradient_scale(gradient));
  }
}

template <class Real>
void Optimizer<Real>::apply(DenseNetwork<Real>& network, const Parameters<Real>& gradient,
                            double gradient_scale) {
  ++steps_;
  const Kernels<Real>& loops = kernels<Real>();
  for (std::size_t l = 0; l < network.layers(); ++l) {
    const std::span<Real> w = network.parameters().weights(l), b = network.parameters().biases(l);
    const std::span<Real> v = velocity_.weights(l), vb = velocity_.biases(l);
    if (is_plain_sgd()) {
      loops.step(w.data(), v.data(), gradient.weights(l).data(), w.size(),
                 plain_coefficients(l, false));
      loops.step(b.data(), vb.data(), gradient.biases(l).data(), b.size(),
                 plain_coefficients(l, true));
    } else {
      Real* u = second_moment_ ? second_moment_->weights(l).data() : nullptr;
      Real* ub = second_moment_ ? second_moment_->biases(l).data() : nullptr;
      apply_rule(w, v, u, gradient.weights(l), rule_coefficients(l, false, gradient_scale));
      apply_rule(b, vb, ub, gradient.biases(l), rule_coefficients(l, true, gradient_scale));
    }
  }
  limit_norms(network);
}

template <class Real>
void Optimizer<Real>::fused_step(DenseNetwork<Real>& network, std::span<const Real> x,
                                 const Workspace<Real>& workspace) {
  ++steps_;
  const Kernels<Real>& loops = kernels<Real>();
  std::array<Real, small_batch> ones;
  ones.fill(1);
  const Real* a = x.data();
  for (std::size_t l = 0; l < network.layers(); ++l) {
    const std::size_t B = workspace.batch, n = network.inputs(l), m = network.outputs(l);
    const Real* delta = workspace.deltas[l].data();
    loops.outer_step(network.parameters().weights(l).data(), velocity_.weights(l).data(), a, delta,
                     B, n, m, plain_coefficients(l, false));
    // A bias is the weight of an input that is always 1.
    loops.outer_step(network.parameters().biases(l).data(), velocity_.biases(l).data(), ones.data(),
                     delta, B, 1, m, plain_coefficients(l, true));
    a = workspace.outputs[l].data();
  }
  limit_norms(network);
}

template <class Real>
void Optimizer<Real>::limit_norms(DenseNetwork<Real>& network) {
  if (config_.max_norm == 0) return;
  for (std::size_t l = 0; l < network.layers(); ++l) {
    const std::span<Real> w = network.parameters().weights(l);
    const std::size_t m = network.outputs(l);
    const std::span<double> norms(column_norms_.data(), m);
    std::ranges::fill(norms, 0.0);
    for (std::size_t i = 0; i < w.size(); i += m)
      for (std::size_t j = 0; j < m; ++j)
        norms[j] += static_cast<double>(w[i + j]) * static_cast<double>(w[i + j]);
    bool any = false;
    for (double& norm : norms) {
      const double root = std::sqrt(norm);
      any = any || root > config_.max_norm;
      norm = root > config_.max_norm ? config_.max_norm / root : 1;  // from here on, the factor
    }
    if (!any) continue;
    for (std::size_t i = 0; i < w.size(); i += m)
      for (std::size_t j = 0; j < m; ++j) w[i + j] *= static_cast<Real>(norms[j]);
  }
}

template <class Real>
BatchScore Optimizer<Real>::train_batch(DenseNetwork<Real>& network, std::span<const Real> x,
                                        std::span<const Label> labels, Workspace<Real>& workspace) {
  check_widths(network.widths());
  if (workspace.masks.empty())
    network.forward(x, workspace);
  else
    network.forward_dropout(x, workspace);
  if (is_plain_sgd() && workspace.batch <= small_batch) {
    const BatchScore score = network.backward_deltas(labels, workspace);
    fused_step(network, x, workspace);
    return score;
  }
  const BatchScore score = network.backward(x, labels, workspace, gradient_);
  step(network, gradient_);
  return score;
}

template class Optimizer<float>;
template class Optimizer<double>;

std::optional<double> sgd_time(const OptimizerConfig& config, double rate_sum) {
  check("sgd_time", config);
  if (config.method == Method::adam) return std::nullopt;
  return rate_sum / (1 - config.momentum);
}

double startup_factor(double momentum, std::size_t steps) {
  check_fraction("startup_factor", "momentum", momentum);
  if (steps == 0) return 0;
  const auto count = static_cast<double>(steps);
  return 1 - momentum * (1 - std::pow(momentum, count)) / ((1 - momentum) * count);
}

}  // namespace rmtlab::network
