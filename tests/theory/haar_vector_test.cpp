// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/haar_vector.hpp.
#include "theory/haar_vector.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"
#include "theory/gauss_legendre.hpp"
#include "theory/porter_thomas.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;

namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();
constexpr double pi = std::numbers::pi;

/// Integral over (a, b) by panels of 40 nodes.
template <class F>
double integrate(F f, double a, double b, int panels) {
  static const GaussLegendre rule(40);
  const double width = (b - a) / panels;
  double sum = 0;
  for (int p = 0; p < panels; ++p)
    for (std::size_t i = 0; i < rule.nodes.size(); ++i)
      sum += width * rule.weights[i] * f(a + width * (p + rule.nodes[i]));
  return sum;
}

/// P(v_1^2 > y and v_2^2 > y): given v_1, the rest is a uniform vector of n - 1 components, scaled.
double joint_tail(double n, double y) {
  const PorterThomas one(n, 1), rest(n - 1, 1);
  return integrate([&](double u) { return n * pdf(one, n * u) * sf(rest, (n - 1) * y / (1 - u)); },
                   y, 1 - y, 40);
}

}  // namespace

TEST_CASE("haar_vector: moments on the circle are elementary integrals", "[theory][accuracy]") {
  // n = 2: v = (cos t, sin t), t uniform on a quarter turn.
  const auto moment = [](auto f) {
    return integrate([&](double t) { return f(std::cos(t), std::sin(t)); }, 0, pi / 2, 30) /
           (pi / 2);
  };
  const auto ipr = [](double c, double s) { return std::pow(c, 4) + std::pow(s, 4); };
  const auto entropy = [](double c, double s) {
    return -2 * (c * c * std::log(c) + s * s * std::log(s));
  };
  const double y = moment(ipr), h = moment(entropy);
  CHECK_THAT(ipr_mean(2), WithinRel(y, 1e-13));
  CHECK_THAT(
      ipr_variance(2),
      WithinRel(moment([&](double c, double s) { return std::pow(ipr(c, s) - y, 2); }), 1e-12));
  CHECK(ipr_skewness(2) == 0);  // 1 - sin^2(2t)/2 is symmetric
  // The logarithm at the ends leaves the panels 1e-9.
  CHECK_THAT(shannon_entropy_mean(2), WithinAbs(h, 1e-8));
  CHECK_THAT(
      shannon_entropy_variance(2),
      WithinAbs(moment([&](double c, double s) { return std::pow(entropy(c, s) - h, 2); }), 1e-8));
  CHECK_THAT(l1_norm_mean(2), WithinRel(4 / pi, 8 * eps));
  CHECK_THAT(l1_norm_variance(2), WithinRel(1 + 2 / pi - 16 / (pi * pi), 1e-13));
}

TEST_CASE("haar_vector: one component's moments give the means at every n", "[theory][accuracy]") {
  for (const double n : {3.0, 17.0, 400.0}) {
    CAPTURE(n);
    const PorterThomas law(n, 1);
    // x = t^2 removes the root at 0; the components are exchangeable, so n times one is the mean.
    const auto mean_of = [&](auto f) {
      return n * integrate([&](double t) { return f(t * t) * n * pdf(law, n * t * t) * 2 * t; }, 0,
                           1, 120);
    };
    // n = 3 has a density that ends with a step of its derivative at 1: 1e-9.
    CHECK_THAT(ipr_mean(n), WithinRel(mean_of([](double x) { return x * x; }), 1e-9));
    CHECK_THAT(shannon_entropy_mean(n),
               WithinRel(mean_of([](double x) { return -x * std::log(x); }), 1e-8));
    CHECK_THAT(l1_norm_mean(n), WithinRel(mean_of([](double x) { return std::sqrt(x); }), 1e-9));
  }
  CHECK_THAT(l1_norm_variance(1e8), WithinAbs(1 - 3 / pi, 1e-8));
  // Both branches at their border: the direct difference loses n eps / 0.045.
  CHECK_THAT(l1_norm_variance(200),
             WithinRel(1 + 2 / pi * 199 - std::pow(l1_norm_mean(200), 2), 1e-11));
}

