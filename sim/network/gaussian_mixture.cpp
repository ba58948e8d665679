// SPDX-License-Identifier: MIT
#include "sim/network/gaussian_mixture.hpp"

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::network {
namespace {

constexpr const char* function = "make_gaussian_mixture";

const GaussianMixtureConfig& checked(const GaussianMixtureConfig& c) {
  check_synthetic(function, c);
  if (c.clusters < 1)
    throw std::domain_error(fmt::format("{}: clusters = {} (must be >= 1)", function, c.clusters));
  if (!(c.snr > 0) || !std::isfinite(c.snr))
    throw std::domain_error(fmt::format("{}: snr = {} (must be finite and > 0)", function, c.snr));
  return c;
}

// J x d numbers whose rows have the sum zero and the mean square norm 1.
std::vector<double> centred_directions(std::size_t clusters, std::size_t d, core::Stream stream) {
  std::vector<double> t(clusters * d), centre(d);
  const auto count = static_cast<double>(clusters);
  for (double& value : t) value = stream.normal();
  for (std::size_t k = 0; k < t.size(); ++k) centre[k % d] += t[k] / count;
  double norm2 = 0;
  for (std::size_t k = 0; k < t.size(); ++k) {
    t[k] -= centre[k % d];
    norm2 += t[k] * t[k] / count;
  }
  for (double& value : t) value /= std::sqrt(norm2);
  return t;
}

// Mean of t^T Sigma t over the rows of t.
double mean_variance_along(const GaussianInputs& inputs, std::span<const double> t) {
  const std::size_t d = inputs.dimension();
  double sum = 0;
  for (std::size_t first = 0; first < t.size(); first += d)
    sum += inputs.variance_along(t.subspan(first, d));
  return sum * static_cast<double>(d) / static_cast<double>(t.size());
}

// The law within a cluster, given directions of mean square norm 1: then v = (v / tr Sigma) tr Sigma
// and V = snr v, so that tr Sigma (1 + snr v / tr Sigma) = input_norm2.
GaussianInputs law_within(const GaussianMixtureConfig& config, std::span<const double> directions) {
  InputLaw law = config;
  law.input_norm2 = 1;
  const double along = mean_variance_along({function, law}, directions);
  law.input_norm2 = config.input_norm2 / (1 + config.snr * along);
  return {function, law};
}

}  // namespace

GaussianMixture::GaussianMixture(const GaussianMixtureConfig& config, const core::Stream& stream)
    : classes_(checked(config).classes),
      means_(centred_directions(config.classes * config.clusters, config.input_dimension,
                                stream.child("means"))),
      inputs_(law_within(config, means_)) {
  const double size = std::sqrt(config.snr * mean_variance_along(inputs_, means_));
  for (double& value : means_) value *= size;
}

Dataset GaussianMixture::draw(std::size_t samples, core::Stream stream) const {
  const std::size_t d = inputs_.dimension();
  Dataset data{d, classes_, {}, {}};
  data.inputs.reserve(samples * d);
  std::vector<double> x(d);
  for (std::size_t s = 0; s < samples; ++s) {
    const std::size_t cluster = stream.below(clusters());
    inputs_.draw(stream, x);
    for (std::size_t i = 0; i < d; ++i)
      data.inputs.push_back(static_cast<float>(means_[cluster * d + i] + x[i]));
    data.labels.push_back(static_cast<Label>(cluster % classes_));
  }
  return data;
}

DataSplit make_gaussian_mixture(const GaussianMixtureConfig& config, const core::Stream& stream) {
  const GaussianMixture mixture(config, stream);
  return {mixture.draw(config.train_samples, stream.child("train")),
          mixture.draw(config.test_samples, stream.child("test"))};
}

}  // namespace rmtlab::network
