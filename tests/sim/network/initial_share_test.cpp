// SPDX-License-Identifier: MIT
#include "sim/network/initial_share.hpp"

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/network/initialization.hpp"
#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace rmtlab::network {
namespace {

// Coefficients that float holds exactly, so that a network in double follows the same rule.
const OptimizerConfig dyadic{
    .learning_rate = 0.125, .momentum = 0.875, .weight_decay = 0.03125, .gradient_clip = 0.5};

Schedule schedule_of(const ScheduleConfig& config = {}) { return {config, 4, 10, 8}; }

// Weights of layer l after `steps` steps along gradients that do not depend on them.
std::vector<double> trained(const OptimizerConfig& config, const Schedule& schedule, double start,
                            std::size_t l, std::size_t steps) {
  DenseNetwork<double> network({3, 2, 2});
  core::Stream stream(5);
  auto all = network.parameters().flat();
  for (double& w : all) w = start * stream.normal();
  network.parameters().assign(all);
  Optimizer<double> optimizer(network.widths(), config);
  Parameters<double> gradient(network.widths());
  for (std::size_t t = 0; t < steps; ++t) {
    for (double& g : all) g = stream.normal();
    gradient.assign(all);
    optimizer.set_rate_factor(schedule.factor(t));
    optimizer.step(network, gradient);
  }
  const auto w = network.weights(l);
  return {w.begin(), w.end()};
}

// Largest |W - (a W_0 + Delta)| over the weights of layer l, Delta being what the same gradients make of
// weights that start at 0.
double superposition_error(const OptimizerConfig& config, const Schedule& schedule, double a,
                           std::size_t l, std::size_t steps) {
  const auto w = trained(config, schedule, 1, l, steps);
  const auto delta = trained(config, schedule, 0, l, steps);
  const auto w0 = trained(config, schedule, 1, l, 0);
  double error = 0;
  for (std::size_t k = 0; k < w.size(); ++k)
    error = std::max(error, std::abs(w[k] - a * w0[k] - delta[k]));
  return error;
}

TEST_CASE("initial_share: W = a W_0 + what the gradients make of zero weights",
          "[network][property]") {
  OptimizerConfig config = dyadic;
  config.method = GENERATE(Method::sgd, Method::nesterov);
  config.decay = GENERATE(Decay::coupled, Decay::decoupled);
  ScheduleConfig schedule;
  schedule.course = GENERATE(Course::constant, Course::step);
  schedule.step_epochs = 2;
  schedule.step_factor = 0.25;
  const bool by_layer = GENERATE(false, true);
  if (by_layer) {
    config.rate_factors = {0.5, 2};
    config.decay_factors = {4, 0.25};
  }
  for (const std::size_t l : {0U, 1U})
    for (const std::size_t steps : {0U, 1U, 2U, 60U}) {
      CAPTURE(static_cast<int>(config.method), static_cast<int>(config.decay), by_layer, l, steps);
      const auto a = initial_share(config, schedule_of(schedule), l, steps);
      REQUIRE(a.has_value());
      // Rounding of 60 steps of weights of order 1.
      CHECK(superposition_error(config, schedule_of(schedule), *a, l, steps) < 1e-13);
      // A share that is off by a thousandth would be seen.
      if (steps == 60)
        CHECK(superposition_error(config, schedule_of(schedule), 1.001 * *a + 1e-3, l, steps) >
              1e-4);
    }
}

TEST_CASE("initial_share: decoupled decay and Adam", "[network][property]") {
  OptimizerConfig config = dyadic;
  config.method = Method::adam;
  config.decay = Decay::decoupled;
  CHECK_THAT(*initial_share(config, schedule_of(), 0, 40),
             WithinRel(std::pow(1 - 0.125 * 0.03125, 40), 1e-12));
  config.decay = Decay::coupled;
  CHECK_FALSE(initial_share(config, schedule_of(), 0, 40).has_value());
  CHECK_THAT(std::string(initial_share_obstacle(config, 0)), ContainsSubstring("adam"));
  config.weight_decay = 0;
  CHECK(*initial_share(config, schedule_of(), 0, 40) == 1);
}

TEST_CASE("initial_share: what is not linear in the weights has none", "[network]") {
  for (double OptimizerConfig::*penalty :
       {&OptimizerConfig::l1, &OptimizerConfig::spectral_penalty, &OptimizerConfig::max_norm}) {
    OptimizerConfig config = dyadic;
    config.*penalty = 0.25;
    CHECK_FALSE(initial_share_obstacle(config, 0).empty());
    CHECK_FALSE(initial_share(config, schedule_of(), 0, 10).has_value());
    // And rightly so: no share makes the parts add up. The best one is a least-squares fit.
    const auto w = trained(config, schedule_of(), 1, 0, 30);
    const auto delta = trained(config, schedule_of(), 0, 0, 30);
    const auto w0 = trained(config, schedule_of(), 1, 0, 0);
    double product = 0, square = 0;
    for (std::size_t k = 0; k < w.size(); ++k) {
      product += (w[k] - delta[k]) * w0[k];
      square += w0[k] * w0[k];
    }
    CHECK(superposition_error(config, schedule_of(), product / square, 0, 30) > 1e-3);
    // Where the penalties do not act there is one; max_norm acts everywhere.
    config.decay_factors = {0, 1};
    CHECK(initial_share(config, schedule_of(), 0, 10).has_value() ==
          (penalty != &OptimizerConfig::max_norm));
  }
}

TEST_CASE("initial_share: near exp(-wd S)", "[network][limit]") {
  const OptimizerConfig config{0.002, 0.9, 2e-4};
  const std::size_t steps = 5000;
  const double time = *sgd_time(config, config.learning_rate * steps);
  const double a = *initial_share(config, schedule_of(), 0, steps);
  // The start of the velocity takes 0.18 % of the exponent, 0.02; lr wd / (1 - mu)^2 = 4e-5 is less.
  CHECK_THAT(a, WithinAbs(std::exp(-config.weight_decay * time), 5e-5));
  CHECK_THAT(a,
             WithinAbs(std::exp(-config.weight_decay * time * startup_factor(0.9, steps)), 1e-6));
  auto decoupled = config;
  decoupled.decay = Decay::decoupled;
  decoupled.weight_decay = 0.25;  // r d = 5e-4, so that rounding 1 - r d to float is 1e-4 of it
  CHECK_THAT(std::log(*initial_share(decoupled, schedule_of(), 0, steps)),
             WithinRel(-0.25 * 0.002 * steps, 5e-4));
}

// Inputs of zeros give the first layer no gradient, whatever the labels.
TEST_CASE("initial_share: a layer without gradient is what the trainer leaves", "[network]") {
  Dataset data;
  data.dimension = 6;
  data.classes = 3;
  const std::size_t samples = 50;
  data.inputs.assign(samples * 6, 0.0F);
  for (std::size_t i = 0; i < samples; ++i) data.labels.push_back(static_cast<Label>(i % 3));
  TrainingConfig config;
  config.batch_size = 8;
  config.epochs = 12;
  config.max_steps = 75;  // in the middle of an epoch of 7 steps
  config.optimizer = {.learning_rate = 0.05, .momentum = 0.9, .weight_decay = 0.12};
  config.optimizer.method = GENERATE(Method::sgd, Method::nesterov, Method::adam);
  config.optimizer.decay = GENERATE(Decay::coupled, Decay::decoupled);
  config.optimizer.decay_factors = {2, 1};
  config.schedule.course = GENERATE(Course::constant, Course::cosine);
  config.schedule.warmup_epochs = 2;
  config.schedule.reference_batch = 16;
  DenseNetwork<float> network({6, 5, 3});
  initialize(network, Initialization::glorot_normal, core::Stream(9));
  const auto before = network.parameters();
  Trainer trainer(network, data, config, core::Stream(10));
  std::size_t steps = 0;
  train(trainer, [&](const EpochReport& report, const auto&) {
    steps = report.steps;
    return true;
  });
  REQUIRE(steps == 75);
  const auto a = initial_share(config, samples, 0, steps);
  if (config.optimizer.method == Method::adam && config.optimizer.decay == Decay::coupled) {
    CHECK_FALSE(a.has_value());
    return;
  }
  CHECK(*a < 0.9);
  // Each of 75 steps rounds to float, 6e-8.
  for (std::size_t k = 0; k < 30; ++k)
    CHECK_THAT(double(network.weights(0)[k]), WithinRel(*a * double(before.weights(0)[k]), 5e-6));
  // Inputs of the second layer are relu(0) = 0 as well; it decays half as fast.
  const double second = *initial_share(config, samples, 1, steps);
  CHECK(second > 1.05 * *a);
  CHECK_THAT(double(network.weights(1)[0]), WithinRel(second * double(before.weights(1)[0]), 5e-6));
}

TEST_CASE("initial_share: bad arguments", "[network][errors]") {
  OptimizerConfig config = dyadic;
  config.rate_factors = {1, 1};
  CHECK_THROWS_WITH(initial_share(config, schedule_of(), 2, 1),
                    ContainsSubstring("layer 2 (there are factors for 2)"));
  config.momentum = 1;
  CHECK_THROWS_AS(initial_share(config, schedule_of(), 0, 1), std::domain_error);
  CHECK_THROWS_WITH(initial_share(TrainingConfig{}, 0, 0, 1), ContainsSubstring("samples = 0"));
}

}  // namespace
}  // namespace rmtlab::network
