// SPDX-License-Identifier: MIT
#include "sim/network/gradient_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

namespace rmtlab::network {
namespace {

double squared_norm(std::span<const float> values) {
  double sum = 0;
  for (const float x : values) sum += static_cast<double>(x) * static_cast<double>(x);
  return sum;
}

// Sum of ||g_i||^2 over the samples of the last backward pass, whose deltas are divided by B.
double squared_gradients(const DenseNetwork<float>& network, std::span<const float> x,
                         const Workspace<float>& workspace) {
  const std::size_t B = workspace.batch;
  double sum = 0;
  for (std::size_t l = 0; l < network.layers(); ++l) {
    const std::size_t n = network.inputs(l), m = network.outputs(l);
    const float* a = l == 0 ? x.data() : workspace.outputs[l - 1].data();
    for (std::size_t b = 0; b < B; ++b)
      sum += (squared_norm({a + b * n, n}) + 1) *
             squared_norm({workspace.deltas[l].data() + b * m, m});
  }
  return sum * static_cast<double>(B * B);
}

}  // namespace

GradientStatistics gradient_statistics(const DenseNetwork<float>& network, const Dataset& data) {
  check_dataset("gradient_statistics", data, network.widths());
  const std::size_t samples = data.samples(), d = data.dimension;
  Workspace<float> workspace(network.widths(), std::min<std::size_t>(samples, 256));
  Parameters<float> gradient(network.widths());
  std::vector<double> mean(gradient.size());
  double squares = 0;
  for (std::size_t first = 0; first < samples; first += workspace.capacity) {
    const std::size_t count = std::min(workspace.capacity, samples - first);
    const std::span<const float> x(data.inputs.data() + first * d, count * d);
    network.forward(x, workspace);
    network.backward(x, {data.labels.data() + first, count}, workspace, gradient);
    squares += squared_gradients(network, x, workspace) / static_cast<double>(samples);
    const double share = static_cast<double>(count) / static_cast<double>(samples);
    const std::vector<float> part = gradient.flat();
    for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += share * static_cast<double>(part[k]);
  }
  double norm2 = 0;
  for (const double g : mean) norm2 += g * g;
  return {std::sqrt(norm2), norm2 > 0 ? std::max(squares - norm2, 0.0) / norm2
                                      : std::numeric_limits<double>::infinity()};
}

}  // namespace rmtlab::network
