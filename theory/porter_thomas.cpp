// SPDX-License-Identifier: MIT
/// \file
/// \brief Porter-Thomas law: the components of a delocalised eigenvector.
#include "theory/porter_thomas.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include "theory/domain_check.hpp"
#include "theory/log_gamma_q.hpp"

namespace rmtlab::theory {

namespace {

bool is_limit(const PorterThomas& law) { return std::isinf(law.components()); }

/// beta/2, the shape at zero.
double shape(const PorterThomas& law) { return law.dyson_index() / 2.0; }

/// The other Beta parameter.
double rest(const PorterThomas& law) { return shape(law) * (law.components() - 1); }

/// The x of finite n whose lower (or upper) tail is `mass`, 0 < mass < 1: Newton on the logarithm of
/// the tail as a function of t = log(x/n), kept inside a bracket. (Boost's inverse gives up on tails
/// of 1e-200.)
double solve_finite(const PorterThomas& law, double mass, bool upper) {
  const double a = shape(law), b = rest(law), goal = std::log(mass);
  double low = -745, high = 0, t = -std::log(law.components());
  for (int step = 0; step < 200; ++step) {
    const double y = std::exp(t);
    const double tail = upper ? boost::math::ibetac(a, b, y) : boost::math::ibeta(a, b, y);
    const double excess = (std::log(tail) - goal) * (upper ? -1 : 1);  // increasing in t
    (excess > 0 ? high : low) = t;
    double next = t - excess * tail / (y * boost::math::ibeta_derivative(a, b, y));
    if (!(next > low && next < high)) next = (low + high) / 2;
    const double change = std::abs(next - t);
    t = next;
    if (change <= std::numeric_limits<double>::epsilon() * std::max(1.0, std::abs(t))) break;
  }
  return law.components() * std::exp(t);
}

}  // namespace

PorterThomas::PorterThomas(double components, int dyson_index)
    : components_(components), dyson_index_(dyson_index) {
  if (!(components >= 2))
    throw_domain_error("PorterThomas", "components", components, ">= 2, or infinity");
  if (dyson_index != 1 && dyson_index != 2 && dyson_index != 4)
    throw_domain_error("PorterThomas", "dyson_index", dyson_index, "1, 2 or 4");
}

double pdf(const PorterThomas& law, double x) {
  check_not_nan("pdf", "x", x);
  if (x <= 0 || x >= law.components()) return 0;
  const double a = shape(law);
  if (is_limit(law)) return a * boost::math::gamma_p_derivative(a, a * x);
  return boost::math::ibeta_derivative(a, rest(law), x / law.components()) / law.components();
}

double cdf(const PorterThomas& law, double x) {
  check_not_nan("cdf", "x", x);
  if (x <= 0) return 0;
  if (x >= law.components()) return 1;
  const double a = shape(law);
  return is_limit(law) ? boost::math::gamma_p(a, a * x)
                       : boost::math::ibeta(a, rest(law), x / law.components());
}

double sf(const PorterThomas& law, double x) {
  check_not_nan("sf", "x", x);
  if (x <= 0) return 1;
  if (x >= law.components()) return 0;
  const double a = shape(law);
  return is_limit(law) ? boost::math::gamma_q(a, a * x)
                       : boost::math::ibetac(a, rest(law), x / law.components());
}

double log_sf(const PorterThomas& law, double x) {
  check_not_nan("log_sf", "x", x);
  if (x <= 0) return 0;
  if (is_limit(law)) return log_gamma_q(shape(law), shape(law) * x);
  const double upper = sf(law, x);
  return upper > 0.5 ? std::log1p(-cdf(law, x)) : std::log(upper);
}

double quantile(const PorterThomas& law, double p) {
  check_probability("quantile", "p", p);
  if (p == 0) return 0;
  if (p == 1) return law.components();
  const double a = shape(law);
  return is_limit(law) ? boost::math::gamma_p_inv(a, p) / a
                       : solve_finite(law, std::min(p, 1 - p), p > 0.5);
}

double quantile_sf(const PorterThomas& law, double q) {
  check_probability("quantile_sf", "q", q);
  if (q == 0) return law.components();
  if (q == 1) return 0;
  const double a = shape(law);
  return is_limit(law) ? boost::math::gamma_q_inv(a, q) / a
                       : solve_finite(law, std::min(q, 1 - q), q <= 0.5);
}

double mean(const PorterThomas&) { return 1; }

double variance(const PorterThomas& law) {
  if (is_limit(law)) return 2.0 / law.dyson_index();
  return 2 * (law.components() - 1) / (law.dyson_index() * law.components() + 2);
}

}  // namespace rmtlab::theory
