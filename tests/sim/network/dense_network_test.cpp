// SPDX-License-Identifier: MIT
#include "sim/network/dense_network.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/network/initialization.hpp"
#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;

namespace rmtlab::network {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

TEST_CASE("dense_network: a 2-2-2 network worked out by hand", "[network]") {
  DenseNetwork<double> network({2, 2, 2});
  const double log3 = std::log(3.0);
  network.parameters().assign(std::vector<double>{1, -1, 0.5, 1,        // fc1, 2 x 2
                                                  0, -3,                // its biases
                                                  0.5 * log3, 0, 7, 5,  // fc2, 2 x 2
                                                  0, 0});               // its biases
  Workspace<double> workspace(network.widths(), 1);
  Parameters<double> gradient(network.widths());
  const std::vector<double> x{1, 2};
  const std::vector<Label> label{1};

  // z_1 = (1 + 2/2, -1 + 2 - 3) = (2, -2), a_1 = (2, 0), z_2 = (log 3, 0), p = (3/4, 1/4).
  const auto z = network.forward(x, workspace);
  CHECK(workspace.outputs[0][0] == 2);
  CHECK(workspace.outputs[0][1] == 0);
  CHECK_THAT(z[0], WithinAbs(log3, 4 * eps));
  CHECK(z[1] == 0);
  const BatchScore score = network.backward(x, label, workspace, gradient);
  CHECK_THAT(score.loss_sum, WithinAbs(std::log(4.0), 8 * eps));
  CHECK(score.correct == 0);

  // delta_2 = (3/4, -3/4); delta_1 = (3/4 * log 3 / 2, dead); gradients are outer products.
  const std::vector<double> expected{0.375 * log3, 0,    0.75 * log3, 0, 0.375 * log3, 0,
                                     1.5,          -1.5, 0,           0, 0.75,         -0.75};
  const std::vector<double> found = gradient.flat();
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK_THAT(found[i], WithinAbs(expected[i], 16 * eps));
  }
}

struct Kind {
  Activation activation;
  Loss loss;
  double label_smoothing, dropout;
};

// What the gradient of a random batch is compared with.
struct GradientCheck {
  double worst = 0;         // difference from a central difference
  double largest = 0;       // derivative
  std::size_t crossed = 0;  // parameters whose difference crosses a kink
};

GradientCheck check_gradient(const Kind& kind, const std::vector<std::size_t>& widths,
                             std::size_t batch) {
  core::Stream stream = core::Stream(7).child(batch).child(widths.size());
  DenseNetwork<double> network(widths, kind.activation, kind.loss, kind.label_smoothing);
  initialize(network, Initialization::glorot_normal, stream.child("weights"), 0.1);
  std::vector<double> x(batch * widths.front());
  for (double& value : x) value = stream.normal();
  std::vector<Label> labels(batch);
  for (Label& label : labels) label = static_cast<Label>(stream.below(widths.back()));

  Workspace<double> workspace(widths, batch, kind.dropout);
  core::Stream mask_stream = stream.child("masks");
  workspace.draw_masks(batch, mask_stream);
  const auto forward = [&] {
    if (kind.dropout > 0)
      network.forward_dropout(x, workspace);
    else
      network.forward(x, workspace);
  };
  Parameters<double> gradient(widths);
  forward();
  network.backward(x, labels, workspace, gradient);
  const std::vector<double> found = gradient.flat();
  const std::vector<double> values = network.parameters().flat();

  // Loss, and which hidden units are active: a difference across a kink is no derivative.
  const auto loss_at = [&](std::size_t k, double shift, std::vector<bool>& active) {
    std::vector<double> shifted = values;
    shifted[k] += shift;
    network.parameters().assign(shifted);
    forward();
    active.clear();
    for (std::size_t l = 0; l + 1 < network.layers(); ++l)
      for (const double a : workspace.outputs[l]) active.push_back(a > 0);
    return network.score(labels, workspace).loss_sum / static_cast<double>(batch);
  };
  const double h = 1e-5;
  GradientCheck result;
  std::vector<bool> above, below;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const double difference = (loss_at(k, h, above) - loss_at(k, -h, below)) / (2 * h);
    result.largest = std::max(result.largest, std::abs(found[k]));
    if (kind.activation != Activation::relu || above == below)
      result.worst = std::max(result.worst, std::abs(found[k] - difference));
    else
      ++result.crossed;
  }
  return result;
}

