// SPDX-License-Identifier: MIT
#include "sim/network/input_covariance.hpp"

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::network {
namespace {

void check_count(const char* function, const char* name, std::size_t value, std::size_t least) {
  if (value < least)
    throw std::domain_error(
        fmt::format("{}: {} = {} (must be >= {})", function, name, value, least));
}

void check(const char* function, const InputLaw& law) {
  check_count(function, "input_dimension", law.input_dimension, 1);
  if (!std::isfinite(law.covariance_exponent))
    throw std::domain_error(fmt::format("{}: covariance_exponent = {} (must be finite)", function,
                                        law.covariance_exponent));
  if (!(std::abs(law.correlation) < 1))
    throw std::domain_error(
        fmt::format("{}: correlation = {} (must be > -1 and < 1)", function, law.correlation));
  if (!(law.input_norm2 > 0) || !std::isfinite(law.input_norm2))
    throw std::domain_error(
        fmt::format("{}: input_norm2 = {} (must be finite and > 0)", function, law.input_norm2));
}

}  // namespace

GaussianInputs::GaussianInputs(const char* function, const InputLaw& law) {
  check(function, law);
  const bool toeplitz = law.covariance == Covariance::toeplitz;
  const double exponent = toeplitz ? 0 : law.covariance_exponent;
  if (toeplitz) correlation_ = law.correlation;
  scales_.resize(law.input_dimension);
  double sum = 0;
  for (std::size_t i = 0; i < scales_.size(); ++i) {
    const double spread = std::pow(static_cast<double>(i + 1), -exponent);
    sum += spread;
    scales_[i] = std::sqrt(spread);
  }
  for (double& scale : scales_) scale *= std::sqrt(law.input_norm2 / sum);
}

void GaussianInputs::draw(core::Stream& stream, std::span<double> x) const {
  for (std::size_t i = 0; i < scales_.size(); ++i) x[i] = scales_[i] * stream.normal();
  if (correlation_ == 0) return;
  const double innovation = std::sqrt(1 - correlation_ * correlation_);
  for (std::size_t i = 1; i < scales_.size(); ++i)
    x[i] = correlation_ * x[i - 1] + innovation * x[i];
}

double GaussianInputs::variance_along(std::span<const double> t) const {
  // before = sum over j < i of s_j t_j rho^(i - j).
  double before = 0, sum = 0;
  for (std::size_t i = 0; i < scales_.size(); ++i) {
    const double weight = scales_[i] * t[i];
    sum += weight * (weight + 2 * before);
    before = correlation_ * (before + weight);
  }
  return sum;
}

void check_synthetic(const char* function, const SyntheticConfig& c) {
  check_count(function, "train_samples", c.train_samples, 1);
  check_count(function, "test_samples", c.test_samples, 1);
  check_count(function, "classes", c.classes, 2);
  if (c.classes > 65536)
    throw std::domain_error(
        fmt::format("{}: classes = {} (must be <= 65536)", function, c.classes));
  if (!(c.snr >= 0))
    throw std::domain_error(fmt::format("{}: snr = {} (must be >= 0)", function, c.snr));
}

}  // namespace rmtlab::network
