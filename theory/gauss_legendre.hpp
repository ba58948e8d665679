// SPDX-License-Identifier: MIT
/// \file
/// \brief Gauss-Legendre quadrature on the unit interval.
#pragma once

#include <vector>

namespace rmtlab::theory {

/**
 * \brief The n-point Gauss-Legendre rule on (0, 1): exact for polynomials of degree 2n - 1.
 *
 * Nodes and weights are found by Newton's method in `long double` on the Legendre polynomial, for
 * every n, and rounded once. (Rules computed on the fly in double, as some libraries do for orders
 * they have no table of, cost three digits at n = 48.)
 *
 * Accuracy: nodes and weights within 2 eps, weights sum to 1 within 2 eps for n <= 100; checked in
 * tests/theory/gauss_legendre_test.cpp.
 */
struct GaussLegendre {
  /// \throws std::domain_error unless 1 <= points <= 1000.
  explicit GaussLegendre(int points);

  std::vector<double> nodes;    ///< ascending, in (0, 1)
  std::vector<double> weights;  ///< positive, sum 1
};

}  // namespace rmtlab::theory
