// SPDX-License-Identifier: MIT
#include "sim/inference/power_law.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using Values = std::vector<double>;

/// Density alpha x^-alpha above 1, by inversion.
Values pareto(core::Stream stream, std::size_t n, double alpha) {
  Values values(n);
  for (double& x : values) x = std::pow(stream.uniform(), -1 / (alpha - 1));
  return values;
}

// ---------------------------------------------------------------------------------------------
// The definition, written as plainly as it can be, in long double.

struct ObviousFit {
  double xmin = 0;
  long double alpha = 0, ks = 2;
  std::size_t n_tail = 0;
};

/// \pre `x` ascending and x[first] is the first of its ties.
ObviousFit obvious_fit_at(const Values& x, std::size_t first, KsConvention ks) {
  ObviousFit fit;
  fit.xmin = x[first];
  fit.n_tail = x.size() - first;
  const auto m = static_cast<long double>(fit.n_tail);
  long double sum = 0;
  for (std::size_t i = first; i < x.size(); ++i) {
    sum += std::log(static_cast<long double>(x[i]) / static_cast<long double>(fit.xmin));
  }
  fit.alpha = 1 + m / sum;
  fit.ks = 0;
  for (std::size_t i = first; i < x.size(); ++i) {
    const auto rank = static_cast<long double>(i - first);
    const long double law =
        1 - std::pow(static_cast<long double>(x[i]) / static_cast<long double>(fit.xmin),
                     1 - fit.alpha);
    fit.ks = std::max(fit.ks, std::abs(law - rank / m));
    if (ks == KsConvention::two_sided) fit.ks = std::max(fit.ks, std::abs(law - (rank + 1) / m));
  }
  return fit;
}

ObviousFit obvious_fit(Values x, KsConvention ks) {
  std::sort(x.begin(), x.end());
  ObviousFit best;
  for (std::size_t i = 0; x[i] < x.back(); ++i) {
    if (i > 0 && x[i] == x[i - 1]) continue;
    const ObviousFit here = obvious_fit_at(x, i, ks);
    if (here.ks < best.ks) best = here;
  }
  return best;
}

void check_same(const PowerLawFit& fit, const ObviousFit& expected) {
  // Rounding, of alpha relative and of ks absolute: both measured below 1e-15; the rest is room for
  // another libm.
  CHECK(fit.xmin == expected.xmin);
  CHECK(fit.n_tail == expected.n_tail);
  CHECK_THAT(fit.alpha, WithinRel(static_cast<double>(expected.alpha), 1e-13));
  CHECK_THAT(fit.ks, WithinAbs(static_cast<double>(expected.ks), 1e-13));
}

TEST_CASE("power_law: random samples with and without ties match the plain definition",
          "[inference][accuracy]") {
  const KsConvention ks = GENERATE(KsConvention::csn, KsConvention::two_sided);
  const core::Stream root = core::Stream(20240501).child("plain definition");
  for (std::uint64_t sample = 0; sample < 200; ++sample) {
    core::Stream stream = root.child(sample);
    const std::size_t n = 2 + stream.below(150);
    Values values = pareto(stream.child("values"), n, 1.5 + 4 * stream.uniform());
    // Half of the samples are rounded to a grid, coarse or fine: ties of all lengths.
    const double grid = stream.below(2) == 0 ? 0 : std::pow(10, 3 * stream.uniform() - 2);
    if (grid > 0) {
      for (double& x : values) x = std::ceil(x / grid) * grid;
    }
    values.push_back(2 * *std::max_element(values.begin(), values.end()));
    CAPTURE(sample, n, grid);
    check_same(fit_power_law(values, {.ks = ks}), obvious_fit(values, ks));
  }
}

