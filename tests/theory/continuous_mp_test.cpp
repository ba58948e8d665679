// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/continuous_mp.hpp.
#include "theory/continuous_mp.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/math/quadrature/tanh_sinh.hpp>

#include "tests/catch.hpp"
#include "theory/gauss_legendre.hpp"
#include "theory/general_mp.hpp"
#include "theory/marchenko_pastur.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab::theory;

namespace {

using std::numbers::pi;
using Complex = std::complex<double>;
constexpr double infinity = std::numeric_limits<double>::infinity();

struct Example {
  std::string name;
  ContinuousMp law;
};

/// Bounded and unbounded populations, down to zero and not, on both sides of Q = 1.
const std::vector<Example>& examples() {
  static const std::vector<Example> all = {
      {"power law 2.5, Q = 2", {2, Population::power_law(2.5, 1)}},
      {"power law 4, Q = 0.5", {0.5, Population::power_law(4, 1)}},
      {"power law 2 to 100, Q = 3", {3, Population::power_law(2, 1, 100)}},
      {"gamma 2.5, Q = 2", {2, Population::gamma(2.5, 1)}},
      {"gamma 0.5, Q = 0.5", {0.5, Population::gamma(0.5, 1)}},
      {"gamma 300, Q = 1", {1, Population::gamma(300, 0.01)}},
      {"lognormal 1, Q = 10", {10, Population::lognormal(1, 1)}},
      {"uniform, Q = 1.2", {1.2, Population::uniform(0.5, 3)}}};
  return all;
}

/// Calls f(lambda, mass) for the nodes of a quadrature between two points: in log(lambda - lower edge),
/// which reaches far into a tail, or, if the upper edge is finite, in the angle of
/// lambda = lower + width sin^2(t/2), which smooths square roots.
template <class F>
void integrate(const ContinuousMp& law, double from, double to, F f) {
  static const GaussLegendre rule(30);
  const double edge = law.lower_edge(), width = law.upper_edge() - edge;
  const bool angle = std::isfinite(width);
  const auto inverse = [&](double lambda) {
    return angle ? 2 * std::asin(std::sqrt((lambda - edge) / width)) : std::log(lambda - edge);
  };
  const double low = inverse(from), high = inverse(to);
  const int panels = angle ? 10 : std::max(2, static_cast<int>(high - low));
  for (int k = 0; k < panels; ++k)
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
      const double t = low + (high - low) * (k + rule.nodes[i]) / panels;
      const double s = std::sin(t / 2), above = angle ? width * s * s : std::exp(t);
      const double speed = angle ? width * s * std::cos(t / 2) : above;
      f(edge + above, rule.weights[i] * (high - low) / panels * speed * pdf(law, edge + above));
    }
}

double mass(const ContinuousMp& law, double from, double to) {
  double sum = 0;
  integrate(law, from, to, [&sum](double, double m) { sum += m; });
  return sum;
}

/// Silverstein's equation with an integral of its own: int tau dH / (1 + tau v) over real tau.
Complex silverstein(const ContinuousMp& law, Complex v) {
  const Population& h = law.population();
  static boost::math::quadrature::tanh_sinh<double> rule(12);
  const auto integrand = [&](double t) {
    const double tau = std::exp(t);
    return tau / (1.0 + tau * v) * (pdf(h, tau) * tau);
  };
  const double middle = std::log(h.typical());
  const double low = h.lower() > 0 ? std::log(h.lower()) : middle - 60;
  const double high = std::isfinite(h.upper()) ? std::log(h.upper()) : middle + 60;
  return -1.0 / v + (rule.integrate(integrand, low, middle, 1e-13) +
                     rule.integrate(integrand, middle, high, 1e-13)) /
                        law.aspect_ratio();
}

}  // namespace

