// SPDX-License-Identifier: MIT
#include "sim/inference/tail_index.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>

#include "sim/core/random.hpp"
#include "sim/inference/power_law.hpp"
#include "tests/catch.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using core::Stream;
using Values = std::vector<double>;

// The definitions, in long double, on the sorted list.
struct Obvious {
  long double m1 = 0, m2 = 0;
};

Obvious moments(Values x, std::size_t k) {
  std::sort(x.begin(), x.end(), std::greater<>());
  Obvious m;
  for (std::size_t i = 0; i < k; ++i) {
    const long double e = std::log(static_cast<long double>(x[i]) / x[k]);
    m.m1 += e / static_cast<long double>(k);
    m.m2 += e * e / static_cast<long double>(k);
  }
  return m;
}

Values pareto(Stream stream, std::size_t n, double xi) {
  Values values(n);
  for (double& x : values) x = std::pow(stream.uniform(), -xi);
  return values;
}

TEST_CASE("tail_index: estimators match their definitions, with and without ties",
          "[inference][accuracy]") {
  Values values = pareto(Stream(1).child("tail index"), 300, 0.5);
  if (GENERATE(false, true))
    for (double& x : values) x = std::ceil(4 * x) / 4;
  const CountedValues sample = count_values(values);
  Values sorted = values;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  for (const std::size_t k : {2U, 5U, 20U, 75U, 299U}) {
    CAPTURE(k);
    const Obvious m = moments(values, k);
    const TailIndex h = hill(sample, k);
    CHECK_THAT(h.xi, WithinRel(static_cast<double>(m.m1), 1e-14));
    CHECK_THAT(h.alpha, WithinRel(static_cast<double>(1 + 1 / m.m1), 1e-14));
    CHECK_THAT(h.standard_error, WithinRel(h.xi / std::sqrt(double(k)), 1e-15));
    CHECK(h.threshold == sorted[k]);
    CHECK(h.k == k);
    const TailIndex moment = moment_tail_index(sample, k);
    const long double spread = 1 - m.m1 * m.m1 / m.m2;
    // The cancellation in 1 - M1^2/M2 costs its reciprocal.
    CHECK_THAT(moment.xi, WithinAbs(static_cast<double>(m.m1 + 1 - 0.5L / spread),
                                    1e-14 / static_cast<double>(spread * spread)));
    if (4 * k > 300 || sorted[k - 1] == sorted[2 * k - 1]) continue;
    const TailIndex p = pickands(sample, k);
    CHECK_THAT(p.xi, WithinAbs(std::log2((sorted[k - 1] - sorted[2 * k - 1]) /
                                         (sorted[2 * k - 1] - sorted[4 * k - 1])),
                               1e-13));
    CHECK(p.threshold == sorted[4 * k - 1]);
  }
}

TEST_CASE("tail_index: Hill's estimator is the power-law fit at its threshold",
          "[inference][property]") {
  const CountedValues sample = count_values(pareto(Stream(2).child("tail index"), 400, 1));
  const TailIndex h = hill(sample, 100);
  const PowerLawFit fit = fit_power_law(sample, {.xmin = h.threshold});
  CHECK(fit.n_tail == 101);  // xmin among them
  CHECK_THAT(1 / (fit.alpha - 1), WithinRel(h.xi * 100 / 101, 1e-13));
}

TEST_CASE("tail_index: the curve holds the estimates at distinct values", "[inference][property]") {
  const CountedValues sample = count_values(pareto(Stream(3).child("tail index"), 5000, 0.7));
  const auto all = hill_curve(sample, 10000);
  REQUIRE(all.size() == 4999);
  for (const std::size_t at : {0U, 10U, 4998U}) {
    CHECK(all[at].k == at + 1);
    CHECK(all[at].xi == hill(sample, at + 1).xi);
  }
  const auto some = hill_curve(sample, 60);
  CHECK(some.size() <= 61);
  CHECK(some.size() >= 30);
  CHECK(some.front().k == 1);
  CHECK(std::is_sorted(some.begin(), some.end(),
                       [](const TailIndex& a, const TailIndex& b) { return a.k < b.k; }));
  // Repeats: k is the number of values above the threshold.
  const auto ties = hill_curve(count_values(Values{1, 2, 2, 4, 4, 4}));
  REQUIRE(ties.size() == 2);
  CHECK(ties[0].k == 3);
  CHECK_THAT(ties[0].xi, WithinRel(std::log(2.0), 1e-15));
  CHECK(ties[1].k == 5);
  CHECK_THAT(ties[1].xi, WithinRel(8 * std::log(2.0) / 5, 1e-15));
}

