// SPDX-License-Identifier: MIT
/// \file
/// \brief Sine and cosine integrals, with the parts that large arguments need.
#include "theory/sine_integral.hpp"

#include <cmath>
#include <complex>
#include <limits>
#include <numbers>

#include "theory/domain_check.hpp"

namespace rmtlab::theory {

namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();
/// Below, the power series lose less than a digit; above, the continued fraction is quick.
constexpr double series_end = 4;

/// sum (-1)^k x^(2k + start) / ((2k + start) (2k + start)!), start = 1 for Si, 2 for Cin.
double power_series(double x, int start) {
  double power = start == 1 ? x : x * x / 2, sum = power / start;
  for (int n = start + 2; std::abs(power) > eps / 4 * std::abs(sum); n += 2) {
    power *= -x * x / (n * (n - 1));
    sum += power / n;
  }
  return sum;
}

}  // namespace

double sine_integral(double x) {
  check_not_nan("sine_integral", "x", x);
  const double size = std::abs(x);
  if (size < series_end) return power_series(x, 1);
  if (std::isinf(x)) return std::copysign(std::numbers::pi / 2, x);
  const auto [f, g] = sine_integral_auxiliary(size);
  return std::copysign(std::numbers::pi / 2 - f * std::cos(size) - g * std::sin(size), x);
}

double entire_cosine_integral(double x) {
  if (!std::isfinite(x)) throw_domain_error("entire_cosine_integral", "x", x, "finite");
  const double size = std::abs(x);
  if (size < series_end) return power_series(size, 2);
  const auto [f, g] = sine_integral_auxiliary(size);
  return std::numbers::egamma + std::log(size) - f * std::sin(size) + g * std::cos(size);
}

SineIntegralAuxiliary sine_integral_auxiliary(double x) {
  if (!(std::isfinite(x) && x >= 3))
    throw_domain_error("sine_integral_auxiliary", "x", x, "finite and >= 3");
  // 1/(z+1 - 1/(z+3 - 4/(z+5 - 9/(z+7 - ...)))), z = i x.
  using Complex = std::complex<double>;
  Complex b(1, x), c = 1e300, d = 1.0 / b, h = d;
  for (int n = 1; n < 200; ++n) {
    const double a = -static_cast<double>(n) * n;
    b += 2;
    d = 1.0 / (a * d + b);
    c = b + a / c;
    h *= c * d;
    if (std::abs(c * d - 1.0) < eps) break;
  }
  return {-h.imag(), h.real()};
}

}  // namespace rmtlab::theory
