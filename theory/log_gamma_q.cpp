// SPDX-License-Identifier: MIT
/// \file
/// \brief Logarithm of the upper incomplete gamma function, also where the function underflows.
#include "theory/log_gamma_q.hpp"

#include <cmath>
#include <limits>

#include <boost/math/special_functions/gamma.hpp>

namespace rmtlab::theory {

double log_gamma_q(double a, double x) {
  if (std::isinf(x)) return -std::numeric_limits<double>::infinity();
  if (x < 100) {
    const double q = boost::math::gamma_q(a, x);
    return q > 0.5 ? std::log1p(-boost::math::gamma_p(a, x)) + 0.0 : std::log(q);
  }
  double term = 1, sum = 1;
  for (int k = 1; k < 60 && std::abs(term) > 1e-18; ++k) {
    term *= (a - k) / x;  // exactly 0 from k = a on when a is an integer
    sum += term;
  }
  return (a - 1) * std::log(x) - x - std::lgamma(a) + std::log(sum);
}

}  // namespace rmtlab::theory
