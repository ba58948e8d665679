// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include "tests/catch.hpp"
#include "tests/sim/inference/power_law_published.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using core::Stream;
using Values = std::vector<double>;

/// Density x^-alpha above 1, by inversion.
Values pareto(Stream stream, std::size_t n, double alpha) {
  Values values(n);
  for (double& x : values) x = std::pow(stream.uniform(), -1 / (alpha - 1));
  return values;
}

// Exponential below 1, with the same value and slope there as the Pareto tail above.
Values joined(Stream stream, std::size_t n, double alpha) {
  const double head = std::expm1(alpha) / alpha;
  const double tail = 1 / (alpha - 1);
  Values values(n);
  for (double& x : values) {
    const bool below = stream.uniform() < head / (head + tail);
    const double u = stream.uniform();
    x = below ? -std::log1p(u * std::expm1(-alpha)) / alpha : std::pow(u, -1 / (alpha - 1));
  }
  return values;
}

double number(const std::string& text) { return std::strtod(text.c_str(), nullptr); }

TEST_CASE("power_law_bootstrap: results do not depend on the number of threads",
          "[inference][repro]") {
  const CountedValues sample = count_values(pareto(Stream(1).child("threads"), 300, 2.5));
  const PowerLawOptions options =
      GENERATE(PowerLawOptions{}, PowerLawOptions{.xmin = 1.2}, PowerLawOptions{.xmax = 30.0});
  const Stream stream(5);
  const auto p = goodness_of_fit(sample, options, {.replicates = 101}, stream);
  const auto interval = exponent_interval(sample, options, {.replicates = 101}, stream);
  for (const std::size_t threads : {2U, 5U}) {
    const BootstrapOptions shared{.replicates = 101, .threads = threads};
    CHECK(goodness_of_fit(sample, options, shared, stream).exceedances == p.exceedances);
    CHECK(exponent_interval(sample, options, shared, stream).alphas == interval.alphas);
  }
  // More replicates keep the ones there are; another stream draws others.
  const auto longer = exponent_interval(sample, options, {.replicates = 150}, stream);
  CHECK(std::includes(longer.alphas.begin(), longer.alphas.end(), interval.alphas.begin(),
                      interval.alphas.end()));
  CHECK(exponent_interval(sample, options, {.replicates = 101}, Stream(6)).alphas !=
        interval.alphas);
}

TEST_CASE("power_law_bootstrap: what is reported of the replicates", "[inference]") {
  const CountedValues sample = count_values(pareto(Stream(2).child("report"), 200, 2.5));
  const auto p = goodness_of_fit(sample, {}, {.replicates = 99}, Stream(1));
  CHECK(p.replicates == 99);
  CHECK(p.p_value == static_cast<double>(p.exceedances) / 99);
  CHECK(p.p_value_conservative == (1.0 + static_cast<double>(p.exceedances)) / 100);
  CHECK_THAT(p.standard_error, WithinRel(std::sqrt(p.p_value * (1 - p.p_value) / 99), 1e-15));
  const auto interval = exponent_interval(sample, {}, {.replicates = 101}, Stream(1), 0.9);
  REQUIRE(interval.alphas.size() == 101);
  CHECK(std::is_sorted(interval.alphas.begin(), interval.alphas.end()));
  // 100 steps between the order statistics: these quantiles are values.
  CHECK_THAT(interval.alpha_median, WithinRel(interval.alphas[50], 1e-14));
  CHECK_THAT(interval.lower, WithinRel(interval.alphas[5], 1e-14));
  CHECK_THAT(interval.upper, WithinRel(interval.alphas[95], 1e-14));
  CHECK(interval.level == 0.9);
  CHECK(interval.xmin_lower >= sample.values.front());
  CHECK(interval.xmin_upper < sample.values.back());
}