TEST_CASE("continuous_mp: density matches 20-digit values", "[theory][accuracy]") {
  // mpmath 1.3, 50 digits: the integral in closed form (hypergeometric function, incomplete gamma
  // function, logarithm; for the lognormal law the trapezoidal rule at 40 digits), the equation by
  // continuation from far above the axis.
  struct Row {
    Population population;
    double aspect_ratio, lambda, pdf;
  };
  const auto power = [](double alpha, double minimum) {
    return Population::power_law(alpha, minimum);
  };
  const std::vector<Row> rows = {
      {power(2.5, 1), 2, 0.2, 0.53556521070943355935},
      {power(2.5, 1), 2, 1, 0.31826008827787510622},
      {power(2.5, 1), 2, 3, 0.1019755707582167483},
      {power(2.5, 1), 2, 100, 0.000015568906155470569112},
      {power(2.5, 1), 2, 1e5, 4.743594370549817575e-13},
      {power(2.5, 1), 0.5, 0.5, 0.12130844319067286708},
      {power(2.5, 1), 0.5, 10, 0.01158922526765607128},
      {power(2.5, 1), 1, 0.01, 2.4620652286656736121},
      {power(2.5, 1), 1, 4, 0.058054997977350049254},
      {power(1.25, 2), 3, 1, 0.074306328709540420655},
      {power(1.25, 2), 3, 10, 0.014761906248147894553},
      {power(1.25, 2), 3, 1e4, 2.9264765664591828564e-6},
      {Population::power_law(2, 1, 100), 2, 0.2, 0.42226183154242574373},
      {Population::power_law(2, 1, 100), 2, 1, 0.28502143344480379126},
      {Population::power_law(2, 1, 100), 2, 50, 0.00043402198044448996392},
      {Population::power_law(2, 1, 100), 2, 105, 0.000042417208956256312979},
      {Population::gamma(2.5, 1), 2, 0.001, 0.00013493077597749634748},
      {Population::gamma(2.5, 1), 2, 1, 0.26668145580703408403},
      {Population::gamma(2.5, 1), 2, 5, 0.058534399736242295117},
      {Population::gamma(2.5, 1), 2, 30, 4.5416442491533857806e-11},
      {Population::gamma(2.5, 1), 0.5, 1, 0.099901976398064107803},
      {Population::gamma(2.5, 1), 0.5, 10, 0.016562106173481451141},
      {Population::gamma(2.5, 1), 1, 0.01, 2.5379367284801422334},
      {Population::gamma(2.5, 1), 1, 4, 0.062476698866888469434},
      {Population::gamma(0.5, 2), 4, 0.0001, 46.059076215718940908},
      {Population::gamma(0.5, 2), 4, 1, 0.21496092357838872527},
      {Population::gamma(0.5, 2), 4, 20, 4.7740904706420500346e-6},
      {Population::gamma(400.5, 0.0025), 2, 0.1, 0.64146837883989368466},
      {Population::gamma(400.5, 0.0025), 2, 1, 0.42003858117636347945},
      {Population::gamma(400.5, 0.0025), 2, 2.9, 0.030440502962145495369},
      {Population::uniform(1, 2), 2, 0.13, 0.31317767986397623353},
      {Population::uniform(1, 2), 2, 1, 0.3582246595810084913},
      {Population::uniform(1, 2), 2, 4.5, 0.023450517282963800743},
      {Population::uniform(1, 2), 100, 1.5, 0.9212107982123743127},
      {Population::uniform(1, 2), 100, 2.1, 0.43375077739238722491},
      {Population::lognormal(1, 1), 2, 0.01, 0.023126266778235936129},
      {Population::lognormal(1, 1), 2, 1, 0.26709396521215601939},
      {Population::lognormal(1, 1), 2, 50, 4.163158306283432591e-6},
      {Population::lognormal(0.05, 1), 100, 0.7, 1.9926632290734673981e-8},
      {Population::lognormal(0.05, 1), 100, 1, 2.8799643745656902171},
      {Population::lognormal(0.05, 1), 100, 1.3, 0.00052059432171055639993}};
  for (const Row& row : rows) {
    CAPTURE(row.aspect_ratio, row.lambda, row.pdf);
    // Measured 3e-14 at most, for the points nearest to an edge.
    CHECK_THAT(pdf(ContinuousMp(row.aspect_ratio, row.population), row.lambda),
               WithinRel(row.pdf, 1e-12));
  }
}

TEST_CASE("continuous_mp: Silverstein's equation by another quadrature", "[theory][property]") {
  for (const auto& [name, law] : examples()) {
    CAPTURE(name);
    const double q = law.aspect_ratio(), middle = mean(law);
    for (const Complex z : {Complex(0.3, 0.2), Complex(middle, 0.1 * middle), Complex(-1, 0.5),
                            Complex(3 * middle, middle), Complex(-3, 0)}) {
      CAPTURE(z.real(), z.imag());
      const Complex m = stieltjes_transform(law, z);
      const Complex v = m / q - (1 - 1 / q) / z;  // the companion transform
      // v of 20 digits solves the equation to the accuracy of tanh-sinh.
      CHECK(std::abs(silverstein(law, v) / z - 1.0) < 1e-11);
      CHECK(m.imag() * z.imag() >= 0);
      CHECK(v.imag() >= 0);
      // Negative control: another aspect ratio is told.
      const Complex other = stieltjes_transform(ContinuousMp(1.01 * q, law.population()), z);
      CHECK(std::abs(silverstein(law, other / q - (1 - 1 / q) / z) / z - 1.0) > 1e-6);
    }
    // On the support the limit from above, with the density.
    const double x = quantile(law, 0.5 + law.atom() / 2);
    CHECK_THAT(stieltjes_transform(law, x).imag() / pi, WithinRel(pdf(law, x), 1e-12));
    const Complex above = stieltjes_transform(law, {x, 1e-7 * x});
    CHECK(std::abs(above / stieltjes_transform(law, x) - 1.0) < 1e-5);
  }
}

