// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/porter_thomas.hpp.
#include "theory/porter_thomas.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/catch.hpp"
#include "tests/theory/law_checks.hpp"
#include "tests/theory/reference_table.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;

namespace {
constexpr double eps = std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("porter_thomas: matches reference values", "[theory][accuracy]") {
  for (const auto& row : tests::reference_rows("reference/rmt/porter_thomas.csv")) {
    const bool limit = row.text("N") == "inf";
    const PorterThomas law(limit ? infinity : row.number("N"),
                           static_cast<int>(row.number("beta")));
    const double x = row.number("x=N|v|^2");
    CAPTURE(law.dyson_index(), law.components(), x);
    CHECK_THAT(pdf(law, x), WithinRel(row.number("pdf"), 1e-13));
    CHECK_THAT(cdf(law, x), WithinRel(row.number("cdf"), 1e-13));
    CHECK_THAT(sf(law, x), WithinRel(row.number("sf"), 1e-13));
    CHECK_THAT(log_sf(law, x), WithinAbs(std::log(row.number("sf")), 1e-13));
  }
}

TEST_CASE("porter_thomas: closed forms, moments and the limit", "[theory][limit]") {
  // Complex: sf = (1 - x/n)^(n-1), in the limit exp(-x). Quaternion limit: (1 + 2x) exp(-2x).
  for (const double x : {1e-3, 0.7, 5.0}) {
    CHECK_THAT(sf(PorterThomas(20, 2), x), WithinRel(std::pow(1 - x / 20, 19), 32 * eps));
    CHECK_THAT(sf(PorterThomas(infinity, 2), x), WithinRel(std::exp(-x), 16 * eps));
    CHECK_THAT(sf(PorterThomas(infinity, 4), x),
               WithinRel((1 + 2 * x) * std::exp(-2 * x), 32 * eps));
    CHECK_THAT(cdf(PorterThomas(infinity, 1), x), WithinRel(std::erf(std::sqrt(x / 2)), 32 * eps));
  }
  CHECK_THAT(log_sf(PorterThomas(infinity, 2), 1e5), WithinRel(-1e5, 4 * eps));
  CHECK_THAT(log_sf(PorterThomas(infinity, 4), 1e4), WithinRel(std::log(20001.0) - 2e4, 4 * eps));

  for (const int beta : {1, 2, 4}) {
    CAPTURE(beta);
    const PorterThomas law(30, beta);
    // x = n t^2 removes the root at zero.
    const auto moment = [&law](int k) {
      return tests::integrate(
          [&](double t) { return std::pow(30 * t * t, k) * pdf(law, 30 * t * t) * 60 * t; }, 1);
    };
    CHECK_THAT(moment(0), WithinRel(1.0, 1e-13));
    CHECK_THAT(moment(1), WithinRel(mean(law), 1e-13));
    CHECK_THAT(moment(2) - 1, WithinRel(variance(law), 1e-12));
    CHECK(variance(PorterThomas(infinity, beta)) == 2.0 / beta);
    tests::check_quantiles(law, 1e-12);
    tests::check_quantiles(PorterThomas(infinity, beta), 1e-12);
    tests::check_quantiles(PorterThomas(1e6, beta), 1e-11);
    // Convergence of order 1/n: ten times more components, ten times closer.
    const double x = 6, goal = sf(PorterThomas(infinity, beta), x);
    CHECK_THAT((sf(PorterThomas(1e3, beta), x) - goal) / (sf(PorterThomas(1e4, beta), x) - goal),
               WithinRel(10.0, 0.02));
  }
  CHECK(quantile(PorterThomas(7, 1), 1) == 7);
  CHECK(cdf(PorterThomas(7, 1), 7) == 1);
}

TEST_CASE("porter_thomas: stays accurate for long vectors", "[theory][accuracy]") {
  for (const double n : {1e3, 1e6})
    for (const double x : {1e-3, 0.7, 5.0, 40.0}) {
      CAPTURE(n, x);  // exp((n - 1) log(1 - x/n)) multiplies roundings by x
      CHECK_THAT(sf(PorterThomas(n, 2), x),
                 WithinRel(std::exp((n - 1) * std::log1p(-x / n)), 1e-13));
    }
}

TEST_CASE("porter_thomas: rejects arguments outside the domain", "[theory][errors]") {
  CHECK_THROWS_WITH(PorterThomas(1, 1),
                    ContainsSubstring("PorterThomas: components = 1 (must be >= 2, or infinity)"));
  CHECK_THROWS_WITH(PorterThomas(10, 3), ContainsSubstring("PorterThomas: dyson_index = 3"));
  CHECK_THROWS_AS(cdf(PorterThomas(5, 1), std::nan("")), std::domain_error);
  CHECK_THROWS_AS(log_sf(PorterThomas(5, 1), std::nan("")), std::domain_error);
}
