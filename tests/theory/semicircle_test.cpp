// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/semicircle.hpp.
#include "theory/semicircle.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "tests/catch.hpp"
#include "tests/theory/reference_table.hpp"
#include "theory/marchenko_pastur.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;
using std::numbers::pi;

namespace {
constexpr double eps = std::numeric_limits<double>::epsilon();
}

TEST_CASE("semicircle: matches reference values", "[theory][accuracy]") {
  for (const auto& row : tests::reference_rows("reference/rmt/semicircle.csv")) {
    const double radius = std::stod(row.text("law").substr(2));
    const Semicircle law(radius / 2);
    const double at = row.number("arg"), expected = row.number("value_or_pdf");
    CAPTURE(radius, row.text("kind"), at);
    if (row.text("kind") == "x") {
      const double edge = 1 + radius / (radius - std::abs(at));
      CHECK_THAT(pdf(law, at), WithinRel(expected, 4 * eps * edge));
      CHECK_THAT(cdf(law, at), WithinAbs(row.number("cdf"), 4 * eps));
      CHECK_THAT(cdf(law, at), WithinRel(row.number("cdf"), 16 * eps * edge));
      CHECK_THAT(sf(law, -at), WithinRel(row.number("cdf"), 16 * eps * edge));
    } else if (row.text("kind") == "quantile") {
      CHECK_THAT(quantile(law, at), WithinAbs(expected, 8 * eps * law.sigma()));
    } else {
      CHECK_THAT(moment(law, static_cast<int>(at)), WithinRel(expected, 2 * at * eps));
    }
  }
}

TEST_CASE("semicircle: is the law of the square root of a square Marchenko-Pastur matrix",
          "[theory][limit]") {
  // If X is semicircular, X^2 follows Marchenko-Pastur with Q = 1.
  const Semicircle law(1.3);
  const MarchenkoPastur square(1, 1.69);
  for (const double x : {1e-3, 0.4, 1.0, 2.2, 2.5999}) {
    CAPTURE(x);
    CHECK_THAT(cdf(law, x) - cdf(law, -x), WithinAbs(cdf(square, x * x), 16 * eps));
    // Rounding of x near the edge, as in the header.
    CHECK_THAT(2 * sf(law, x), WithinRel(sf(square, x * x), 64 * eps * (1 + 2.6 / (2.6 - x))));
    CHECK_THAT(pdf(law, x), WithinRel(x * pdf(square, x * x), 64 * eps * (1 + 2.6 / (2.6 - x))));
  }
  for (const int k : {0, 2, 6, 20})
    CHECK_THAT(moment(law, k), WithinRel(moment(square, k / 2), 1e-13));
}

TEST_CASE("semicircle: functions fit together", "[theory][property]") {
  const Semicircle law(0.7);
  for (const double p : {1e-300, 1e-12, 1e-3, 0.2, 0.4999, 0.5, 0.75, 1 - 1e-9}) {
    const double x = quantile(law, p);
    CAPTURE(p, x);
    CHECK_THAT(cdf(law, x), WithinAbs(p, 8 * eps));
    CHECK_THAT(sf(law, quantile_sf(law, p)), WithinAbs(p, 8 * eps));
  }
  for (const double p :
       {1e-3, 0.05, 0.3})  // relative: rounding x moves p by 1/(distance to the end)
    CHECK_THAT(cdf(law, quantile(law, p)), WithinRel(p, 8 * eps * (1 + 1 / std::cbrt(p * p))));
  CHECK(quantile(law, 0) == -1.4);
  CHECK(quantile(law, 1) == 1.4);
  CHECK(quantile(law, 0.5) == 0);
  CHECK(cdf(law, -1.4) == 0);
  CHECK(cdf(law, 2) == 1);
  CHECK(sf(law, 2) == 0);
  CHECK(pdf(law, 1.4) == 0);

  // Gauss-Chebyshev quadrature of the second kind is exact here: nodes cos(k pi / (n + 1)).
  const int n = 20;
  for (const int k : {0, 1, 2, 4, 8}) {
    double sum = 0;
    for (int i = 1; i <= n; ++i) {
      const double angle = pi * i / (n + 1);
      sum += 2.0 / (n + 1) * std::pow(std::sin(angle), 2) * std::pow(1.4 * std::cos(angle), k);
    }
    CHECK_THAT(moment(law, k), WithinAbs(sum, 32 * eps));
  }
  CHECK(mean(law) == 0);
  CHECK_THAT(variance(law), WithinRel(moment(law, 2), 4 * eps));
  // Far left: 1 - cdf loses nothing, F ~ (2/(3 pi)) d^(3/2) for the unit law, d = 2 + x.
  CHECK_THAT(cdf(Semicircle(), -2 + std::ldexp(1.0, -40)),
             WithinRel(2 / (3 * pi) * std::ldexp(1.0, -60), 1e-11));
}

TEST_CASE("semicircle: rejects arguments outside the domain", "[theory][errors]") {
  CHECK_THROWS_WITH(Semicircle(0),
                    ContainsSubstring("Semicircle: sigma = 0 (must be finite and > 0)"));
  CHECK_THROWS_AS(cdf(Semicircle(), std::nan("")), std::domain_error);
  CHECK_THROWS_AS(pdf(Semicircle(), std::nan("")), std::domain_error);
  CHECK_THROWS_WITH(quantile(Semicircle(), 1.5), ContainsSubstring("quantile: p = 1.5"));
  CHECK_THROWS_WITH(moment(Semicircle(), -1), ContainsSubstring("moment: k = -1 (must be >= 0)"));
  CHECK_THROWS_AS(moment(Semicircle(), 2000), std::domain_error);
}
