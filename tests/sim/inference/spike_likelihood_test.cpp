// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/spike_likelihood.hpp.
#include "sim/inference/spike_likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

#include <boost/math/special_functions/bessel.hpp>

#include "sim/core/random.hpp"
#include "sim/ensembles/laguerre_spectrum.hpp"
#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using namespace rmtlab;
using inference::log_likelihood_ratio;
using inference::log_sphere_average;

namespace {

std::vector<double> spectrum(std::size_t rows, std::size_t cols, double excess,
                             core::Stream stream) {
  const arma::vec values = ensembles::laguerre_spectrum(
      {.rows = static_cast<double>(rows), .cols = cols, .excess = excess}, stream);
  return {values.begin(), values.end()};
}

// James's series, whose zonal polynomials have one row here: with q_k the coefficients of
// prod_j (1 - a_j z)^(-1/2), the average is sum_k q_k / (M/2)_k. For a_j >= 0 every term is positive, so
// nothing cancels; other a_j are shifted first, which multiplies the average by an exponential.
double log_average_by_series(std::vector<double> values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double shift = *low, top = *high - *low;
  if (top == 0) return shift;
  std::vector<long double> power(values.size(), 1), sums, q{1};
  long double factor = 1, total = 1;  // factor = top^k / (M/2)_k
  const long double half = static_cast<long double>(values.size()) / 2;
  for (int k = 1; k < 20000; ++k) {
    long double sum = 0;
    for (std::size_t j = 0; j < values.size(); ++j)
      sum += power[j] *= (values[j] - shift) / static_cast<long double>(top);
    sums.push_back(sum);
    long double next = 0;
    for (int i = 1; i <= k; ++i) next += sums[i - 1] * q[k - i];
    q.push_back(next / (2 * k));
    factor *= top / (half + k - 1);
    const long double term = q.back() * factor;
    total += term;
    if (k > top && term < 1e-21L * total) break;
  }
  return static_cast<double>(std::log(total) + shift);
}

struct Moments {
  double mean = 0, error = 0;
};

Moments moments(const std::vector<double>& x) {
  const auto n = static_cast<double>(x.size());
  const double mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
  double square = 0;
  for (const double value : x) square += (value - mean) * (value - mean);
  return {mean, std::sqrt(square / (n - 1) / n)};
}

// 2F1(N/2, 1/2; M/2; h^2): second moment of the likelihood ratio under noise, first under the spike.
double second_moment(double rows, double cols, double excess) {
  double term = 1, sum = 1;
  for (int k = 0; term > 1e-17 * sum; ++k) {
    term *= (rows / 2 + k) * (0.5 + k) / ((cols / 2 + k) * (1 + k)) * excess * excess;
    sum += term;
  }
  return sum;
}

// Draws of noise and of the spike, with their log-likelihood ratios and largest eigenvalues.
struct Draws {
  std::vector<double> noise, spiked, noise_top, spiked_top;
};

Draws draws(std::size_t rows, std::size_t cols, double excess, std::size_t count,
            const char* name) {
  const core::Stream stream = core::Stream(20250611).child(name);
  Draws d;
  for (std::size_t r = 0; r < count; ++r) {
    const auto noise = spectrum(rows, cols, 0, stream.child("noise").child(r));
    const auto spiked = spectrum(rows, cols, excess, stream.child("spiked").child(r));
    d.noise.push_back(log_likelihood_ratio(noise, rows, excess));
    d.spiked.push_back(log_likelihood_ratio(spiked, rows, excess));
    d.noise_top.push_back(noise.back());
    d.spiked_top.push_back(spiked.back());
  }
  return d;
}

// Share of spiked draws above the (1 - level) quantile of the noise.
double power(std::vector<double> noise, const std::vector<double>& spiked, double level) {
  std::sort(noise.begin(), noise.end());
  const auto n = static_cast<double>(noise.size());
  const double threshold = noise[static_cast<std::size_t>((1 - level) * n)];
  return static_cast<double>(
             std::count_if(spiked.begin(), spiked.end(), [&](double x) { return x > threshold; })) /
         static_cast<double>(spiked.size());
}

}  // namespace

