// SPDX-License-Identifier: MIT
#include "sim/network/single_index.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace rmtlab::network {
namespace {

constexpr const char* function = "make_single_index";

std::vector<double> uniform_direction(std::size_t d, core::Stream stream) {
  std::vector<double> theta(d);
  for (double& value : theta) value = stream.normal();
  const double norm = std::sqrt(std::inner_product(theta.begin(), theta.end(), theta.begin(), 0.0));
  for (double& value : theta) value /= norm;
  return theta;
}

// k with k/K <= Phi(g) < (k + 1)/K; the last class where rounding makes Phi(g) = 1.
Label quantile_class(double g, std::size_t K) {
  const double p = std::erfc(-g / std::numbers::sqrt2) / 2;
  return static_cast<Label>(std::min(static_cast<std::size_t>(p * static_cast<double>(K)), K - 1));
}

}  // namespace

SingleIndex::SingleIndex(const SingleIndexConfig& config, const core::Stream& stream)
    : classes_(config.classes),
      snr_(config.snr),
      inputs_(function, config),
      direction_(uniform_direction(config.input_dimension, stream.child("direction"))) {
  check_synthetic(function, config);
}

Dataset SingleIndex::draw(std::size_t samples, core::Stream stream) const {
  const std::size_t d = inputs_.dimension();
  core::Stream noise = stream.child("noise");
  const bool noisy = snr_ > 0 && std::isfinite(snr_);
  const double deviation = std::sqrt(inputs_.variance_along(direction_));
  Dataset data{d, classes_, {}, {}};
  data.inputs.reserve(samples * d);
  std::vector<double> x(d);
  for (std::size_t s = 0; s < samples; ++s) {
    inputs_.draw(stream, x);
    for (const double value : x) data.inputs.push_back(static_cast<float>(value));
    double g = std::inner_product(x.begin(), x.end(), direction_.begin(), 0.0) / deviation;
    if (noisy) g = (std::sqrt(snr_) * g + noise.normal()) / std::sqrt(snr_ + 1);
    data.labels.push_back(quantile_class(g, classes_));
  }
  return data;
}

DataSplit make_single_index(const SingleIndexConfig& config, const core::Stream& stream) {
  const SingleIndex model(config, stream);
  return {model.draw(config.train_samples, stream.child("train")),
          model.draw(config.test_samples, stream.child("test"))};
}

}  // namespace rmtlab::network
