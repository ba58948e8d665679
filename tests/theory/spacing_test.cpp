// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/spacing.hpp.
#include "theory/spacing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>

#include "tests/catch.hpp"
#include "tests/theory/reference_table.hpp"
#include "theory/gauss_legendre.hpp"
#include "theory/wigner_surmise.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;

TEST_CASE("spacing: matches reference values", "[theory][accuracy]") {
  for (const auto& row : tests::reference_rows("reference/rmt/spacing_exact.csv")) {
    const std::string& name = row.text("ensemble");
    const LevelSpacing law(name == "goe" ? 1 : name == "gue" ? 2 : 4);
    const double s = row.number("s");
    CAPTURE(name, s);
    // The bounds of the header; measured 1.4e-15 and, at s = 3.75 for beta = 4, 4e-10.
    CHECK_THAT(pdf(law, s), WithinAbs(row.number("spacing_pdf"), 1e-14));
    CHECK_THAT(cdf(law, s), WithinAbs(row.number("spacing_cdf"), 1e-14));
    CHECK_THAT(sf(law, s), WithinRel(row.number("spacing_sf"), 1e-9));
    CHECK_THAT(gap_probability(law, s), WithinRel(row.number("gap_probability_E0"), 1e-9));
  }
}

TEST_CASE("spacing: mass, mean and variance by quadrature", "[theory][property]") {
  const int beta = GENERATE(1, 2, 4);
  const LevelSpacing law(beta);
  const GaussLegendre rule(40);
  const double end = beta == 4 ? 5 : 9;  // sf < 1e-23 there
  double mass = 0, first = 0, second = 0;
  for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
    const double s = end * rule.nodes[i], p = end * rule.weights[i] * pdf(law, s);
    mass += p;
    first += s * p;
    second += s * s * p;
  }
  CAPTURE(beta);
  CHECK_THAT(mass, WithinAbs(1, 1e-12));  // rounding of the density
  CHECK_THAT(first, WithinAbs(mean(law), 1e-12));
  CHECK_THAT(second - 1, WithinAbs(variance(law), 1e-10));
  CHECK_THAT(variance(law), WithinAbs(beta == 1   ? 0.2855306557
                                      : beta == 2 ? 0.1799938777
                                                  : 0.1040984222,
                                      6e-11));  // half a digit
}

TEST_CASE("spacing: repulsion, tails and the surmise", "[theory][limit]") {
  const double pi = std::numbers::pi;
  // p(s) = pi^2 s / 6, pi^2 s^2 / 3, 16 pi^4 s^4 / 135 for small s; next terms are of order s^2.
  CHECK_THAT(pdf(LevelSpacing(1), 1e-3) / 1e-3, WithinRel(pi * pi / 6, 1e-5));
  CHECK_THAT(pdf(LevelSpacing(2), 1e-2) / 1e-4, WithinRel(pi * pi / 3, 1e-3));
  CHECK_THAT(pdf(LevelSpacing(4), 0.03) / std::pow(0.03, 4),
             WithinRel(16 * std::pow(pi, 4) / 135, 1e-2));
  for (const int beta : {1, 2, 4}) {
    const LevelSpacing law(beta);
    const WignerSurmise surmise(beta);
    const double bound = beta == 1 ? 0.0066 : beta == 2 ? 0.0016 : 0.0005;
    double largest = 0;
    for (double s = 0.05; s < 3; s += 0.05)
      largest = std::max(largest, std::abs(cdf(law, s) - cdf(surmise, s)));
    CAPTURE(beta, largest);
    CHECK(largest < bound);
    CHECK(largest > bound / 2);  // the two laws are not the same
  }
  // log E = -pi^2 s^2 / 16 - pi s / 4 + ... for beta = 1: slope of the logarithm at s = 8.
  const LevelSpacing goe(1);
  CHECK_THAT(sf(goe, 8) / gap_probability(goe, 8), WithinAbs(pi * pi + pi / 4, 0.1));
}

TEST_CASE("spacing: derivatives, quantiles and ends", "[theory][property]") {
  for (const int beta : {1, 2, 4}) {
    const LevelSpacing law(beta);
    for (const double s : {0.3, 1.0, 2.0}) {
      CAPTURE(beta, s);
      const double h = 1e-4;  // differences of fourth order; rounding eps / h
      const auto slope = [&](auto f) {
        return (8 * (f(s + h) - f(s - h)) - (f(s + 2 * h) - f(s - 2 * h))) / (12 * h);
      };
      CHECK_THAT(-slope([&](double t) { return gap_probability(law, t); }),
                 WithinAbs(sf(law, s), 1e-10));
      CHECK_THAT(slope([&](double t) { return cdf(law, t); }), WithinAbs(pdf(law, s), 1e-10));
    }
    for (const double p : {0.001, 0.5, 0.999})
      CHECK_THAT(cdf(law, quantile(law, p)), WithinAbs(p, 1e-14));
    CHECK_THAT(sf(law, quantile_sf(law, 1e-6)), WithinRel(1e-6, 1e-9));
    CHECK(quantile(law, 0) == 0);
    CHECK(std::isinf(quantile(law, 1)));
    CHECK(pdf(law, -1) == 0);
    CHECK(cdf(law, 0) == 0);
    CHECK(sf(law, 50) == 0);
    CHECK(gap_probability(law, 0) == 1);
  }
}

TEST_CASE("spacing: names what is outside its domain", "[theory][errors]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(LevelSpacing(3),
                    ContainsSubstring("LevelSpacing: dyson_index = 3 (must be 1, 2 or 4)"));
  CHECK_THROWS_AS(pdf(LevelSpacing(1), nan), std::domain_error);
  CHECK_THROWS_AS(cdf(LevelSpacing(1), nan), std::domain_error);
  CHECK_THROWS_WITH(quantile(LevelSpacing(1), 1.5),
                    ContainsSubstring("quantile: p = 1.5 (must be >= 0 and <= 1)"));
}
