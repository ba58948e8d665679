// SPDX-License-Identifier: MIT
#include "sim/network/optimizer.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/network/initialization.hpp"
#include "sim/network/kernels.hpp"
#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace rmtlab::network {
namespace {

TEST_CASE("optimizer: three steps equal the recursion written out for each number", "[network]") {
  const double lr = 0.1, mu = 0.9, wd = 0.05;
  const std::vector<std::size_t> widths{3, 2};
  DenseNetwork<double> network(widths);
  core::Stream stream(21);
  std::vector<double> w(8), v(8, 0.0);
  for (double& value : w) value = stream.normal();
  network.parameters().assign(w);
  Optimizer<double> sgd(widths, {lr, mu, wd});
  Parameters<double> gradient(widths);
  for (int step = 0; step < 3; ++step) {
    std::vector<double> g(8);
    for (double& value : g) value = stream.normal();
    gradient.assign(g);
    sgd.step(network, gradient);
    for (std::size_t k = 0; k < 8; ++k) {
      const double decay = k < 6 ? wd : 0;  // the last two are biases
      v[k] = mu * v[k] - lr * (g[k] + decay * w[k]);
      w[k] += v[k];
    }
  }
  const auto found = network.parameters().flat();
  const auto velocity = sgd.velocity().flat();
  for (std::size_t k = 0; k < 8; ++k) {
    CAPTURE(k);
    CHECK_THAT(found[k], WithinAbs(w[k], 1e-15));  // fused multiply-adds round less often
    CHECK_THAT(velocity[k], WithinAbs(v[k], 1e-15));
  }
}

TEST_CASE("optimizer: weight decay alone shrinks weights by exp(-wd S) and leaves biases",
          "[network][limit]") {
  const OptimizerConfig config{0.01, 0.9, 0.01};
  DenseNetwork<double> network({1, 1});
  network.parameters().assign(std::vector<double>{1, 1});
  Optimizer<double> sgd(network.widths(), config);
  const Parameters<double> zero(network.widths());
  const std::size_t steps = 10000;
  for (std::size_t t = 0; t < steps; ++t) sgd.step(network, zero);
  const double exponent = config.weight_decay * *sgd_time(config, config.learning_rate * steps);
  // Corrections: the start, 1 - startup_factor = 0.09 % of the exponent, and the finite step, of
  // relative order lr wd / (1 - mu)^2 = 1 %.
  CHECK_THAT(std::log(network.weights(0)[0]), WithinRel(-exponent, 0.02));
  CHECK(network.biases(0)[0] == 1);
}

TEST_CASE("optimizer: sgd_time and startup_factor are exact for a constant gradient",
          "[network][property]") {
  for (const double mu : {0.0, 0.5, 0.9})
    for (const std::size_t steps : {1U, 2U, 10U, 300U}) {
      double v = 0, w = 0;
      for (std::size_t t = 0; t < steps; ++t) w += v = mu * v - 0.002 * 3;
      CAPTURE(mu, steps);
      // 300 additions.
      CHECK_THAT(
          w, WithinRel(-3 * *sgd_time({.momentum = mu}, 0.002 * steps) * startup_factor(mu, steps),
                       1e-12));
    }
  CHECK(startup_factor(0.9, 0) == 0);
  CHECK_THAT(*sgd_time({.momentum = 0.9}, 0.002 * 10000), WithinRel(200.0, 1e-14));
  CHECK_FALSE(sgd_time({.method = Method::adam}, 20).has_value());
}

struct Comparison {
  double difference = 0;  // largest of a parameter, between the two ways
  double movement = 0;    // largest of a parameter, since the start
};

// Three steps of train_batch, and of backward and step, from the same start.
template <class Real>
Comparison fused_against_general(std::size_t batch) {
  const std::vector<std::size_t> widths{20, 33, 17, 5};
  const OptimizerConfig config{0.1, 0.9, 0.01};
  core::Stream stream = core::Stream(22).child(batch);
  DenseNetwork<Real> fused(widths);
  initialize(fused, Initialization::glorot_normal, stream.child("weights"));
  DenseNetwork<Real> general = fused;
  const auto start = fused.parameters().flat();
  Optimizer<Real> fused_sgd(widths, config), general_sgd(widths, config);
  Workspace<Real> workspace(widths, batch);
  Parameters<Real> gradient(widths);
  std::vector<Real> x(batch * 20);
  std::vector<Label> labels(batch);
  for (int step = 0; step < 3; ++step) {
    for (Real& value : x) value = static_cast<Real>(stream.normal());
    for (Label& label : labels) label = static_cast<Label>(stream.below(5));
    fused_sgd.train_batch(fused, x, labels, workspace);
    general.forward(x, workspace);
    general.backward(x, labels, workspace, gradient);
    general_sgd.step(general, gradient);
  }
  const auto a = fused.parameters().flat(), b = general.parameters().flat();
  Comparison result;
  for (std::size_t k = 0; k < a.size(); ++k) {
    result.difference = std::max(result.difference, std::abs(double(a[k]) - double(b[k])));
    result.movement = std::max(result.movement, std::abs(double(a[k]) - double(start[k])));
  }
  return result;
}

TEST_CASE("optimizer: the fused pass of small batches equals the general one", "[network]") {
  // Steps of order 0.1 and numbers of order 1: the last bit may differ. Measured: half of eps.
  for (const std::size_t batch : {std::size_t{1}, std::size_t{2}, std::size_t{7}, small_batch}) {
    CAPTURE(batch);
    const Comparison twice = fused_against_general<double>(batch);
    CHECK(twice.difference < 8 * std::numeric_limits<double>::epsilon());
    CHECK(twice.movement > 0.05);
    const Comparison single = fused_against_general<float>(batch);
    CHECK(single.difference < 8 * double(std::numeric_limits<float>::epsilon()));
    CHECK(single.movement > 0.05);
  }
}

// The parameters of a 2-2 network after one step from `start` with `gradient` (four weights, two
// biases).
std::vector<double> one_step(const OptimizerConfig& config, const std::vector<double>& start,
                             const std::vector<double>& gradient) {
  DenseNetwork<double> network({2, 2});
  network.parameters().assign(start);
  Parameters<double> g(network.widths());
  g.assign(gradient);
  Optimizer<double> optimizer(network.widths(), config);
  optimizer.step(network, g);
  return network.parameters().flat();
}

void check_near(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t k = 0; k < found.size(); ++k) {
    CAPTURE(k);
    CHECK_THAT(found[k], WithinAbs(expected[k], 1e-15));
  }
}

