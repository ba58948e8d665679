// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/population.hpp.
#include "theory/population.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "theory/gauss_legendre.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab::theory;

namespace {

using Complex = std::complex<double>;
constexpr double infinity = std::numeric_limits<double>::infinity();

struct Example {
  std::string name;
  Population population;
  double middle, width;  ///< where the mass is: log(tau / middle) of order width
};

const std::vector<Example>& examples() {
  static const std::vector<Example> all = {
      {"power law 2.5", Population::power_law(2.5, 1), 1, 1},
      {"power law 1.2", Population::power_law(1.2, 3), 3, 5},
      {"power law 1000", Population::power_law(1000, 2), 2, 1e-3},
      {"power law 2 to 100", Population::power_law(2, 1, 100), 1, 1},
      {"power law 1.5 to 1e6", Population::power_law(1.5, 1, 1e6), 1, 2},
      {"power law 3, narrow", Population::power_law(3, 1, 1.01), 1, 1e-2},
      {"gamma 0.3", Population::gamma(0.3, 2), 0.6, 3},
      {"gamma 1", Population::gamma(1, 1), 1, 1},
      {"gamma 7.5", Population::gamma(7.5, 0.2), 1.5, 0.4},
      {"gamma 1e4", Population::gamma(1e4, 1e-4), 1, 1e-2},
      {"lognormal 1", Population::lognormal(1, 1), 1, 1},
      {"lognormal 0.02", Population::lognormal(0.02, 3), 3, 0.02},
      {"lognormal 3", Population::lognormal(3, 1), 1, 3},
      {"uniform 1 to 2", Population::uniform(1, 2), 1.5, 0.3},
      {"uniform 0.001 to 5", Population::uniform(1e-3, 5), 2, 1}};
  return all;
}

/// int f dH over real tau: 40 nodes on panels of the width of the population, or one unit, in log(tau).
template <class F>
auto integrate(const Example& example, F f) {
  static const GaussLegendre rule(40);
  const Population& h = example.population;
  const double size = std::min(example.width, 1.0);
  // What is beyond is below 1e-17: of the mass, and for moments of the families used.
  const double low =
      std::max(std::log(h.lower() / example.middle), -45 * example.width * (1 + size));
  const double high = std::min({std::log(h.upper() / example.middle), 200 * example.width, 300.0});
  const int panels = static_cast<int>((high - low) / size) + 1;
  decltype(f(1.0) * 1.0) sum = 0;
  for (int k = 0; k < panels; ++k)
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
      const double t = low + (high - low) * (k + rule.nodes[i]) / panels;
      const double tau = example.middle * std::exp(t);
      sum += f(tau) * (rule.weights[i] * (high - low) / panels * pdf(h, tau) * tau);
    }
  return sum;
}

template <class F>
Complex by_nodes(const Population& h, F f) {
  Complex sum = 0;
  for (const auto& [value, weight] : h.nodes()) sum += weight * f(value);
  return sum;
}

}  // namespace

