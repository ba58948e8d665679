// SPDX-License-Identifier: MIT
/// \file
/// \brief Exact spacing of neighbouring levels in the bulk of large Gaussian matrices.
#pragma once

namespace rmtlab::theory {

/**
 * \brief Limiting law of the spacing of neighbouring unfolded levels, mean 1, Dyson index 1, 2, 4.
 *
 * With \f$E_\pm(s)=\det(1-K_\pm)\f$, \f$K_\pm\f$ the operators on \f$(0,s/2)\f$ with the even and odd parts
 * \f$S(x-y)\pm S(x+y)\f$ of the sine kernel \f$S(u)=\sin(\pi u)/(\pi u)\f$, the probability that an
 * interval of length s holds no level is
 * \f[
 *   E^{(1)}(s)=E_+(s),\qquad E^{(2)}(s)=E_+(s)E_-(s),\qquad
 *   E^{(4)}(s)=\tfrac12\bigl(E_+(2s)+E_-(2s)\bigr),
 * \f]
 * and the spacing has \f$P(S>s)=-E'(s)\f$ and density \f$E''(s)\f$. What `WignerSurmise` approximates.
 *
 * The determinants are taken on Gauss-Legendre nodes scaled with s, where entries of the matrix and
 * their derivatives by s are elementary; the derivatives of the determinant are traces. 0.1 to
 * 0.3 ms a value.
 *
 * Accuracy: absolute error below 1e-14, relative error of `sf` below 1e-9 to s = 3.75
 * ([accuracy]). Where the largest eigenvalue of K comes within rounding of 1, beyond s = 12 (6 for
 * beta = 4, where P(S > s) is below 1e-35), 0 is returned for `pdf` and `sf`.
 *
 * \cite Mehta2004 chapters 6, 7, 11; \cite Bornemann2010.
 */
class LevelSpacing {
public:
  /// \throws std::domain_error unless dyson_index is 1, 2 or 4.
  explicit LevelSpacing(int dyson_index);
  [[nodiscard]] int dyson_index() const { return dyson_index_; }

private:
  int dyson_index_;
};

/// E(s), the probability that an interval of length s (in mean spacings) holds no level; 1 for s <= 0.
/// \throws std::domain_error if s is NaN.
double gap_probability(const LevelSpacing& law, double s);

double pdf(const LevelSpacing& law, double s);  ///< 0 for s <= 0; \throws std::domain_error if NaN
double cdf(const LevelSpacing& law, double s);  ///< 0 for s <= 0; \throws std::domain_error if NaN
double sf(const LevelSpacing& law, double s);   ///< 1 for s <= 0; \throws std::domain_error if NaN

/// The s with cdf = p; 0 and infinity at the ends. cdf(quantile(p)) = p within 1e-14.
/// \throws std::domain_error unless 0 <= p <= 1.
double quantile(const LevelSpacing& law, double p);

/// The s with sf = q.
/// \throws std::domain_error unless 0 <= q <= 1.
double quantile_sf(const LevelSpacing& law, double q);

double mean(const LevelSpacing& law);  ///< 1

/// \f$2\int_0^\infty E(s)\,ds-1\f$: 0.2855306557, 0.1799938777, 0.1040984222 for beta = 1, 2, 4.
/// Absolute error below 1e-13.
double variance(const LevelSpacing& law);

}  // namespace rmtlab::theory
