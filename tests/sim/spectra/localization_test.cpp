// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/spectra/localization.hpp.
#include "sim/spectra/localization.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "sim/core/random.hpp"
#include "sim/ensembles/haar.hpp"
#include "sim/spectra/level_statistics.hpp"
#include "tests/catch.hpp"
#include "theory/haar_vector.hpp"
#include "theory/porter_thomas.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::spectra;

namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

constexpr VectorStatistic statistics[] = {
    VectorStatistic::ratio, VectorStatistic::scaled_ipr, VectorStatistic::shannon_entropy,
    VectorStatistic::histogram_entropy, VectorStatistic::largest};

double p_value(const LocalizationPValues& p, VectorStatistic statistic) {
  switch (statistic) {
    case VectorStatistic::ratio:
      return p.ratio;
    case VectorStatistic::scaled_ipr:
      return p.scaled_ipr;
    case VectorStatistic::shannon_entropy:
      return p.shannon_entropy;
    case VectorStatistic::histogram_entropy:
      return p.histogram_entropy;
    case VectorStatistic::largest:
      return p.largest;
  }
  return -1;
}

/// The null that all tests share: simulated once.
const LocalizationNull& shared_null() {
  static const LocalizationNull null;
  return null;
}

double mean_of(const std::vector<double>& values) { return arma::mean(arma::vec(values)); }
double sd_of(const std::vector<double>& values) { return arma::stddev(arma::vec(values)); }

}  // namespace

TEST_CASE("localization: vectors whose statistics are known", "[spectra]") {
  arma::vec one(64, arma::fill::zeros);
  one[7] = -1;
  const auto axis = localization(one);
  CHECK(axis.ratio == 1);
  CHECK(axis.participation_norm == 1);
  CHECK(axis.participation_ratio == 1);
  CHECK(axis.scaled_ipr == 64);
  CHECK(axis.shannon_entropy == 0);
  CHECK(axis.largest == 64);
  // Bins: 63 zeros in one, one component in the other.
  CHECK_THAT(axis.histogram_entropy,
             WithinRel(-63. / 64 * std::log(63. / 64) - std::log(1. / 64) / 64, 8 * eps));

  arma::vec flat(64);
  flat.fill(1 / 8.);
  for (arma::uword i = 0; i < 32; ++i) flat[2 * i] *= -1;
  const auto equal = localization(flat);
  CHECK_THAT(equal.ratio, WithinRel(64.0, 32 * eps));
  CHECK_THAT(equal.participation_norm, WithinRel(std::pow(64, 0.25), 32 * eps));
  CHECK_THAT(equal.scaled_ipr, WithinRel(1.0, 32 * eps));
  CHECK_THAT(equal.shannon_entropy, WithinRel(1.0, 32 * eps));
  CHECK_THAT(equal.largest, WithinRel(1.0, 32 * eps));
  CHECK_THAT(equal.histogram_entropy, WithinRel(std::log(2.0), 8 * eps));  // two bins of 32
  CHECK_THAT(localization(flat * (1 + 5e-7)).scaled_ipr, WithinRel(1.0, 64 * eps));
}

