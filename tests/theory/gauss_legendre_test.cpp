// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/gauss_legendre.hpp.
#include "theory/gauss_legendre.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using rmtlab::theory::GaussLegendre;

namespace {
constexpr double eps = std::numeric_limits<double>::epsilon();
}

TEST_CASE("gauss_legendre: the three-point rule is the textbook's", "[theory][accuracy]") {
  const GaussLegendre rule(3);
  // Nodes (1 -+ sqrt(3/5)) / 2 and 1/2; weights 5/18, 4/9, 5/18. One rounding each.
  CHECK_THAT(rule.nodes[0], WithinAbs((1 - std::sqrt(0.6)) / 2, eps));
  CHECK_THAT(rule.nodes[1], WithinAbs(0.5, eps));
  CHECK_THAT(rule.nodes[2], WithinAbs((1 + std::sqrt(0.6)) / 2, eps));
  CHECK_THAT(rule.weights[0], WithinAbs(5.0 / 18, eps));
  CHECK_THAT(rule.weights[1], WithinAbs(4.0 / 9, eps));
}

TEST_CASE("gauss_legendre: integrates polynomials of degree 2n - 1 exactly", "[theory][property]") {
  const int n = GENERATE(1, 2, 5, 16, 31, 32, 48, 64, 100);
  const GaussLegendre rule(n);
  REQUIRE(rule.nodes.size() == static_cast<std::size_t>(n));
  for (const int degree : {0, 1, n, 2 * n - 1}) {
    double sum = 0;
    for (std::size_t i = 0; i < rule.nodes.size(); ++i)
      sum += rule.weights[i] * std::pow(rule.nodes[i], degree);
    CAPTURE(n, degree);
    // Rounding only: x^d amplifies the rounding of a node near 1 by d times its weight.
    CHECK_THAT(sum, WithinAbs(1.0 / (degree + 1), 4 * eps));
  }
  // Negative control: degree 2n is out of reach, with error (n!)^4 / ((2n+1) (2n)!^2).
  if (n == 2) {
    double sum = 0;
    for (std::size_t i = 0; i < 2; ++i) sum += rule.weights[i] * std::pow(rule.nodes[i], 4);
    CHECK_THAT(0.2 - sum, WithinAbs(16.0 / (5 * 576), 4 * eps));
  }
}

TEST_CASE("gauss_legendre: refuses an impossible number of points", "[theory][errors]") {
  CHECK_THROWS_AS(GaussLegendre(0), std::domain_error);
  CHECK_THROWS_WITH(GaussLegendre(0),
                    ContainsSubstring("GaussLegendre: points = 0 (must be >= 1 and <= 1000)"));
}
