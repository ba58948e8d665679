// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_resampling.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>

#include "tests/catch.hpp"

namespace rmtlab::inference {
namespace {

using boost::math::cdf;
using boost::math::complement;
using core::Stream;

// P-value of Pearson's test that draws of binomial(n, p) follow the law of `trials` and `success`:
// cells of expected count >= 10.
double binomial_test(std::uint64_t n, double p, double success, Stream stream) {
  constexpr int draws = 20000;
  std::vector<double> seen(n + 1, 0.0);
  for (int d = 0; d < draws; ++d) seen[binomial(n, p, stream)] += 1;
  const boost::math::binomial law(static_cast<double>(n), success);
  double statistic = 0, expected = 0, observed = 0;
  int cells = 0;
  for (std::uint64_t k = 0; k <= n; ++k) {
    expected += draws * boost::math::pdf(law, static_cast<double>(k));
    observed += seen[k];
    const double rest = draws * cdf(complement(law, static_cast<double>(k)));
    if (expected < 10 || (rest < 10 && k < n)) continue;
    statistic += (observed - expected) * (observed - expected) / expected;
    expected = observed = 0;
    ++cells;
  }
  return cdf(complement(boost::math::chi_squared(cells - 1), statistic));
}

TEST_CASE("power_law_resampling: binomial draws follow their law", "[inference][statistical]") {
  // By inversion and by rejection, on both sides of 1/2. A fixed seed; one in 2000 seeds would fail
  // (9 tests at 1e-4 either way).
  struct Row {
    std::uint64_t n;
    double p;
  };
  const auto row = GENERATE(Row{1, 0.3}, Row{20, 0.2}, Row{1000, 0.004}, Row{1000, 0.9},
                            Row{50, 0.5}, Row{5000, 0.0024}, Row{3000, 0.01}, Row{400, 0.97});
  CAPTURE(row.n, row.p);
  const Stream stream = Stream(20240501).child("binomial").child(row.n);
  CHECK(binomial_test(row.n, row.p, row.p, stream) > 1e-4);
  // Negative control: a success probability 2 standard errors of 20,000 draws' mean times 5 away.
  const double sd = std::sqrt(row.p * (1 - row.p) / static_cast<double>(row.n));
  CHECK(binomial_test(row.n, row.p, row.p + (row.p < 0.5 ? 0.1 : -0.1) * sd, stream) < 1e-4);
}

TEST_CASE("power_law_resampling: the ends of the binomial law", "[inference][limit]") {
  Stream stream(1);
  CHECK(binomial(0, 0.5, stream) == 0);
  CHECK(binomial(1000, 0, stream) == 0);
  CHECK(binomial(1000, 1, stream) == 1000);
  // Huge n: the mean within 5 standard deviations.
  const std::uint64_t n = std::uint64_t{1} << 50;
  const auto taken = static_cast<double>(binomial(n, 0.25, stream));
  CHECK(std::abs(taken - 0.25 * double(n)) < 5 * std::sqrt(0.1875 * double(n)));
}

TEST_CASE("power_law_resampling: draws from a multiset are multinomial, whatever the method",
          "[inference][statistical]") {
  // All values once; short list of repeats; long counts. Every total is exact, and the mean counts
  // of 4000 resamples are within 5 standard errors (one in 10,000 seeds for all cells together).
  const auto weight = GENERATE(std::vector<double>{1, 1, 1, 1, 1}, std::vector<double>{3, 1, 5, 1},
                               std::vector<double>{300, 20, 0, 1, 5000});
  std::vector<double> at_least(weight.size() + 1, 0.0);
  for (std::size_t k = weight.size(); k-- > 0;) at_least[k] = at_least[k + 1] + weight[k];
  const Multiset multiset(at_least);
  const double n = at_least.front();
  constexpr std::uint64_t draws = 50;
  constexpr int resamples = 4000;
  Stream stream = Stream(2).child("multiset").child(weight.size());
  std::vector<double> counts, sums(weight.size(), 0.0), squares(weight.size(), 0.0);
  for (int r = 0; r < resamples; ++r) {
    multiset.draw(draws, stream, counts);
    REQUIRE(std::accumulate(counts.begin(), counts.end(), 0.0) == double(draws));
    for (std::size_t k = 0; k < counts.size(); ++k) {
      sums[k] += counts[k];
      squares[k] += counts[k] * counts[k];
    }
  }
  for (std::size_t k = 0; k < weight.size(); ++k) {
    const double p = weight[k] / n;
    const double variance = double(draws) * p * (1 - p);
    const double mean = sums[k] / resamples;
    CHECK(std::abs(mean - double(draws) * p) <= 5 * std::sqrt(variance / resamples));
    // The variance has relative error about sqrt(2 / 4000) = 0.022, more for rare cells.
    if (variance > 1)
      CHECK(std::abs(squares[k] / resamples - mean * mean - variance) < 0.15 * variance);
  }
}

TEST_CASE("power_law_resampling: spacings add up to a sorted sample of the law",
          "[inference][statistical]") {
  // Kolmogorov-Smirnov distance of 4000 values from the law, both known: sqrt(n) D > 2.2 once in
  // 8000 samples.
  constexpr std::size_t n = 4000;
  struct Row {
    double a, length;
  };
  const auto row = GENERATE(Row{1.5, 0}, Row{2, 1}, Row{-2, 1.5}, Row{0, 3}, Row{-400, 2});
  CAPTURE(row.a, row.length);
  Stream stream = Stream(3).child("spacings");
  std::vector<double> spacing;
  if (row.length == 0)
    exponential_spacings(n, row.a, stream, spacing);
  else
    truncated_spacings(n, row.a, row.length, stream, spacing);
  REQUIRE(spacing.size() == n);
  const auto law = [&](double a, double y) {
    if (row.length == 0) return -std::expm1(-a * y);
    if (a == 0) return y / row.length;
    if (a > 0) return std::expm1(-a * y) / std::expm1(-a * row.length);
    return std::exp(a * (row.length - y)) * std::expm1(a * y) / std::expm1(a * row.length);
  };
  double y = 0, distance = 0, wrong = 0;
  for (std::size_t k = 0; k < n; ++k) {
    REQUIRE(spacing[k] >= 0);
    y += spacing[k];
    const auto below = static_cast<double>(k) / n;
    const double other = row.a == 0 ? 0.3 : 1.3 * row.a;
    distance = std::max({distance, law(row.a, y) - below, below + 1.0 / n - law(row.a, y)});
    wrong = std::max({wrong, law(other, y) - below, below + 1.0 / n - law(other, y)});
  }
  if (row.length > 0) CHECK(y <= row.length * (1 + 1e-12));
  CHECK(std::sqrt(double(n)) * distance < 2.2);
  CHECK(std::sqrt(double(n)) * wrong > 2.2);  // negative control: another exponent
}

}  // namespace
}  // namespace rmtlab::inference