TEST_CASE("dense_network: every derivative agrees with central differences",
          "[network][gradient]") {
  // Every activation and loss, with and without what changes them.
  const auto kind = GENERATE(Kind{Activation::relu, Loss::softmax_cross_entropy, 0, 0},
                             Kind{Activation::relu, Loss::softmax_cross_entropy, 0.2, 0.4},
                             Kind{Activation::relu, Loss::mse, 0, 0},
                             Kind{Activation::tanh, Loss::softmax_cross_entropy, 0, 0.4},
                             Kind{Activation::tanh, Loss::softmax_mse, 0, 0},
                             Kind{Activation::linear, Loss::softmax_mse, 0.2, 0.4},
                             Kind{Activation::linear, Loss::mse, 0.2, 0});
  // Batches that take the small-batch loops (1, 3), and BLAS (17).
  const auto batch = GENERATE(1U, 3U, 17U);
  const auto widths = GENERATE(std::vector<std::size_t>{4, 3}, std::vector<std::size_t>{5, 4, 3},
                               std::vector<std::size_t>{7, 6, 5, 4});
  CAPTURE(int(kind.activation), int(kind.loss), kind.label_smoothing, kind.dropout, batch, widths);
  const GradientCheck check = check_gradient(kind, widths, batch);
  CHECK(check.crossed == 0);  // true of this seed
  // Error of the difference: truncation h^2 f'''/6, about 2e-11 for derivatives of order 1, and
  // rounding eps L / h, about 5e-11. Measured: at most 4.4e-11.
  CHECK(check.worst < 5e-10);
  // Negative control: a gradient that is not divided by the batch, or that is zero, would fail.
  CHECK(check.largest > 1e-2);
}

TEST_CASE("dense_network: dropout keeps the mean of a unit and its rate",
          "[network][statistical]") {
  const std::vector<std::size_t> widths{3, 400, 2};
  const double rate = 0.3;
  const std::size_t batch = 50;
  DenseNetwork<double> network(widths);
  initialize(network, Initialization::glorot_normal, core::Stream(31), 0.1);
  Workspace<double> workspace(widths, batch, rate);
  const auto draw = [&](std::uint64_t seed) {
    core::Stream masks(seed);
    workspace.draw_masks(batch, masks);
  };
  draw(32);
  REQUIRE(workspace.masks.size() == 1);
  std::size_t dropped = 0;
  for (const double factor : workspace.masks[0]) {
    if (factor == 0)
      ++dropped;
    else
      CHECK(factor == 1 / 0.7);
  }
  // Binomial of 20000: beyond 4.5 standard deviations with probability 7e-6. Negative control: a rate
  // wrong by 0.04, which is 12 deviations away.
  const double deviation = std::sqrt(20000 * rate * (1 - rate));
  CHECK(std::abs(double(dropped) - 20000 * rate) < 4.5 * deviation);
  CHECK(std::abs(double(dropped) - 20000 * (rate + 0.04)) > 4.5 * deviation);

  const std::vector<double> x(batch * 3, 0.5);
  const std::vector<double> whole(network.forward(x, workspace).begin(),
                                  network.forward(x, workspace).end());
  const auto hidden = workspace.outputs[0];
  network.forward_dropout(x, workspace);
  for (std::size_t k = 0; k < hidden.size(); ++k)
    if (workspace.outputs[0][k] != hidden[k] * workspace.masks[0][k]) {
      CAPTURE(k);
      CHECK(workspace.outputs[0][k] == hidden[k] * workspace.masks[0][k]);
    }
  // The masks belong to their stream, and evaluation knows nothing of them.
  const auto masks = workspace.masks;
  draw(32);
  CHECK(workspace.masks == masks);
  draw(33);
  CHECK(workspace.masks != masks);
  const auto again = network.forward(x, workspace);
  CHECK(std::vector<double>(again.begin(), again.end()) == whole);
  CHECK_THROWS_WITH(Workspace<double>(widths, 1, 1),
                    ContainsSubstring("Workspace: dropout = 1 (must be >= 0 and < 1)"));
  CHECK_THROWS_WITH(DenseNetwork<double>(widths, Activation::relu, Loss::mse, 1),
                    ContainsSubstring("DenseNetwork: label_smoothing = 1 (must be >= 0 and < 1)"));
}