TEST_CASE("localization: simulated nulls have the exact moments, and the published means",
          "[spectra][statistical]") {
  const LocalizationNull& null = shared_null();
  for (const std::size_t n : {std::size_t{50}, std::size_t{384}}) {
    CAPTURE(n);
    const auto x = static_cast<double>(n);
    const theory::HaarMaximum maximum(x);
    struct Row {
      VectorStatistic statistic;
      double mean, variance;
    };
    const Row rows[] = {
        {VectorStatistic::scaled_ipr, x * theory::ipr_mean(x), x * x * theory::ipr_variance(x)},
        {VectorStatistic::shannon_entropy, theory::shannon_entropy_mean(x) / std::log(x),
         theory::shannon_entropy_variance(x) / std::pow(std::log(x), 2)},
        {VectorStatistic::largest, mean(maximum), variance(maximum)}};
    for (const Row& row : rows) {
      const auto draws = null.draws(n, row.statistic);
      CAPTURE(name(row.statistic));
      // 5 standard errors of the mean of 9999 (false alarm 6e-7); of a standard deviation at an excess
      // kurtosis below 4 (Gumbel: 2.4): 0.5 sqrt(6 / 9999) = 1.2 %, times 5.
      CHECK_THAT(mean_of(draws), WithinAbs(row.mean, 5 * std::sqrt(row.variance / 9999)));
      CHECK_THAT(sd_of(draws), WithinRel(std::sqrt(row.variance), 0.06));
    }
    // The exact law of the largest component, by Kolmogorov's distance: 2.2 / sqrt(9999) has a false
    // alarm of 2 exp(-2 2.2^2) = 1e-4. Negative control: the law of one component more or less in ten.
    const auto largest = null.draws(n, VectorStatistic::largest);
    const auto distance = [&](double components) {
      const theory::HaarMaximum law(components);
      std::vector<double> some;
      for (std::size_t i = 0; i < largest.size(); i += 9) some.push_back(largest[i]);
      return ks_distance(some, [&law](double t) { return cdf(law, t); });
    };
    CHECK(distance(x) < 0.022 + 9.0 / 9999);
    CHECK(distance(1.1 * x) > 0.022 + 9.0 / 9999);
  }
  // Published for n = 384 (100 bins): ratio 97.78 (sd 10.7), histogram entropy 4.108 (sd 0.076), and
  // their own bulk vectors 97.728 and 4.1086, averages over 3650 vectors: standard errors 0.18, 0.0013.
  CHECK_THAT(mean_of(null.draws(384, VectorStatistic::ratio)), WithinAbs(97.728, 0.75));
  CHECK_THAT(sd_of(null.draws(384, VectorStatistic::ratio)), WithinAbs(10.7, 0.4));
  CHECK_THAT(mean_of(null.draws(384, VectorStatistic::histogram_entropy)),
             WithinAbs(4.1086, 0.006));
  CHECK_THAT(sd_of(null.draws(384, VectorStatistic::histogram_entropy)), WithinAbs(0.076, 0.003));
}

TEST_CASE("localization: random vectors are rejected as often as promised, localised ones always",
          "[spectra][statistical]") {
  // 4000 vectors, n = 100: at 5 % a binomial standard deviation of 0.0034 beside 0.0022 of the null's;
  // 5 times 0.0041 is 0.021 (false alarm 6e-7 each). At 1 %: 0.0016 and 0.0010, 5 times 0.0019.
  const LocalizationNull& null = shared_null();
  constexpr std::size_t n = 100;
  constexpr int vectors = 4000;
  std::array<int, vector_statistics> at_5{}, at_1{};
  for (int r = 0; r < vectors; ++r) {
    core::Stream stream = core::Stream(101).child(static_cast<std::uint64_t>(r));
    const auto p = null.p_values(localization(ensembles::haar_frame(n, 1, stream).col(0)));
    for (const auto statistic : statistics) {
      at_5[static_cast<std::size_t>(statistic)] += p_value(p, statistic) <= 0.05;
      at_1[static_cast<std::size_t>(statistic)] += p_value(p, statistic) <= 0.01;
    }
  }
  for (const auto statistic : statistics) {
    CAPTURE(name(statistic));
    CHECK_THAT(at_5[static_cast<std::size_t>(statistic)] / double(vectors), WithinAbs(0.05, 0.021));
    CHECK_THAT(at_1[static_cast<std::size_t>(statistic)] / double(vectors),
               WithinAbs(0.01, 0.0095));
  }
  // Negative control: a fifth of the components carries all. Spread statistics see every one of 200; the
  // shape statistic of the histogram sees it too, by the peak at zero.
  std::array<int, vector_statistics> found{};
  for (int r = 0; r < 200; ++r) {
    core::Stream stream = core::Stream(102).child(static_cast<std::uint64_t>(r));
    const auto p =
        null.p_values(localization(ensembles::localised_frame(n, 1, n / 5, stream).col(0)));
    for (const auto statistic : statistics)
      found[static_cast<std::size_t>(statistic)] += p_value(p, statistic) <= 0.01;
  }
  CHECK(found[static_cast<std::size_t>(VectorStatistic::scaled_ipr)] == 200);
  CHECK(found[static_cast<std::size_t>(VectorStatistic::shannon_entropy)] == 200);
  CHECK(found[static_cast<std::size_t>(VectorStatistic::ratio)] == 200);
  CHECK(found[static_cast<std::size_t>(VectorStatistic::histogram_entropy)] == 200);
  // One component of 0.8 is beyond what simulation can count, not beyond the exact law.
  arma::vec spike(n);
  spike.fill(std::sqrt(0.36 / (n - 1)));
  spike[0] = 0.8;
  const auto p = null.p_values(localization(spike));
  CHECK(p.scaled_ipr == 1e-4);
  CHECK(p.largest < 1e-18);  // 100 P(v_1^2 > 0.64), about 0.36^49.5
  CHECK(p.largest > 1e-24);
}