TEST_CASE("continuous_mp: mass and moments are integrals of the density", "[theory][property]") {
  for (const auto& [name, law] : examples()) {
    CAPTURE(name);
    const double low = quantile_sf(law, (1 - law.atom()) * 0.99), high = quantile_sf(law, 0.001);
    const double middle = quantile_sf(law, 0.4 * (1 - law.atom()));
    // 30 nodes to a unit of the logarithm.
    CHECK_THAT(mass(law, low, middle), WithinAbs(sf(law, low) - sf(law, middle), 1e-9));
    CHECK_THAT(mass(law, middle, high), WithinAbs(cdf(law, high) - cdf(law, middle), 1e-9));
    CHECK_THAT(cdf(law, middle) + sf(law, middle), WithinRel(1.0, 1e-14));
  }
  // First and second moment over the whole support, where they exist and tails are short.
  for (const ContinuousMp& law :
       {ContinuousMp(2, Population::gamma(2.5, 1)), ContinuousMp(0.5, Population::gamma(1, 2)),
        ContinuousMp(3, Population::power_law(2, 1, 100)),
        ContinuousMp(5, Population::lognormal(0.5, 1))}) {
    const double low = quantile_sf(law, (1 - law.atom()) * (1 - 1e-14));
    const double high = std::isinf(law.upper_edge()) ? quantile_sf(law, 1e-17) : law.upper_edge();
    double first = 0, second = 0;
    integrate(law, low, high, [&](double lambda, double m) {
      first += lambda * m;
      second += lambda * lambda * m;
    });
    CAPTURE(law.aspect_ratio(), low, high);
    CHECK_THAT(first, WithinRel(mean(law), 1e-9));
    CHECK_THAT(second - first * first, WithinRel(variance(law), 1e-9));
  }
}

TEST_CASE("continuous_mp: limits are Marchenko-Pastur", "[theory][limit]") {
  const double q = GENERATE(0.3, 1.0, 2.0, 50.0);
  CAPTURE(q);
  const MarchenkoPastur expected(q);
  // Relative variance 1e-6 and 1e-6 of the population: the density moves by that times
  // (rho''/rho)/2, up to 1e-3 at Q = 50 and at the quantiles used.
  const ContinuousMp gamma(q, Population::gamma(1e6, 1e-6));
  const ContinuousMp power(q, Population::power_law(1001, 0.999));
  const ContinuousMp uniform(q, Population::uniform(0.999, 1.001));
  for (const double p : {0.15, 0.5, 0.85}) {
    const double x = quantile_sf(expected, p * (1 - expected.atom()));
    CAPTURE(x);
    const double curvature = std::max(q, 1.0);
    CHECK_THAT(pdf(gamma, x), WithinRel(pdf(expected, x), 2e-5 * curvature));
    CHECK_THAT(pdf(power, x), WithinRel(pdf(expected, x), 2e-5 * curvature));
    CHECK_THAT(pdf(uniform, x), WithinRel(pdf(expected, x), 2e-5 * curvature));
    CHECK_THAT(sf(gamma, x), WithinAbs(sf(expected, x), 1e-5 * curvature));
  }
  // The edge moves by the variance 3e-7 times sqrt(Q) (1 + Q^(-1/2))^2.
  CHECK_THAT(uniform.upper_edge(), WithinRel(expected.upper_edge(), 1e-6 * (1 + std::sqrt(q))));
  CHECK_THAT(uniform.lower_edge(), WithinAbs(expected.lower_edge(), 2e-5));
  CHECK_THAT(variance(gamma), WithinRel(variance(expected), 1e-5 * q + 1e-5));
  // Negative control: the deviation is there, and follows the variance of the population.
  const ContinuousMp wider(q, Population::gamma(1e2, 1e-2));
  const double x = quantile_sf(expected, 0.5 * (1 - expected.atom()));
  CHECK(std::abs(pdf(wider, x) / pdf(expected, x) - 1) > 1e-4);
}

