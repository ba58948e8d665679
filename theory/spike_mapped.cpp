// SPDX-License-Identifier: MIT
/// \file
/// \brief Largest eigenvalue of a heavy-tailed matrix whose bulk is still Marchenko-Pastur.
#include "theory/spike_mapped.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <boost/math/special_functions/gamma.hpp>

#include "theory/domain_check.hpp"
#include "theory/marchenko_pastur.hpp"

namespace rmtlab::theory {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// (x - x_-)(x - x_+) to the power 1/2.
double root(const SpikeMapped& law, double lambda) {
  return std::sqrt(lambda - law.upper_edge()) * std::sqrt(lambda - law.lower_edge());
}

/// Excess of the additive spike whose outlier lies at lambda >= upper edge. Written from the edge,
/// where the excess is sqrt(c): no cancellation for flat or tall matrices.
double excess(const SpikeMapped& law, double lambda) {
  return std::sqrt(law.cols() / law.rows()) + (lambda - law.upper_edge() + root(law, lambda)) / 2;
}

/// Where the outlier of n expected ones lies: n is (h/b)^(-mu/2).
double location(const SpikeMapped& law, double n) {
  if (n >= expected_outliers(law)) return law.upper_edge();
  const double h = law.excess_scale() * std::pow(n, -2 / law.mu());
  return std::max(law.upper_edge(), (1 + h) * (1 + law.cols() / (law.rows() * h)));
}

}  // namespace

SpikeMapped::SpikeMapped(double mu, double rows, double cols) : mu_(mu), rows_(rows), cols_(cols) {
  if (!(std::isfinite(mu) && mu > 2)) throw_domain_error("SpikeMapped", "mu", mu, "finite and > 2");
  if (!(std::isfinite(rows) && rows >= 1))
    throw_domain_error("SpikeMapped", "rows", rows, "finite and >= 1");
  if (!(std::isfinite(cols) && cols >= 1))
    throw_domain_error("SpikeMapped", "cols", cols, "finite and >= 1");
  const MarchenkoPastur bulk(rows / cols);
  lower_edge_ = bulk.lower_edge();
  upper_edge_ = bulk.upper_edge();
  excess_scale_ = std::pow(rows, 2 / mu) * std::pow(cols, 2 / mu) / rows * ((mu - 2) / mu);
}

double expected_outliers(const SpikeMapped& law) {
  return std::pow(std::sqrt(law.cols() / law.rows()) / law.excess_scale(), -law.mu() / 2);
}

double expected_outliers(const SpikeMapped& law, double lambda) {
  check_not_nan("expected_outliers", "lambda", lambda);
  if (lambda <= law.upper_edge()) return expected_outliers(law);
  if (std::isinf(lambda)) return 0;
  return std::pow(excess(law, lambda) / law.excess_scale(), -law.mu() / 2);
}

double edge_atom(const SpikeMapped& law) { return std::exp(-expected_outliers(law)); }

double pdf(const SpikeMapped& law, double lambda) {
  check_not_nan("pdf", "lambda", lambda);
  if (lambda <= law.upper_edge() || std::isinf(lambda)) return 0;
  // dn/dlambda = -(mu/2) n / h dh/dlambda, and dh/dlambda = h / root.
  const double n = expected_outliers(law, lambda);
  return law.mu() / 2 * n * std::exp(-n) / root(law, lambda);
}

double cdf(const SpikeMapped& law, double lambda) { return std::exp(log_cdf(law, lambda)); }

double sf(const SpikeMapped& law, double lambda) { return -std::expm1(log_cdf(law, lambda)); }

double log_cdf(const SpikeMapped& law, double lambda) {
  check_not_nan("log_cdf", "lambda", lambda);
  return lambda < law.upper_edge() ? -infinity : -expected_outliers(law, lambda);
}

double log_sf(const SpikeMapped& law, double lambda) {
  const double n = -log_cdf(law, lambda);
  return n < std::numbers::ln2 ? std::log(-std::expm1(-n)) : std::log1p(-std::exp(-n)) + 0.0;
}

double quantile(const SpikeMapped& law, double p) {
  check_probability("quantile", "p", p);
  return p == 1 ? infinity : location(law, -std::log(p));
}

double quantile_sf(const SpikeMapped& law, double q) {
  check_probability("quantile_sf", "q", q);
  return q == 0 ? infinity : location(law, -std::log1p(-q));
}

double mean(const SpikeMapped& law) {
  // n is a unit exponential variable, cut at the edge: lambda = 1 + c + b n^-e + (c/b) n^e, e = 2/mu.
  const double c = law.cols() / law.rows(), e = 2 / law.mu(), b = law.excess_scale();
  const double cut = expected_outliers(law);
  return law.upper_edge() * std::exp(-cut) - (1 + c) * std::expm1(-cut) +
         b * boost::math::tgamma_lower(1 - e, cut) + c / b * boost::math::tgamma_lower(1 + e, cut);
}

}  // namespace rmtlab::theory
