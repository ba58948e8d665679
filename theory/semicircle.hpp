// SPDX-License-Identifier: MIT
/// \file
/// \brief Semicircle law: the limiting spectrum of a Wigner matrix.
#pragma once

namespace rmtlab::theory {

/**
 * \brief Wigner's semicircle law with radius \f$2\sigma\f$.
 *
 * Let H be a symmetric (Hermitian) N x N matrix whose entries above the diagonal are independent
 * with mean 0 and variance \f$\sigma^2\f$. The spectrum of \f$H/\sqrt N\f$ converges to
 * \f[ \rho(x)=\frac{\sqrt{4\sigma^2-x^2}}{2\pi\sigma^2},\qquad |x|\le2\sigma . \f]
 *
 * \cite Wigner1958; \cite BaiSilverstein2010 Theorem 2.5.
 */
class Semicircle {
public:
  /// \throws std::domain_error unless sigma is finite and > 0.
  explicit Semicircle(double sigma = 1);
  [[nodiscard]] double sigma() const { return sigma_; }
  [[nodiscard]] double radius() const { return 2 * sigma_; }

private:
  double sigma_;
};

/// Density per unit of x; 0 outside (-radius, radius). Relative error below 4 eps
/// (1 + radius / distance to the nearer end), the second term being what rounding x causes.
/// \throws std::domain_error if x is NaN.
double pdf(const Semicircle& law, double x);

/// Distribution function. Absolute error below 4 eps; in the left tail the relative error is below
/// 16 eps (1 + radius / distance to the end).
/// \throws std::domain_error if x is NaN.
double cdf(const Semicircle& law, double x);

/// P(X > x) = cdf(-x): exact symmetry.
/// \throws std::domain_error if x is NaN.
double sf(const Semicircle& law, double x);

/// The x with cdf = p; the ends at p = 0 and 1, exactly 0 at p = 1/2. Absolute error below 8 eps sigma.
/// \throws std::domain_error unless 0 <= p <= 1.
double quantile(const Semicircle& law, double p);

/// The x with sf = q: -quantile(q).
/// \throws std::domain_error unless 0 <= q <= 1.
double quantile_sf(const Semicircle& law, double q);

double mean(const Semicircle& law);      ///< 0
double variance(const Semicircle& law);  ///< \f$\sigma^2\f$

/// \f$EX^k\f$: 0 for odd k, \f$\sigma^kC_{k/2}\f$ with the Catalan numbers C else. Relative error below
/// 2 k eps.
/// \throws std::domain_error if k < 0 or the moment exceeds the range of a double.
double moment(const Semicircle& law, int k);

}  // namespace rmtlab::theory