TEST_CASE("dense_network: a batch gives the mean of its samples, on both sides of small_batch",
          "[network][property]") {
  const std::vector<std::size_t> widths{6, 5, 4};
  DenseNetwork<double> network(widths);
  core::Stream stream(8);
  initialize(network, Initialization::glorot_normal, stream.child("weights"), 0.1);
  const std::size_t B = 23;
  std::vector<double> x(B * 6);
  for (double& value : x) value = stream.normal();
  std::vector<Label> labels(B);
  for (Label& label : labels) label = static_cast<Label>(stream.below(4));

  Workspace<double> workspace(widths, B);
  Parameters<double> together(widths), alone(widths);
  network.forward(x, workspace);
  const BatchScore score = network.backward(x, labels, workspace, together);
  std::vector<double> mean(together.size());
  BatchScore sum;
  for (std::size_t b = 0; b < B; ++b) {
    network.forward({x.data() + 6 * b, 6}, workspace);
    const BatchScore one =
        network.backward({x.data() + 6 * b, 6}, {labels.data() + b, 1}, workspace, alone);
    sum.loss_sum += one.loss_sum;
    sum.correct += one.correct;
    const std::vector<double> values = alone.flat();
    for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += values[k] / B;
  }
  // Sums of 23 numbers of order 1, in another order.
  CHECK_THAT(score.loss_sum, WithinAbs(sum.loss_sum, 100 * eps * B));
  CHECK(score.correct == sum.correct);
  const std::vector<double> values = together.flat();
  for (std::size_t k = 0; k < mean.size(); ++k) CHECK_THAT(values[k], WithinAbs(mean[k], 50 * eps));
}

TEST_CASE("dense_network: shapes that do not fit are refused", "[network][errors]") {
  const DenseNetwork<float> network({4, 3});
  Workspace<float> workspace(network.widths(), 2);
  Parameters<float> gradient(network.widths());
  const std::vector<float> x(8);
  CHECK_THROWS_WITH(network.forward(std::vector<float>(5), workspace),
                    ContainsSubstring("5 inputs (must be 1 to 2 samples of 4)"));
  CHECK_THROWS_WITH(network.forward(std::vector<float>(12), workspace),
                    ContainsSubstring("12 inputs (must be 1 to 2 samples of 4)"));
  network.forward(x, workspace);
  CHECK_THROWS_WITH(network.score(std::vector<Label>{0}, workspace),
                    ContainsSubstring("DenseNetwork::score: 1 labels for 2 samples"));
  CHECK_THROWS_WITH(network.backward(x, std::vector<Label>{0, 3}, workspace, gradient),
                    ContainsSubstring("DenseNetwork::backward: label = 3 (must be < 3)"));
  CHECK_THROWS_AS(network.backward({x.data(), 4}, std::vector<Label>{0, 1}, workspace, gradient),
                  std::invalid_argument);
  CHECK_THROWS_WITH(Workspace<float>({4, 3}, 0), ContainsSubstring("Workspace: capacity = 0"));
}

}  // namespace
}  // namespace rmtlab::network
