// SPDX-License-Identifier: MIT
#include "sim/network/initialization.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;

namespace rmtlab::network {
namespace {

constexpr std::size_t n = 784, m = 128;

std::vector<double> draw(Initialization initialization, std::uint64_t seed) {
  DenseNetwork<double> network({n, m});
  initialize(network, initialization, core::Stream(seed));
  return {network.weights(0).begin(), network.weights(0).end()};
}

double moment(const std::vector<double>& values, int order) {
  double sum = 0;
  for (const double x : values) sum += std::pow(x, order);
  return sum / static_cast<double>(values.size());
}

// Deviation of the second moment from `expected`, in its standard deviations.
double variance_deviation(const std::vector<double>& values, double expected) {
  const double m2 = moment(values, 2), m4 = moment(values, 4);
  return (m2 - expected) / std::sqrt((m4 - m2 * m2) / static_cast<double>(values.size()));
}

TEST_CASE("initialization: the factor of the cut normal law is its second moment",
          "[network][accuracy]") {
  // Simpson's rule for the integrals of phi and x^2 phi over [0, 2]; its error with 2000 intervals
  // is h^4/90 times derivatives of order 1, 1e-14.
  const int intervals = 2000;
  const double h = 2.0 / intervals;
  double mass = 0, second = 0;
  for (int i = 0; i <= intervals; ++i) {
    const double x = i * h, weight = i == 0 || i == intervals ? 1 : (i % 2 ? 4 : 2);
    mass += weight * std::exp(-x * x / 2);
    second += weight * x * x * std::exp(-x * x / 2);
  }
  CHECK_THAT(truncation_variance_factor(), WithinAbs(second / mass, 1e-13));
  CHECK_THAT(truncation_variance_factor(), WithinAbs(0.773741, 5e-7));
}

TEST_CASE("initialization: variances of the layers of Martin and Mahoney's networks", "[network]") {
  // sigma^2 = N variance, the value their first pictures show: 0.7737 for 512 x 512, 1.4148 for
  // 4096 x 384 (normal, cut), 1.6610 for 2450 x 500 (uniform). To half of the last digit.
  CHECK_THAT(512 * variance(Initialization::truncated_glorot_normal, 512, 512),
             WithinAbs(0.7737, 5e-5));
  CHECK_THAT(4096 * variance(Initialization::truncated_glorot_normal, 4096, 384),
             WithinAbs(1.4148, 5e-5));
  CHECK_THAT(2450 * variance(Initialization::glorot_uniform, 2450, 500), WithinAbs(1.6610, 5e-5));
  // He keeps the variance of activations through ReLU, LeCun through linear units, whatever m is.
  CHECK(variance(Initialization::he_normal, 400, 7) == 2.0 / 400);
  CHECK(variance(Initialization::he_uniform, 400, 7) == 2.0 / 400);
  CHECK(variance(Initialization::lecun_normal, 400, 7) == 1.0 / 400);
  CHECK(variance(Initialization::lecun_uniform, 400, 7) == 1.0 / 400);
  CHECK(variance(Initialization::truncated_he_normal, 400, 7) ==
        truncation_variance_factor() * (2.0 / 400));
  CHECK(variance(Initialization::truncated_lecun_normal, 400, 7) ==
        truncation_variance_factor() * (1.0 / 400));
  CHECK_THROWS_WITH(variance(Initialization::glorot_normal, 0, 3),
                    ContainsSubstring("variance: n, m = 0, 3 (must be >= 1"));
}

TEST_CASE("initialization: mean and variance of the draws", "[network][statistical]") {
  const auto initialization = GENERATE(
      Initialization::glorot_normal, Initialization::truncated_glorot_normal,
      Initialization::glorot_uniform, Initialization::he_normal,
      Initialization::truncated_he_normal, Initialization::he_uniform, Initialization::lecun_normal,
      Initialization::truncated_lecun_normal, Initialization::lecun_uniform);
  CAPTURE(int(initialization));
  const std::vector<double> values = draw(initialization, 11);
  const double expected = variance(initialization, n, m);
  // 100352 draws: both deviations are standard normal; beyond 4.5 with probability 7e-6.
  const double count = static_cast<double>(values.size());
  CHECK(std::abs(moment(values, 1)) < 4.5 * std::sqrt(expected / count));
  CHECK(std::abs(variance_deviation(values, expected)) < 4.5);
  // Negative control: a variance wrong by 3 % is 5 standard deviations off or more.
  CHECK(std::abs(variance_deviation(values, 1.03 * expected)) > 4.5);
}

TEST_CASE("initialization: limits of the draws", "[network][property]") {
  const double scale = std::sqrt(2.0 / (n + m));
  const auto largest = [](const std::vector<double>& values) {
    return std::max(std::abs(*std::max_element(values.begin(), values.end())),
                    std::abs(*std::min_element(values.begin(), values.end())));
  };
  // Cut laws come within 1 % of their limit (the density there is positive: 1e5 draws leave a
  // larger gap with probability below 1e-40); the normal law goes far beyond.
  const double cut = largest(draw(Initialization::truncated_glorot_normal, 12));
  CHECK(cut <= 2 * scale);
  CHECK(cut > 1.98 * scale);
  const double uniform = largest(draw(Initialization::glorot_uniform, 12));
  CHECK(uniform <= std::sqrt(3.0) * scale);
  CHECK(uniform > 0.99 * std::sqrt(3.0) * scale);
  CHECK(largest(draw(Initialization::glorot_normal, 12)) > 3 * scale);
}

TEST_CASE("initialization: float and double networks of one stream agree to rounding",
          "[network][repro]") {
  const core::Stream stream(13);
  DenseNetwork<float> single({30, 20, 10});
  DenseNetwork<double> twice({30, 20, 10});
  initialize(single, Initialization::truncated_glorot_normal, stream, 0.1);
  initialize(twice, Initialization::truncated_glorot_normal, stream, 0.1);
  const auto a = single.parameters().flat();
  const auto b = twice.parameters().flat();
  for (std::size_t k = 0; k < a.size(); ++k) CHECK(a[k] == static_cast<float>(b[k]));
  CHECK(single.biases(1)[9] == 0.1F);
}

TEST_CASE("initialization: a layer depends on its stream, name and shape only",
          "[network][repro]") {
  const auto fc1 = [](std::vector<std::size_t> widths, std::uint64_t seed) {
    DenseNetwork<double> network(std::move(widths));
    initialize(network, Initialization::glorot_normal, core::Stream(seed));
    return std::vector<double>(network.weights(0).begin(), network.weights(0).end());
  };
  CHECK(fc1({8, 5, 3}, 14) == fc1({8, 5, 9, 2}, 14));
  CHECK(fc1({8, 5, 3}, 14) != fc1({8, 5, 3}, 15));
  DenseNetwork<double> square({5, 5, 5});
  initialize(square, Initialization::glorot_normal, core::Stream(16));
  CHECK(square.weights(0)[0] != square.weights(1)[0]);
}

}  // namespace
}  // namespace rmtlab::network
