// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/heavy_tailed_mp.hpp and theory/heavy_tailed_mp_table.hpp.
#include "theory/heavy_tailed_mp.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <limits>
#include <map>
#include <numbers>
#include <stdexcept>
#include <utility>

#include "tests/catch.hpp"
#include "tests/theory/reference_table.hpp"
#include "theory/gauss_legendre.hpp"
#include "theory/heavy_tailed_mp_table.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;

namespace {

using std::numbers::pi;
using Complex = std::complex<double>;

/// g(y) by the trapezoidal rule in x = log u on the real axis: another contour and another
/// substitution than the library's. Exact to rounding for moderate |y|.
Complex direct_g(double a, Complex y) {
  Complex sum = 0;
  const double h = 1.0 / 128;
  for (double x = -40 / a; x < 5; x += h)
    sum += h * std::exp(a * x - std::exp(x) - y * std::exp(a * x));
  return sum;
}

/// int of f over (low, high) in log lambda, by 12-point panels.
template <class F>
auto integrate_log(double low, double high, int panels, F f) {
  static const GaussLegendre rule(12);
  const double width = std::log(high / low) / panels;
  decltype(f(low)) sum = 0;
  for (int i = 0; i < panels; ++i)
    for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
      const double lambda = low * std::exp(width * (i + rule.nodes[k]));
      sum += rule.weights[k] * width * lambda * f(lambda);
    }
  return sum;
}

}  // namespace

TEST_CASE("heavy_tailed_mp: density and survival function match reference values",
          "[theory][accuracy]") {
  std::map<std::pair<double, double>, HeavyTailedMp> laws;
  for (const auto& row : tests::reference_rows("reference/rmt/heavy_tail_density.csv")) {
    const double mu = row.number("mu"), q = row.number("Q"), lambda = row.number("lambda");
    const auto& law = laws.try_emplace({mu, q}, mu, q).first->second;
    CAPTURE(mu, q, lambda);
    const double expected = row.number("pdf");
    // In the steep fall only the absolute accuracy of lambda rho is left.
    // The table itself is good to 4e-9 only at mu = 0.5 and Q > 1, as residuals of the equations show.
    if (lambda * expected > 1e-4)
      CHECK_THAT(pdf(law, lambda), WithinRel(expected, mu == 0.5 ? 1e-8 : 1e-12));
    else if (expected > 1e-8)
      CHECK_THAT(pdf(law, lambda), WithinRel(expected, 1e-8));
    else  // the table writes 0 below 1e-11
      CHECK_THAT(pdf(law, lambda), WithinAbs(expected, 1e-11));
    CHECK_THAT(sf(law, lambda), WithinAbs(row.number("sf"), 5e-7));  // the table's own accuracy
  }
}

TEST_CASE("heavy_tailed_mp: constants of both ends", "[theory][accuracy][limit]") {
  for (const auto& row : tests::reference_rows("reference/rmt/heavy_tail_constants.csv")) {
    const double mu = row.number("mu"), q = row.number("Q"), a = mu / 2;
    CAPTURE(mu, q);
    const HeavyTailedMp law(mu, q);
    const double first = row.number("tail_coeff_pdf lambda^(-1-mu/2)");
    const double second = row.number("minus_second_coeff lambda^(-1-mu)");
    CHECK_THAT(tail_pdf(law, 1), WithinAbs(first - second, 1e-13 * (1 + std::abs(second))));
    CHECK_THAT(small_lambda_coefficient(law),
               WithinRel(row.number("small_lambda_coeff lambda^(-1/2) (Q=1)"), 1e-13));
    // The third term is smaller by lambda^(-2a); the factor bounds its coefficient.
    for (const double power : {1e-3, 1e-5}) {
      const double lambda = std::pow(power, -1 / a);
      CHECK_THAT(pdf(law, lambda), WithinRel(tail_pdf(law, lambda), 60 * power * power + 1e-13));
      CHECK_THAT(sf(law, lambda), WithinRel(power, 10 * power));  // constant 1 for every Q
    }
  }
}

