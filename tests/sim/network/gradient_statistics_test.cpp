// SPDX-License-Identifier: MIT
#include "sim/network/gradient_statistics.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/network/initialization.hpp"
#include "tests/catch.hpp"

using Catch::Matchers::WithinRel;

namespace rmtlab::network {
namespace {

// 300 samples, that is, more than one batch of 256.
Dataset random_data(std::size_t samples = 300) {
  core::Stream stream(61);
  Dataset data{6, 4, {}, {}};
  for (std::size_t i = 0; i < samples; ++i) {
    for (int k = 0; k < 6; ++k) data.inputs.push_back(static_cast<float>(stream.normal()));
    data.labels.push_back(static_cast<Label>(stream.below(4)));
  }
  return data;
}

TEST_CASE("gradient_statistics: equal to forming the gradient of every sample", "[network]") {
  const auto loss = GENERATE(Loss::softmax_cross_entropy, Loss::mse);
  const std::vector<std::size_t> widths{6, 9, 5, 4};
  DenseNetwork<float> network(widths, Activation::tanh, loss);
  initialize(network, Initialization::glorot_normal, core::Stream(62), 0.1);
  DenseNetwork<double> twice(widths, Activation::tanh, loss);
  const auto flat = network.parameters().flat();
  twice.parameters().assign(std::vector<double>(flat.begin(), flat.end()));

  const Dataset data = random_data();
  Workspace<double> workspace(widths, 1);
  Parameters<double> gradient(widths);
  std::vector<double> mean(flat.size());
  double squares = 0;
  const auto n = static_cast<double>(data.samples());
  for (std::size_t i = 0; i < data.samples(); ++i) {
    const std::vector<double> x(data.input(i).begin(), data.input(i).end());
    twice.forward(x, workspace);
    twice.backward(x, {&data.labels[i], 1}, workspace, gradient);
    const std::vector<double> g = gradient.flat();
    for (std::size_t k = 0; k < g.size(); ++k) {
      mean[k] += g[k] / n;
      squares += g[k] * g[k] / n;
    }
  }
  double norm2 = 0;
  for (const double g : mean) norm2 += g * g;

  const GradientStatistics found = gradient_statistics(network, data);
  CHECK_THAT(found.norm, WithinRel(std::sqrt(norm2), 1e-5));  // single precision against double
  CHECK_THAT(found.noise_scale, WithinRel((squares - norm2) / norm2, 1e-5));
  CHECK(found.noise_scale > 1);  // random labels: the samples pull in all directions
}

TEST_CASE("gradient_statistics: equal samples have no noise, no gradient an infinite scale",
          "[network][limit]") {
  Dataset data = random_data(1);
  for (int copy = 0; copy < 4; ++copy) {
    for (int k = 0; k < 6; ++k) data.inputs.push_back(data.inputs[std::size_t(k)]);
    data.labels.push_back(data.labels[0]);
  }
  DenseNetwork<float> network({6, 5, 4});
  initialize(network, Initialization::glorot_normal, core::Stream(63));
  CHECK(gradient_statistics(network, data).noise_scale < 1e-5);

  // Zero weights and mean squares against targets that the biases meet exactly.
  DenseNetwork<float> exact({6, 4}, Activation::relu, Loss::mse);
  exact.parameters().biases(0)[data.labels[0]] = 1;
  const GradientStatistics none = gradient_statistics(exact, data);
  CHECK(none.norm == 0);
  CHECK(std::isinf(none.noise_scale));
  CHECK_THROWS_AS(gradient_statistics(exact, Dataset{6, 4, {}, {}}), std::invalid_argument);
}

}  // namespace
}  // namespace rmtlab::network
