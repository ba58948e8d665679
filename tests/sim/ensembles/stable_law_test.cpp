// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/stable_law.hpp.
#include "sim/ensembles/stable_law.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <stdexcept>
#include <vector>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "sim/core/random.hpp"
#include "sim/ensembles/adaptive_quadrature.hpp"
#include "tests/catch.hpp"

namespace {

using namespace rmtlab::ensembles;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using rmtlab::core::Stream;
using std::numbers::pi;

/// A series of terms factor(k) exp(log_size(k)), |factor| <= 1: convergent, or asymptotic and then cut
/// at the smallest size. `error` is that size (of the last term kept) and what rounding loses when the terms
/// cancel, absolute; infinite if 400 terms are not enough.
struct Series {
  double sum = 0, error = std::numeric_limits<double>::infinity();
};
template <class LogSize, class Factor>
Series sum_series(LogSize log_size, Factor factor) {
  Series s;
  double smallest = std::numeric_limits<double>::infinity(), largest = 0;
  bool falling = false;
  for (int k = 1; k < 400; ++k) {
    const double size = std::exp(log_size(k));
    if (falling && size > smallest) break;
    falling = size < smallest;
    smallest = size;
    largest = std::max(largest, size);
    s.sum += factor(k) * size;
    if (falling && size < 1e-17 * largest) break;
  }
  // lgamma of some hundreds is right to 1e-13 at worst.
  s.error = falling ? smallest + 1e-14 * largest : std::numeric_limits<double>::infinity();
  return s;
}

double sign(int k) { return k % 2 == 0 ? -1 : 1; }

/// P(|X| > u) in powers of u^-mu: convergent for mu < 1, asymptotic for mu > 1.
Series tail_series(double mu, double u) {
  return sum_series(
      [=](int k) {
        return std::log(2 / pi) + std::lgamma(mu * k) - std::lgamma(k + 1.0) - mu * k * std::log(u);
      },
      [=](int k) { return sign(k) * std::sin(pi * mu * k / 2); });
}

/// P(|X| <= u) in odd powers of u: convergent for mu > 1, asymptotic for mu < 1.
Series centre_series(double mu, double u) {
  return sum_series(
      [=](int k) {
        return std::log(2 / (pi * mu)) + std::lgamma((2 * k - 1) / mu) - std::lgamma(2.0 * k) +
               (2 * k - 1) * std::log(u);
      },
      [](int k) { return sign(k); });
}

/// P(S > x) in powers of x^-a: convergent.
Series positive_series(double a, double x) {
  return sum_series(
      [=](int k) {
        return std::lgamma(a * k) - std::lgamma(k + 1.0) - a * k * std::log(x) - std::log(pi);
      },
      [=](int k) { return sign(k) * std::sin(pi * a * k); });
}

}  // namespace

TEST_CASE("stable_law: symmetric survival against both series", "[ensembles][accuracy]") {
  int compared = 0;
  for (const double mu : {0.1, 0.3, 0.5, 0.8, 0.95, 0.999, 1.001, 1.1, 1.5, 1.8, 1.95, 1.99}) {
    const SymmetricStable law(mu);
    for (const double u : {1e-3, 0.03, 0.3, 1.0, 2.0, 5.0, 30.0, 1e3, 1e6, 1e15, 1e60}) {
      CAPTURE(mu, u);
      const double value = survival(law, u);
      const Series tail = tail_series(mu, u), centre = centre_series(mu, u);
      if (tail.error < 1e-12 * value) {
        CHECK_THAT(value, WithinAbs(tail.sum, 1e-12 * value + tail.error));
        ++compared;
      }
      if (centre.error < 1e-12) {
        CHECK_THAT(value, WithinAbs(1 - centre.sum, 1e-12));
        ++compared;
      }
    }
  }
  CHECK(compared > 110);  // of 132: only a few lie where neither series is good
}

TEST_CASE("stable_law: closed forms and limits", "[ensembles][accuracy]") {
  for (const double x : {1e-3, 0.2, 1.0, 7.0, 1e4, 1e20}) {
    CAPTURE(x);
    CHECK_THAT(survival(SymmetricStable(1), x), WithinRel(2 / pi * std::atan(1 / x), 1e-15));
    // Through mu = 1, where the exponents of the integrand diverge: |dP/dmu| < 0.2 (1 + |log x|) P.
    for (const double mu : {1 - 1e-4, 1 - 1e-9, 1 + 1e-12, 1 + 1e-9, 1 + 1e-4})
      CHECK_THAT(survival(SymmetricStable(mu), x),
                 WithinRel(2 / pi * std::atan(1 / x),
                           std::abs(mu - 1) * (1 + std::abs(std::log(x))) + 1e-13));
    // Levy's law, a = 1/2.
    CHECK_THAT(survival(PositiveStable(0.5), x), WithinRel(std::erf(0.5 / std::sqrt(x)), 1e-13));
  }
  CHECK_THAT(tail_constant(SymmetricStable(1)), WithinRel(2 / pi, 1e-15));
  CHECK_THAT(tail_constant(PositiveStable(0.5)), WithinRel(1 / std::sqrt(pi), 1e-15));
  for (const double index : {0.3, 0.75, 0.95}) {
    // The next term is smaller by x^-a.
    const double x = std::pow(1e10, 1 / index);
    CHECK_THAT(1e10 * survival(PositiveStable(index), x),
               WithinRel(tail_constant(PositiveStable(index)), 1e-9));
    CHECK_THAT(1e10 * survival(SymmetricStable(2 * index), std::pow(1e10, 0.5 / index)),
               WithinRel(tail_constant(SymmetricStable(2 * index)), 1e-8));
  }
  CHECK(survival(SymmetricStable(1.5), 0) == 1);
  CHECK(survival(SymmetricStable(1.5), -3) == 1);
  CHECK(survival(PositiveStable(0.7), std::numeric_limits<double>::infinity()) == 0);
}