TEST_CASE("power_law: a fixed xmin, an observation or not, matches the plain definition",
          "[inference][accuracy]") {
  const KsConvention ks = GENERATE(KsConvention::csn, KsConvention::two_sided);
  Values values = pareto(core::Stream(1).child("fixed xmin"), 300, 2.5);
  std::sort(values.begin(), values.end());
  check_same(fit_power_law(values, {.ks = ks, .xmin = values[120]}),
             obvious_fit_at(values, 120, ks));

  // Between two observations: the log-excesses begin at xmin, the ranks at the first observation.
  const double xmin = (values[99] + values[100]) / 2;
  const PowerLawFit fit = fit_power_law(values, {.ks = ks, .xmin = xmin});
  long double sum = 0;
  for (std::size_t i = 100; i < 300; ++i)
    sum += std::log(static_cast<long double>(values[i]) / xmin);
  const long double alpha = 1 + 200 / sum;
  long double distance = 0;
  for (std::size_t i = 100; i < 300; ++i) {
    const long double law = 1 - std::pow(static_cast<long double>(values[i]) / xmin, 1 - alpha);
    const auto rank = static_cast<long double>(i - 100);
    distance = std::max(distance, std::abs(law - rank / 200));
    if (ks == KsConvention::two_sided) {
      distance = std::max(distance, std::abs(law - (rank + 1) / 200));
    }
  }
  CHECK(fit.n_tail == 200);
  CHECK(fit.n == 300);
  CHECK(fit.xmin == xmin);
  CHECK_THAT(fit.alpha, WithinRel(static_cast<double>(alpha), 1e-13));
  CHECK_THAT(fit.ks, WithinAbs(static_cast<double>(distance), 1e-13));
}

TEST_CASE("power_law: two and three points have the answers of pencil and paper",
          "[inference][limit]") {
  // a = 2 / ln 2, so the law leaves e^-2 above 2, where the empirical tail steps from 1/2 to 0; the
  // two-sided distance is met at the first step, 1/2.
  const PowerLawFit two = fit_power_law(Values{1, 2});
  CHECK_THAT(two.alpha, WithinRel(1 + 2 / std::log(2.0), 1e-15));
  CHECK_THAT(two.sigma_alpha, WithinRel(2 / std::log(2.0) / std::sqrt(2.0), 1e-15));
  CHECK_THAT(two.ks, WithinAbs(0.5 - std::exp(-2.0), 1e-15));
  CHECK(fit_power_law(Values{1, 2}, {.ks = KsConvention::two_sided}).ks == 0.5);
  CHECK(two.xmin == 1);
  CHECK(two.xmax == 2);
  CHECK_THAT(two.decades, WithinAbs(std::log10(2.0), 1e-15));
  // {1, 2, 8}: the pair {2, 8} has 1/2 - e^-2 = 0.365 again; all three a = 3 / ln 16 and
  // 1/3 - e^(-9/4) = 0.228 at 8, more than at 2.
  const PowerLawFit three = fit_power_law(Values{8, 1, 2});
  CHECK(three.n_tail == 3);
  CHECK_THAT(three.ks, WithinAbs(1.0 / 3 - std::exp(-2.25), 1e-15));
}

TEST_CASE("power_law: of equal distances the smallest xmin is taken", "[inference][property]") {
  // Half of either tail sits at its xmin, so that both two-sided distances are exactly 1/2.
  const Values values{1, 1, 1, 1, 2, 2, 4, 4};
  for (const double xmin : {1.0, 2.0}) {
    CHECK(fit_power_law(values, {.ks = KsConvention::two_sided, .xmin = xmin}).ks == 0.5);
  }
  CHECK(fit_power_law(values, {.ks = KsConvention::two_sided}).xmin == 1);
}

TEST_CASE("power_law: lists, shuffled lists and histograms give the same bits",
          "[inference][property]") {
  Values values = pareto(core::Stream(2).child("shuffle"), 500, 2.2);
  for (double& x : values) x = std::round(100 * x) / 100;
  const PowerLawFit shuffled = fit_power_law(values);
  const PowerLawFit counted = fit_power_law(count_values(values));
  std::sort(values.begin(), values.end());
  for (const PowerLawFit& fit : {counted, fit_power_law(values)}) {
    CHECK(fit.alpha == shuffled.alpha);
    CHECK(fit.ks == shuffled.ks);
    CHECK(fit.xmin == shuffled.xmin);
    CHECK(fit.n == 500);
  }
}

