// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/hard_edge.hpp.
#include "theory/hard_edge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_hyperg.h>

#include "tests/catch.hpp"
#include "tests/theory/law_checks.hpp"
#include "theory/wishart_exact.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;

namespace {

using std::numbers::pi;

/// Tricomi's function and the relative error that GSL admits.
struct Tricomi {
  Tricomi(double a, double b, double z) {
    gsl_set_error_handler_off();
    gsl_sf_result result;
    REQUIRE(gsl_sf_hyperg_U_e(a, b, z, &result) == GSL_SUCCESS);
    value = result.val;
    error = 1e-14 + result.err / result.val;
  }
  double value, error;
};

/// Largest difference of the distribution functions of two laws of the same size.
double distance(const HardEdge& a, const HardEdge& b) {
  double largest = 0;
  for (double y = 1e-6; y < 60; y *= 1.1)
    largest = std::max(largest, std::abs(cdf(a, y * a.unit()) - cdf(b, y * b.unit())));
  return largest;
}

}  // namespace

TEST_CASE("hard_edge: real survival function and density with Tricomi's function",
          "[theory][accuracy]") {
  for (const int n : {1, 2, 3, 5, 8}) {  // GSL's function fails beyond
    const HardEdge law(n);
    for (const double y : {0.01, 0.3, 1.0, 4.0, 10.0}) {
      CAPTURE(n, y);
      const double t = y / n, lambda = y * law.unit();  // t: eigenvalue of W^T W
      const Tricomi first(n / 2.0, 0.5, t / 2);
      REQUIRE(first.error < 1e-7);  // and its estimates are 10 to 1000 times too large
      CHECK_THAT(sf(law, lambda), WithinRel(std::exp(-y / 2) * std::tgamma((n + 1) / 2.0) /
                                                std::sqrt(pi) * first.value,
                                            first.error));
      // Edelman 1988: n / sqrt(2 pi) Gamma((n+1)/2) t^(-1/2) e^(-n t / 2) U((n-1)/2, -1/2, t/2), with
      // U(a, b, z) = z^(1-b) U(a - b + 1, 2 - b, z).
      const Tricomi second(n / 2.0 + 1, 2.5, t / 2);
      REQUIRE(second.error < 1e-7);
      const double density = n / std::sqrt(2 * pi * t) * std::tgamma((n + 1) / 2.0) *
                             std::exp(-n * t / 2) * std::pow(t / 2, 1.5) * second.value;
      CHECK_THAT(pdf(law, lambda) / n, WithinRel(density, second.error));  // lambda = t / n
    }
  }
}

TEST_CASE("hard_edge: the general law of the smallest eigenvalue at N = M", "[theory][accuracy]") {
  // Another derivation, Pfaffians by recursion; nothing is shared.
  const int n = GENERATE(1, 2, 5, 10, 61, 200), beta = GENERATE(1, 2);
  const HardEdge law(n, beta, 1.3);
  const WishartExtremeEigenvalue general(n, n, beta, 1.3, SpectrumEdge::lower);
  const double tolerance = n == 200 ? 2e-13 : 4e-14;  // of the general law
  for (const double y : {1e-20, 1e-6, 1e-3, 0.03, 0.19, 0.21, 0.7, 2.0, 9.0, 60.0, 400.0}) {
    CAPTURE(n, beta, y);
    const double lambda = y * law.unit();
    CHECK_THAT(cdf(law, lambda), WithinRel(cdf(general, lambda), tolerance));
    CHECK_THAT(log_sf(law, lambda), WithinRel(log_sf(general, lambda), tolerance));
    CHECK_THAT(log_cdf(law, lambda),
               WithinAbs(log_cdf(general, lambda), tolerance * (1 + std::abs(std::log(y)))));
    CHECK_THAT(pdf(law, lambda), WithinRel(pdf(general, lambda), 10 * tolerance * (1 + y)));
  }
}

