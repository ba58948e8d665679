// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/frechet.hpp.
#include "theory/frechet.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/catch.hpp"
#include "tests/theory/reference_table.hpp"
#include "theory/gauss_legendre.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;

namespace {
constexpr double eps = std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("frechet: matches reference values", "[theory][accuracy]") {
  for (const auto& row : tests::reference_rows("reference/rmt/frechet.csv")) {
    const Frechet law(row.number("mu") / 2);  // the table is indexed by the tail of the entries
    const double a = law.shape();
    const std::string& kind = row.text("kind");
    CAPTURE(a, kind, row.text("arg"));
    if (kind == "x") {
      const double x = row.number("arg"), u = -log_cdf(law, x);
      const double tolerance = 16 * eps * (1 + u * (1 + a));
      CHECK_THAT(pdf(law, x), WithinRel(row.number("value_or_pdf"), tolerance));
      CHECK_THAT(cdf(law, x), WithinRel(row.number("cdf"), tolerance));
      CHECK_THAT(sf(law, x), WithinRel(row.number("sf"), tolerance));
      CHECK_THAT(log_cdf(law, x), WithinAbs(std::log(row.number("cdf")), tolerance));
      CHECK_THAT(log_sf(law, x), WithinAbs(std::log(row.number("sf")), 1e-14 * (1 + 1 / u)));
    } else if (kind == "quantile") {
      // log p has relative error eps / (1 - p) from the rounding of p itself.
      const double p = row.number("arg"), tolerance = 8 * eps * (1 + 1 / (a * (1 - p)));
      CHECK_THAT(quantile(law, p), WithinRel(row.number("value_or_pdf"), tolerance));
      CHECK_THAT(quantile_sf(law, 1 - p), WithinRel(row.number("value_or_pdf"), tolerance));
    } else {
      const double value = kind == "mean"   ? mean(law)
                           : kind == "mode" ? mode(law)
                                            : quantile(law, 0.5);
      if (row.text("value_or_pdf") == "inf")
        CHECK(value == infinity);
      else
        CHECK_THAT(value, WithinRel(row.number("value_or_pdf"), 8 * eps * (1 + 1 / a)));
    }
  }
}

TEST_CASE("frechet: functions fit together", "[theory][property]") {
  for (const double shape : {0.3, 1.0, 2.5, 9.0}) {
    const Frechet law(shape, 1.7);
    CAPTURE(shape);
    for (const double p : {1e-300, 1e-10, 0.3, 0.9}) {
      CHECK_THAT(log_cdf(law, quantile(law, p)), WithinRel(std::log(p), 16 * eps * (1 + shape)));
      if (std::isinf(quantile_sf(law, p))) continue;
      // The rounding of 1/a moves the logarithm of u by eps of itself.
      CHECK_THAT(sf(law, quantile_sf(law, p)), WithinRel(p, 16 * eps * (1 + shape - std::log(p))));
    }
    // Max-stability: the maximum of n is the same law on the scale n^(1/a).
    const Frechet of_five(shape, 1.7 * std::pow(5, 1 / shape));
    CHECK_THAT(5 * log_cdf(law, 2.2), WithinRel(log_cdf(of_five, 2.2), 16 * eps * (1 + shape)));
    // The density is stationary at the mode, positive to both sides.
    const double m = mode(law);
    CHECK(pdf(law, m) > pdf(law, 0.9 * m));
    CHECK(pdf(law, m) > pdf(law, 1.1 * m));
    const double h = 1e-5 * m;  // central difference, error h^2
    CHECK_THAT((cdf(law, m + h) - cdf(law, m - h)) / (2 * h), WithinRel(pdf(law, m), 1e-7));
  }
  // E X^k = int_0^1 quantile^k dp with p = exp(-u); u = t^4 / (1 - t) smooths the end u = 0.
  const Frechet law(4.5, 0.8);
  const GaussLegendre rule(200);
  double first = 0, second = 0;
  for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
    const double t = rule.nodes[i], u = std::pow(t, 9) / (1 - t);
    const double du = std::pow(t, 8) * (9 - 8 * t) / ((1 - t) * (1 - t));
    const double x = 0.8 * std::pow(u, -1 / 4.5);
    first += rule.weights[i] * du * std::exp(-u) * x;
    second += rule.weights[i] * du * std::exp(-u) * x * x;
  }
  CHECK_THAT(mean(law), WithinRel(first, 1e-11));  // remaining error of the quadrature
  CHECK_THAT(variance(law), WithinRel(second - first * first, 1e-9));
  CHECK(variance(Frechet(2)) == infinity);
  CHECK(mean(Frechet(1)) == infinity);
}

TEST_CASE("frechet: the ends of the line", "[theory][property]") {
  const Frechet law(1.5);
  for (const double x : {-infinity, -1.0, 0.0}) {
    CHECK(pdf(law, x) == 0);
    CHECK(cdf(law, x) == 0);
    CHECK(sf(law, x) == 1);
    CHECK(log_cdf(law, x) == -infinity);
    CHECK(log_sf(law, x) == 0);
  }
  CHECK(cdf(law, infinity) == 1);
  CHECK(sf(law, infinity) == 0);
  CHECK(pdf(law, infinity) == 0);
  CHECK(pdf(law, 1e-300) == 0);
  CHECK(quantile(law, 0) == 0);
  CHECK(quantile(law, 1) == infinity);
  CHECK(quantile_sf(law, 0) == infinity);
  CHECK(quantile_sf(law, 1) == 0);
}

TEST_CASE("frechet: rejects arguments outside the domain", "[theory][errors]") {
  CHECK_THROWS_WITH(Frechet(0), ContainsSubstring("Frechet: shape = 0 (must be finite and > 0)"));
  CHECK_THROWS_WITH(Frechet(1, -2), ContainsSubstring("Frechet: scale = -2"));
  CHECK_THROWS_AS(cdf(Frechet(1), std::nan("")), std::domain_error);
  CHECK_THROWS_WITH(quantile(Frechet(1), -0.1), ContainsSubstring("quantile: p = -0.1"));
}