TEST_CASE("power_law_bootstrap: the resamples' fits are fits of resamples",
          "[inference][property]") {
  // With two distinct values there are few resamples: k of 6 observations at the upper one, and
  // a = 6 / (k ln 2).
  const CountedValues sample{{1, 2}, {4, 2}};
  const auto interval = exponent_interval(sample, {}, {.replicates = 200}, Stream(3));
  for (const double alpha : interval.alphas) {
    const double k = 6 / ((alpha - 1) * std::log(2.0));
    CHECK_THAT(k, WithinAbs(std::round(k), 1e-12));
    CHECK(k > 0.5);
    CHECK(k < 5.5);
  }
  // Half of them have k = 1 or 2 (binomial, k = 0 and 6 drawn again): alpha at k = 2 is the median.
  CHECK_THAT(interval.alpha_median, WithinRel(1 + 6 / (2 * std::log(2.0)), 1e-12));
}

TEST_CASE("power_law_bootstrap: the smallest samples are drawn until they can be fitted",
          "[inference][limit]") {
  // Half of the resamples of two values are constant.
  const CountedValues two = count_values(Values{1, 2});
  const auto interval = exponent_interval(two, {}, {.replicates = 50}, Stream(1));
  CHECK(interval.lower == interval.upper);
  CHECK_THAT(interval.alpha_median, WithinRel(1 + 2 / std::log(2.0), 1e-14));
  for (const PowerLawOptions& options :
       {PowerLawOptions{}, PowerLawOptions{.xmin = 0.5}, PowerLawOptions{.xmax = 2.0}})
    CHECK(goodness_of_fit(two, options, {.replicates = 50}, Stream(1)).p_value <= 1);
  // Two observations above the given xmin, very many below.
  const CountedValues rare{{1, 10, 11}, {1000000000000, 1, 1}};
  CHECK(exponent_interval(rare, {.xmin = 9}, {.replicates = 50}, Stream(1)).lower > 1);
  CHECK(goodness_of_fit(rare, {.xmin = 9}, {.replicates = 50}, Stream(1)).p_value <= 1);
}

TEST_CASE("power_law_bootstrap: a given xmin is kept", "[inference][statistical]") {
  // With xmin known the exponent's spread is (alpha - 1) / sqrt(m) and p is uniform under the law.
  const Values values = joined(Stream(4).child("given"), 1000, 2.5);
  const CountedValues sample = count_values(values);
  const PowerLawFit fit = fit_power_law(sample, {.xmin = 1});
  const auto interval = exponent_interval(sample, {.xmin = 1}, {.replicates = 2000}, Stream(1));
  CHECK(interval.xmin_lower == 1);
  CHECK(interval.xmin_upper == 1);
  // 2000 resamples: the width's standard error is 3 %, and it differs from the normal one by skewness.
  CHECK_THAT(interval.upper - interval.lower, WithinRel(2 * 1.96 * fit.sigma_alpha, 0.15));
  // The head is exponential, so that far too small an xmin is refused, the true one not.
  CHECK(goodness_of_fit(sample, {.xmin = 1}, {.replicates = 200}, Stream(1)).p_value > 0.05);
  CHECK(goodness_of_fit(sample, {.xmin = 0.05}, {.replicates = 200}, Stream(1)).p_value == 0);
}

TEST_CASE("power_law_bootstrap: the p-value of a power law is not small, that of others is",
          "[inference][statistical]") {
  // 20 samples each. Of Pareto samples p < 0.1 has probability 0.06 and of shifted exponential ones
  // of 1000 values with at least 50 in the tail about 0.5: 6 or more of 20 by chance 1e-3, 3 or
  // fewer 1e-3.
  int pareto_refused = 0;
  int exponential_refused = 0;
  for (std::uint64_t s = 0; s < 20; ++s) {
    Stream stream = Stream(20240501).child("power").child(s);
    const auto refused = [&](const Values& values) {
      const auto p = goodness_of_fit(count_values(values), {.min_tail = 50}, {.replicates = 100},
                                     stream.child("bootstrap"));
      return p.p_value < 0.1 ? 1 : 0;
    };
    pareto_refused += refused(pareto(stream.child("pareto"), 1000, 2.5));
    Values exponential(1000);
    for (double& x : exponential) x = 1 - std::log(stream.uniform());
    exponential_refused += refused(exponential);
  }
  CHECK(pareto_refused < 6);
  CHECK(exponential_refused > 3);  // negative control
}