TEST_CASE("hard_edge: closed forms", "[theory][property]") {
  // N = 1: chi-square with one degree of freedom.
  const HardEdge one(1);
  for (const double x : {1e-12, 0.1, 1.0, 30.0}) {
    CAPTURE(x);
    CHECK_THAT(sf(one, x), WithinRel(std::erfc(std::sqrt(x / 2)), 1e-14));
    CHECK_THAT(cdf(one, x), WithinRel(std::erf(std::sqrt(x / 2)), 2e-15));
  }
  CHECK_THAT(mean(one), WithinRel(1, 1e-14));
  CHECK_THAT(variance(one), WithinRel(2, 1e-14));
  // N y: E y = 4 - pi at N = 2, 6 - 3 sqrt 3 at N = 3; int e^(-y/2 - sqrt y) y^k dy in the limit.
  CHECK_THAT(mean(HardEdge(2)) * 4, WithinRel(4 - pi, 1e-13));
  CHECK_THAT(mean(HardEdge(3)) * 9, WithinRel(6 - 3 * std::sqrt(3.0), 1e-13));
  const double k = std::sqrt(pi / 2) * std::exp(0.5) * std::erfc(std::sqrt(0.5));
  const HardEdge limit(40, 1, 2, HardEdgeForm::limit);
  CHECK_THAT(mean(limit) / limit.unit(), WithinRel(2 - 2 * k, 1e-14));
  CHECK_THAT(variance(limit) / std::pow(limit.unit(), 2),
             WithinRel(12 - 16 * k - 4 * (1 - k) * (1 - k), 1e-13));
  CHECK_THAT(log_sf(limit, 9 * limit.unit()), WithinRel(-4.5 - 3, 1e-15));
  CHECK_THAT(pdf(limit, 4 * limit.unit()) * limit.unit(),
             WithinRel(3.0 / 4 * std::exp(-4.0), 1e-14));  // (1 + sqrt y) / (2 sqrt y) e^...

  const HardEdge complex(40, 2, 2), complex_limit(40, 2, 2, HardEdgeForm::limit);
  CHECK_THAT(mean(complex) / complex.unit(), WithinRel(1, 1e-14));
  CHECK_THAT(variance(complex) / std::pow(complex.unit(), 2), WithinRel(1, 1e-13));
  CHECK(log_sf(complex, 3 * complex.unit()) == -3);
  CHECK(cdf(complex, 0.001) == cdf(complex_limit, 0.001));
}

TEST_CASE("hard_edge: the exact law tends to its limit as 1/N", "[theory][limit]") {
  double previous = 0;
  for (const int n : {4, 8, 16, 32, 64, 1000, 1000000}) {
    const double d = distance(HardEdge(n), HardEdge(n, 1, 1, HardEdgeForm::limit));
    CAPTURE(n, d);
    CHECK(d < 0.12 / n);
    CHECK(d > 0.10 / n);  // and is not mistaken for it
    if (n > 4 && n <= 64) CHECK_THAT(d / previous, WithinAbs(0.5, 0.02));
    previous = d;
  }
  // Negative control: real and complex laws are far apart.
  CHECK(distance(HardEdge(64), HardEdge(64, 2)) > 0.1);
}

TEST_CASE("hard_edge: quantiles and densities", "[theory][property]") {
  for (const int n : {1, 2, 30, 100000})
    for (const int beta : {1, 2})
      for (const auto form : {HardEdgeForm::exact, HardEdgeForm::limit}) {
        CAPTURE(n, beta, int(form));
        tests::check_quantiles(HardEdge(n, beta, 0.7, form), 1e-12);
      }
}

TEST_CASE("hard_edge: scales with the variance and keeps far tails", "[theory][property]") {
  const HardEdge law(12), scaled(12, 1, 2.5);
  CHECK_THAT(cdf(scaled, 0.025), WithinRel(cdf(law, 0.01), 1e-14));
  CHECK_THAT(scaled.unit(), WithinRel(2.5 / 144, 1e-15));
  // E e^(-s chi) ~ s^-N as s grows: log sf + y/2 falls by N/2 log 4 from y to 4 y.
  const double y = 1e8;
  CHECK_THAT(log_sf(law, 4 * y * law.unit()) - log_sf(law, y * law.unit()) + 1.5 * y,
             WithinAbs(-6 * std::log(4.0), 1e-4 + 4e-16 * y));
  CHECK(sf(law, y) == 0);
}

TEST_CASE("hard_edge: names what is outside its domain", "[theory][errors]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(HardEdge(0), ContainsSubstring("HardEdge: size = 0 (must be >= 1)"));
  CHECK_THROWS_WITH(HardEdge(3, 4),
                    ContainsSubstring("HardEdge: dyson_index = 4 (must be 1 or 2)"));
  CHECK_THROWS_WITH(HardEdge(3, 1, -1),
                    ContainsSubstring("HardEdge: variance = -1 (must be finite and > 0)"));
  CHECK_THROWS_AS(pdf(HardEdge(3), nan), std::domain_error);
  CHECK_THROWS_AS(log_cdf(HardEdge(3), nan), std::domain_error);
  CHECK_THROWS_AS(log_sf(HardEdge(3), nan), std::domain_error);
  CHECK_THROWS_WITH(quantile(HardEdge(3), -0.5), ContainsSubstring("quantile: p = -0.5"));
  CHECK_THROWS_WITH(quantile_sf(HardEdge(3), nan), ContainsSubstring("quantile_sf: q = nan"));
}
