// SPDX-License-Identifier: MIT
/// \file
/// \brief Checks that every law on (0, infinity) or (0, n) has to pass.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>

#include "tests/catch.hpp"
#include "theory/gauss_legendre.hpp"

namespace rmtlab::tests {

/// Integral of f over (0, top) by 100 nodes: exact to rounding for the smooth integrands here.
template <class F>
double integrate(F f, double top) {
  static const theory::GaussLegendre rule(100);
  double sum = 0;
  for (std::size_t i = 0; i < rule.nodes.size(); ++i)
    sum += rule.weights[i] * f(top * rule.nodes[i]);
  return sum * top;
}

/// Both tails at their quantiles, and the density as a derivative.
template <class Law>
void check_quantiles(const Law& law, double tolerance) {
  using Catch::Matchers::WithinRel;
  constexpr double eps = std::numeric_limits<double>::epsilon();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double p : {1e-200, 1e-8, 0.1, 0.5, 0.77}) {
    CAPTURE(p);
    const double low = quantile(law, p);
    if (low > 1e-300) CHECK_THAT(cdf(law, low), WithinRel(p, tolerance));  // else it underflows
    const double x = quantile_sf(law, p);
    // Rounding x moves sf by the hazard rate: near the end of a bounded law that is what counts.
    if (std::isfinite(x))
      CHECK_THAT(sf(law, x), WithinRel(p, tolerance + 2 * eps * x * pdf(law, x) / p));
  }
  for (const double p : {0.1, 0.6, 0.99}) {
    const double x = quantile(law, p), h = 1e-5 * x;  // central difference, error (h/x)^2
    CAPTURE(p);
    CHECK_THAT((cdf(law, x + h) - cdf(law, x - h)) / (2 * h), WithinRel(pdf(law, x), 1e-7));
    CHECK_THAT(cdf(law, x) + sf(law, x), WithinRel(1.0, 4 * eps));
  }
  CHECK(cdf(law, -1) == 0);
  CHECK(sf(law, -1) == 1);
  CHECK(pdf(law, -1) == 0);
  CHECK(cdf(law, infinity) == 1);
  CHECK(sf(law, infinity) == 0);
  CHECK(pdf(law, infinity) == 0);
  CHECK(quantile(law, 0) == 0);
  CHECK(quantile_sf(law, 1) == 0);
  CHECK(quantile(law, 1) == quantile_sf(law, 0));
}

}  // namespace rmtlab::tests
