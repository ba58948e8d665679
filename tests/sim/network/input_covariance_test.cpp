// SPDX-License-Identifier: MIT
#include "sim/network/input_covariance.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;

namespace rmtlab::network {
namespace {

InputLaw toeplitz(std::size_t d, double correlation, double norm2) {
  InputLaw law;
  law.input_dimension = d;
  law.covariance = Covariance::toeplitz;
  law.correlation = correlation;
  law.input_norm2 = norm2;
  return law;
}

// Mean of x_i x_j over samples of d inputs.
double second_moment(const std::vector<double>& x, std::size_t d, std::size_t i, std::size_t j) {
  double sum = 0;
  for (std::size_t s = 0; s < x.size(); s += d) sum += x[s + i] * x[s + j];
  return sum * double(d) / double(x.size());
}

TEST_CASE("input_covariance: the autoregression has the Toeplitz covariance",
          "[network][statistical]") {
  const std::size_t d = 40, n = 20000;
  const double s2 = 3;
  const auto sample = [&](double correlation) {
    const GaussianInputs inputs("test", toeplitz(d, correlation, s2 * double(d)));
    core::Stream stream(101);
    std::vector<double> x(n * d);
    for (std::size_t s = 0; s < n; ++s) inputs.draw(stream, std::span(x).subspan(s * d, d));
    return x;
  };
  // A mean of n products of normals with correlation c has the variance s2^2 (1 + c^2)/n; beyond 4.5
  // standard deviations with probability 7e-6, 12 such tests here.
  const auto deviation = [&](const std::vector<double>& x, std::size_t i, std::size_t j,
                             double correlation) {
    const double c = std::pow(correlation, std::abs(double(i) - double(j)));
    return (second_moment(x, d, i, j) / s2 - c) / std::sqrt((1 + c * c) / double(n));
  };
  for (const double correlation : {0.7, -0.4}) {
    const std::vector<double> x = sample(correlation);
    for (const auto& [i, j] : std::vector<std::pair<std::size_t, std::size_t>>{
             {0, 0}, {39, 39}, {0, 1}, {20, 23}, {38, 39}, {5, 35}}) {
      CAPTURE(correlation, i, j);
      CHECK(std::abs(deviation(x, i, j, correlation)) < 4.5);
    }
    CHECK(std::abs(deviation(x, 20, 21, correlation + 0.1)) > 4.5);  // negative control
  }
}

TEST_CASE("input_covariance: variance_along is the quadratic form", "[network][property]") {
  const std::size_t d = 25;
  core::Stream stream(102);
  std::vector<double> t(d);
  for (double& value : t) value = stream.normal();
  for (const double correlation : {0.8, -0.6, 0.0}) {
    CAPTURE(correlation);
    double expected = 0;
    for (std::size_t i = 0; i < d; ++i)
      for (std::size_t j = 0; j < d; ++j)
        expected += t[i] * t[j] * 2 * std::pow(correlation, std::abs(double(i) - double(j)));
    const GaussianInputs inputs("test", toeplitz(d, correlation, 2 * double(d)));
    // Rounding of 600 terms, which cancel by no more than the condition number of 81.
    CHECK_THAT(inputs.variance_along(t), WithinRel(expected, 1e-12));
  }
  InputLaw law;
  law.input_dimension = d;
  law.covariance_exponent = 1.3;
  law.input_norm2 = 7;
  double sum = 0, expected = 0;
  for (std::size_t i = 0; i < d; ++i) sum += std::pow(double(i + 1), -1.3);
  for (std::size_t i = 0; i < d; ++i)
    expected += 7 / sum * std::pow(double(i + 1), -1.3) * t[i] * t[i];
  CHECK_THAT(GaussianInputs("test", law).variance_along(t), WithinRel(expected, 1e-13));
}

TEST_CASE("input_covariance: a Toeplitz spectrum fills the interval of its symbol",
          "[network][limit]") {
  // Rayleigh quotients of the slowest and the fastest wave: the ends of the interval up to order 1/d.
  const double rho = 0.6, top = (1 + rho) / (1 - rho);
  const auto quotients = [&](std::size_t d) {
    const GaussianInputs inputs("test", toeplitz(d, rho, double(d)));
    std::vector<double> slow(d, 1 / std::sqrt(double(d))), fast = slow;
    for (std::size_t i = 1; i < d; i += 2) fast[i] = -fast[i];
    return std::pair{inputs.variance_along(slow), inputs.variance_along(fast)};
  };
  const auto [slow, fast] = quotients(100);
  const auto [slow4, fast4] = quotients(400);
  CHECK(slow < top);
  CHECK(fast > 1 / top);
  CHECK_THAT((top - slow) / (top - slow4), WithinRel(4, 1e-3));
  CHECK_THAT((fast - 1 / top) / (fast4 - 1 / top), WithinRel(4, 1e-3));
}

TEST_CASE("input_covariance: settings outside their range are refused", "[network][errors]") {
  CHECK_THROWS_WITH(GaussianInputs("f", toeplitz(5, 1, 1)),
                    ContainsSubstring("f: correlation = 1 (must be > -1 and < 1)"));
  CHECK_THROWS_WITH(GaussianInputs("f", toeplitz(0, 0.5, 1)),
                    ContainsSubstring("f: input_dimension = 0 (must be >= 1)"));
  CHECK_THROWS_AS(GaussianInputs("f", toeplitz(5, NAN, 1)), std::domain_error);
  CHECK_THROWS_AS(GaussianInputs("f", toeplitz(5, 0.5, -1)), std::domain_error);
  SyntheticConfig config;
  CHECK_NOTHROW(check_synthetic("f", config));
  config.snr = std::numeric_limits<double>::infinity();
  CHECK_NOTHROW(check_synthetic("f", config));
  config.snr = -1;
  CHECK_THROWS_WITH(check_synthetic("f", config), ContainsSubstring("f: snr = -1 (must be >= 0)"));
  config.snr = 0;
  config.classes = 70000;
  CHECK_THROWS_WITH(check_synthetic("f", config),
                    ContainsSubstring("f: classes = 70000 (must be <= 65536)"));
}

}  // namespace
}  // namespace rmtlab::network
