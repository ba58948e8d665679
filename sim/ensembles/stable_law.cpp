// SPDX-License-Identifier: MIT
/// \file
/// \brief Stable laws: the symmetric and the positive ones, their tails and their draws.
///
/// Both survival functions are integrals over an angle of a function h that falls from 1 to 0, through
/// the level at which the exponent g in exp(-g) is 1. The angle is counted from the end where h = 1, so
/// that the tail of the law is an integral over a short range, and the range is cut where g = 1.
#include "sim/ensembles/stable_law.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include <boost/math/tools/roots.hpp>

#include "sim/ensembles/adaptive_quadrature.hpp"
#include "theory/domain_check.hpp"

namespace rmtlab::ensembles {
namespace {

using std::numbers::pi;

// The angle at which log g = 0, or `width` if there is none before.
template <class LogG>
double unit_level(LogG log_g, double width) {
  double low = -700, high = std::log(width) - 1e-15;
  const auto by_log = [&](double s) { return log_g(std::exp(s)); };
  const double at_low = by_log(low), at_high = by_log(high);
  if (!(at_low * at_high < 0)) return width;
  std::uintmax_t steps = 200;
  const auto bracket = boost::math::tools::toms748_solve(
      by_log, low, high, at_low, at_high, boost::math::tools::eps_tolerance<double>(40), steps);
  return std::exp(bracket.first);
}

// int of f between `cut` and `cut + reach`, where f turns at `cut` over a length that may be tiny beside
// the reach (|mu - 1| of it), too short for a quadrature rule to notice: the panels halve towards the cut
// until the exponent is near 1 in the last one. `before` is what the result will be added to.
template <class F, class LogG>
double integrate_to_step(F f, LogG log_g, double cut, double reach, double before) {
  double sum = 0;
  while (!(std::abs(log_g(cut + reach)) <= 1) && cut + reach / 2 != cut) {
    const double middle = cut + reach / 2;
    sum += integrate_adaptively(f, std::min(middle, cut + reach), std::max(middle, cut + reach),
                                before + sum);
    reach /= 2;
  }
  return sum + integrate_adaptively(f, std::min(cut, cut + reach), std::max(cut, cut + reach),
                                    before + sum);
}

// int_0^width h(g(phi)) d phi.
template <class LogG, class H>
double angle_integral(LogG log_g, H h, double width) {
  const double cut = unit_level(log_g, width);
  const auto value = [&](double phi) { return h(std::exp(log_g(phi))); };
  const double inner = integrate_to_step(value, log_g, cut, -cut, 0);
  if (cut == width) return inner;
  // By log phi: the tail of h is a power.
  const auto by_log = [&](double s) { return std::exp(s) * value(std::exp(s)); };
  const auto log_g_by_log = [&](double s) { return log_g(std::exp(s)); };
  const double log_cut = std::log(cut);
  return inner + integrate_to_step(by_log, log_g_by_log, log_cut, std::log(width) - log_cut, inner);
}

double rising(double g) { return -std::expm1(-g); }
double falling(double g) { return std::exp(-g); }

// log A(theta) with phi = pi - theta.
double log_kanter(double a, double phi) {
  const double theta = pi - phi;
  return (a * std::log(std::sin(a * theta)) + (1 - a) * std::log(std::sin((1 - a) * theta)) -
          std::log(std::sin(phi))) /
         (1 - a);
}

}  // namespace

SymmetricStable::SymmetricStable(double index) : index_(index) {
  if (!(index >= 0.1 && index <= 1.99))
    theory::throw_domain_error("SymmetricStable", "index", index, ">= 0.1 and <= 1.99");
}

double survival(const SymmetricStable& law, double u) {
  theory::check_not_nan("survival", "u", u);
  if (u <= 0) return 1;
  if (std::isinf(u)) return 0;
  const double mu = law.index();
  if (std::abs(mu - 1) < 1e-13) return 2 / pi * std::atan2(1.0, u);
  const double power = mu / (mu - 1);
  const auto log_g = [mu, power, log_u = std::log(u)](double phi) {
    const double theta = pi / 2 - phi;
    const double log_sine = std::log(std::sin(phi));
    return power * (log_u + log_sine - std::log(std::sin(mu * theta))) +
           std::log(std::cos((mu - 1) * theta)) - log_sine;
  };
  return 2 / pi * angle_integral(log_g, mu < 1 ? rising : falling, pi / 2);
}

double tail_constant(const SymmetricStable& law) {
  return 2 / pi * std::tgamma(law.index()) * std::sin(pi / 2 * law.index());
}

double draw(const SymmetricStable& law, core::Stream& stream) {
  const double mu = law.index();
  const double theta = pi * (stream.uniform() - 0.5);
  const double exponential = -std::log(stream.uniform());
  const double cosine = std::cos(theta);
  return std::sin(mu * theta) / cosine *
         std::pow(std::cos((1 - mu) * theta) / (cosine * exponential), (1 - mu) / mu);
}

PositiveStable::PositiveStable(double index) : index_(index) {
  if (!(index >= 0.05 && index <= 0.995))
    theory::throw_domain_error("PositiveStable", "index", index, ">= 0.05 and <= 0.995");
}

double survival(const PositiveStable& law, double x) {
  theory::check_not_nan("survival", "x", x);
  if (x <= 0) return 1;
  if (std::isinf(x)) return 0;
  const double a = law.index();
  const auto log_g = [a, shift = -a / (1 - a) * std::log(x)](double phi) {
    return shift + log_kanter(a, phi);
  };
  return angle_integral(log_g, rising, pi) / pi;
}

double tail_constant(const PositiveStable& law) { return 1 / std::tgamma(1 - law.index()); }

double draw(const PositiveStable& law, core::Stream& stream) {
  const double a = law.index();
  const double phi = pi * stream.uniform();
  const double exponential = -std::log(stream.uniform());
  return std::exp((1 - a) / a * (log_kanter(a, phi) - std::log(exponential)));
}

}  // namespace rmtlab::ensembles