TEST_CASE("optimizer: decay, L1 and their factors act on weights alone", "[network]") {
  const std::vector<double> start{1, -2, 0, 0.5, 3, -3}, none(6, 0.0);
  OptimizerConfig config{.learning_rate = 0.1, .momentum = 0, .weight_decay = 0};
  config.l1 = 0.5;
  check_near(one_step(config, start, none), {0.95, -1.95, 0, 0.45, 3, -3});
  config.decay_factors = {2};
  check_near(one_step(config, start, none), {0.9, -1.9, 0, 0.4, 3, -3});
  config.l1 = 0;
  config.weight_decay = 0.5;
  for (const Decay decay : {Decay::coupled, Decay::decoupled}) {
    config.decay = decay;
    check_near(one_step(config, start, none), {0.9, -1.8, 0, 0.45, 3, -3});
  }
  config.decay_factors = {0};
  check_near(one_step(config, start, none), start);
}

TEST_CASE("optimizer: a gradient is clipped by its whole norm, and not below it", "[network]") {
  const std::vector<double> start(6, 0.0), gradient{3, 0, 0, 0, 0, 4};  // norm 5
  OptimizerConfig config{.learning_rate = 1, .momentum = 0, .weight_decay = 0};
  config.gradient_clip = 1;
  check_near(one_step(config, start, gradient), {-0.6, 0, 0, 0, 0, -0.8});
  config.gradient_clip = 5;
  check_near(one_step(config, start, gradient), {-3, 0, 0, 0, 0, -4});
  // What is not finite stays so: divergence must be seen.
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK_FALSE(std::isfinite(one_step(config, start, {infinity, 0, 0, 0, 0, 0})[0]));
}