TEST_CASE("stable_law: positive survival against its series and its transform",
          "[ensembles][accuracy]") {
  int compared = 0;
  for (const double a : {0.05, 0.2, 0.4, 0.6, 0.75, 0.9, 0.95, 0.995})
    for (const double x : {0.1, 0.5, 1.0, 2.0, 10.0, 1e3, 1e8, 1e30}) {
      const Series series = positive_series(a, x);
      const double value = survival(PositiveStable(a), x);
      if (series.error > 1e-12 * value) continue;
      CAPTURE(a, x);
      CHECK_THAT(value, WithinAbs(series.sum, 1e-12 * value + series.error));
      ++compared;
    }
  CHECK(compared > 45);
  // 1 - E exp(-sS) = int_0^inf s e^(-sx) P(S > x) dx = 1 - exp(-s^a).
  for (const double a : {0.2, 0.5, 0.8})
    for (const double s : {0.1, 1.0, 10.0}) {
      CAPTURE(a, s);
      const PositiveStable law(a);
      const auto f = [&](double y) {
        return std::exp(y - std::exp(y)) * survival(law, std::exp(y) / s);
      };
      CHECK_THAT(integrate_adaptively(f, -40, 4), WithinRel(-std::expm1(-std::pow(s, a)), 1e-11));
    }
}

TEST_CASE("stable_law: draws follow the survival function", "[ensembles][statistical]") {
  // DKW: sup |F_n - F| > sqrt(log(2 / p) / 2n) with probability below p = 1e-5; here on 60 points.
  constexpr std::size_t n = 40000;
  const double band = std::sqrt(std::log(2e5) / (2 * n));
  const auto distance = [](std::vector<double> sample, auto law) {
    std::sort(sample.begin(), sample.end());
    double largest = 0;
    for (std::size_t i = n / 120; i < n; i += n / 60) {
      const double seen = 1 - static_cast<double>(i + 1) / static_cast<double>(n);
      largest = std::max(largest, std::abs(seen - survival(law, sample[i])));
    }
    return largest;
  };
  const double index = GENERATE(0.15, 0.4, 0.5, 0.75, 0.95);
  CAPTURE(index);
  Stream stream = Stream(20240601).child("stable");
  const PositiveStable positive(index);
  const SymmetricStable symmetric(2 * index);
  std::vector<double> sizes(n), absolute(n);
  int negative = 0;
  for (std::size_t i = 0; i < n; ++i) {
    sizes[i] = draw(positive, stream);
    const double x = draw(symmetric, stream);
    absolute[i] = std::abs(x);
    negative += x < 0 ? 1 : 0;
  }
  CHECK(std::abs(negative - n / 2.0) < 4 * std::sqrt(n / 4.0));  // 6e-5
  CHECK(distance(sizes, positive) < band);
  CHECK(distance(absolute, symmetric) < band);
  // Negative controls: an index wrong by 0.04 (0.08 for the symmetric one).
  CHECK(distance(sizes, PositiveStable(index - 0.04)) > band);
  CHECK(distance(absolute, SymmetricStable(2 * index - 0.08)) > band);
}

TEST_CASE("stable_law: draws as GSL's symmetric stable variates", "[ensembles][statistical]") {
  // Two-sample KS with n = m = 20000 above 2.23 sqrt(2 / n): probability 1e-4 (Kolmogorov).
  constexpr std::size_t n = 20000;
  const double mu = GENERATE(0.7, 1.0, 1.6);
  CAPTURE(mu);
  Stream stream = Stream(20240602).child("gsl");
  const std::unique_ptr<gsl_rng, void (*)(gsl_rng*)> rng(gsl_rng_alloc(gsl_rng_mt19937),
                                                         gsl_rng_free);
  const SymmetricStable law(mu), wrong(0.75 * mu);
  std::vector<double> ours(n), theirs(n), control(n);
  for (std::size_t i = 0; i < n; ++i) {
    ours[i] = draw(law, stream);
    theirs[i] = gsl_ran_levy(rng.get(), 1, mu);
    control[i] = draw(wrong, stream);
  }
  std::sort(theirs.begin(), theirs.end());
  const auto distance = [&](std::vector<double> sample) {
    std::sort(sample.begin(), sample.end());
    double largest = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const auto below = std::upper_bound(theirs.begin(), theirs.end(), sample[i]) - theirs.begin();
      largest =
          std::max(largest, std::abs(static_cast<double>(below) - static_cast<double>(i + 1)));
    }
    return largest / static_cast<double>(n);
  };
  const double threshold = 2.23 * std::sqrt(2.0 / n);
  CHECK(distance(ours) < threshold);
  CHECK(distance(control) > threshold);
}

TEST_CASE("stable_law: refuses what is outside its domain", "[ensembles][errors]") {
  CHECK_THROWS_WITH(SymmetricStable(2),
                    ContainsSubstring("SymmetricStable: index = 2 (must be >= 0.1 and <= 1.99)"));
  CHECK_THROWS_WITH(
      PositiveStable(0.01),
      ContainsSubstring("PositiveStable: index = 0.01 (must be >= 0.05 and <= 0.995)"));
  CHECK_THROWS_AS(SymmetricStable(std::nan("")), std::domain_error);
  CHECK_THROWS_AS(survival(SymmetricStable(1.5), std::nan("")), std::domain_error);
  CHECK_THROWS_AS(survival(PositiveStable(0.5), std::nan("")), std::domain_error);
}
