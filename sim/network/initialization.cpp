// SPDX-License-Identifier: MIT
#include "sim/network/initialization.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::network {
namespace {

constexpr double truncation = 2;  // in standard deviations

// One weight in units of sqrt(2/(n + m)).
double draw(Initialization initialization, core::Stream& stream) {
  switch (initialization) {
    case Initialization::glorot_normal:
      return stream.normal();
    case Initialization::truncated_glorot_normal:
      return stream.truncated_normal(truncation);
    case Initialization::glorot_uniform:
      return std::numbers::sqrt3 * (2 * stream.uniform() - 1);
  }
  throw std::domain_error("initialize: unknown initialization");
}

}  // namespace

double truncation_variance_factor() {
  const double density = std::exp(-truncation * truncation / 2) / std::sqrt(2 * std::numbers::pi);
  return 1 - 2 * truncation * density / std::erf(truncation / std::numbers::sqrt2);
}

double variance(Initialization initialization, std::size_t n, std::size_t m) {
  if (n == 0 || m == 0)
    throw std::domain_error(
        fmt::format("variance: n, m = {}, {} (must be >= 1 inputs and outputs)", n, m));
  const double glorot = 2 / (static_cast<double>(n) + static_cast<double>(m));
  return initialization == Initialization::truncated_glorot_normal
             ? truncation_variance_factor() * glorot
             : glorot;
}

template <class Real>
void initialize(DenseNetwork<Real>& network, Initialization initialization,
                const core::Stream& stream, double bias) {
  Parameters<Real>& parameters = network.parameters();
  for (std::size_t l = 0; l < network.layers(); ++l) {
    core::Stream layer_stream = stream.child(layer_name(l));
    const double scale = std::sqrt(
        2 / (static_cast<double>(network.inputs(l)) + static_cast<double>(network.outputs(l))));
    for (Real& w : parameters.weights(l))
      w = static_cast<Real>(scale * draw(initialization, layer_stream));
    std::ranges::fill(parameters.biases(l), static_cast<Real>(bias));
  }
}

template void initialize<float>(DenseNetwork<float>&, Initialization, const core::Stream&, double);
template void initialize<double>(DenseNetwork<double>&, Initialization, const core::Stream&,
                                 double);

}  // namespace rmtlab::network
