// SPDX-License-Identifier: MIT
#include "sim/network/initial_share.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

namespace rmtlab::network {
namespace {

double factor_of(const std::vector<double>& factors, std::size_t l) {
  if (factors.empty()) return 1;
  if (l >= factors.size())
    throw std::invalid_argument(
        fmt::format("initial_share: layer {} (there are factors for {})", l, factors.size()));
  return factors[l];
}

// As a training in single precision has it.
double rounded(double coefficient) { return static_cast<double>(static_cast<float>(coefficient)); }

// A weight that starts at 1 and what moves it.
struct Scalar {
  double a = 1, v = 0;
};

void coupled_step(Scalar& x, Method method, double momentum, double pull) {
  x.v = momentum * x.v - pull;
  x.a += method == Method::nesterov ? momentum * x.v - pull : x.v;
}

}  // namespace

std::string_view initial_share_obstacle(const OptimizerConfig& c, std::size_t l) {
  if (c.max_norm > 0) return "max_norm scales units by what they have become";
  if (factor_of(c.decay_factors, l) == 0) return {};
  if (c.l1 > 0) return "l1 takes from every weight the same, however large it is";
  if (c.spectral_penalty > 0) return "spectral_penalty depends on the largest singular value";
  if (c.method == Method::adam && c.decay == Decay::coupled && c.weight_decay > 0)
    return "adam divides a coupled decay by the size of the gradient";
  return {};
}

std::optional<double> initial_share(const OptimizerConfig& c, const Schedule& schedule,
                                    std::size_t l, std::size_t steps) {
  sgd_time(c, 0);  // checks the settings
  if (!initial_share_obstacle(c, l).empty()) return std::nullopt;
  const double decay = c.weight_decay * factor_of(c.decay_factors, l);
  const double rate = c.learning_rate * factor_of(c.rate_factors, l);
  if (decay == 0) return 1;
  Scalar x;
  const double momentum = rounded(c.momentum), coupled_decay = rounded(decay);
  for (std::size_t t = 0; t < steps; ++t) {
    const double now = rate * schedule.factor(t);
    if (c.decay == Decay::decoupled)
      x.a *= rounded(1 - now * decay);
    else
      coupled_step(x, c.method, momentum, rounded(now) * coupled_decay * x.a);
  }
  return x.a;
}

std::optional<double> initial_share(const TrainingConfig& config, std::size_t samples,
                                    std::size_t l, std::size_t steps) {
  if (samples == 0) throw std::domain_error("initial_share: samples = 0 (must be >= 1)");
  const std::size_t batch = std::clamp<std::size_t>(config.batch_size, 1, samples);
  const Schedule schedule(config.schedule, batch, steps_per_epoch(samples, batch), config.epochs);
  return initial_share(config.optimizer, schedule, l, steps);
}

}  // namespace rmtlab::network