TEST_CASE("heavy_tailed_mp: the solution satisfies the two equations", "[theory][property]") {
  const double mu = GENERATE(0.3, 0.5, 1.0, 1.5, 1.8);
  const double q = GENERATE(0.4, 1.0, 3.0);
  const double a = mu / 2, k = std::tgamma(1 - a) / std::tgamma(a);
  const HeavyTailedMp law(mu, q);
  for (const double power : {0.03, 0.3, 1.0, 3.0, 10.0}) {
    const double lambda = std::pow(power, -1 / a);
    const auto [row, col] = solution(law, lambda);
    CAPTURE(mu, q, lambda);
    // Where Re y < 0 the integrand grows to exp(-Re y u^a) before it falls and its terms cancel.
    const double growth = std::pow(std::max({-row.real(), -col.real(), 0.0}), 1 / (1 - a));
    if (growth > 20) continue;
    const Complex kw = k * std::polar(power, pi * a);
    const double tolerance = 1e-12 * std::exp(growth / 2);
    CHECK(std::abs(kw * direct_g(a, col) / row - 1.0) < tolerance);
    CHECK(std::abs(kw * direct_g(a, row) / (q * col) - 1.0) < tolerance);
    CHECK(std::min(std::arg(row), std::arg(col)) > -1e-12);
    CHECK(std::max(std::arg(row), std::arg(col)) < pi * a + 1e-12);
    // pdf = (a / pi lambda) Im y_r g(y_r).
    CHECK_THAT(pdf(law, lambda),
               WithinAbs((a / (pi * lambda) * q * row * col / kw).imag(), 1e-13 / lambda));
  }
}

TEST_CASE("heavy_tailed_mp: the survival function is the integral of the density",
          "[theory][property]") {
  // The survival function comes from a stationary value, the density from the equations: neither
  // uses the other. At mu >= 1.5 and Q > 1 the interval holds an almost vertical fall.
  const auto [mu, q, low, high] =
      GENERATE(std::array{0.5, 1.0, 1e-6, 1e6}, std::array{0.5, 3.0, 1e-8, 1e4},
               std::array{1.0, 2.0, 1e-3, 1e3}, std::array{1.0, 0.5, 1e-3, 1e4},
               std::array{1.5, 1.0, 1e-4, 1e3}, std::array{1.5, 2.0, 1e-1, 1e3},
               std::array{1.8, 3.0, 1.0, 1e3}, std::array{1.8, 1.0, 1e-2, 1e3});
  CAPTURE(mu, q);
  const HeavyTailedMp law(mu, q);
  const double mass = integrate_log(low, high, 100, [&](double x) { return pdf(law, x); });
  // Quadrature: the panels that hold a steep fall are the only inexact ones.
  CHECK_THAT(sf(law, low) - sf(law, high), WithinAbs(mass, mu >= 1.5 && q > 1 ? 1e-4 : 1e-9));
  CHECK(sf(law, 0) == 1 - law.atom());
  CHECK(cdf(law, 0) == law.atom());
  CHECK(sf(law, -1) == 1);
}

TEST_CASE("heavy_tailed_mp: total mass", "[theory][property]") {
  // What is left below the smallest lambda is 2 c0 sqrt(lambda) at Q = 1, nothing otherwise.
  for (const double mu : {0.1, 0.5, 1.0, 1.5, 1.8, 1.9})
    for (const double q : {0.1, 0.5, 1.0, 2.0, 10.0}) {
      CAPTURE(mu, q);
      const HeavyTailedMp law(mu, q);
      const double lambda = std::pow(1e5, -2 / mu);
      const double left = 2 * small_lambda_coefficient(law) * std::sqrt(lambda);
      CHECK_THAT(sf(law, lambda),
                 WithinAbs(std::min(1.0, q) - left, (mu > 1.8 ? 1e-6 : 1e-12) + 0.01 * left));
      CHECK(sf(law, 1e300) < std::pow(1e300, -mu / 2) * 1.01);
    }
}

TEST_CASE("heavy_tailed_mp: Levy-Wigner density at the origin", "[theory][limit]") {
  // |x| rho(x^2) at Q = 1 is the limit for symmetric matrices; at mu = 1 its value at 0 is 1/pi.
  const HeavyTailedMp law(1, 1);
  CHECK_THAT(small_lambda_coefficient(law), WithinRel(1 / pi, 1e-14));
  for (const double x : {1e-4, 1e-6, 1e-9})  // corrections are of order x^2 log x
    CHECK_THAT(x * pdf(law, x * x), WithinRel(1 / pi, 60 * x * x + 1e-13));
}

TEST_CASE("heavy_tailed_mp: transposition", "[theory][property]") {
  // W and its transpose share their nonzero eigenvalues; a_N and a_M differ by Q^(1/mu).
  const double mu = GENERATE(0.5, 1.2, 1.8), q = GENERATE(1.5, 20.0);
  const HeavyTailedMp tall(mu, q), wide(mu, 1 / q);
  const double factor = std::pow(q, 2 / mu);
  for (const double power : {0.01, 0.2, 1.0}) {
    const double lambda = std::pow(power, -2 / mu);
    CAPTURE(mu, q, lambda);
    CHECK_THAT(pdf(wide, lambda * factor) * factor,
               WithinAbs(pdf(tall, lambda) / q, 1e-11 * pdf(tall, lambda) + 1e-14 / lambda));
    CHECK_THAT(sf(wide, lambda * factor), WithinAbs(sf(tall, lambda) / q, 1e-12));
  }
}

