// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/general_mp.hpp.
#include "theory/general_mp.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <map>
#include <numbers>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/theory/reference_table.hpp"
#include "theory/gauss_legendre.hpp"
#include "theory/marchenko_pastur.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;

namespace {

using std::numbers::pi;
using Complex = std::complex<double>;

std::vector<double> numbers(const std::string& text) {
  std::istringstream stream(text);
  std::vector<double> result;
  for (double value = 0; stream >> value;) result.push_back(value);
  return result;
}

/// Three intervals, a narrow gap, an atom, many values with a wide spread.
const std::vector<GeneralMp>& examples() {
  static const std::vector<GeneralMp> laws = {
      {10, {1, 3, 10}, {0.2, 0.4, 0.4}},
      {2, {1, 5}, {0.5, 0.5}},
      {0.5, {1, 4}, {0.7, 0.3}},
      {1, {0.01, 1, 100}, {0.5, 0.3, 0.2}},
      {1.5, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, std::vector<double>(10, 0.1)},
      {3, {1, 50}, {0.999, 0.001}}};
  return laws;
}

/// int of f over an interval, with the substitution that smooths square roots at both ends.
template <class F>
auto integrate(const GeneralMp::Interval& part, F f) {
  static const GaussLegendre rule(200);
  decltype(f(1.0)) sum = 0;
  for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
    const double t = pi * rule.nodes[i], s = std::sin(t / 2);
    const double lambda = part.lower + (part.upper - part.lower) * s * s;
    sum += rule.weights[i] * pi / 2 * (part.upper - part.lower) * std::sin(t) * f(lambda);
  }
  return sum;
}

}  // namespace

TEST_CASE("general_mp: density and Stieltjes transform match reference values",
          "[theory][accuracy]") {
  std::map<std::string, GeneralMp> laws;
  for (const auto& row : tests::reference_rows("reference/rmt/general_mp.csv")) {
    const std::string& name = row.text("case");
    const auto& law = laws.try_emplace(name, 1 / row.number("gamma"), numbers(row.text("tau")),
                                       numbers(row.text("weights")))
                          .first->second;
    const double x = row.number("x");
    CAPTURE(name, x);
    // Rounding times the conditioning of the points nearest to an edge; measured 2e-14.
    CHECK_THAT(pdf(law, x), WithinRel(row.number("pdf"), 1e-12));
    const Complex expected(row.number("re_m"), row.number("im_m"));
    CHECK(std::abs(stieltjes_transform(law, x) / expected - 1.0) < 1e-12);
  }
  for (const auto& row : tests::reference_rows("reference/rmt/general_mp_edges.csv")) {
    const auto& law = laws.at(row.text("case"));
    const auto& part = law.support().at(std::size_t(row.number("interval")));
    CAPTURE(row.text("case"), part.lower);
    CHECK_THAT(part.lower, WithinRel(row.number("left"), 1e-13));
    CHECK_THAT(part.upper, WithinRel(row.number("right"), 1e-13));
    CHECK_THAT(part.mass, WithinAbs(row.number("mass"), 1e-14));  // digits of the table
  }
}

TEST_CASE("general_mp: one value is Marchenko-Pastur", "[theory][limit]") {
  const double q = GENERATE(0.01, 0.5, 0.999, 1.0, 1.001, 2.0, 100.0, 1e4);
  CAPTURE(q);
  const GeneralMp law(q, {2, 2}, {0.25, 0.75});  // equal values are merged
  const MarchenkoPastur expected(q, 2);
  REQUIRE(law.support().size() == 1);
  const auto part = law.support().front();
  CHECK_THAT(part.lower, WithinAbs(expected.lower_edge(), 1e-15 * part.upper));
  CHECK_THAT(part.upper, WithinRel(expected.upper_edge(), 1e-15));
  CHECK_THAT(part.mass, WithinAbs(1 - law.atom(), 1e-15));
  for (int i = 1; i < 60; ++i) {
    const double lambda = part.lower + (part.upper - part.lower) * (1 - std::cos(pi * i / 60)) / 2;
    CAPTURE(lambda);
    // One rounding of lambda, over its distance to an edge, which is 1e-3 of a width Q^(-1/2).
    CHECK_THAT(pdf(law, lambda), WithinRel(pdf(expected, lambda), 2e-11));
    CHECK_THAT(cdf(law, lambda), WithinAbs(cdf(expected, lambda), 2e-15 + 2e-18 * q));
  }
  for (const double p : {0.3, 0.7, 0.995}) {
    if (p <= law.atom()) continue;
    CHECK_THAT(quantile(law, p), WithinRel(quantile(expected, p), 1e-12));
    CHECK_THAT(quantile_sf(law, 1 - p), WithinRel(quantile(expected, p), 1e-12));
  }
  CHECK_THAT(mean(law), WithinRel(mean(expected), 1e-15));
  CHECK_THAT(variance(law), WithinRel(variance(expected), 1e-15));
}