TEST_CASE("population: density, distribution function and moments fit together",
          "[theory][property]") {
  for (const Example& example : examples()) {
    CAPTURE(example.name);
    const Population& h = example.population;
    CHECK_THAT(integrate(example, [](double) { return 1.0; }), WithinRel(1.0, 1e-11));
    const double size = std::min(example.width, 1.0);
    for (const double t : {-0.8, 0.3, 1.2}) {
      const double tau = example.middle * std::exp(t * size);
      CAPTURE(tau);
      CHECK_THAT(cdf(h, tau) + sf(h, tau), WithinRel(1.0, 1e-14));
      if (!(tau > h.lower() && tau < h.upper())) continue;
      const double d = 1e-5 * size * tau;
      CHECK_THAT((cdf(h, tau + d) - cdf(h, tau - d)) / (2 * d), WithinRel(pdf(h, tau), 1e-6));
      CHECK_THAT(density(h, tau).real(), WithinRel(pdf(h, tau), 1e-15));
      // Cauchy-Riemann: the continuation is analytic.
      const Complex along = (density(h, tau + d) - density(h, tau - d)) / (2 * d);
      const Complex across =
          (density(h, Complex(tau, d)) - density(h, Complex(tau, -d))) / Complex(0, 2 * d);
      CHECK(std::abs(along - across) < 1e-6 * pdf(h, tau) / (size * tau));
    }
    CHECK(cdf(h, h.lower()) == 0);
    CHECK(sf(h, h.upper()) == 0);
    CHECK(pdf(h, -1) == 0);
    CHECK(moment(h, 0) == 1);
    if (std::isinf(variance(h))) continue;
    const double m = mean(h);
    CHECK_THAT(integrate(example, [](double tau) { return tau; }), WithinRel(m, 1e-10));
    CHECK_THAT(integrate(example, [m](double tau) { return (tau - m) * (tau - m); }),
               WithinRel(variance(h), 1e-9));
  }
}

TEST_CASE("population: closed forms of the moments", "[theory][accuracy]") {
  CHECK_THAT(moment(Population::power_law(5.5, 2), 3), WithinRel(8 * 4.5 / 1.5, 1e-14));
  CHECK_THAT(variance(Population::power_law(5.5, 2)),
             WithinRel(4 * 4.5 / (3.5 * 3.5 * 2.5), 1e-14));
  CHECK(mean(Population::power_law(2, 1)) == infinity);
  CHECK(mean(Population::power_law(2.1, 1)) < infinity);
  CHECK(variance(Population::power_law(3, 1)) == infinity);
  // alpha - 1 = k is a logarithm.
  CHECK_THAT(mean(Population::power_law(2, 1, 100)), WithinRel(std::log(100.0) / 0.99, 1e-14));
  CHECK_THAT(moment(Population::gamma(2.5, 3), 2), WithinRel(9 * 2.5 * 3.5, 1e-15));
  CHECK_THAT(moment(Population::lognormal(0.5, 2), 3), WithinRel(8 * std::exp(9 * 0.125), 1e-14));
  CHECK_THAT(moment(Population::uniform(1, 3), 3), WithinRel(80.0 / 8, 1e-15));
  CHECK_THAT(variance(Population::uniform(1, 3)), WithinRel(1.0 / 3, 1e-13));
  CHECK_THAT(variance(Population::uniform(1, 1.001)), WithinRel(1e-6 / 12, 1e-9));  // of 0.001
  // The two ways to the variance of a bounded power law, above and below a ratio of 100.
  CHECK_THAT(variance(Population::power_law(4, 1, 99.9999999)),
             WithinRel(variance(Population::power_law(4, 1, 100.0000001)), 1e-8));
  CHECK_THAT(variance(Population::power_law(22, 1, 1e4)),
             WithinRel(variance(Population::power_law(22, 1)), 1e-13));
}

TEST_CASE("population: the rule in the lower half plane integrates what the law needs",
          "[theory][accuracy]") {
  for (const Example& example : examples()) {
    const Population& h = example.population;
    CAPTURE(example.name, h.nodes().size());
    CHECK(h.nodes().size() > 60);
    CHECK(h.nodes().size() < 3000);
    CHECK(std::abs(by_nodes(h, [](Complex) { return 1.0; }) - 1.0) < 1e-14);
    for (const auto& [value, weight] : h.nodes())
      REQUIRE(value.imag() <= 0);  // rounding at the lower end
    if (std::isfinite(h.upper()) || example.name.starts_with("gamma"))
      CHECK_THAT(by_nodes(h, [](Complex tau) { return tau; }).real(), WithinRel(mean(h), 1e-12));
    // x above, beside and below the population, at a distance where real quadrature still works.
    for (const double angle : {0.5, 1.5, 3.0})
      for (const double t : {-3.0, 0.0, 2.0}) {
        const double size = std::min(example.width, 1.0);
        const Complex x =
            example.middle * std::exp(t * example.width) * std::polar(1.0, angle * size);
        CAPTURE(x.real(), x.imag());
        const auto first = [x](auto tau) { return tau / (x - tau); };
        const auto second = [x](auto tau) { return tau * tau / ((x - tau) * (x - tau)); };
        const Complex expected = integrate(example, first), squared = integrate(example, second);
        CHECK(std::abs(by_nodes(h, first) - expected) < 3e-12 * (1 + std::abs(expected)));
        CHECK(std::abs(by_nodes(h, second) - squared) < 3e-12 * (1 + std::abs(squared)));
      }
  }
}

