// SPDX-License-Identifier: MIT
/// \file
/// \brief Gauss-Legendre quadrature on the unit interval.
#include "theory/gauss_legendre.hpp"

#include <cmath>
#include <numbers>

#include "theory/domain_check.hpp"

namespace rmtlab::theory {

GaussLegendre::GaussLegendre(int points) {
  if (points < 1 || points > 1000)
    throw_domain_error("GaussLegendre", "points", points, ">= 1 and <= 1000");
  for (int i = points; i >= 1; --i) {
    // Tricomi's leading term is close enough for Newton's method at every n.
    long double x = std::cos(std::numbers::pi_v<long double> * (i - 0.25L) / (points + 0.5L));
    long double derivative = 1;
    for (int step = 0; step < 6; ++step) {
      long double before = 1, value = x;
      for (int k = 2; k <= points; ++k) {
        const long double next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
        before = value;
        value = next;
      }
      derivative = points * (before - x * value) / (1 - x * x);
      x -= value / derivative;
    }
    nodes.push_back(static_cast<double>((1 + x) / 2));
    weights.push_back(static_cast<double>(1 / ((1 - x * x) * derivative * derivative)));
  }
}

}  // namespace rmtlab::theory