TEST_CASE("localization: groups of vectors are rejected as often as promised",
          "[spectra][statistical]") {
  // 600 frames of n = 60, k = 12, R' = 999. At 5 %: binomial 0.0089, null 0.0069; 4.5 times 0.0113 is
  // 0.051, so the lower side would say nothing; both sides of the median do: 0.5 +- 4.5 * 0.026.
  const LocalizationNull& null = shared_null();
  constexpr int groups = 600;
  int ipr_5 = 0, ks_5 = 0, ipr_50 = 0, ks_50 = 0, kolmogorov_50 = 0;
  for (int r = 0; r < groups; ++r) {
    core::Stream stream = core::Stream(201).child(static_cast<std::uint64_t>(r));
    const auto test = null.test(ensembles::haar_frame(60, 12, stream));
    ipr_5 += test.ipr_p_value <= 0.05;
    ks_5 += test.ks_p_value <= 0.05;
    ipr_50 += test.ipr_p_value <= 0.5;
    ks_50 += test.ks_p_value <= 0.5;
    kolmogorov_50 += test.ks * std::sqrt(60.0 * 12) > 0.8276;  // median of Kolmogorov's law
  }
  CHECK(ipr_5 / double(groups) < 0.101);
  CHECK(ks_5 / double(groups) < 0.101);
  CHECK_THAT(ipr_50 / double(groups), WithinAbs(0.5, 0.12));
  CHECK_THAT(ks_50 / double(groups), WithinAbs(0.5, 0.12));
  CHECK(kolmogorov_50 / double(groups) < 0.35);  // negative control: components are not independent

  // Negative control: 12 vectors on disjoint supports of 5 components; and half-localised ones, which no
  // single vector would betray: a common vector of equal weights on 30 components mixed in.
  core::Stream stream(202);
  const auto localised = null.test(ensembles::localised_frame(60, 12, 5, stream));
  CHECK(localised.ipr_p_value < 1e-10);
  CHECK(localised.ks_p_value == 1e-3);
  CHECK(localised.mean_scaled_ipr > 15);
  const auto sparse = null.test(ensembles::localised_frame(60, 2, 30, stream));
  CHECK(sparse.ks_p_value < 0.01);
}

TEST_CASE("localization: the table of Porter and Thomas is good to 1e-6", "[spectra][accuracy]") {
  core::Stream stream(5);
  for (const std::size_t n : {std::size_t{3}, std::size_t{20}, std::size_t{500}}) {
    CAPTURE(n);
    const arma::mat frame = ensembles::haar_frame(n, 2, stream);
    std::vector<double> squares;
    for (const double x : frame) squares.push_back(static_cast<double>(n) * x * x);
    std::sort(squares.begin(), squares.end());
    const theory::PorterThomas law(static_cast<double>(n), 1);
    CHECK_THAT(porter_thomas_distance(frame),
               WithinAbs(ks_distance(squares, [&law](double x) { return cdf(law, x); }), 1e-6));
  }
}

TEST_CASE("localization: p-values are functions of their arguments", "[spectra][repro]") {
  const LocalizationNull one(999, 99), two(999, 99);
  core::Stream stream(9);
  const arma::mat frame = ensembles::haar_frame(40, 3, stream);
  one.draws(77, VectorStatistic::ratio);  // an earlier call for another size changes nothing
  CHECK(one.p_values(localization(frame.col(0))).ratio ==
        two.p_values(localization(frame.col(0))).ratio);
  CHECK(one.test(frame).ks_p_value == two.test(-frame).ks_p_value);
  CHECK(one.quantile(40, VectorStatistic::ratio, 0.5) ==
        one.draws(40, VectorStatistic::ratio)[499]);
}

TEST_CASE("localization: rejects arguments outside the domain", "[spectra][errors]") {
  arma::vec v(4);
  v.fill(0.6);
  CHECK_THROWS_WITH(localization(v), ContainsSubstring("norm = 1.2 (must be 1 within 1e-6)"));
  CHECK_THROWS_WITH(localization(arma::vec{1}), ContainsSubstring("components = 1"));
  v[2] = std::nan("");
  CHECK_THROWS_AS(localization(v), std::domain_error);
  CHECK_THROWS_WITH(LocalizationNull(10), ContainsSubstring("draws = 10 (must be >= 99)"));
  CHECK_THROWS_WITH(shared_null().quantile(50, VectorStatistic::ratio, 1),
                    ContainsSubstring("p = 1"));
  CHECK_THROWS_AS(shared_null().test(arma::mat(5, 6, arma::fill::eye)), std::domain_error);
}
