// SPDX-License-Identifier: MIT
/// \file
/// \brief Marchenko-Pastur law: the limiting spectrum of a white correlation matrix.
#pragma once

namespace rmtlab::theory {

/**
 * \brief Marchenko-Pastur law with aspect ratio \f$Q=N/M>0\f$ and entry variance \f$\sigma^2\f$.
 *
 * Let \f$W\f$ be an \f$N\times M\f$ matrix with i.i.d. entries of mean 0 and variance
 * \f$\sigma^2\f$, and \f$X=W^{\mathsf T}W/N\f$. As \f$N\to\infty\f$ with \f$N/M\to Q\f$, the
 * empirical spectral distribution of \f$X\f$ converges almost surely to
 * \f[
 *   \rho(\lambda) = (1-Q)_{+}\,\delta(\lambda)
 *     + \frac{Q}{2\pi\sigma^2}\frac{\sqrt{(\lambda_+-\lambda)(\lambda-\lambda_-)}}{\lambda}
 *       \mathbf 1_{[\lambda_-,\lambda_+]}(\lambda),
 *   \qquad \lambda_\pm=\sigma^2\left(1\pm Q^{-1/2}\right)^2 .
 * \f]
 *
 * - Units: `lambda` and the edges are eigenvalues of \f$X\f$, so they scale with `variance`.
 * - Convention: Q is rows over columns; 1/Q is also written \f$\gamma\f$, \f$c\f$ or \f$y\f$. The
 *   project orients matrices so that Q >= 1; the law accepts any Q > 0. See theory/CONVENTIONS.md.
 * - The free functions `pdf`, `cdf`, `quantile`, `mean`, ... follow the vocabulary of Boost.Math.
 *
 * \cite MarchenkoPastur1967 Theorem 1; \cite BaiSilverstein2010 Theorem 3.6 and section 3.1.
 */
class MarchenkoPastur {
public:
  /// \pre both arguments finite and > 0, and the upper edge finite.
  /// \throws std::domain_error naming the offending parameter and its value.
  explicit MarchenkoPastur(double aspect_ratio, double variance = 1.0);

  [[nodiscard]] double aspect_ratio() const { return aspect_ratio_; }
  /// Variance \f$\sigma^2\f$ of the entries of W (`variance(law)` is that of the eigenvalues).
  [[nodiscard]] double variance() const { return variance_; }
  /// \f$\lambda_-\f$, within 4 eps relative for every Q, also beside Q = 1; exactly 0 at Q = 1.
  [[nodiscard]] double lower_edge() const { return lower_edge_; }
  /// \f$\lambda_+\f$, within 4 eps relative; exactly 4 variance at Q = 1.
  [[nodiscard]] double upper_edge() const { return upper_edge_; }
  /// Mass of the atom at zero, \f$(1-Q)_+\f$.
  [[nodiscard]] double atom() const { return aspect_ratio_ < 1 ? 1 - aspect_ratio_ : 0.0; }

  /// The continuous part in standard form: with \f$y=\lambda/\f$`scale`, the bulk is
  /// \f$[(1-r)^2,(1+r)^2]\f$ with \f$r=\min(Q,1/Q)^{1/2}\f$, and carries the mass `mass`.
  struct Bulk {
    double ratio;  ///< r in (0, 1]
    double gap;    ///< 1 - r, formed without cancellation
    double mass;   ///< min(Q, 1)
    double scale;  ///< variance for Q >= 1, variance / Q below
  };
  [[nodiscard]] const Bulk& bulk() const { return bulk_; }

private:
  double aspect_ratio_, variance_;
  Bulk bulk_{};
  double lower_edge_, upper_edge_;
};

/// Density of the continuous part at `lambda`, per unit of lambda; 0 outside the open bulk, so also
/// at lambda = 0 for Q = 1, where it has no limit.
///
/// Relative error below 8 eps (1 + lambda / distance to the nearer edge), the second term being
/// what one rounding of `lambda` causes; checked on reference values ([accuracy]).
/// \throws std::domain_error if `lambda` is NaN.
double pdf(const MarchenkoPastur& law, double lambda);

/// Distribution function \f$P(\Lambda\le\lambda)\f$, including the atom at zero.
///
/// Absolute error below 2e-15 for Q and 1/Q up to 1e4 (measured 9e-16 for Q from 1e-4 to
/// 1e8); in the left tail relative error below 8 eps (1 + lambda / (lambda - lambda_-)). 50 to 90 ns.
/// \throws std::domain_error if `lambda` is NaN.
double cdf(const MarchenkoPastur& law, double lambda);

/// Survival function \f$P(\Lambda>\lambda)\f$, accurate in the right tail as `cdf` is in the left.
/// \throws std::domain_error if `lambda` is NaN.
double sf(const MarchenkoPastur& law, double lambda);

/// The smallest lambda with cdf >= p: 0 while p <= atom, the edges of the support at p = 0 and 1.
///
/// The equation is solved in an angle in which it is well conditioned at every Q, so
/// cdf(quantile(p)) = p within 4 eps (1 + lambda pdf(lambda)).
/// \throws std::domain_error unless 0 <= p <= 1.
double quantile(const MarchenkoPastur& law, double p);

/// The lambda with sf = q: as `quantile(1 - q)`, without losing small q.
/// \throws std::domain_error unless 0 <= q <= 1.
double quantile_sf(const MarchenkoPastur& law, double q);

/// \f$E\Lambda=\sigma^2\f$.
double mean(const MarchenkoPastur& law);

/// \f$\operatorname{Var}\Lambda=\sigma^4/Q\f$, over the whole law (atom included).
double variance(const MarchenkoPastur& law);

/// Raw moment \f$E\Lambda^k=\sigma^{2k}\sum_{j<k}\frac{Q^{-j}}{j+1}\binom kj\binom{k-1}j\f$
/// (\cite BaiSilverstein2010 Lemma 3.1), 1 for k = 0. All terms are positive: relative error below
/// 4 k eps.
/// \throws std::domain_error if k < 0 or the moment exceeds the range of a double.
double moment(const MarchenkoPastur& law, int k);

/// \f$E\Lambda^{-k}=\sigma^{-2k}(1-1/Q)^{1-2k}\,E_1\Lambda^{k-1}\f$, \f$E_1\f$ for variance 1: the map
/// \f$\lambda\to\lambda_-\lambda_+/\lambda\f$ sends the bulk to itself and \f$\rho\f$ to
/// \f$\lambda\rho\f$ up to a factor. 1 for k = 0; infinity for Q <= 1 and k >= 1 (hard edge, atom).
/// Relative error below 8 k eps.
/// \throws std::domain_error if k < 0 or a finite result exceeds the range of a double.
double inverse_moment(const MarchenkoPastur& law, int k);

/// \f$E\log\Lambda=\log\sigma^2-1-(Q-1)\log(1-1/Q)\f$ for Q > 1, \f$\log\sigma^2-1\f$ at Q = 1,
/// -infinity below (atom at zero): the limit of \f$\frac1M\log\det X\f$. From
/// \f$-\sum_kQ^{-k}/(k(k+1))\f$ for large Q. Absolute error of \f$E\log(\Lambda/\sigma^2)\f$ below 8 eps
/// times itself.
double mean_log(const MarchenkoPastur& law);

}  // namespace rmtlab::theory
