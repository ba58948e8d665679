// SPDX-License-Identifier: MIT
#include "sim/network/single_index.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;

namespace rmtlab::network {
namespace {

SingleIndexConfig small(std::size_t classes, double snr) {
  SingleIndexConfig config;
  config.input_dimension = 20;
  config.classes = classes;
  config.snr = snr;
  return config;
}

// theta . x / sqrt(theta^T Sigma theta) of every sample.
std::vector<double> projections(const SingleIndexConfig& config, const SingleIndex& model,
                                const Dataset& data) {
  const auto theta = model.direction();
  const double deviation = std::sqrt(GaussianInputs("test", config).variance_along(theta));
  std::vector<double> u(data.samples());
  for (std::size_t s = 0; s < u.size(); ++s)
    for (std::size_t i = 0; i < theta.size(); ++i)
      u[s] += theta[i] * double(data.input(s)[i]) / deviation;
  return u;
}

TEST_CASE("single_index: without noise the label is the quantile class of the projection",
          "[network]") {
  // Quartiles of the normal law, from tables.
  const std::vector<double> quartiles = {-0.67448975, 0, 0.67448975};
  for (const Covariance covariance : {Covariance::power_law, Covariance::toeplitz}) {
    SingleIndexConfig config = small(4, 0);
    config.covariance = covariance;
    const SingleIndex model(config, core::Stream(121));
    const Dataset data = model.draw(3000, core::Stream(122));
    const std::vector<double> u = projections(config, model, data);
    std::size_t compared = 0;
    for (std::size_t s = 0; s < u.size(); ++s) {
      // The inputs are rounded to float, so a projection this near to a quartile may be on either side.
      if (std::any_of(quartiles.begin(), quartiles.end(),
                      [&](double q) { return std::abs(u[s] - q) < 1e-5; }))
        continue;
      ++compared;
      const auto expected = std::upper_bound(quartiles.begin(), quartiles.end(), u[s]);
      REQUIRE(data.labels[s] == expected - quartiles.begin());
    }
    CHECK(compared > 2990);
  }
}

TEST_CASE("single_index: classes are equally frequent with and without noise",
          "[network][statistical]") {
  const std::size_t n = 14000;
  for (const double snr : {0.0, 0.5}) {
    const SingleIndex model(small(7, snr), core::Stream(123));
    const Dataset data = model.draw(n, core::Stream(124));
    std::vector<double> count(7);
    for (const Label label : data.labels) count[label] += 1;
    // Binomial (n, 1/7): standard deviation 41.4; beyond 4.5 with probability 7e-6, 14 tests.
    for (const double c : count) CHECK(std::abs(c - 2000) < 4.5 * 41.4);
  }
}

TEST_CASE("single_index: noise flips as many labels as the arc cosine law says",
          "[network][statistical]") {
  const std::size_t n = 20000;
  const auto agreement_law = [](double snr) {
    return 1 - std::acos(std::sqrt(snr / (snr + 1))) / std::numbers::pi;
  };
  const SingleIndex clean_model(small(2, 0), core::Stream(125));
  const Dataset clean = clean_model.draw(n, core::Stream(126));
  for (const double snr : {0.1, 1.0, 9.0}) {
    CAPTURE(snr);
    const SingleIndexConfig config = small(2, snr);
    const SingleIndex model(config, core::Stream(125));
    const Dataset noisy = model.draw(n, core::Stream(126));
    REQUIRE(noisy.inputs == clean.inputs);
    double agreement = 0, correlation = 0;
    const std::vector<double> u = projections(config, model, noisy);
    for (std::size_t s = 0; s < n; ++s) {
      agreement += (noisy.labels[s] == clean.labels[s]) / double(n);
      correlation += (noisy.labels[s] == 1 ? 1 : -1) * u[s] / double(n);
    }
    // Beyond 4.5 standard deviations with probability 7e-6, six such tests here.
    const auto deviation = [&](double p) {
      return (agreement - p) / std::sqrt(p * (1 - p) / double(n));
    };
    CHECK(std::abs(deviation(agreement_law(snr))) < 4.5);
    CHECK(std::abs(deviation(agreement_law(2 * snr))) > 4.5);  // negative control
    // E sign(g) u = r sqrt(2/pi), and (sign(g) u)^2 = u^2 has mean 1.
    const double expected = std::sqrt(snr / (snr + 1)) * std::sqrt(2 / std::numbers::pi);
    CHECK(std::abs(correlation - expected) <
          4.5 * std::sqrt((1 - expected * expected) / double(n)));
  }
}

TEST_CASE("single_index: the direction is uniform on the sphere", "[network][statistical]") {
  const std::size_t d = 5, count = 2000;
  SingleIndexConfig config;
  config.input_dimension = d;
  std::vector<double> square(d), cross(d);
  for (std::size_t k = 0; k < count; ++k) {
    const SingleIndex model(config, core::Stream(127).child(k));
    const auto theta = model.direction();
    double norm2 = 0;
    for (std::size_t i = 0; i < d; ++i) {
      norm2 += theta[i] * theta[i];
      square[i] += theta[i] * theta[i] / double(count);
      cross[i] += theta[i] * theta[(i + 1) % d] / double(count);
    }
    REQUIRE_THAT(norm2, WithinAbs(1, 1e-14));
  }
  // On the sphere E t^2 = 1/d, E t^4 = 3/(d(d+2)), E t_i^2 t_j^2 = 1/(d(d+2)): standard deviations of
  // one t^2 and t_i t_j are 0.214 and 0.169. Beyond 4.5 with probability 7e-6, ten tests.
  for (const double s : square) CHECK(std::abs(s - 0.2) < 4.5 * 0.214 / std::sqrt(double(count)));
  for (const double c : cross) CHECK(std::abs(c) < 4.5 * 0.169 / std::sqrt(double(count)));
}

TEST_CASE("single_index: streams and refusals", "[network][repro][errors]") {
  SingleIndexConfig config = small(3, 2);
  config.train_samples = 50;
  config.test_samples = 20;
  const DataSplit few = make_single_index(config, core::Stream(128));
  config.train_samples = 90;
  const DataSplit many = make_single_index(config, core::Stream(128));
  CHECK(few.test.inputs == many.test.inputs);
  CHECK(few.test.labels == many.test.labels);
  CHECK(std::equal(few.train.labels.begin(), few.train.labels.end(), many.train.labels.begin()));
  CHECK(few.train.inputs[0] != few.test.inputs[0]);
  config.snr = NAN;
  CHECK_THROWS_AS(make_single_index(config, core::Stream(1)), std::domain_error);
  CHECK_THROWS_WITH(make_single_index(small(1, 0), core::Stream(1)),
                    ContainsSubstring("make_single_index: classes = 1 (must be >= 2)"));
}

}  // namespace
}  // namespace rmtlab::network
