// SPDX-License-Identifier: MIT
/// \file
/// \brief Long-range level statistics: number variance and spectral rigidity.
#include "theory/number_variance.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string_view>

#include <boost/math/special_functions/cos_pi.hpp>
#include <boost/math/special_functions/sin_pi.hpp>

#include "theory/domain_check.hpp"
#include "theory/gauss_legendre.hpp"
#include "theory/sine_integral.hpp"

namespace rmtlab::theory {

namespace {

using boost::math::cos_pi;
using boost::math::sin_pi;
using std::numbers::pi;

void check_dyson_index(std::string_view function, int dyson_index) {
  if (dyson_index != 0 && dyson_index != 1 && dyson_index != 2 && dyson_index != 4)
    throw_domain_error(function, "dyson_index", dyson_index, "0, 1, 2 or 4");
}

/// s(r) = sin(pi r) / (pi r).
double sinc(double r) { return r == 0 ? 1 : sin_pi(r) / (pi * r); }

/// s'(r) = (cos(pi r) - s(r)) / r.
double sinc_slope(double r) {
  if (r >= 0.3) return (cos_pi(r) - sinc(r)) / r;
  // sum (-1)^k 2k x^(2k - 1) / (2k + 1)!, times pi.
  const double x = pi * r;
  double power = -x / 6, sum = 2 * power;
  for (int k = 2; k < 12; ++k) {
    power *= -x * x / (2 * k * (2 * k + 1));
    sum += 2 * k * power;
  }
  return pi * sum;
}

/// int_0^r s = Si(pi r) / pi, and int_r^infinity s, its complement to 1/2.
struct SincIntegral {
  double below, above;
};

SincIntegral sinc_integral(double r) {
  if (pi * r < 4) {
    const double below = sine_integral(pi * r) / pi;
    return {below, 0.5 - below};
  }
  const auto [f, g] = sine_integral_auxiliary(pi * r);
  const double above = (f * cos_pi(r) + g * sin_pi(r)) / pi;
  return {0.5 - above, above};
}

double gue_number_variance(double length) {
  const double x = 2 * pi * length, cosine = cos_pi(2 * length), sine = sin_pi(2 * length);
  if (x < 4) {
    const double sine_half = sin_pi(length);
    return (entire_cosine_integral(x) + 2 * sine_half * sine_half) / (pi * pi) +
           length * (1 - 2 / pi * sine_integral(x));
  }
  const auto [f, g] = sine_integral_auxiliary(x);
  return (std::log(x) + std::numbers::egamma + 1 + (x * f - 1 + g) * cosine + (x * g - f) * sine) /
         (pi * pi);
}

/// c_beta of the header.
double asymptotic_constant(int dyson_index) {
  if (dyson_index == 1) return -pi * pi / 8;
  return dyson_index == 2 ? 0 : std::numbers::ln2 + pi * pi / 8;
}

}  // namespace

double two_level_cluster(int dyson_index, double r) {
  check_dyson_index("two_level_cluster", dyson_index);
  if (!std::isfinite(r)) throw_domain_error("two_level_cluster", "r", r, "finite");
  r = std::abs(r);
  if (dyson_index == 0) return 0;
  if (dyson_index == 1) return sinc(r) * sinc(r) + sinc_slope(r) * sinc_integral(r).above;
  if (dyson_index == 2) return sinc(r) * sinc(r);
  return sinc(2 * r) * sinc(2 * r) - sinc_slope(2 * r) * sinc_integral(2 * r).below;
}

double number_variance(int dyson_index, double length) {
  check_dyson_index("number_variance", dyson_index);
  if (!(std::isfinite(length) && length >= 0))
    throw_domain_error("number_variance", "length", length, "finite and >= 0");
  if (dyson_index == 0) return length;
  if (dyson_index == 2) return gue_number_variance(length);
  if (dyson_index == 1) {
    const double below = sinc_integral(length).below;
    return 2 * gue_number_variance(length) - below * (1 - below);
  }
  const double half = sinc_integral(2 * length).below / 2;
  return gue_number_variance(2 * length) / 2 + half * half;
}

double number_variance_asymptotic(int dyson_index, double length) {
  check_dyson_index("number_variance_asymptotic", dyson_index);
  check_positive("number_variance_asymptotic", "length", length);
  if (dyson_index == 0) return length;
  return 2 / (dyson_index * pi * pi) *
         (std::log(2 * pi * length) + std::numbers::egamma + 1 + asymptotic_constant(dyson_index));
}

double spectral_rigidity(int dyson_index, double length) {
  check_dyson_index("spectral_rigidity", dyson_index);
  if (!(length >= 0 && length <= 1e5))
    throw_domain_error("spectral_rigidity", "length", length, ">= 0 and <= 1e5");
  if (dyson_index == 0) return length / 15;
  static const GaussLegendre rule(20);
  const int panels = std::max(1, static_cast<int>(std::ceil(length)));
  double sum = 0;
  for (int panel = 0; panel < panels; ++panel)
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
      const double t = (panel + rule.nodes[i]) / panels;  // r / L
      sum += rule.weights[i] * (1 - 2 * t + t * t * t) * number_variance(dyson_index, length * t);
    }
  return 2 * sum / panels;
}

double spectral_rigidity_asymptotic(int dyson_index, double length) {
  check_dyson_index("spectral_rigidity_asymptotic", dyson_index);
  check_positive("spectral_rigidity_asymptotic", "length", length);
  if (dyson_index == 0) return length / 15;
  return (std::log(2 * pi * length) + std::numbers::egamma - 1.25 +
          asymptotic_constant(dyson_index)) /
         (dyson_index * pi * pi);
}

}  // namespace rmtlab::theory
