// SPDX-License-Identifier: MIT
/// \file
/// \brief Porter-Thomas law: the components of a delocalised eigenvector.
#pragma once

namespace rmtlab::theory {

/**
 * \brief Law of \f$x=n|v_i|^2\f$, v a uniformly random unit vector of n components of Dyson index
 * \f$\beta\f$ (1 real, 2 complex, 4 quaternion).
 *
 * Finite n: \f$x/n\f$ has the Beta law of parameters \f$\beta/2,\ \beta(n-1)/2\f$, exactly. As n grows
 * it becomes \f$\chi^2_\beta/\beta\f$, the Porter-Thomas law; n = infinity gives that one. The mean is
 * 1 in both.
 *
 * Accuracy: relative error of pdf, cdf and sf below 1e-13 for n up to 1e6, of the tail in which x
 * lies; checked on reference values ([accuracy]).
 *
 * \cite PorterThomas1956, \cite BrodyEtAl1981.
 */
class PorterThomas {
public:
  /// \param components n, at least 2 (not necessarily an integer), or infinity
  /// \param dyson_index 1, 2 or 4
  /// \throws std::domain_error naming the offending parameter and its value.
  PorterThomas(double components, int dyson_index);
  [[nodiscard]] double components() const { return components_; }
  [[nodiscard]] int dyson_index() const { return dyson_index_; }

private:
  double components_;
  int dyson_index_;
};

/// Density per unit of x on (0, n), 0 outside; for \f$\beta=1\f$ it grows as \f$x^{-1/2}\f$ towards
/// 0, where 0 is returned all the same.
/// \throws std::domain_error if x is NaN.
double pdf(const PorterThomas& law, double x);

double cdf(const PorterThomas& law, double x);  ///< \throws std::domain_error if x is NaN
double sf(const PorterThomas& law, double x);   ///< 1 - cdf; \throws std::domain_error if x is NaN

/// log sf; in the limit n = infinity also where sf underflows.
/// \throws std::domain_error if x is NaN.
double log_sf(const PorterThomas& law, double x);

/// The x with cdf = p; 0 and n at the ends. cdf(quantile(p)) = p within 1e-12 relative for n up to
/// 1e3, 1e-11 up to 1e6, as far as the rounding of x near n allows.
/// \throws std::domain_error unless 0 <= p <= 1.
double quantile(const PorterThomas& law, double p);

/// The x with sf = q, without losing small q.
/// \throws std::domain_error unless 0 <= q <= 1.
double quantile_sf(const PorterThomas& law, double q);

double mean(const PorterThomas& law);      ///< 1
double variance(const PorterThomas& law);  ///< \f$2(n-1)/(\beta n+2)\f$; \f$2/\beta\f$ in the limit

}  // namespace rmtlab::theory