TEST_CASE("population: closed forms on the support", "[theory][accuracy]") {
  // On the axis real quadrature fails; int tau h / (x - tau) is elementary for the uniform law and for
  // a power law of integer exponent (partial fractions), with -i pi x h(x) from above.
  const Population uniform = Population::uniform(1, 2);
  const Population power = Population::power_law(3, 1);  // density 2 tau^-3
  for (const double x : {0.5, 0.99999, 1.0001, 1.3, 1.999, 2.5, 50.0}) {
    CAPTURE(x);
    const auto first = [x](Complex tau) { return tau / (x - tau); };
    const double pi = std::acos(-1.0);
    const double inside = x > 1 && x < 2 ? pi * x : 0;
    const Complex box(-1 + x * std::log(std::abs((x - 1) / (x - 2))), -inside);
    // Beside an end, rounding of the nodes over the distance.
    const double tolerance = 2e-14 + 4 * std::numeric_limits<double>::epsilon() / std::abs(x - 1);
    CHECK(std::abs(by_nodes(uniform, first) - box) < tolerance * (1 + std::abs(box)));
    // int_1^inf 2 dtau / (tau^2 (x - tau)) = 2/x + (2/x^2) log|x - 1| - 2 i pi / x^2 [x > 1].
    const Complex tail(2 / x + 2 / (x * x) * std::log(std::abs(x - 1)),
                       x > 1 ? -2 * pi / (x * x) : 0);
    CHECK(std::abs(by_nodes(power, first) - tail) < tolerance * (1 + std::abs(tail)));
  }
  CHECK(uniform.angle(1.5) == 0);
  CHECK(uniform.angle(Complex(1.5, -0.1)) < 0);
  CHECK(uniform.angle(0.5) > 1);
}

TEST_CASE("population: names what is outside its domain", "[theory][errors]") {
  CHECK_THROWS_WITH(Population::power_law(1, 1),
                    ContainsSubstring("power_law: alpha = 1 (must be >= 1.05 and <= 1e4)"));
  CHECK_THROWS_WITH(Population::power_law(2, 0),
                    ContainsSubstring("power_law: minimum = 0 (must be finite and > 0)"));
  CHECK_THROWS_WITH(Population::power_law(2, 2, 1),
                    ContainsSubstring("power_law: maximum = 1 (must be > 1.0001 minimum)"));
  CHECK_THROWS_WITH(Population::gamma(0.01, 1),
                    ContainsSubstring("gamma: shape = 0.01 (must be >= 0.1 and <= 1e6)"));
  CHECK_THROWS_AS(Population::gamma(1, -1), std::domain_error);
  CHECK_THROWS_WITH(Population::lognormal(9, 1),
                    ContainsSubstring("lognormal: sigma = 9 (must be >= 1e-3 and <= 5)"));
  CHECK_THROWS_AS(Population::uniform(1, infinity), std::domain_error);
  CHECK_THROWS_AS(pdf(Population::uniform(1, 2), std::nan("")), std::domain_error);
  CHECK_THROWS_AS(cdf(Population::uniform(1, 2), std::nan("")), std::domain_error);
  CHECK_THROWS_WITH(moment(Population::uniform(1, 2), -1),
                    ContainsSubstring("moment: k = -1 (must be >= 0)"));
}
