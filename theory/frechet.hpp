// SPDX-License-Identifier: MIT
/// \file
/// \brief Frechet law: the limit of maxima of heavy-tailed variables.
#pragma once

namespace rmtlab::theory {

/**
 * \brief Frechet law with shape a > 0 and scale s > 0: \f$P(X\le x)=\exp(-(x/s)^{-a})\f$, x > 0.
 *
 * It is the limit of the largest eigenvalue of \f$W^{\mathsf T}W\f$ over \f$b^2\f$ when the entries
 * of W have tail index \f$\mu<4\f$, with shape \f$a=\mu/2\f$ and scale 1, b being the level that one of
 * the NM entries exceeds on average (\f$b=(NM)^{1/\mu}\f$ for Pareto entries). For \f$2<\mu<4\f$ the
 * bulk corrects it strongly at every size in use: see spike_mapped.hpp.
 *
 * Accuracy: with \f$u=(x/s)^{-a}\f$ the relative error of pdf, cdf and sf is below
 * 16 eps (1 + u (1 + a)), what rounding x and u causes in exp(-u); that of quantiles below
 * 8 eps (1 + (1 + |log u|)/a). Checked on reference values ([accuracy]).
 *
 * \cite Soshnikov2004, \cite AuffingerBenArousPeche2009.
 */
class Frechet {
public:
  /// \throws std::domain_error unless both are finite and > 0.
  explicit Frechet(double shape, double scale = 1);
  [[nodiscard]] double shape() const { return shape_; }
  [[nodiscard]] double scale() const { return scale_; }

private:
  double shape_, scale_;
};

/// Density \f$aue^{-u}/x\f$ with \f$u=(x/s)^{-a}\f$; 0 for x <= 0.
/// \throws std::domain_error if x is NaN.
double pdf(const Frechet& law, double x);

/// \f$e^{-u}\f$; 0 for x <= 0.
/// \throws std::domain_error if x is NaN.
double cdf(const Frechet& law, double x);

/// \f$1-e^{-u}\f$, without cancellation; 1 for x <= 0.
/// \throws std::domain_error if x is NaN.
double sf(const Frechet& law, double x);

/// \f$-u\f$, the exact logarithm at any depth.
/// \throws std::domain_error if x is NaN.
double log_cdf(const Frechet& law, double x);

/// \f$\log(1-e^{-u})\f$, accurate at both ends.
/// \throws std::domain_error if x is NaN.
double log_sf(const Frechet& law, double x);

/// \f$s(-\log p)^{-1/a}\f$; 0 and infinity at p = 0 and 1.
/// \throws std::domain_error unless 0 <= p <= 1.
double quantile(const Frechet& law, double p);

/// The x with sf = q, without losing small q.
/// \throws std::domain_error unless 0 <= q <= 1.
double quantile_sf(const Frechet& law, double q);

double mode(const Frechet& law);      ///< \f$s(a/(1+a))^{1/a}\f$
double mean(const Frechet& law);      ///< \f$s\Gamma(1-1/a)\f$; infinity for a <= 1
double variance(const Frechet& law);  ///< infinity for a <= 2

}  // namespace rmtlab::theory
