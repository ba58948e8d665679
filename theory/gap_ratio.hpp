// SPDX-License-Identifier: MIT
/// \file
/// \brief Ratio of consecutive level spacings: repulsion without unfolding.
#pragma once

namespace rmtlab::theory {

/**
 * \brief Surmise for \f$r=(\lambda_{n+2}-\lambda_{n+1})/(\lambda_{n+1}-\lambda_n)\f$: the exact law of
 * the three levels of a 3 x 3 Gaussian matrix of Dyson index \f$\beta=1,2,4\f$.
 *
 * \f[ p(r)=\frac1{Z}\frac{(r+r^2)^\beta}{(1+r+r^2)^{1+3\beta/2}},\qquad
 *     Z=\frac{8}{27},\ \frac{4\pi}{81\sqrt3},\ \frac{4\pi}{729\sqrt3}. \f]
 *
 * With the angle \f$\eta=3\arctan(\sqrt3r/(r+2))\in(0,\pi)\f$ the density becomes proportional to
 * \f$\sin^\beta\eta\f$: \f$\sin^2(\eta/2)\f$ has the symmetric Beta law of parameter
 * \f$(\beta+1)/2\f$, in which distribution function and quantiles are computed.
 *
 * The law of 1/r is that of r. What is averaged in practice is \f$\tilde r=\min(r,1/r)\f$, with
 * density 2 p on (0, 1) and the mean `mean_folded`. Large matrices: simulated means of
 * \f$\tilde r\f$ are 0.5307, 0.5996, 0.6744, against 0.5359, 0.6027, 0.6762 of the surmise; for
 * independent levels it is \f$2\log2-1=0.3863\f$.
 *
 * Accuracy: relative error of pdf, cdf and sf below 64 eps; checked on reference values ([accuracy]).
 *
 * \cite AtasBogomolnyGiraudRoux2013.
 */
class GapRatio {
public:
  /// \throws std::domain_error unless dyson_index is 1, 2 or 4.
  explicit GapRatio(int dyson_index);
  [[nodiscard]] int dyson_index() const { return dyson_index_; }

private:
  int dyson_index_;
};

double pdf(const GapRatio& law, double r);  ///< 0 for r < 0; \throws std::domain_error if NaN
double cdf(const GapRatio& law, double r);  ///< 0 for r < 0; \throws std::domain_error if NaN
double sf(const GapRatio& law, double r);   ///< cdf(1/r); \throws std::domain_error if NaN

/// The r with cdf = p; 0 and infinity at the ends, 1 at p = 1/2.
/// \throws std::domain_error unless 0 <= p <= 1.
double quantile(const GapRatio& law, double p);

/// The r with sf = q: 1 / quantile(q).
/// \throws std::domain_error unless 0 <= q <= 1.
double quantile_sf(const GapRatio& law, double q);

/// \f$Er=\frac74,\ \frac{27\sqrt3}{8\pi}-\frac12,\ \frac{243\sqrt3}{80\pi}-\frac12\f$.
double mean(const GapRatio& law);

/// Variance of r: infinite for \f$\beta=1\f$, where \f$p\sim r^{-3}\f$; else from
/// \f$Er^2=4,\ \frac52-\frac{81\sqrt3}{80\pi}\f$.
double variance(const GapRatio& law);

/// \f$E\min(r,1/r)=4-2\sqrt3,\ \frac{2\sqrt3}\pi-\frac12,\ \frac{32\sqrt3}{15\pi}-\frac12\f$.
double mean_folded(const GapRatio& law);

}  // namespace rmtlab::theory
