// SPDX-License-Identifier: MIT
/// \file
/// \brief Frechet law: the limit of maxima of heavy-tailed variables.
#include "theory/frechet.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include "theory/domain_check.hpp"

namespace rmtlab::theory {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// u = (x/s)^(-a), the expected number of points beyond x; infinite for x <= 0.
double expected_beyond(const Frechet& law, double x, const char* function) {
  check_not_nan(function, "x", x);
  return x > 0 ? std::pow(x / law.scale(), -law.shape()) : infinity;
}

}  // namespace

Frechet::Frechet(double shape, double scale) : shape_(shape), scale_(scale) {
  check_positive("Frechet", "shape", shape);
  check_positive("Frechet", "scale", scale);
}

double pdf(const Frechet& law, double x) {
  const double u = expected_beyond(law, x, "pdf");
  if (u > 800 || std::isinf(x)) return 0;  // exp(-800) is 0, the other factors may be infinite
  return law.shape() * u * std::exp(-u) / x;
}

double cdf(const Frechet& law, double x) { return std::exp(-expected_beyond(law, x, "cdf")); }

double sf(const Frechet& law, double x) { return -std::expm1(-expected_beyond(law, x, "sf")); }

double log_cdf(const Frechet& law, double x) { return -expected_beyond(law, x, "log_cdf"); }

double log_sf(const Frechet& law, double x) {
  const double u = expected_beyond(law, x, "log_sf");
  return u < std::numbers::ln2 ? std::log(-std::expm1(-u)) : std::log1p(-std::exp(-u)) + 0.0;
}

double quantile(const Frechet& law, double p) {
  check_probability("quantile", "p", p);
  return law.scale() * std::pow(-std::log(p) + 0.0, -1 / law.shape());
}

double quantile_sf(const Frechet& law, double q) {
  check_probability("quantile_sf", "q", q);
  return law.scale() * std::pow(-std::log1p(-q) + 0.0, -1 / law.shape());
}

double mode(const Frechet& law) {
  return law.scale() * std::pow(law.shape() / (1 + law.shape()), 1 / law.shape());
}

double mean(const Frechet& law) {
  return law.shape() > 1 ? law.scale() * std::tgamma(1 - 1 / law.shape()) : infinity;
}

double variance(const Frechet& law) {
  if (law.shape() <= 2) return infinity;
  const double first = std::tgamma(1 - 1 / law.shape());
  return law.scale() * law.scale() * (std::tgamma(1 - 2 / law.shape()) - first * first);
}

}  // namespace rmtlab::theory