TEST_CASE("continuous_mp: a fine discrete population agrees", "[theory][limit]") {
  // 400 Gauss-Legendre nodes of the uniform law, through the solver of discrete populations. The law of
  // the nodes has atoms h apart with Im x >> h, and then the sums converge beyond all powers.
  const Population population = Population::uniform(1, 2);
  const GaussLegendre rule(400);
  std::vector<double> values, weights;
  for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
    values.push_back(1 + rule.nodes[i]);
    weights.push_back(rule.weights[i]);
  }
  for (const double q : {0.5, 2.0}) {
    const ContinuousMp law(q, population);
    const GeneralMp discrete(q, values, weights);
    CAPTURE(q);
    CHECK_THAT(discrete.support().front().lower, WithinRel(law.lower_edge(), 1e-11));
    CHECK_THAT(discrete.support().back().upper, WithinRel(law.upper_edge(), 1e-11));
    for (const double p : {0.1, 0.3, 0.6, 0.9}) {
      const double x = law.lower_edge() + p * (law.upper_edge() - law.lower_edge());
      CAPTURE(x);
      CHECK_THAT(pdf(discrete, x), WithinRel(pdf(law, x), 1e-11));
      CHECK_THAT(sf(discrete, x), WithinAbs(sf(law, x), 1e-12));
    }
    CHECK_THAT(variance(discrete), WithinRel(variance(law), 1e-12));
    const Complex z(0.7, 0.1);
    CHECK(std::abs(stieltjes_transform(discrete, z) / stieltjes_transform(law, z) - 1.0) < 1e-12);
  }
}

TEST_CASE("continuous_mp: the tail is that of the population", "[theory][limit]") {
  // Exponent and constant for every Q; the first correction is the shift by mean / Q, so a factor
  // 1 + (alpha - 1) mean / (Q lambda), or of relative order lambda^(1 - alpha) if the mean is infinite.
  for (const double q : {0.2, 1.0, 3.0})
    for (const double alpha : {1.6, 2.5, 4.0}) {
      const ContinuousMp law(q, Population::power_law(alpha, 1.5));
      CAPTURE(q, alpha);
      for (const double lambda : {1e6, 1e12, 1e30}) {
        CAPTURE(lambda);
        const double order = std::pow(lambda, -std::min(alpha - 1, 1.0));
        CHECK_THAT(sf(law, lambda), WithinRel(sf(law.population(), lambda), 60 * order + 1e-12));
        CHECK_THAT(pdf(law, lambda), WithinRel(pdf(law.population(), lambda), 60 * order + 1e-12));
      }
      if (alpha < 2) continue;
      const double lambda = 1e7, shift = mean(law) / q;
      CHECK_THAT((sf(law, lambda) / sf(law.population(), lambda) - 1) * lambda,
                 WithinRel((alpha - 1) * shift, 1e-2));
    }
  // Not so for a light tail, where the shift counts: exp(shift).
  const ContinuousMp gamma(2, Population::gamma(1, 1));
  CHECK_THAT(sf(gamma, 200) / sf(gamma.population(), 200), WithinRel(std::exp(0.5), 0.01));
  // Small eigenvalues for Q > 1: those of the population times 1 - 1/Q.
  CHECK_THAT(cdf(gamma, 1e-8), WithinRel(2e-8, 1e-6));
  CHECK_THAT(cdf(ContinuousMp(2, Population::gamma(2.5, 1)), 1e-30),
             WithinRel(cdf(Population::gamma(2.5, 1), 2e-30), 1e-12));
}