TEST_CASE("heavy_tailed_mp: Stieltjes transform", "[theory][property]") {
  const auto [mu, q] = GENERATE(std::pair{0.5, 2.0}, std::pair{1.0, 0.5}, std::pair{1.5, 1.0});
  const HeavyTailedMp law(mu, q);
  for (const Complex z : {Complex(1, 0.5), Complex(-2, 0.1), Complex(0.1, 3)}) {
    CAPTURE(mu, q, z.real(), z.imag());
    const double low = 1e-14, high = std::pow(1e9, 1 / mu);
    const Complex integral =
        integrate_log(low, high, 150, [&](double x) { return pdf(law, x) / (x - z); });
    const double below = cdf(law, low);  // atom included
    // Beyond `high` the integrand is below sf / high.
    CHECK(std::abs(stieltjes_transform(law, z) - (integral - below / z)) < 1e-8);
  }
  // The density is the boundary value.
  CHECK_THAT(stieltjes_transform(law, {1, 1e-12}).imag() / pi, WithinAbs(pdf(law, 1), 1e-11));
}

TEST_CASE("heavy_tailed_mp: quantiles", "[theory][property]") {
  for (const auto& [mu, q] : {std::pair{0.5, 2.0}, {1.0, 0.5}, {1.5, 1.0}, {1.8, 3.0}}) {
    const HeavyTailedMp law(mu, q);
    for (const double p : {0.02, 0.55, 0.9, 0.9999}) {
      CAPTURE(mu, q, p);
      if (p <= law.atom())
        CHECK(quantile(law, p) == 0);
      else
        CHECK_THAT(cdf(law, quantile(law, p)), WithinAbs(p, 1e-13));
    }
    CHECK_THAT(sf(law, quantile_sf(law, 1e-12)), WithinRel(1e-12, 1e-12));
    CHECK(quantile(law, 0) == 0);
    CHECK(std::isinf(quantile(law, 1)));
  }
}

TEST_CASE("heavy_tailed_mp: table for fits", "[theory][accuracy]") {
  // The bounds stated in the header.
  const auto [mu, q, density, survival] =
      GENERATE(std::array{0.5, 1.0, 2e-6, 1e-8}, std::array{1.0, 2.0, 2e-6, 1e-8},
               std::array{1.5, 1.0, 2e-3, 1e-5}, std::array{1.5, 3.0, 2e-3, 1e-5});
  const HeavyTailedMp law(mu, q);
  const HeavyTailedMpTable table(law, 0.1, 1e4);
  for (double lambda = 0.1; lambda < 1e4; lambda *= 1.03) {
    CAPTURE(mu, q, lambda);
    CHECK_THAT(lambda * pdf(table, lambda), WithinAbs(lambda * pdf(law, lambda), density));
    CHECK_THAT(sf(table, lambda), WithinAbs(sf(law, lambda), survival));
  }
  CHECK_THAT(sf(table, 1e4), WithinRel(sf(law, 1e4), 1e-12));
}

TEST_CASE("heavy_tailed_mp: names what is outside its domain", "[theory][errors]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(HeavyTailedMp(2, 1),
                    ContainsSubstring("HeavyTailedMp: tail_index = 2 (must be >= 0.1 and <= 1.9)"));
  CHECK_THROWS_WITH(HeavyTailedMp(1, 0), ContainsSubstring("aspect_ratio = 0 (must be >= 1e-4"));
  CHECK_THROWS_AS(HeavyTailedMp(nan, 1), std::domain_error);
  const HeavyTailedMp law(1, 1);
  CHECK_THROWS_AS(pdf(law, nan), std::domain_error);
  CHECK_THROWS_AS(cdf(law, nan), std::domain_error);
  CHECK_THROWS_WITH(solution(law, 0),
                    ContainsSubstring("solution: lambda = 0 (must be finite and > 0)"));
  CHECK_THROWS_WITH(quantile(law, 2), ContainsSubstring("quantile: p = 2 (must be >= 0 and <= 1)"));
  CHECK_THROWS_WITH(stieltjes_transform(law, {1, 0}),
                    ContainsSubstring("Im z = 0 (must be finite and > 0)"));
  CHECK_THROWS_WITH(HeavyTailedMpTable(law, 2, 1),
                    ContainsSubstring("lambda_min = 2 (must be < lambda_max)"));
  CHECK_THROWS_WITH(pdf(HeavyTailedMpTable(law, 1, 2), 3),
                    ContainsSubstring("pdf: lambda = 3 (must be in the table: >= 1 and <= 2)"));
}
