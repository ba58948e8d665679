// SPDX-License-Identifier: MIT
#include "sim/network/gaussian_mixture.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace rmtlab::network {
namespace {

double normal_cdf(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }

GaussianMixtureConfig two_classes(double snr, double exponent) {
  GaussianMixtureConfig config;
  config.input_dimension = 30;
  config.classes = 2;
  config.snr = snr;
  config.covariance_exponent = exponent;
  return config;
}

// Share of the samples on the right side of the plane w . x = 0: cluster 0 is class 0.
double accuracy(const Dataset& data, const std::vector<double>& w) {
  double right = 0;
  for (std::size_t s = 0; s < data.samples(); ++s) {
    double product = 0;
    for (std::size_t i = 0; i < w.size(); ++i) product += w[i] * double(data.input(s)[i]);
    right += (product > 0) == (data.labels[s] == 0);
  }
  return right / double(data.samples());
}

TEST_CASE("gaussian_mixture: means and noise have the ratio and the norm asked for",
          "[network][property]") {
  GaussianMixtureConfig config;
  config.input_dimension = 20;
  config.classes = 3;
  config.clusters = 2;
  config.input_norm2 = 50;
  for (const Covariance covariance : {Covariance::power_law, Covariance::toeplitz})
    for (const double snr : {1e-6, 0.7, 30.0}) {
      CAPTURE(int(covariance), snr);
      config.covariance = covariance;
      config.snr = snr;
      const GaussianMixture mixture(config, core::Stream(111));
      REQUIRE(mixture.clusters() == 6);
      std::vector<double> sum(20);
      double norm2 = 0, along = 0, trace = 0;
      for (std::size_t j = 0; j < 6; ++j) {
        along += mixture.within().variance_along(mixture.mean(j));
        for (std::size_t i = 0; i < 20; ++i) {
          sum[i] += mixture.mean(j)[i];
          norm2 += std::pow(mixture.mean(j)[i], 2);
        }
      }
      for (std::size_t i = 0; i < 20; ++i) {
        std::vector<double> axis(20);
        axis[i] = 1;
        trace += mixture.within().variance_along(axis);
        CHECK_THAT(sum[i], WithinAbs(0, 1e-13 * std::sqrt(norm2)));
      }
      // Rounding of some hundred operations.
      CHECK_THAT(norm2 / 6 / (along / norm2), WithinRel(snr, 1e-12));
      CHECK_THAT(norm2 / 6 + trace, WithinRel(50, 1e-12));
    }
}

TEST_CASE("gaussian_mixture: two classes are as separable as the signal to noise ratio says",
          "[network][statistical]") {
  const std::size_t n = 20000;
  // Binomial; beyond 4.5 standard deviations with probability 7e-6, seven such tests here.
  const auto deviation = [&](double found, double p) {
    return (found - p) / std::sqrt(p * (1 - p) / double(n));
  };
  for (const double snr : {0.1, 1.0, 4.0}) {
    CAPTURE(snr);
    // White: the plane between the means is the best classifier.
    const GaussianMixture white(two_classes(snr, 0), core::Stream(112));
    const std::vector<double> m(white.mean(0).begin(), white.mean(0).end());
    const double found = accuracy(white.draw(n, core::Stream(113)), m);
    CHECK(std::abs(deviation(found, normal_cdf(std::sqrt(snr)))) < 4.5);
    CHECK(std::abs(deviation(found, normal_cdf(std::sqrt(1.7 * snr)))) > 4.5);  // negative control

    const GaussianMixture coloured(two_classes(snr, 1), core::Stream(112));
    const std::vector<double> c(coloured.mean(0).begin(), coloured.mean(0).end());
    CHECK(std::abs(deviation(accuracy(coloured.draw(n, core::Stream(113)), c),
                             normal_cdf(std::sqrt(snr)))) < 4.5);
  }
  // Coloured noise: the best direction is Sigma^-1 m.
  const GaussianMixture coloured(two_classes(0.1, 1), core::Stream(112));
  std::vector<double> best(30);
  double exponent = 0;
  for (std::size_t i = 0; i < 30; ++i) {
    std::vector<double> axis(30);
    axis[i] = 1;
    best[i] = coloured.mean(0)[i] / coloured.within().variance_along(axis);
    exponent += best[i] * coloured.mean(0)[i];
  }
  CHECK(exponent > 0.15);  // more than snr
  CHECK(std::abs(deviation(accuracy(coloured.draw(n, core::Stream(113)), best),
                           normal_cdf(std::sqrt(exponent)))) < 4.5);
}

TEST_CASE("gaussian_mixture: clusters are equally likely and belong to their classes",
          "[network][statistical]") {
  GaussianMixtureConfig config;
  config.input_dimension = 15;
  config.classes = 3;
  config.clusters = 2;
  config.snr = 1e6;  // no sample is nearer to another cluster
  const GaussianMixture mixture(config, core::Stream(114));
  const Dataset data = mixture.draw(6000, core::Stream(115));
  std::vector<double> count(6);
  for (std::size_t s = 0; s < data.samples(); ++s) {
    std::size_t nearest = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < 6; ++j) {
      double distance2 = 0;
      for (std::size_t i = 0; i < 15; ++i)
        distance2 += std::pow(double(data.input(s)[i]) - mixture.mean(j)[i], 2);
      if (distance2 < least) {
        least = distance2;
        nearest = j;
      }
    }
    REQUIRE(data.labels[s] == nearest % 3);
    count[nearest] += 1;
  }
  // Binomial (6000, 1/6) has standard deviation 28.9; beyond 4.5 with probability 7e-6, six tests.
  for (const double c : count) CHECK(std::abs(c - 1000) < 130);
}