TEST_CASE("continuous_mp: ends of the support", "[theory][property]") {
  // An unbounded population has no upper edge; one down to 0 leaves a gap only below Q = 1.
  for (const double q : {0.5, 1.0, 2.0}) {
    CAPTURE(q);
    const ContinuousMp gamma(q, Population::gamma(2, 1)), power(q, Population::power_law(2.5, 1)),
        uniform(q, Population::uniform(1, 2));
    CHECK(gamma.upper_edge() == infinity);
    CHECK(power.upper_edge() == infinity);
    CHECK(uniform.upper_edge() < infinity);
    CHECK((gamma.lower_edge() > 0) == (q < 1));
    CHECK((power.lower_edge() > 0) == (q != 1));
    CHECK((uniform.lower_edge() > 0) == (q != 1));
    CHECK(gamma.atom() == std::max(1 - q, 0.0));
    for (const auto& law : {gamma, power, uniform}) {
      CHECK(pdf(law, law.lower_edge()) == 0);
      CHECK(cdf(law, law.lower_edge()) == law.atom());
      CHECK(sf(law, -1) == 1);
      CHECK(cdf(law, -1) == 0);
      CHECK(sf(law, infinity) == 0);
      CHECK(cdf(law, infinity) == 1);
      CHECK(pdf(law, 1e300) < 1e-300);
      CHECK(quantile(law, 1) == law.upper_edge());
      CHECK(quantile(law, 0) == (q < 1 ? 0 : law.lower_edge()));
      CHECK(quantile_sf(law, 0) == law.upper_edge());
      if (law.lower_edge() == 0) continue;
      // A square root beside the edge, and the real solution beyond it.
      const double d = 1e-8 * law.lower_edge();
      CHECK_THAT(pdf(law, law.lower_edge() + 4 * d) / pdf(law, law.lower_edge() + d),
                 WithinRel(2.0, 1e-6));
      CHECK_THAT(stieltjes_transform(law, law.lower_edge() - d).real(),
                 WithinRel(stieltjes_transform(law, law.lower_edge() + d).real(), 1e-3));
      CHECK(stieltjes_transform(law, law.lower_edge() - d).imag() == 0);
    }
    // The edges of the uniform law, from its elementary phi, by bisection here.
    const auto excess = [q](double x) {
      return 1 + 2 * x * (std::log(std::abs((x - 2) / (x - 1)))) +
             x * x * (1 / (x - 2) - 1 / (x - 1)) - q;
    };
    double low = 2 + 1e-9, high = 100;
    for (int step = 0; step < 200; ++step)
      (excess((low + high) / 2) > 0 ? low : high) = (low + high) / 2;
    CHECK_THAT(low * (1 + (-1 + low * std::log((low - 1) / (low - 2))) / q),
               WithinRel(uniform.upper_edge(), 1e-12));
  }
  // The hard edge at Q = 1: rho sqrt(lambda) -> sqrt(E 1/tau) / pi, E 1/tau = 3/5 for alpha = 2.5.
  const ContinuousMp hard(1, Population::power_law(2.5, 1));
  for (const double lambda : {1e-9, 1e-16, 1e-30})
    CHECK_THAT(pdf(hard, lambda) * std::sqrt(lambda), WithinRel(std::sqrt(0.6) / pi, 1e-7));
}

TEST_CASE("continuous_mp: quantiles", "[theory][property]") {
  for (const auto& [name, law] : examples())
    for (const double p : {1e-3, 0.2, 0.55, 0.9, 0.9999}) {
      CAPTURE(name, p);
      if (p <= law.atom())
        CHECK(quantile(law, p) == 0);
      else
        CHECK_THAT(cdf(law, quantile(law, p)),
                   WithinAbs(p, 1e-13 * std::max(1.0, law.aspect_ratio())));
    }
  const ContinuousMp power(2, Population::power_law(2.5, 1));
  CHECK_THAT(sf(power, quantile_sf(power, 1e-30)), WithinRel(1e-30, 1e-12));
  const ContinuousMp gamma(2, Population::gamma(2.5, 1));
  CHECK_THAT(sf(gamma, quantile_sf(gamma, 1e-30)), WithinRel(1e-30, 1e-11));
  CHECK_THAT(cdf(gamma, quantile(gamma, 1e-30)), WithinRel(1e-30, 1e-11));
}

TEST_CASE("continuous_mp: names what is outside its domain", "[theory][errors]") {
  const Population population = Population::gamma(1, 1);
  CHECK_THROWS_WITH(ContinuousMp(0, population),
                    ContainsSubstring("ContinuousMp: aspect_ratio = 0 (must be >= 1e-4"));
  const ContinuousMp law(2, population);
  CHECK_THROWS_AS(pdf(law, std::nan("")), std::domain_error);
  CHECK_THROWS_AS(cdf(law, std::nan("")), std::domain_error);
  CHECK_THROWS_AS(sf(law, std::nan("")), std::domain_error);
  CHECK_THROWS_WITH(quantile(law, 2), ContainsSubstring("quantile: p = 2 (must be >= 0 and <= 1)"));
  CHECK_THROWS_WITH(stieltjes_transform(law, {1, -1}),
                    ContainsSubstring("Im z = -1 (must be finite and >= 0)"));
  CHECK_THROWS_WITH(stieltjes_transform(law, 0),
                    ContainsSubstring("z = 0 (must be not 0 where the support begins)"));
  CHECK_THROWS_WITH(stieltjes_transform(ContinuousMp(0.5, population), 0),
                    ContainsSubstring("z = 0 (must be not 0 for aspect_ratio < 1)"));
}