TEST_CASE("power_law_bootstrap: p-values of published sets within three standard errors",
          "[inference][accuracy][slow]") {
  enum Column { dataset, n, replicates, p_csn, standard_error, p_two_sided };
  for (const auto& row : tests::published_rows("pvalue_reference.csv")) {
    CAPTURE(row[dataset]);
    const auto sample = tests::published_sample(row[dataset]);
    if (!sample) continue;
    // Half a second of work for each set.
    const std::size_t distinct = sample->values.size();
    const std::size_t count = distinct < 1000 ? 6000 : distinct < 3000 ? 1000 : 400;
    for (const KsConvention ks : {KsConvention::csn, KsConvention::two_sided}) {
      const auto p = goodness_of_fit(*sample, {.ks = ks}, {.replicates = count}, Stream(11));
      const double known = number(row[ks == KsConvention::csn ? p_csn : p_two_sided]);
      const double both =
          std::hypot(p.standard_error, std::sqrt(known * (1 - known) / number(row[replicates])));
      // Twelve comparisons: one in 30 seeds would fail.
      CHECK(std::abs(p.p_value - known) <= 3 * both);
    }
  }
}

TEST_CASE("power_law_bootstrap: the percentile interval covers, the classical one does not",
          "[inference][statistical][slow]") {
  // 300 samples, 200 resamples each. With a coverage of 0.95 the count has standard deviation 3.8:
  // 273 or fewer happen once in 1700 runs. On the join with alpha = 3.5 alpha +- 1.96 sigma covers
  // 0.74 (measured, 600 samples) and more than 255 would be 4 standard deviations away.
  struct Row {
    std::size_t n;
    double alpha;
    bool join;
  };
  const auto row = GENERATE(Row{300, 2.5, false}, Row{1000, 2.5, true}, Row{1000, 3.5, true});
  int covers = 0;
  int classical = 0;
  double error = 0;
  double classical_error = 0;
  for (std::uint64_t s = 0; s < 300; ++s) {
    const Stream stream = Stream(77).child(row.n).child(s);
    const CountedValues sample =
        count_values(row.join ? joined(stream.child("data"), row.n, row.alpha)
                              : pareto(stream.child("data"), row.n, row.alpha));
    const PowerLawFit fit = fit_power_law(sample);
    const auto interval = exponent_interval(sample, {}, {.replicates = 200}, stream);
    covers += interval.lower <= row.alpha && row.alpha <= interval.upper ? 1 : 0;
    classical += std::abs(fit.alpha - row.alpha) < 1.96 * fit.sigma_alpha ? 1 : 0;
    error += std::pow(interval.alpha_median - row.alpha, 2);
    classical_error += std::pow(fit.alpha - row.alpha, 2);
  }
  CAPTURE(row.n, row.alpha, row.join, covers, classical, error, classical_error);
  CHECK(covers > 273);
  if (row.alpha == 3.5) CHECK(classical < 255);  // negative control
  // The median is the better estimate: 9 to 33 % less root mean square error.
  CHECK(error < classical_error);
}

TEST_CASE("power_law_bootstrap: refuses what it cannot do", "[inference][errors]") {
  const CountedValues sample = count_values(Values{1, 2, 3, 7});
  CHECK_THROWS_WITH(goodness_of_fit(sample, {}, {.replicates = 0}, Stream(1)),
                    ContainsSubstring("goodness_of_fit: replicates = 0 (must be >= 1)"));
  CHECK_THROWS_WITH(exponent_interval(sample, {}, {.threads = 0}, Stream(1)),
                    ContainsSubstring("exponent_interval: threads = 0 (must be >= 1)"));
  CHECK_THROWS_WITH(exponent_interval(sample, {}, {}, Stream(1), 1),
                    ContainsSubstring("level = 1 (must be in (0, 1))"));
  CHECK_THROWS_AS(goodness_of_fit({{1, 2}, {1, 0}}, {}, {}, Stream(1)), std::domain_error);
  CHECK_THROWS_WITH(goodness_of_fit(count_values(Values{3, 3}), {}, {}, Stream(1)),
                    ContainsSubstring("goodness_of_fit: all 2 values = 3"));
}

}  // namespace
}  // namespace rmtlab::inference