TEST_CASE("gaussian_mixture: mean square norm is as asked for", "[network][statistical]") {
  GaussianMixtureConfig config = two_classes(5, 0);
  const DataSplit data = make_gaussian_mixture(config, core::Stream(116));
  // x = +-m + z with m . z of variance V v and ||z||^2 of 2 d v^2: Var ||x||^2 = 4 V v + 2 d v^2.
  const double v = 96.04 / (30 + 5), V = 5 * v;
  const double error = std::sqrt((4 * V * v + 60 * v * v) / 4000);
  CHECK(std::abs(mean_norm2(data.train) - 96.04) < 4.5 * error);
  CHECK(std::abs(mean_norm2(data.train) - 1.05 * 96.04) > 4.5 * error);  // negative control
}

TEST_CASE(
    "gaussian_mixture: a larger training set begins with the smaller one, and leaves the test",
    "[network][repro]") {
  GaussianMixtureConfig config = two_classes(1, 1);
  config.train_samples = 50;
  config.test_samples = 20;
  const DataSplit small = make_gaussian_mixture(config, core::Stream(117));
  config.train_samples = 90;
  const DataSplit large = make_gaussian_mixture(config, core::Stream(117));
  CHECK(small.test.inputs == large.test.inputs);
  CHECK(small.test.labels == large.test.labels);
  CHECK(
      std::equal(small.train.inputs.begin(), small.train.inputs.end(), large.train.inputs.begin()));
  CHECK(make_gaussian_mixture(config, core::Stream(118)).test.inputs != large.test.inputs);
}

TEST_CASE("gaussian_mixture: settings outside their range are refused", "[network][errors]") {
  const auto refused = [](auto change) {
    GaussianMixtureConfig config = two_classes(1, 1);
    change(config);
    GaussianMixture(config, core::Stream(1));
  };
  using Config = GaussianMixtureConfig;
  CHECK_THROWS_WITH(refused([](Config& c) { c.snr = 0; }),
                    ContainsSubstring("make_gaussian_mixture: snr = 0 (must be finite and > 0)"));
  CHECK_THROWS_WITH(refused([](Config& c) { c.clusters = 0; }),
                    ContainsSubstring("make_gaussian_mixture: clusters = 0 (must be >= 1)"));
  CHECK_THROWS_AS(refused([](Config& c) { c.snr = INFINITY; }), std::domain_error);
  CHECK_THROWS_AS(refused([](Config& c) { c.classes = 1; }), std::domain_error);
  CHECK_THROWS_AS(refused([](Config& c) { c.input_norm2 = 0; }), std::domain_error);
}

}  // namespace
}  // namespace rmtlab::network