TEST_CASE("log_sphere_average: closed forms in one and two dimensions, and of multiples of I",
          "[inference][accuracy]") {
  for (const double a : {-40.0, -1.0, 0.0, 0.3, 5.0, 700.0})
    CHECK_THAT(log_sphere_average(std::vector{a}), WithinAbs(a, 1e-12 * (1 + std::abs(a))));
  for (const double a : {-3.0, 0.0, 2.0})
    for (const double gap : {0.0, 1e-3, 1.0, 20.0, 300.0}) {
      const double exact = a + gap / 2 + std::log(boost::math::cyl_bessel_i(0, gap / 2));
      CHECK_THAT(log_sphere_average(std::vector{a, a + gap}), WithinAbs(exact, 1e-11));
      CHECK_THAT(log_sphere_average(std::vector{a + gap, a}), WithinAbs(exact, 1e-11));
    }
  for (const std::size_t m : {3U, 20U, 256U})
    CHECK_THAT(log_sphere_average(std::vector<double>(m, 7.5)), WithinAbs(7.5, 1e-11));
}

TEST_CASE("log_sphere_average: Monte Carlo over the sphere in five dimensions", "[inference]") {
  const std::vector<double> a{-1, 0.2, 0.5, 1.5, 2.5};
  core::Stream stream(5);
  std::vector<double> x;
  for (int r = 0; r < 100000; ++r) {
    double norm = 0, form = 0;
    for (const double value : a) {
      const double g = stream.normal();
      norm += g * g;
      form += value * g * g;
    }
    x.push_back(std::exp(form / norm));
  }
  const Moments m = moments(x);
  REQUIRE(m.error < 0.006);
  // 4.5 standard errors: a false alarm in 150 000 seeds.
  CHECK(std::abs(m.mean - std::exp(log_sphere_average(a))) < 4.5 * m.error);
  // Negative control: the spectrum moved by 0.05.
  CHECK(std::abs(m.mean - std::exp(log_sphere_average(a) + 0.05)) > 4.5 * m.error);
}

TEST_CASE("log_sphere_average: agrees with James's series", "[inference][accuracy]") {
  // Rounding of the sums: a few hundred terms of size a few hundred, 1e-16 each.
  constexpr double tolerance = 1e-11;
  core::Stream stream(7);
  for (const std::size_t m : {2U, 3U, 5U, 12U, 40U})
    for (const double size : {0.1, 3.0, 40.0, 200.0}) {
      std::vector<double> a;
      for (std::size_t j = 0; j < m; ++j) a.push_back(size * (stream.uniform() - 0.3));
      CHECK_THAT(log_sphere_average(a), WithinAbs(log_average_by_series(a), tolerance));
      a.back() = 1.7 * size;  // one far from the others
      CHECK_THAT(log_sphere_average(a), WithinAbs(log_average_by_series(a), tolerance));
    }
  for (const std::size_t m : {20U, 128U, 256U})
    for (const double excess : {0.1, 0.7, 1.4, 3.0}) {
      auto a = spectrum(2 * m, m, excess, core::Stream(m));
      for (double& value : a) value *= static_cast<double>(m) * excess / (1 + excess);
      CHECK_THAT(log_sphere_average(a), WithinAbs(log_average_by_series(a), tolerance));
    }
}

TEST_CASE("log_likelihood_ratio: one column is the ratio of two chi-squared densities",
          "[inference]") {
  for (const double h : {-0.5, 0.01, 2.0})
    for (const double lambda : {0.0, 0.4, 1.0, 3.0})
      CHECK_THAT(log_likelihood_ratio(std::vector{lambda}, 9, h),
                 WithinAbs(-4.5 * std::log1p(h) + 4.5 * lambda * h / (1 + h), 1e-13));
  CHECK(log_likelihood_ratio(std::vector{0.5, 1.5}, 9, 0) == 0);
  // To first order in h the trace is all that counts: h N / 2 (mean lambda - 1).
  CHECK_THAT(log_likelihood_ratio(std::vector{0.5, 1.0, 2.1}, 20, 1e-7),
             WithinAbs(1e-7 * 10 * 0.2, 1e-11));
}

