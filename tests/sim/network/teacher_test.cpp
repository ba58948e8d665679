// SPDX-License-Identifier: MIT
#include "sim/network/teacher.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;

namespace rmtlab::network {
namespace {

std::vector<double> class_fractions(const Dataset& data) {
  std::vector<double> fractions(data.classes);
  for (const Label label : data.labels) fractions[label] += 1.0 / double(data.samples());
  return fractions;
}

// Mean of x_i x_j over the samples, i and j from 1.
double second_moment(const Dataset& data, std::size_t i, std::size_t j) {
  double sum = 0;
  for (std::size_t k = 0; k < data.samples(); ++k)
    sum += double(data.input(k)[i - 1]) * double(data.input(k)[j - 1]);
  return sum / double(data.samples());
}

// s^2 of the model: s^2 sum_i i^-a = input_norm2.
double scale2(const TeacherConfig& config) {
  double sum = 0;
  for (std::size_t i = 1; i <= config.input_dimension; ++i)
    sum += std::pow(double(i), -config.covariance_exponent);
  return config.input_norm2 / sum;
}

TEST_CASE("teacher: the inputs have the covariance s^2 i^-a and the norm asked for",
          "[network][statistical]") {
  const TeacherConfig config;
  const Dataset data = make_teacher(config, core::Stream(31)).train;
  REQUIRE(data.samples() == 4000);
  REQUIRE(data.inputs.size() == 4000 * 784);
  const double n = 4000, s2 = scale2(config);

  // A mean square of n normals has relative deviation sqrt(2/n); beyond 4.5 of them with
  // probability 7e-6, eight such tests here.
  const auto deviation = [&](std::size_t i, double exponent) {
    const double expected = s2 * std::pow(double(i), -exponent);
    return (second_moment(data, i, i) / expected - 1) / std::sqrt(2 / n);
  };
  for (const std::size_t i : {1U, 2U, 3U, 10U, 100U, 784U}) {
    CAPTURE(i);
    CHECK(std::abs(deviation(i, 1.0)) < 4.5);
  }
  CHECK(std::abs(deviation(784, 0.9)) > 4.5);  // negative control

  const auto correlation = [&](std::size_t i, std::size_t j) {
    return second_moment(data, i, j) /
           std::sqrt(second_moment(data, i, i) * second_moment(data, j, j));
  };
  CHECK(std::abs(correlation(1, 2)) < 4.5 / std::sqrt(n));
  CHECK(std::abs(correlation(10, 784)) < 4.5 / std::sqrt(n));

  // Var ||x||^2 = 2 s^4 sum i^-2a.
  double sum = 0;
  for (std::size_t i = 1; i <= 784; ++i) sum += std::pow(double(i), -2.0);
  const double spread = std::sqrt(2 * s2 * s2 * sum / n);
  CHECK(std::abs(mean_norm2(data) - 96.04) < 4.5 * spread);
  CHECK(std::abs(mean_norm2(data) - 1.03 * 96.04) > 4.5 * spread);  // negative control
}

TEST_CASE("teacher: classes are about equally frequent, and zipf favours the first",
          "[network][statistical]") {
  // A teacher is one draw: its fractions scatter. Of 60 streams the smallest of 10 classes has
  // 2.8 % of the samples, the largest 23.7 %.
  const auto fractions = class_fractions(make_teacher({}, core::Stream(32)).train);
  CHECK(*std::min_element(fractions.begin(), fractions.end()) > 0.015);
  CHECK(*std::max_element(fractions.begin(), fractions.end()) < 0.30);

  // Over teachers the classes are exchangeable without zipf: the first has 1/10 on average.
  const auto first_class = [](double zipf) {
    TeacherConfig config;
    config.input_dimension = 30;
    config.train_samples = 500;
    config.test_samples = 1;
    config.zipf = zipf;
    std::vector<double> found;
    for (std::uint64_t k = 0; k < 20; ++k)
      found.push_back(
          class_fractions(make_teacher(config, core::Stream(32).child(k)).train).front());
    return found;
  };
  const std::vector<double> equal = first_class(0), favoured = first_class(0.5);
  const double mean = std::accumulate(equal.begin(), equal.end(), 0.0) / 20;
  double variance = 0;
  for (const double f : equal) variance += (f - mean) * (f - mean) / 19;
  // Student's t with 19 degrees of freedom: beyond 5 with probability 8e-5.
  const double error = std::sqrt(variance / 20);
  CHECK(std::abs(mean - 0.1) < 5 * error);
  const double favoured_mean = std::accumulate(favoured.begin(), favoured.end(), 0.0) / 20;
  CHECK(favoured_mean - 0.1 > 10 * error);  // negative control
}

TEST_CASE("teacher: test set and first samples do not depend on the number of training samples",
          "[network][repro]") {
  const core::Stream stream(33);
  TeacherConfig config;
  config.input_dimension = 30;
  config.train_samples = 100;
  config.test_samples = 70;
  const DataSplit small = make_teacher(config, stream);
  config.train_samples = 257;
  const DataSplit large = make_teacher(config, stream);
  CHECK(small.test.inputs == large.test.inputs);
  CHECK(small.test.labels == large.test.labels);
  CHECK(
      std::equal(small.train.inputs.begin(), small.train.inputs.end(), large.train.inputs.begin()));
  CHECK(
      std::equal(small.train.labels.begin(), small.train.labels.end(), large.train.labels.begin()));
  CHECK(small.train.inputs[0] != small.test.inputs[0]);
  CHECK(make_teacher(config, core::Stream(34)).test.inputs != large.test.inputs);
}

TEST_CASE("teacher: input_norm2 scales the inputs and leaves the labels", "[network][property]") {
  // The teacher has no biases and its outputs are standardised: only directions matter. The scale
  // of 4 is a power of two, so that every rounding is the same.
  TeacherConfig config;
  config.input_dimension = 30;
  config.train_samples = 200;
  const DataSplit one = make_teacher(config, core::Stream(35));
  config.input_norm2 *= 16;
  const DataSplit four = make_teacher(config, core::Stream(35));
  CHECK(one.train.labels == four.train.labels);
  CHECK(four.train.inputs[5] == 4 * one.train.inputs[5]);
}

TEST_CASE("teacher: noise on the outputs decides as much as the signal to noise ratio says",
          "[network][statistical]") {
  TeacherConfig config;
  config.input_dimension = 30;
  config.classes = 4;
  config.train_samples = 4000;
  const core::Stream stream(36);
  const auto labels = [&](double snr) {
    config.snr = snr;
    return make_teacher(config, stream);
  };
  const DataSplit clean = labels(0);
  const auto agreement = [&](const DataSplit& data) {
    REQUIRE(data.train.inputs == clean.train.inputs);
    double equal = 0;
    for (std::size_t i = 0; i < 4000; ++i)
      equal += (data.train.labels[i] == clean.train.labels[i]) / 4000.0;
    return equal;
  };
  CHECK(labels(INFINITY).train.labels == clean.train.labels);
  CHECK(agreement(labels(1e12)) > 0.999);
  // Nothing but noise: the label is the largest of four normals of the noise's stream.
  const DataSplit noise = labels(1e-12);
  core::Stream eta = stream.child("train").child("noise");
  for (const Label label : noise.train.labels) {
    std::array<double, 4> draws{};
    for (double& value : draws) value = eta.normal();
    REQUIRE(label == std::ranges::max_element(draws) - draws.begin());
  }
  // Binomial (4000, 1/4); beyond 4.5 standard deviations with probability 7e-6.
  CHECK(std::abs(agreement(noise) - 0.25) < 4.5 * std::sqrt(0.25 * 0.75 / 4000));
  // In between, in order, and the test set has noise too.
  const DataSplit half = labels(1);
  CHECK(agreement(labels(0.1)) < agreement(half) - 0.1);
  CHECK(agreement(half) < agreement(labels(10)) - 0.1);
  CHECK(half.test.labels != clean.test.labels);
  CHECK(half.test.inputs == clean.test.inputs);
}

TEST_CASE("teacher: inputs may be correlated", "[network][statistical]") {
  TeacherConfig config;
  config.input_dimension = 30;
  config.covariance = Covariance::toeplitz;
  config.correlation = 0.6;
  const Dataset data = make_teacher(config, core::Stream(37)).train;
  const double s2 = config.input_norm2 / 30;
  // As in the tests of GaussianInputs; three tests.
  const auto deviation = [&](std::size_t i, std::size_t j, double c) {
    return (second_moment(data, i, j) / s2 - c) / std::sqrt((1 + c * c) / 4000);
  };
  CHECK(std::abs(deviation(30, 30, 1)) < 4.5);
  CHECK(std::abs(deviation(7, 8, 0.6)) < 4.5);
  CHECK(std::abs(deviation(20, 22, 0.36)) < 4.5);
  CHECK(std::abs(deviation(7, 8, 0.45)) > 4.5);  // negative control
}

TEST_CASE("teacher: settings outside their range are refused", "[network][errors]") {
  const auto refused = [](auto change) {
    TeacherConfig config;
    change(config);
    make_teacher(config, core::Stream(1));
  };
  CHECK_THROWS_WITH(refused([](TeacherConfig& c) { c.classes = 1; }),
                    ContainsSubstring("make_teacher: classes = 1 (must be >= 2)"));
  CHECK_THROWS_WITH(refused([](TeacherConfig& c) { c.train_samples = 0; }),
                    ContainsSubstring("make_teacher: train_samples = 0 (must be >= 1)"));
  CHECK_THROWS_WITH(refused([](TeacherConfig& c) { c.zipf = -0.5; }),
                    ContainsSubstring("make_teacher: zipf = -0.5 (must be finite and >= 0)"));
  CHECK_THROWS_WITH(refused([](TeacherConfig& c) { c.input_norm2 = 0; }),
                    ContainsSubstring("make_teacher: input_norm2 = 0 (must be finite and > 0)"));
  CHECK_THROWS_AS(refused([](TeacherConfig& c) { c.covariance_exponent = NAN; }),
                  std::domain_error);
  CHECK_THROWS_WITH(refused([](TeacherConfig& c) { c.snr = -1; }),
                    ContainsSubstring("make_teacher: snr = -1 (must be >= 0)"));
}

TEST_CASE("dataset: random labels are as many as asked for, nested, and uniform",
          "[network][statistical]") {
  const std::size_t n = 20000, K = 5;
  const Dataset clean{1, K, std::vector<float>(n), std::vector<Label>(n, Label{2})};
  const auto changed = [&](double fraction) {
    Dataset data = clean;
    randomise_labels(data, fraction, core::Stream(71));
    return data.labels;
  };
  CHECK(changed(0) == clean.labels);
  const auto some = changed(0.3), all = changed(1);
  std::vector<double> count(K);
  double different = 0;
  for (std::size_t i = 0; i < n; ++i) {
    different += some[i] != 2;
    count[all[i]] += 1;
    if (some[i] != 2 && some[i] != all[i]) {
      CAPTURE(i);
      CHECK(some[i] == all[i]);
    }
  }
  // Binomial; beyond 4.5 standard deviations with probability 7e-6 each.
  const auto deviates = [&](double found, double p) {
    return std::abs(found - double(n) * p) > 4.5 * std::sqrt(double(n) * p * (1 - p));
  };
  CHECK_FALSE(deviates(different, 0.3 * 0.8));
  CHECK(deviates(different, 0.3));  // negative control: not all that are drawn change
  for (const double c : count) CHECK_FALSE(deviates(c, 0.2));
  Dataset data = clean;
  CHECK_THROWS_AS(randomise_labels(data, 1.5, core::Stream(71)), std::domain_error);
}

}  // namespace
}  // namespace rmtlab::network