TEST_CASE("haar_vector: variances, skewness and correlation in simulation",
          "[theory][statistical]") {
  // Columns of Gaussian 12 x 2 matrices after Gram and Schmidt. Every check is 5 standard errors of its
  // estimate from that very sample: false alarm 6e-7 each, 7 of them.
  constexpr int n = 12, draws = 40000;
  core::Stream stream(7);
  std::vector<double> y, h, s, w;
  for (int r = 0; r < draws; ++r) {
    double a[n], b[n], aa = 0, ab = 0, bb = 0;
    for (double& x : a) x = stream.normal(), aa += x * x;
    for (int i = 0; i < n; ++i) b[i] = stream.normal(), ab += a[i] * b[i];
    for (int i = 0; i < n; ++i) b[i] -= a[i] * ab / aa, bb += b[i] * b[i];
    double ya = 0, yb = 0, entropy = 0, sum = 0;
    for (int i = 0; i < n; ++i) {
      const double p = a[i] * a[i] / aa;
      ya += p * p;
      yb += std::pow(b[i], 4) / (bb * bb);
      entropy -= p * std::log(p);
      sum += std::sqrt(p);
    }
    y.push_back(ya), w.push_back(yb), h.push_back(entropy), s.push_back(sum);
  }
  const auto check = [&](auto term, double expected) {
    double mean = 0, square = 0;
    for (int r = 0; r < draws; ++r) {
      const double x = term(static_cast<std::size_t>(r));
      mean += x / draws, square += x * x / draws;
    }
    const double error = std::sqrt((square - mean * mean) / draws);
    CAPTURE(mean, expected, error);
    return std::abs(mean - expected) < 5 * error;
  };
  const double my = ipr_mean(n), mh = shannon_entropy_mean(n), ms = l1_norm_mean(n);
  const double vy = ipr_variance(n);
  CHECK(check([&](std::size_t r) { return std::pow(y[r] - my, 2); }, vy));
  CHECK(check([&](std::size_t r) { return std::pow(y[r] - my, 3); },
              ipr_skewness(n) * std::pow(vy, 1.5)));
  CHECK(check([&](std::size_t r) { return std::pow(h[r] - mh, 2); }, shannon_entropy_variance(n)));
  CHECK(check([&](std::size_t r) { return std::pow(s[r] - ms, 2); }, l1_norm_variance(n)));
  const double covariance = ipr_correlation(n) * vy;
  CHECK(check([&](std::size_t r) { return (y[r] - my) * (w[r] - my); }, covariance));
  // Negative controls: Gaussian components without the constraint have 96/n^3, and the components of
  // the entropy are no independent ones.
  CHECK_FALSE(check([&](std::size_t r) { return std::pow(y[r] - my, 2); }, 96.0 / (n * n * n)));
  CHECK_FALSE(check([&](std::size_t r) { return std::pow(h[r] - mh, 2); },
                    1.1 * shannon_entropy_variance(n)));
}

TEST_CASE("haar_vector: the maximum's tail is inclusion and exclusion", "[theory][accuracy]") {
  // From y = 1/3 to 1/2 at most two squares exceed y: the contour against two terms that know nothing
  // of it.
  for (const double n : {20.0, 60.0, 400.0})
    for (const double y : {0.34, 0.4, 0.48}) {
      CAPTURE(n, y);
      const double one = sf(PorterThomas(n, 1), n * y);
      const double expected = n * one - n * (n - 1) / 2 * joint_tail(n, y);
      CHECK_THAT(sf(HaarMaximum(n), n * y), WithinRel(expected, 1e-12));
    }
  // Across 1/2 the formula changes.
  for (const double n : {20.0, 400.0, 1e4}) {
    const HaarMaximum law(n);
    CAPTURE(n);
    // The argument's own step moves log sf by n 1e-13; logarithms this large are good to 1e-12 of them.
    const double at_half = log_sf(law, n * 0.5);
    CHECK_THAT(log_sf(law, n * (0.5 - 1e-13)),
               WithinAbs(at_half, n * 1.1e-13 + 1e-12 * std::abs(at_half)));
    CHECK(log_sf(law, 0.9 * n) < log_sf(law, 0.8 * n));  // long after sf underflows
  }
}

TEST_CASE("haar_vector: moments of the maximum by two routes", "[theory][accuracy]") {
  // mean() comes from Gaussian maxima and knows nothing of the contour integral that sf is.
  for (const double n : {20.0, 384.0}) {
    CAPTURE(n);
    const HaarMaximum law(n);
    const double top = std::min(n, 80.0);  // the tail beyond is below 1e-17
    const double first = 1 + integrate([&](double x) { return sf(law, x); }, 1, top, 12);
    const double second = 1 + integrate([&](double x) { return 2 * x * sf(law, x); }, 1, top, 12);
    CHECK_THAT(mean(law), WithinRel(first, 1e-9));  // the panels' own error
    CHECK_THAT(variance(law), WithinRel(second - first * first, 1e-8));
  }
}