TEST_CASE("log_likelihood_ratio: it is a density, and its second moment the exact one",
          "[inference]") {
  constexpr std::size_t n = 40, m = 20, count = 4000;
  const double h = 0.6 * std::sqrt(0.5);
  const Draws d = draws(n, m, h, count, "moments");
  std::vector<double> noise, spiked, above;
  for (std::size_t r = 0; r < count; ++r) {
    noise.push_back(std::exp(d.noise[r]));
    spiked.push_back(std::exp(d.spiked[r]));
  }
  // The error is that of the law itself: Var_0 = 2F1 - 1.
  const double exact = second_moment(n, m, h);
  CHECK(exact > 1.15);
  CHECK(exact < 1.4);
  const double error = std::sqrt((exact - 1) / count);
  // 4.5 standard errors (the ratio is skew; its mean of 4000 is normal to a few per cent that far out).
  CHECK(std::abs(moments(noise).mean - 1) < 4.5 * error);
  const Moments under_spike = moments(spiked);
  CHECK(std::abs(under_spike.mean - exact) < 4.5 * under_spike.error);
  // Negative control: neither is the other.
  CHECK(std::abs(under_spike.mean - 1) > 4.5 * error);
  CHECK(std::abs(moments(noise).mean - exact) > 4.5 * error);

  // Change of measure: E_0[LR; lambda_max > t] = P_h(lambda_max > t).
  std::vector<double> tops = d.spiked_top;
  std::nth_element(tops.begin(), tops.begin() + count / 2, tops.end());
  const double t = tops[count / 2];
  for (std::size_t r = 0; r < count; ++r) above.push_back(d.noise_top[r] > t ? noise[r] : 0);
  const Moments share = moments(above);
  CHECK(std::abs(share.mean - 0.5) < 4.5 * std::hypot(share.error, 0.5 / std::sqrt(count)));
  // Negative control: without the weight the noise is rarer up there.
  std::vector<double> plain;
  for (const double top : d.noise_top) plain.push_back(top > t ? 1 : 0);
  CHECK(moments(plain).mean < 0.5 - 4.5 * 0.5 / std::sqrt(count / 2.0));
}

TEST_CASE("log_likelihood_ratio: no test has more power, and stronger spikes give it more",
          "[inference][slow]") {
  constexpr std::size_t n = 80, m = 40, count = 2000;
  double before = 0.05;
  for (const double strength : {0.7, 1.0, 1.5, 2.0}) {
    const Draws d = draws(n, m, strength * std::sqrt(0.5), count, "power");
    for (const double level : {0.05, 0.2}) {
      const double best = power(d.noise, d.spiked, level);
      const double edge = power(d.noise_top, d.spiked_top, level);
      // The quantile of the noise moves the level by sqrt(level / count); 3 errors of both shares, whose
      // draws are the same: a difference beyond it has odds below 1 in 700.
      CHECK(best > edge - 3 * std::sqrt(2 * (0.25 + level) / count));
      if (level == 0.05) {
        CHECK(best > before + 0.02);
        before = best;
      }
    }
  }
  // Negative control of the ordering: a deliberately weakened statistic loses to the ratio by far.
  const Draws d = draws(n, m, 1.5 * std::sqrt(0.5), count, "weak");
  std::vector<double> noise, spiked;
  core::Stream stream(11);
  for (std::size_t r = 0; r < count; ++r) {
    noise.push_back(d.noise[r] + 8 * stream.normal());
    spiked.push_back(d.spiked[r] + 8 * stream.normal());
  }
  CHECK(power(noise, spiked, 0.05) <
        power(d.noise, d.spiked, 0.05) - 3 * std::sqrt(2 * 0.3 / count));
}

TEST_CASE("spike_likelihood: arguments outside the domain are named", "[inference][errors]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(log_sphere_average({}), std::domain_error);
  CHECK_THROWS_WITH(log_sphere_average(std::vector{1.0, nan}),
                    ContainsSubstring("log_sphere_average: value = nan (must be finite)"));
  CHECK_THROWS_WITH(log_likelihood_ratio({}, 9, 1), ContainsSubstring("eigenvalues.size() = 0"));
  CHECK_THROWS_WITH(log_likelihood_ratio(std::vector{-0.1, 1.0}, 9, 1),
                    ContainsSubstring("eigenvalue = -0.1 (must be finite and >= 0)"));
  CHECK_THROWS_WITH(log_likelihood_ratio(std::vector{1.0}, 0, 1), ContainsSubstring("rows = 0"));
  CHECK_THROWS_WITH(log_likelihood_ratio(std::vector{1.0}, 9, -1),
                    ContainsSubstring("excess = -1 (must be finite and > -1)"));
}