TEST_CASE("general_mp: Silverstein's equation", "[theory][property]") {
  for (const auto& law : examples()) {
    const double q = law.aspect_ratio(), top = law.support().back().upper;
    for (const Complex z : {Complex(0.3, 0.2), Complex(0.5 * top, 1e-3), Complex(0.9 * top, 1e-9),
                            Complex(-1, 0.5), Complex(2 * top, 0), Complex(-3, 0)}) {
      CAPTURE(q, z.real(), z.imag());
      const Complex m = stieltjes_transform(law, z);
      // The other form of the equation: m = sum w / (tau (1 - 1/Q - z m / Q) - z).
      Complex right = 0;
      for (std::size_t k = 0; k < law.values().size(); ++k)
        right += law.weights()[k] / (law.values()[k] * (1 - 1 / q - z * m / q) - z);
      CHECK(std::abs(right / m - 1.0) < 1e-11);  // rounding times the conditioning
      CHECK(m.imag() * z.imag() >= 0);
      // The sign of Im m and of Im(z m) singles out the solution.
      CHECK((z * m).imag() >= -1e-15);
    }
  }
}

TEST_CASE("general_mp: masses, moments and transform are integrals of the density",
          "[theory][property]") {
  for (const auto& law : examples()) {
    CAPTURE(law.aspect_ratio(), law.support().size());
    double total = law.atom(), first = 0, second = 0;
    const Complex z(-0.5, 0.7);
    Complex m = -law.atom() / z;
    for (const auto& part : law.support()) {
      // 200 nodes; what is left comes from near-singularities between nearly separated parts and
      // from values spread over four decades.
      const double mass = integrate(part, [&](double x) { return pdf(law, x); });
      CHECK_THAT(mass, WithinAbs(part.mass, 1e-6));
      CHECK_THAT(sf(law, part.lower) - sf(law, part.upper), WithinAbs(part.mass, 1e-15));
      const double middle = (part.lower + part.upper) / 2;
      const auto below = GeneralMp::Interval{part.lower, middle, 0, 0, 0};
      const double half = integrate(below, [&](double x) { return pdf(law, x); });
      CHECK_THAT(sf(law, part.lower) - sf(law, middle), WithinAbs(half, 1e-5));
      total += mass;
      first += integrate(part, [&](double x) { return x * pdf(law, x); });
      second += integrate(part, [&](double x) { return x * x * pdf(law, x); });
      m += integrate(part, [&](double x) { return pdf(law, x) / (x - z); });
    }
    CHECK_THAT(total, WithinAbs(1, 1e-6));
    CHECK_THAT(first, WithinRel(mean(law), 1e-6));
    CHECK_THAT(second - first * first, WithinRel(variance(law), 1e-5));
    CHECK(std::abs(m / stieltjes_transform(law, z) - 1.0) < 1e-5);
  }
}