TEST_CASE("optimizer: max_norm scales the weights into a unit, each unit for itself", "[network]") {
  // Columns (3, 4) and (0.6, 0.8): norms 5 and 1. Without a gradient nothing else moves.
  OptimizerConfig config{.learning_rate = 1, .momentum = 0, .weight_decay = 0};
  config.max_norm = 2;
  check_near(one_step(config, {3, 0.6, 4, 0.8, 9, 9}, std::vector<double>(6)),
             {1.2, 0.6, 1.6, 0.8, 9, 9});
}

TEST_CASE("optimizer: the rate follows the layer and the schedule", "[network]") {
  const std::vector<std::size_t> widths{1, 1, 1};
  OptimizerConfig config{.learning_rate = 0.5, .momentum = 0, .weight_decay = 0};
  config.rate_factors = {1, 0.25};
  DenseNetwork<double> network(widths);
  Optimizer<double> optimizer(widths, config);
  Parameters<double> gradient(widths);
  gradient.assign(std::vector<double>(4, 1.0));
  optimizer.set_rate_factor(0.5);
  optimizer.step(network, gradient);
  CHECK(network.parameters().flat() == std::vector<double>{-0.25, -0.25, -0.0625, -0.0625});
  CHECK(optimizer.steps() == 1);
}

TEST_CASE("optimizer: the first step of Adam is the sign of the gradient", "[network][limit]") {
  OptimizerConfig config{.learning_rate = 0.01, .weight_decay = 0, .method = Method::adam};
  const auto moved = one_step(config, std::vector<double>(6), {1e-3, -1e3, 1, 0, 1, -1});
  // lr g/(|g| + epsilon)
  const std::vector<double> expected{-1, 1, -1, 0, -1, 1};
  for (std::size_t k = 0; k < 6; ++k) CHECK_THAT(moved[k], WithinAbs(0.01 * expected[k], 1.1e-7));
}

TEST_CASE("optimizer: settings outside their range are refused", "[network][errors]") {
  const std::vector<std::size_t> widths{2, 2};
  CHECK_THROWS_WITH(Optimizer<float>(widths, {.learning_rate = 0}),
                    ContainsSubstring("Optimizer: learning_rate = 0 (must be finite and > 0)"));
  CHECK_THROWS_WITH(Optimizer<float>(widths, {.momentum = 1}),
                    ContainsSubstring("Optimizer: momentum = 1 (must be >= 0 and < 1)"));
  CHECK_THROWS_WITH(Optimizer<float>(widths, {.weight_decay = -1}),
                    ContainsSubstring("Optimizer: weight_decay = -1 (must be finite and >= 0)"));
  CHECK_THROWS_AS(sgd_time({.momentum = -0.1}, 1), std::domain_error);
  CHECK_THROWS_AS(startup_factor(1, 1), std::domain_error);
  CHECK_THROWS_WITH(Optimizer<float>(widths, {.l1 = -1}),
                    ContainsSubstring("Optimizer: l1 = -1 (must be finite and >= 0)"));
  CHECK_THROWS_WITH(Optimizer<float>(widths, {.adam_beta2 = 1}),
                    ContainsSubstring("Optimizer: adam_beta2 = 1 (must be >= 0 and < 1)"));
  CHECK_THROWS_WITH(Optimizer<float>(widths, {.rate_factors = {0}}),
                    ContainsSubstring("Optimizer: rate factor = 0 (must be finite and > 0)"));
  CHECK_THROWS_WITH(
      Optimizer<float>(widths, {.decay_factors = {1, 1}}),
      ContainsSubstring("2 decay factors for 1 layers (must be none or one for each)"));
  Optimizer<float> sgd(widths, {});
  DenseNetwork<float> other({2, 3});
  CHECK_THROWS_WITH(sgd.step(other, Parameters<float>(widths)),
                    ContainsSubstring("Optimizer: widths 2-3 (must be 2-2"));
}

}  // namespace
}  // namespace rmtlab::network
