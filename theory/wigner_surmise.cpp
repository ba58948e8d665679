// SPDX-License-Identifier: MIT
/// \file
/// \brief Wigner's surmise for the spacing of neighbouring levels.
#include "theory/wigner_surmise.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include <boost/math/special_functions/gamma.hpp>

#include "theory/domain_check.hpp"
#include "theory/log_gamma_q.hpp"

namespace rmtlab::theory {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double shape(const WignerSurmise& law) { return (law.dyson_index() + 1) / 2.0; }

/// b s^2, of gamma law; 0 for s < 0.
double gamma_variable(const WignerSurmise& law, double s, const char* function) {
  check_not_nan(function, "s", s);
  return s > 0 ? law.rate() * s * s : 0.0;
}

}  // namespace

WignerSurmise::WignerSurmise(int dyson_index) : dyson_index_(dyson_index) {
  if (dyson_index != 1 && dyson_index != 2 && dyson_index != 4)
    throw_domain_error("WignerSurmise", "dyson_index", dyson_index, "1, 2 or 4");
  const double k = (dyson_index + 1) / 2.0;
  const double ratio = std::tgamma(k + 0.5) / std::tgamma(k);
  rate_ = ratio * ratio;
  amplitude_ = 2 * std::pow(rate_, k) / std::tgamma(k);
}

double pdf(const WignerSurmise& law, double s) {
  const double x = gamma_variable(law, s, "pdf");
  if (s < 0 || x > 800) return 0;  // exp(-800) is 0, the power may be infinite
  return law.amplitude() * std::pow(s, law.dyson_index()) * std::exp(-x);
}

double cdf(const WignerSurmise& law, double s) {
  const double x = gamma_variable(law, s, "cdf");
  return std::isinf(x) ? 1 : boost::math::gamma_p(shape(law), x);
}

double sf(const WignerSurmise& law, double s) {
  const double x = gamma_variable(law, s, "sf");
  return std::isinf(x) ? 0 : boost::math::gamma_q(shape(law), x);
}

double log_sf(const WignerSurmise& law, double s) {
  return log_gamma_q(shape(law), gamma_variable(law, s, "log_sf"));
}

double quantile(const WignerSurmise& law, double p) {
  check_probability("quantile", "p", p);
  return p == 1 ? infinity : std::sqrt(boost::math::gamma_p_inv(shape(law), p) / law.rate());
}

double quantile_sf(const WignerSurmise& law, double q) {
  check_probability("quantile_sf", "q", q);
  return q == 0 ? infinity : std::sqrt(boost::math::gamma_q_inv(shape(law), q) / law.rate());
}

double mean(const WignerSurmise&) { return 1; }

double variance(const WignerSurmise& law) { return shape(law) / law.rate() - 1; }

}  // namespace rmtlab::theory
