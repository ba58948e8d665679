// SPDX-License-Identifier: MIT
/// \file
/// \brief One spike in noise: when it shows, where its outlier lies, and what the outlier tells.
#include "theory/spiked.hpp"

#include <cmath>

#include "theory/domain_check.hpp"
#include "theory/marchenko_pastur.hpp"

namespace rmtlab::theory {

namespace {

/// 1 - c / h^2 above the threshold, 0 at and below it: the factor of all that starts there.
double visibility(const Spike& spike) {
  const double h = spike.excess();
  // fma: one rounding of h^2 - c, which is small beside either term near the threshold.
  const double beyond = std::fma(h, h, -1 / spike.aspect_ratio());
  return beyond > 0 ? beyond / (h * h) : 0.0;
}

double visibility(const WignerSpike& spike) {
  const double theta = spike.theta();
  return theta > 1 ? (theta - 1) * (theta + 1) / (theta * theta) : 0.0;
}

void check_dyson_index(int dyson_index) {
  if (dyson_index != 1 && dyson_index != 2)
    throw_domain_error("fluctuation_variance", "dyson_index", dyson_index, "1 or 2");
}

}  // namespace

Spike Spike::covariance(double aspect_ratio, double population_eigenvalue, double variance) {
  check_positive("Spike::covariance", "aspect_ratio", aspect_ratio);
  check_positive("Spike::covariance", "population_eigenvalue", population_eigenvalue);
  check_positive("Spike::covariance", "variance", variance);
  return {SpikeKind::covariance, aspect_ratio, population_eigenvalue - 1, variance};
}

Spike Spike::additive(double aspect_ratio, double strength, double variance) {
  check_positive("Spike::additive", "aspect_ratio", aspect_ratio);
  if (!(std::isfinite(strength) && strength >= 0))
    throw_domain_error("Spike::additive", "strength", strength, "finite and >= 0");
  check_positive("Spike::additive", "variance", variance);
  return {SpikeKind::additive, aspect_ratio, strength * strength, variance};
}

double bbp_threshold(double aspect_ratio) {
  check_positive("bbp_threshold", "aspect_ratio", aspect_ratio);
  return 1 / std::sqrt(aspect_ratio);
}

bool is_supercritical(const Spike& spike) { return visibility(spike) > 0; }

double outlier_location(const Spike& spike) {
  const double h = spike.excess();
  if (is_supercritical(spike))
    return spike.variance() * (1 + h) * (1 + 1 / (spike.aspect_ratio() * h));
  const MarchenkoPastur bulk(spike.aspect_ratio(), spike.variance());
  return h < 0 ? bulk.lower_edge() : bulk.upper_edge();
}

double fluctuation_variance(const Spike& spike, int dyson_index) {
  check_dyson_index(dyson_index);
  const double h = spike.excess();
  const double factor = spike.kind() == SpikeKind::covariance
                            ? (1 + h) * (1 + h)
                            : 2 * h + 1 + 1 / spike.aspect_ratio();
  return 2.0 / dyson_index * spike.variance() * spike.variance() * factor * visibility(spike);
}

double overlap_right(const Spike& spike) {
  if (!is_supercritical(spike)) return 0;
  return visibility(spike) / (1 + 1 / (spike.aspect_ratio() * spike.excess()));
}

double overlap_left(const Spike& spike) {
  const double seen = visibility(spike);
  if (seen == 0 || spike.kind() == SpikeKind::covariance) return seen;
  return seen / (1 + 1 / spike.excess());
}

double excess_from_outlier(double aspect_ratio, double lambda, double variance) {
  const MarchenkoPastur bulk(aspect_ratio, variance);
  // At Q = 1 the lower edge is 0, and for Q < 1 nothing leaves the bulk downwards.
  const bool above = lambda >= bulk.upper_edge();
  const bool below = lambda > 0 && lambda < bulk.lower_edge() && aspect_ratio > 1;
  if (!std::isfinite(lambda) || !(above || below))
    throw_domain_error("excess_from_outlier", "lambda", lambda,
                       aspect_ratio > 1 ? "finite and > 0, outside the bulk"
                                        : "finite, at or above the upper edge of the bulk");
  const double root = std::sqrt((lambda - bulk.lower_edge()) / variance *
                                ((lambda - bulk.upper_edge()) / variance));
  const double sum = lambda / variance - 1 - 1 / aspect_ratio;
  return (sum + (above ? root : -root)) / 2;
}

double population_eigenvalue_from_outlier(double aspect_ratio, double lambda, double variance) {
  return 1 + excess_from_outlier(aspect_ratio, lambda, variance);
}

double strength_from_outlier(double aspect_ratio, double lambda, double variance) {
  const double h = excess_from_outlier(aspect_ratio, lambda, variance);
  if (h < 0)
    throw_domain_error("strength_from_outlier", "lambda", lambda,
                       "at or above the upper edge of the bulk");
  return std::sqrt(h);
}

double critical_window(const Spike& spike, double cols) {
  check_positive("critical_window", "cols", cols);
  const double critical = bbp_threshold(spike.aspect_ratio());
  const double width = std::cbrt((1 + critical) * (1 + critical) / cols);
  return (std::abs(spike.excess()) - critical) / (critical * width);
}

WignerSpike::WignerSpike(double theta, double sigma) : theta_(theta), sigma_(sigma) {
  check_positive("WignerSpike", "theta", theta);
  check_positive("WignerSpike", "sigma", sigma);
}

bool is_supercritical(const WignerSpike& spike) { return spike.theta() > 1; }

double outlier_location(const WignerSpike& spike) {
  return spike.sigma() * (is_supercritical(spike) ? spike.theta() + 1 / spike.theta() : 2.0);
}

double fluctuation_variance(const WignerSpike& spike, int dyson_index) {
  check_dyson_index(dyson_index);
  return 2.0 / dyson_index * spike.sigma() * spike.sigma() * visibility(spike);
}

double overlap(const WignerSpike& spike) { return visibility(spike); }

double theta_from_outlier(double lambda, double sigma) {
  check_positive("theta_from_outlier", "sigma", sigma);
  const double x = lambda / sigma;
  if (!(std::isfinite(lambda) && x >= 2))
    throw_domain_error("theta_from_outlier", "lambda", lambda, "finite and >= 2 sigma");
  return (x + std::sqrt((x - 2) * (x + 2))) / 2;
}

}  // namespace rmtlab::theory
