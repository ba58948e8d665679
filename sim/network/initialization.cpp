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

enum class Shape { normal, truncated, uniform };

Shape shape_of(Initialization initialization) {
  switch (initialization) {
    case Initialization::glorot_normal:
    case Initialization::he_normal:
    case Initialization::lecun_normal:
      return Shape::normal;
    case Initialization::truncated_glorot_normal:
    case Initialization::truncated_he_normal:
    case Initialization::truncated_lecun_normal:
      return Shape::truncated;
    case Initialization::glorot_uniform:
    case Initialization::he_uniform:
    case Initialization::lecun_uniform:
      return Shape::uniform;
  }
  throw std::domain_error("initialize: unknown initialization");
}

// Variance before any cut.
double scale2(Initialization initialization, std::size_t n, std::size_t m) {
  const auto inputs = static_cast<double>(n), outputs = static_cast<double>(m);
  switch (initialization) {
    case Initialization::glorot_normal:
    case Initialization::truncated_glorot_normal:
    case Initialization::glorot_uniform:
      return 2 / (inputs + outputs);
    case Initialization::he_normal:
    case Initialization::truncated_he_normal:
    case Initialization::he_uniform:
      return 2 / inputs;
    case Initialization::lecun_normal:
    case Initialization::truncated_lecun_normal:
    case Initialization::lecun_uniform:
      return 1 / inputs;
  }
  throw std::domain_error("initialize: unknown initialization");
}

// One weight in units of sqrt(scale2).
double draw(Shape shape, core::Stream& stream) {
  switch (shape) {
    case Shape::normal:
      return stream.normal();
    case Shape::truncated:
      return stream.truncated_normal(truncation);
    case Shape::uniform:
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
  const double uncut = scale2(initialization, n, m);
  return shape_of(initialization) == Shape::truncated ? truncation_variance_factor() * uncut
                                                      : uncut;
}

template <class Real>
void initialize(DenseNetwork<Real>& network, Initialization initialization,
                const core::Stream& stream, double bias) {
  Parameters<Real>& parameters = network.parameters();
  for (std::size_t l = 0; l < network.layers(); ++l) {
    core::Stream layer_stream = stream.child(layer_name(l));
    const double scale = std::sqrt(scale2(initialization, network.inputs(l), network.outputs(l)));
    const Shape shape = shape_of(initialization);
    for (Real& w : parameters.weights(l)) w = static_cast<Real>(scale * draw(shape, layer_stream));
    std::ranges::fill(parameters.biases(l), static_cast<Real>(bias));
  }
}

template void initialize<float>(DenseNetwork<float>&, Initialization, const core::Stream&, double);
template void initialize<double>(DenseNetwork<double>&, Initialization, const core::Stream&,
                                 double);

}  // namespace rmtlab::network