TEST_CASE("tail_index: standard errors are those of many samples", "[inference][statistical]") {
  // 400 samples of 2000 values with exact generalised Pareto tails, k = 200 (Pickands 100). The
  // standard deviation of the estimates has relative error 1/sqrt(800) = 3.5 %; the limit of 20 %
  // leaves room for the asymptotic formula. Means within 5 standard errors of the truth plus the
  // order-1/k bias.
  const double xi = GENERATE(0.5, 1.0);
  CAPTURE(xi);
  struct Sum {
    double x = 0, xx = 0, quoted = 0;
    void add(const TailIndex& t) {
      x += t.xi;
      xx += t.xi * t.xi;
      quoted += t.standard_error;
    }
    void check(double truth, double bias) const {
      const double n = 400;
      const double mean = x / n;
      const double sd = std::sqrt(xx / n - mean * mean);
      CHECK_THAT(quoted / n, WithinRel(sd, 0.2));
      CHECK_THAT(mean, WithinAbs(truth, 5 * sd / std::sqrt(n) + bias));
    }
  };
  Sum h, m, p;
  for (std::uint64_t s = 0; s < 400; ++s) {
    const CountedValues sample =
        count_values(pareto(Stream(4).child("tail index").child(s), 2000, xi));
    h.add(hill(sample, 200));
    m.add(moment_tail_index(sample, 200));
    p.add(pickands(sample, 100));
  }
  h.check(xi, 0);
  m.check(xi, 0.02);
  p.check(xi, 0.05);
}

TEST_CASE("tail_index: tails without a power law", "[inference][statistical]") {
  // Uniform values have xi = -1 and exponential ones xi = 0; 2000 values, k = 400, limits of five
  // standard errors (moment: sd 0.09 and 0.05; Pickands with k = 100: 0.18, 0.18).
  Stream stream = Stream(5).child("tail index");
  Values uniform(2000), exponential(2000);
  for (double& x : uniform) x = 1 + stream.uniform();
  for (double& x : exponential) x = 10 - std::log(stream.uniform());
  const TailIndex end = moment_tail_index(count_values(uniform), 400);
  CHECK_THAT(end.xi, WithinAbs(-1, 0.45));
  CHECK(end.alpha == std::numeric_limits<double>::infinity());
  CHECK(end.standard_error > 0);
  CHECK_THAT(pickands(count_values(uniform), 100).xi, WithinAbs(-1, 0.9));
  CHECK_THAT(pickands(count_values(exponential), 100).xi, WithinAbs(0, 0.9));
  // Hill's estimator knows powers only.
  CHECK(hill(count_values(uniform), 400).xi > 0);
}

TEST_CASE("tail_index: refuses what it cannot estimate from", "[inference][errors]") {
  const CountedValues sample = count_values(Values{1, 2, 3, 4, 4, 4});
  CHECK_THROWS_WITH(hill(sample, 0),
                    ContainsSubstring("hill: k = 0 (must be from 1 to 5 for n = 6"));
  CHECK_THROWS_WITH(hill(sample, 6), ContainsSubstring("k = 6 (must be from 1 to 5"));
  CHECK_THROWS_WITH(
      hill(sample, 2),
      ContainsSubstring("k = 2 (must reach below the largest value, 4, which occurs 3 "
                        "times)"));
  CHECK_THROWS_WITH(moment_tail_index(sample, 1), ContainsSubstring("k = 1 (must be from 2 to 5"));
  CHECK_THROWS_WITH(moment_tail_index(sample, 3),
                    ContainsSubstring("the 3 largest values must not all be equal"));
  CHECK_THROWS_WITH(pickands(sample, 2), ContainsSubstring("k = 2 (must be from 1 to 1"));
  CHECK_THROWS_WITH(pickands(sample, 1), ContainsSubstring("x_(k) = 4, x_(2k) = 4"));
  CHECK_THROWS_WITH(hill_curve(sample, 1), ContainsSubstring("points = 1 (must be >= 2)"));
  CHECK_THROWS_AS(hill_curve(count_values(Values{2, 2})), std::domain_error);
  CHECK_THROWS_AS(hill({{2, 1}, {1, 1}}, 1), std::domain_error);
}

}  // namespace
}  // namespace rmtlab::inference