TEST_CASE("power_law: a change of scale changes xmin and xmax only", "[inference][property]") {
  const Values values = pareto(core::Stream(3).child("scale"), 400, 2.5);
  const PowerLawFit fit = fit_power_law(values);
  // Powers of two change no bit of the ratios; other factors round every value.
  for (const double factor : {std::ldexp(1.0, 40), 1e-300, 1e290, 3.7}) {
    CAPTURE(factor);
    Values scaled = values;
    for (double& x : scaled) x *= factor;
    const PowerLawFit other = fit_power_law(scaled);
    const double tolerance = factor == std::ldexp(1.0, 40) ? 0 : 1e-13;
    CHECK_THAT(other.alpha, WithinRel(fit.alpha, tolerance));
    CHECK_THAT(other.ks, WithinAbs(fit.ks, tolerance));
    CHECK_THAT(other.decades, WithinRel(fit.decades, tolerance));
    CHECK(other.n_tail == fit.n_tail);
    CHECK(other.xmin == fit.xmin * factor);
  }
  // Over the whole range of the exponent the ratio itself overflows.
  CHECK_THAT(fit_power_law(Values{1e-300, 1e300}).alpha,
             WithinRel(1 + 2 / (600 * std::log(10.0)), 1e-14));
}

TEST_CASE("power_law: min_tail keeps short tails out", "[inference]") {
  const Values values = pareto(core::Stream(4).child("min tail"), 200, 2.5);
  for (const std::size_t min_tail : {2U, 20U, 150U, 200U}) {
    CHECK(fit_power_law(values, {.min_tail = min_tail}).n_tail >= min_tail);
  }
  CHECK(fit_power_law(values, {.min_tail = 200}).xmin ==
        *std::min_element(values.begin(), values.end()));
}

// ---------------------------------------------------------------------------------------------

TEST_CASE("power_law: recovers the exponent at a known xmin and rejects another law",
          "[inference][statistical]") {
  // 2 m a / a-hat is chi-squared with 2 m degrees of freedom: a deviation of 0.2, 4.2 standard
  // errors, has probability 5e-5. Calibrated on seeds 1000-3999: at most 0.157; sqrt(m) ks is at
  // most 1.61 for Pareto and at least 2.42 for shifted exponential samples.
  core::Stream stream = core::Stream(20240501).child("known xmin");
  const PowerLawFit fit = fit_power_law(pareto(stream.child("pareto"), 1000, 2.5), {.xmin = 1});
  CHECK(std::abs(fit.alpha - 2.5) < 0.2);
  CHECK(std::sqrt(1000) * fit.ks < 2);
  // Negative controls: another exponent, another law.
  const PowerLawFit other = fit_power_law(pareto(stream.child("other"), 1000, 3), {.xmin = 1});
  CHECK(std::abs(other.alpha - 2.5) > 0.2);
  Values exponential(1000);
  for (double& x : exponential) x = 1 - std::log(stream.uniform());
  CHECK(std::sqrt(1000) * fit_power_law(exponential, {.xmin = 1}).ks > 2);
}

TEST_CASE("power_law: recovers the exponent with xmin searched for", "[inference][statistical]") {
  // Calibrated on seeds 1000-3999, both conventions: at most 0.164 for exponent 2.5 and at least
  // 0.282 for 3: no false alarm in 6000 either way.
  const KsConvention ks = GENERATE(KsConvention::csn, KsConvention::two_sided);
  const core::Stream stream = core::Stream(20240501).child("searched");
  const PowerLawFit fit = fit_power_law(pareto(stream.child("pareto"), 4000, 2.5), {.ks = ks});
  CHECK(std::abs(fit.alpha - 2.5) < 0.22);
  const PowerLawFit other = fit_power_law(pareto(stream.child("other"), 4000, 3), {.ks = ks});
  CHECK(std::abs(other.alpha - 2.5) > 0.22);  // negative control
}

// ---------------------------------------------------------------------------------------------