TEST_CASE("general_mp: gaps", "[theory][property]") {
  const GeneralMp law(10, {10, 1, 3}, {0.4, 0.2, 0.4});  // any order
  REQUIRE(law.support().size() == 3);
  const double gap = (law.support()[0].upper + law.support()[1].lower) / 2;
  CHECK(pdf(law, gap) == 0);
  CHECK_THAT(cdf(law, gap), WithinAbs(0.2, 1e-15));
  CHECK(stieltjes_transform(law, gap).imag() == 0);
  CHECK_THAT(quantile(law, 0.2),
             WithinRel(law.support()[0].upper, 1e-6));  // square root at the edge
  CHECK(cdf(law, 0) == 0);
  CHECK(sf(law, 100) == 0);
  CHECK(sf(law, -1) == 1);
  CHECK(quantile(law, 1) == law.support()[2].upper);
  CHECK(quantile(law, 0) == law.support()[0].lower);
  // A spike of little weight has its own small interval at the place of the outlier, ell (1 + 1/(Q
  // (ell - 1))).
  const auto& spiked = examples().back().support();
  REQUIRE(spiked.size() == 2);
  CHECK(spiked[1].mass == 0.001);
  CHECK_THAT((spiked[1].lower + spiked[1].upper) / 2, WithinRel(50 * (1 + 1 / (3 * 49.0)), 1e-3));
  // The gap closes as Q falls.
  CHECK(GeneralMp(1, {1, 5}, {0.5, 0.5}).support().size() == 1);
}

TEST_CASE("general_mp: the hard edge", "[theory][limit]") {
  // At Q = 1 z(x) is of order x^2 near x = 0: the solution must not depend on a difference there.
  const GeneralMp one(1, {2}, {1}), three(1, {1, 3, 10}, {0.2, 0.4, 0.4});
  const MarchenkoPastur expected(1, 2);
  const double inverse = 0.2 + 0.4 / 3 + 0.04;  // mean of 1 / tau
  for (double lambda = 1e-4; lambda > 1e-200; lambda *= 3e-9) {
    CAPTURE(lambda);
    CHECK_THAT(pdf(one, lambda), WithinRel(pdf(expected, lambda), 1e-14));
    CHECK_THAT(pdf(three, lambda) * std::sqrt(lambda),
               WithinRel(std::sqrt(inverse) / pi, 1e-14 + 10 * lambda));
  }
}

TEST_CASE("general_mp: quantiles", "[theory][property]") {
  for (const auto& law : examples())
    for (const double p : {0.01, 0.2, 0.55, 0.9, 0.999}) {
      CAPTURE(law.aspect_ratio(), p);
      if (p <= law.atom())
        CHECK(quantile(law, p) == 0);
      else
        CHECK_THAT(cdf(law, quantile(law, p)),
                   WithinAbs(p, 1e-14 * std::max(1.0, law.aspect_ratio())));
    }
}

TEST_CASE("general_mp: names what is outside its domain", "[theory][errors]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(GeneralMp(0, {1}, {1}),
                    ContainsSubstring("GeneralMp: aspect_ratio = 0 (must be finite and > 0)"));
  CHECK_THROWS_WITH(GeneralMp(1, {1, -2}, {0.5, 0.5}),
                    ContainsSubstring("GeneralMp: values = -2 (must be finite and > 0)"));
  CHECK_THROWS_WITH(GeneralMp(1, {1, 2}, {0.5, 0.6}),
                    ContainsSubstring("GeneralMp: sum of weights = 1.1 (must be 1 within 1e-6)"));
  CHECK_THROWS_WITH(GeneralMp(1, {1, 2}, {1}), ContainsSubstring("2 values and 1 weights"));
  CHECK_THROWS_AS(GeneralMp(1, {}, {}), std::invalid_argument);
  const GeneralMp law(1, {1}, {1});
  CHECK_THROWS_AS(pdf(law, nan), std::domain_error);
  CHECK_THROWS_AS(cdf(law, nan), std::domain_error);
  CHECK_THROWS_WITH(quantile(law, -1),
                    ContainsSubstring("quantile: p = -1 (must be >= 0 and <= 1)"));
  CHECK_THROWS_WITH(stieltjes_transform(law, {1, -1}),
                    ContainsSubstring("Im z = -1 (must be finite and >= 0)"));
  CHECK_THROWS_WITH(stieltjes_transform(law, 0),
                    ContainsSubstring("z = 0 (must be not 0 for aspect_ratio <= 1)"));
}