TEST_CASE(
    "haar_vector: distribution function, density and quantiles of the maximum belong together",
    "[theory][property]") {
  for (const double n : {20.0, 100.0, 384.0, 1e5}) {
    const HaarMaximum law(n);
    for (const double p : {1e-6, 0.05, 0.5, 0.99}) {
      CAPTURE(n, p);
      const double x = quantile(law, p);
      CHECK_THAT(cdf(law, x), WithinAbs(p, 1e-13));
      CHECK_THAT(cdf(law, x) + sf(law, x), WithinAbs(1.0, 1e-13));
      const double h = 1e-5 * x;  // central difference: relative error about (h n ln n / x)^2
      CHECK_THAT((cdf(law, x + h) - cdf(law, x - h)) / (2 * h), WithinRel(pdf(law, x), 1e-6));
      CHECK_THAT(sf(law, quantile_sf(law, p)), WithinRel(p, 1e-11));
    }
    // Near n, where the tail ends, rounding x moves sf by the hazard rate.
    const double x = quantile_sf(law, 1e-100);
    CHECK_THAT(sf(law, x), WithinRel(1e-100, 1e-11 + 4 * eps * x * pdf(law, x) / 1e-100));
    CHECK(sf(law, n * (1 - 2 * eps)) < 1e-100);  // where even logarithms fail
    CHECK(cdf(law, 1) == 0);
    CHECK(sf(law, 1) == 1);
    CHECK(cdf(law, n) == 1);
    CHECK(sf(law, n) == 0);
    CHECK(pdf(law, n) == 0);
    CHECK(quantile(law, 0) == 1);
    CHECK(quantile_sf(law, 0) == n);
  }
  // Gumbel is far: at n = 384 its 5 % point would be called 3.0 %.
  const double n = 384, gumbel = 2 * std::log(n) - std::log(std::log(n)) - std::log(pi) -
                                 2 * std::log(-std::log1p(-0.05));
  CHECK_THAT(sf(HaarMaximum(n), gumbel), WithinAbs(0.03, 0.01));
}

TEST_CASE("haar_vector: the mean participation test is calibrated", "[theory][statistical]") {
  // Size at nominal 5 %, single vectors being the skewest: 20000 draws, 5 binomial standard deviations
  // (0.0077, false alarm 6e-7) and 0.005 for the approximation.
  core::Stream stream(11);
  constexpr int n = 100, draws = 20000;
  int gamma = 0, normal = 0;
  for (int r = 0; r < draws; ++r) {
    double square = 0, fourth = 0;
    for (int i = 0; i < n; ++i) {
      const double x = std::pow(stream.normal(), 2);
      square += x, fourth += x * x;
    }
    const double y = fourth / (square * square);
    gamma += ipr_mean_sf(n, 1, y) < 0.01;
    normal += std::erfc((y - ipr_mean(n)) / std::sqrt(2 * ipr_variance(n))) / 2 < 0.01;
  }
  // 1 %: standard deviation 0.0007.
  CHECK_THAT(gamma / double(draws), WithinAbs(0.01, 0.0035 + 0.002));
  CHECK(normal / double(draws) > 0.0185);  // negative control: a normal tail is too light
  CHECK(ipr_mean_sf(100, 10, 0) == 1);
  CHECK(ipr_mean_sf(100, 100, ipr_mean(100)) > 0.4);
}

TEST_CASE("haar_vector: rejects arguments outside the domain", "[theory][errors]") {
  CHECK_THROWS_WITH(ipr_mean(1),
                    ContainsSubstring("ipr_mean: components = 1 (must be finite and >= 2)"));
  CHECK_THROWS_AS(shannon_entropy_mean(std::nan("")), std::domain_error);
  CHECK_THROWS_WITH(ipr_mean_sf(10, 11, 0.3), ContainsSubstring("vectors = 11"));
  CHECK_THROWS_AS(ipr_mean_sf(2, 1, 0.3), std::domain_error);
  CHECK_THROWS_WITH(HaarMaximum(5),
                    ContainsSubstring("HaarMaximum: components = 5 (must be from 20 to 1e6)"));
  CHECK_THROWS_AS(cdf(HaarMaximum(50), std::nan("")), std::domain_error);
  CHECK_THROWS_AS(quantile(HaarMaximum(50), 1.5), std::domain_error);
}