TEST_CASE("power_law: cut off at xmax, the likelihood is greatest and flat to second order",
          "[inference][accuracy]") {
  // Density proportional to x^-alpha on [1, 20], by inversion; also a sample that grows towards xmax.
  const double alpha = GENERATE(2.5, 1.0, -0.5);
  CAPTURE(alpha);
  core::Stream stream = core::Stream(6).child("cut off");
  Values values(500);
  const double a = alpha - 1;
  for (double& x : values) {
    const double u = stream.uniform();
    x = a == 0 ? std::pow(20, u) : std::pow(1 - u * (1 - std::pow(20, -a)), -1 / a);
  }
  const PowerLawFit fit = fit_power_law(values, {.xmin = 1, .xmax = 20});
  const auto log_likelihood = [&](long double b) {
    // mean of ln(b x^-(b+1) / (1 - 20^-b)); b = 0 is met nowhere below.
    long double sum = 0;
    for (const double x : values) sum -= (b + 1) * std::log(static_cast<long double>(x));
    return sum / 500 + std::log(b / -std::expm1(-b * std::log(20.0L)));
  };
  const long double best = fit.alpha - 1;
  const long double at = log_likelihood(best);
  const long double h = 1e-4L;
  const long double slope = (log_likelihood(best + h) - log_likelihood(best - h)) / (2 * h);
  const long double curvature =
      (log_likelihood(best + h) - 2 * at + log_likelihood(best - h)) / (h * h);
  CHECK(curvature < 0);
  // Central differences: the distance from the maximum, to h^2.
  CHECK(std::abs(static_cast<double>(slope / curvature)) < 1e-8);
  CHECK_THAT(fit.sigma_alpha,
             WithinRel(1 / std::sqrt(static_cast<double>(-curvature) * 500), 1e-6));
  CHECK(std::abs(fit.alpha - alpha) < 4 * fit.sigma_alpha);
  CHECK(fit.n_tail == 500);
  CHECK(fit.xmax == 20);
  CHECK(fit.is_cut_off);
  CHECK_THAT(fit.decades, WithinRel(std::log10(20.0), 1e-14));
  // Without xmax the sample's end is taken for a steep tail.
  if (alpha < 2) CHECK(fit_power_law(values, {.xmin = 1}).alpha > fit.alpha + 5 * fit.sigma_alpha);
}

TEST_CASE("power_law: cut off at xmax, the distance is that of the definition",
          "[inference][accuracy]") {
  const KsConvention ks = GENERATE(KsConvention::csn, KsConvention::two_sided);
  Values values = pareto(core::Stream(7).child("cut off"), 400, 1.8);
  std::sort(values.begin(), values.end());
  const double xmax = 15;
  const PowerLawFit fit = fit_power_law(values, {.ks = ks, .xmax = xmax});
  const auto end = std::upper_bound(values.begin(), values.end(), xmax);
  CHECK(fit.n == static_cast<std::uint64_t>(end - values.begin()));
  CHECK(fit.n + fit.n_beyond == 400);
  CHECK(fit.n_beyond > 0);
  const auto first = std::lower_bound(values.begin(), end, fit.xmin);
  REQUIRE(*first == fit.xmin);
  const auto m = static_cast<long double>(end - first);
  const long double a = fit.alpha - 1;
  long double distance = 0;
  for (auto at = first; at != end; ++at) {
    const auto rank = static_cast<long double>(at - first);
    const long double law = (1 - std::pow(static_cast<long double>(*at) / fit.xmin, -a)) /
                            (1 - std::pow(xmax / static_cast<long double>(fit.xmin), -a));
    distance = std::max(distance, std::abs(law - rank / m));
    if (ks == KsConvention::two_sided)
      distance = std::max(distance, std::abs(law - (rank + 1) / m));
  }
  CHECK_THAT(fit.ks, WithinAbs(static_cast<double>(distance), 1e-13));
  // A cut far beyond the data changes nothing but rounding.
  const PowerLawFit far = fit_power_law(values, {.ks = ks, .xmax = 1e200});
  const PowerLawFit open = fit_power_law(values, {.ks = ks});
  CHECK(far.xmin == open.xmin);
  CHECK_THAT(far.alpha, WithinRel(open.alpha, 1e-13));
  CHECK_THAT(far.ks, WithinAbs(open.ks, 1e-13));
}

TEST_CASE("power_law: the curve of the distance has the fit as its lowest point",
          "[inference][property]") {
  const CountedValues sample = count_values(pareto(core::Stream(8).child("curve"), 700, 2.5));
  const PowerLawFit fit = fit_power_law(sample, {.min_tail = 5});
  const auto lowest = [&](const std::vector<KsPoint>& curve) {
    return *std::min_element(curve.begin(), curve.end(),
                             [](const KsPoint& a, const KsPoint& b) { return a.ks < b.ks; });
  };
  const auto all = ks_curve(sample, {.min_tail = 5}, 1000);
  CHECK(all.size() == 696);                                              // n_tail from 700 to 5
  const auto some = ks_curve(sample, {.xmin = 1.1, .min_tail = 5}, 50);  // xmin is ignored
  CHECK(some.size() <= 51);
  CHECK(some.size() >= 35);
  for (const auto& curve : {all, some}) {
    CHECK(lowest(curve).xmin == fit.xmin);
    CHECK(lowest(curve).ks == fit.ks);
    CHECK(lowest(curve).alpha == fit.alpha);
    CHECK(lowest(curve).n_tail == fit.n_tail);
    CHECK(curve.front().n_tail == 700);
    CHECK(curve.back().n_tail == 5);
    CHECK(std::is_sorted(curve.begin(), curve.end(),
                         [](const KsPoint& a, const KsPoint& b) { return a.xmin < b.xmin; }));
  }
  // Each point is the fit at its xmin.
  const KsPoint& point = all[300];
  const PowerLawFit there = fit_power_law(sample, {.xmin = point.xmin});
  CHECK_THAT(point.ks, WithinAbs(there.ks, 1e-15));
  CHECK_THAT(point.alpha, WithinRel(there.alpha, 1e-15));
  CHECK_THROWS_WITH(ks_curve(sample, {}, 1), ContainsSubstring("points = 1 (must be >= 2)"));
}

