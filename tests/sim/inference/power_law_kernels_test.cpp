// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"

namespace rmtlab::inference {
namespace {

using Values = std::vector<double>;

constexpr double eps = std::numeric_limits<double>::epsilon();

std::vector<PowerLawInstructions> available() {
  std::vector<PowerLawInstructions> sets{PowerLawInstructions::plain};
  if (widest_power_law_instructions() != PowerLawInstructions::plain)
    sets.push_back(PowerLawInstructions::avx2);
  if (widest_power_law_instructions() == PowerLawInstructions::avx512)
    sets.push_back(PowerLawInstructions::avx512);
  return sets;
}

TEST_CASE("power_law_kernels: exponential and logarithm against long double",
          "[inference][accuracy]") {
  core::Stream stream = core::Stream(1).child("kernels");
  long double worst_exp = 0, worst_log = 0;
  for (int i = 0; i < 200000; ++i) {
    // Half of the points over the whole range, half where the fit's numbers are.
    const double x = -(i % 2 == 0 ? 708 : 3) * stream.uniform();
    const long double exact = std::exp(static_cast<long double>(x));
    worst_exp = std::max(worst_exp, std::abs(exp_of_negative(x) / exact - 1));
    // Down to 2^-53, and close to 1, where the logarithm vanishes.
    double u = stream.uniform();
    if (i % 4 == 1) u = std::exp2(-52 * u);
    if (i % 4 == 2) u = 1 - std::exp2(-52 * u) / 2;
    const long double minus_log = -std::log(static_cast<long double>(u));
    worst_log = std::max(worst_log, std::abs(minus_log_of_uniform(u) / minus_log - 1));
  }
  CHECK(worst_exp < 0.8 * eps);  // the bounds stated in the header
  CHECK(worst_log < 1.5 * eps);
  CHECK(exp_of_negative(0) == 1);
  CHECK(exp_of_negative(-0.0) == 1);
  CHECK(exp_of_negative(-1e300) == exp_of_negative(-708));
}

TEST_CASE("power_law_kernels: logarithms of ratios keep the digits of neighbours",
          "[inference][accuracy]") {
  core::Stream stream = core::Stream(2).child("kernels");
  long double worst = 0;
  for (int i = 0; i < 100000; ++i) {
    const double lower = std::pow(10, 40 * stream.uniform() - 20);
    const double upper = lower * (1 + std::exp2(-45 * stream.uniform()) * (i % 3 == 0 ? 100 : 1));
    if (upper == lower) continue;
    const auto wide_lower = static_cast<long double>(lower);
    const long double exact =
        std::log1p((static_cast<long double>(upper) - wide_lower) / wide_lower);
    worst = std::max(worst, std::abs(log_ratio(lower, upper) / exact - 1));
  }
  CHECK(worst < 2 * eps);
  // The ends of the exponent range, where sums and ratios overflow.
  CHECK(std::abs(log_ratio(1e-300, 1e300) / (600 * std::log(10.0)) - 1) < 2 * eps);
  const double near_largest = 0x1.fp1023, largest = 0x1.fcp1023;
  CHECK(std::abs(log_ratio(near_largest, largest) / std::log1p(3.0L / 124) - 1) < 2 * eps);
  CHECK(log_ratio(3, 3) == 0);
}

TEST_CASE("power_law_kernels: every instruction set gives the same bits", "[inference][repro]") {
  core::Stream stream = core::Stream(3).child("kernels");
  // Lengths around the vector widths, and long ones.
  for (const std::size_t n : {1U, 2U, 7U, 8U, 9U, 15U, 16U, 17U, 31U, 64U, 65U, 1000U}) {
    CAPTURE(n);
    Values values(n + 1), y(n), up(n + 1), a(n), m(n), uniform(n);
    double sum = 1;
    for (double& v : values) v = sum += (stream.below(5) == 0 ? 10 : 1e-3) * stream.uniform() * sum;
    for (std::size_t k = 0; k < n; ++k) {
      y[k] = std::log(values[k]);
      up[k] = static_cast<double>(3 * (n - k));
      a[k] = 0.1 + 3 * stream.uniform();
      m[k] = up[k];
      uniform[k] = stream.uniform();
    }
    const Witness witness{y[n - 1] + 0.1, 5, 3};
    std::vector<Values> results;
    for (const PowerLawInstructions set : available()) {
      const PowerLawKernels& kernels = power_law_kernels(set);
      Values all(n);
      kernels.log_spacings(values.data(), n, all.data());
      Values expected(n), every_other((n + 1) / 2), bound(n, 0.01), logs = uniform;
      kernels.expected(y.data(), 1, n, y[0], a[0], 3.0 * static_cast<double>(n), expected.data());
      kernels.expected(y.data(), 2, every_other.size(), y[0], a[0], 7, every_other.data());
      kernels.raise_bounds(y.data(), a.data(), m.data(), n, witness, bound.data());
      kernels.minus_log(logs.data(), n);
      const double gap = kernels.largest_gap(expected.data(), up.data(), n, 1);
      for (const Values& part : {expected, every_other, bound, logs, Values{gap}})
        all.insert(all.end(), part.begin(), part.end());
      results.push_back(all);

      // And those of one element at a time.
      double largest = 0;
      for (std::size_t k = 0; k < n; ++k) {
        CHECK(all[k] == log_ratio(values[k], values[k + 1]));
        CHECK(expected[k] == 3.0 * static_cast<double>(n) * exp_of_negative(-a[0] * (y[k] - y[0])));
        CHECK(logs[k] == minus_log_of_uniform(uniform[k]));
        largest = std::max({largest, up[k] - expected[k], expected[k] - (up[k + 1] + 1)});
      }
      CHECK(gap == largest);
    }
    for (const Values& result : results) CHECK(result == results.front());
  }
}

}  // namespace
}  // namespace rmtlab::inference
