// SPDX-License-Identifier: MIT
/// \file
/// \brief Semicircle law: the limiting spectrum of a Wigner matrix.
///
/// With x = -2 sigma cos(phi / 2), phi in (0, 2 pi), the distribution function is
/// (phi - sin phi) / (2 pi): Kepler's equation at eccentricity 1.
#include "theory/semicircle.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "theory/domain_check.hpp"

namespace rmtlab::theory {

namespace {

using std::numbers::pi;

/// phi - sin phi >= 0 with full relative accuracy.
double kepler(double phi) {
  if (phi > 1) return phi - std::sin(phi);
  // Alternating series; the terms fall below eps of the first within nine for phi <= 1.
  const double square = phi * phi;
  double term = phi * square / 6, sum = term;
  for (int k = 4; k < 20; k += 2) {
    term *= -square / (k * (k + 1));
    sum += term;
  }
  return sum;
}

/// phi in (0, pi] with phi - sin phi = target, 0 < target <= pi. The left side is increasing and
/// convex, and the start lies right of the root: Newton decreases to it.
double solve_kepler(double target) {
  // phi - sin phi >= phi^3 / (pi^2) on (0, pi], with equality at pi.
  double phi = std::min(std::cbrt(pi * pi * target), pi);
  for (int step = 0; step < 60; ++step) {
    const double s = std::sin(phi / 2);
    const double change = (kepler(phi) - target) / (2 * s * s);
    phi -= change;
    if (std::abs(change) <= 2 * std::numeric_limits<double>::epsilon() * phi) break;
  }
  return phi;
}

}  // namespace

Semicircle::Semicircle(double sigma) : sigma_(sigma) {
  check_positive("Semicircle", "sigma", sigma);
}

double pdf(const Semicircle& law, double x) {
  check_not_nan("pdf", "x", x);
  const double y = std::abs(x / law.sigma());
  if (y >= 2) return 0;
  return std::sqrt((2 - y) * (2 + y)) / (2 * pi * law.sigma());
}

double cdf(const Semicircle& law, double x) {
  check_not_nan("cdf", "x", x);
  const double y = x / law.sigma();
  if (y <= -2) return 0;
  if (y >= 2) return 1;
  if (y > 0) return 1 - cdf(law, -x);
  return kepler(4 * std::atan2(std::sqrt(2 + y), std::sqrt(2 - y))) / (2 * pi);
}

double sf(const Semicircle& law, double x) { return cdf(law, -x); }

double quantile(const Semicircle& law, double p) {
  check_probability("quantile", "p", p);
  if (p == 0) return -law.radius();
  if (p == 0.5) return 0;
  if (p > 0.5) return -quantile(law, 1 - p);  // 1 - p is exact
  const double s = std::sin(solve_kepler(2 * pi * p) / 4);
  return law.radius() * (2 * s * s - 1);
}

double quantile_sf(const Semicircle& law, double q) { return -quantile(law, q); }

double mean(const Semicircle&) { return 0; }

double variance(const Semicircle& law) { return law.sigma() * law.sigma(); }

double moment(const Semicircle& law, int k) {
  if (k < 0) throw_domain_error("moment", "k", k, ">= 0");
  if (k % 2 == 1) return 0;
  double result = 1;
  for (int j = 0; j < k / 2; ++j)  // C_(j+1) / C_j = (4j + 2) / (j + 2)
    result *= (4.0 * j + 2) / (j + 2.0) * law.sigma() * law.sigma();
  if (!std::isfinite(result))
    throw_domain_error("moment", "k", k, "small enough for a moment below 1.8e308");
  return result;
}

}  // namespace rmtlab::theory