TEST_CASE("power_law: refuses what has no power law, naming it", "[inference][errors]") {
  CHECK_THROWS_WITH(fit_power_law(Values{1, 2, 0}), ContainsSubstring("values[2] = 0 (must be"));
  CHECK_THROWS_WITH(fit_power_law(Values{-1, 2}), ContainsSubstring("values[0] = -1 (must be"));
  CHECK_THROWS_WITH(fit_power_law(Values{1, std::nan("")}), ContainsSubstring("values[1] = nan"));
  CHECK_THROWS_WITH(fit_power_law(Values{1, std::numeric_limits<double>::infinity()}),
                    ContainsSubstring("values[1] = inf"));
  CHECK_THROWS_WITH(fit_power_law(Values{}),
                    ContainsSubstring("fit_power_law: n = 0 (must be at least 2 values)"));
  CHECK_THROWS_WITH(fit_power_law(Values{5}), ContainsSubstring("n = 1 (must be at least 2"));
  CHECK_THROWS_WITH(
      fit_power_law(Values{3, 3, 3}),
      ContainsSubstring("fit_power_law: all 3 values = 3 (must hold 2 distinct values)"));
  CHECK_THROWS_AS(fit_power_law(Values{3, 3, 3}), std::domain_error);
  CHECK_THROWS_WITH(fit_power_law(CountedValues{{2, 1}, {1, 1}}),
                    ContainsSubstring("fit_power_law: values[1] = 1 (must be > values[0] = 2"));
  CHECK_THROWS_AS(fit_power_law(CountedValues{{1, 2}, {1}}), std::invalid_argument);
}

TEST_CASE("power_law: refuses options that leave no tail", "[inference][errors]") {
  const Values values{1, 2, 3, 4};
  CHECK_THROWS_WITH(fit_power_law(values, {.min_tail = 1}),
                    ContainsSubstring("min_tail = 1 (must be >= 2 and <= the 4 values)"));
  CHECK_THROWS_WITH(fit_power_law(values, {.min_tail = 5}), ContainsSubstring("min_tail = 5"));
  CHECK_THROWS_WITH(fit_power_law(values, {.xmin = -1}),
                    ContainsSubstring("xmin = -1 (must be finite and > 0)"));
  CHECK_THROWS_WITH(fit_power_law(values, {.xmin = 3.5}),
                    ContainsSubstring("xmin = 3.5 (must leave min_tail = 2 values"));
  CHECK_THROWS_WITH(fit_power_law(values, {.xmin = 7}), ContainsSubstring("0 of 4 are left"));
  CHECK_THROWS_AS(fit_power_law(values, {.xmin = std::nan("")}), std::domain_error);
  CHECK_THROWS_WITH(fit_power_law(values, {.xmax = 0}),
                    ContainsSubstring("xmax = 0 (must be finite and > 0)"));
  CHECK_THROWS_WITH(fit_power_law(values, {.xmin = 3, .xmax = 3}),
                    ContainsSubstring("xmin = 3 (must be below xmax = 3)"));
  CHECK_THROWS_WITH(fit_power_law(values, {.xmax = 0.5}),
                    ContainsSubstring("n = 0 up to xmax = 0.5 (must be at least 2 values)"));
  CHECK_THROWS_WITH(fit_power_law(Values{1, 1, 2}, {.xmax = 1.5}),
                    ContainsSubstring("all 2 values up to xmax = 1.5 = 1 (must hold 2 distinct"));
}

}  // namespace
}  // namespace rmtlab::inference
