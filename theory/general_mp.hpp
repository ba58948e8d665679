// SPDX-License-Identifier: MIT
/// \file
/// \brief Marchenko-Pastur law of a population with several eigenvalues (Silverstein's equation).
#pragma once

#include <complex>
#include <vector>

namespace rmtlab::theory {

/**
 * \brief Limiting spectrum of \f$X=W^{\mathsf T}W/N\f$ for rows of W with a given covariance.
 *
 * Let \f$W=Z\,\Sigma^{1/2}\f$, Z an \f$N\times M\f$ matrix of i.i.d. entries of mean 0 and variance 1,
 * and let \f$\Sigma\f$ have the eigenvalues \f$\tau_k\f$ in the proportions \f$w_k\f$. As
 * \f$N/M\to Q\f$ the spectral distribution of X has the Stieltjes transform
 * \f[
 *   m(z)=\int\frac{dF(\lambda)}{\lambda-z}=-\frac1z\sum_k\frac{w_k}{1+\tau_kv},\qquad
 *   z=-\frac1v+\frac1Q\sum_k\frac{w_k\tau_k}{1+\tau_kv},\qquad \Im v>0 .
 * \f]
 * Here all is written in \f$x=-1/v\f$: with \f$\varphi(x)=\sum_kw_k\tau_k^2/(x-\tau_k)^2\f$ the inverse
 * function \f$z(x)=x+\frac xQ\sum_k w_k\tau_k/(x-\tau_k)\f$ has \f$z'=1-\varphi/Q\f$. A real x with
 * \f$\varphi(x)<Q\f$ is the image of a point outside the support. Since \f$\varphi\f$ is convex between
 * neighbouring \f$\tau_k\f$ there is at most one gap for each pair of them, and its ends are the two
 * solutions of \f$\varphi=Q\f$.
 *
 * - Units: `lambda` and the edges are eigenvalues of X, in the units of the population's.
 * - Convention: Q = N/M, rows over columns; 1/Q is also written \f$\gamma\f$ or c.
 *
 * \cite MarchenkoPastur1967; \cite Silverstein1995; support: \cite SilversteinChoi1995; masses:
 * \cite BaiSilverstein1999.
 */
class GeneralMp {
public:
  /// Equal values are merged; the weights are divided by their sum.
  /// \pre aspect_ratio finite and > 0; values and weights not empty, finite and > 0; weights of sum 1
  /// within 1e-6.
  /// \throws std::domain_error naming the offending parameter and its value;
  ///         std::invalid_argument if there are not as many weights as values, or none.
  GeneralMp(double aspect_ratio, const std::vector<double>& values,
            const std::vector<double>& weights);

  /// An interval of the support, with its mass and the x of its ends.
  struct Interval {
    double lower, upper, mass, x_lower, x_upper;
  };

  [[nodiscard]] double aspect_ratio() const { return aspect_ratio_; }
  [[nodiscard]] const std::vector<double>& values() const { return values_; }  ///< ascending
  [[nodiscard]] const std::vector<double>& weights() const { return weights_; }
  /// Ascending. The ends are within 1e-13 relative ([accuracy]; the lower one beside Q = 1, which
  /// cancels, within 1e-15 of the upper one). The masses are sums of weights (exact separation), less
  /// the atom in the first one.
  [[nodiscard]] const std::vector<Interval>& support() const { return support_; }
  /// Mass of the atom at zero, \f$(1-Q)_+\f$.
  [[nodiscard]] double atom() const { return aspect_ratio_ < 1 ? 1 - aspect_ratio_ : 0.0; }

private:
  double aspect_ratio_;
  std::vector<double> values_, weights_;
  std::vector<Interval> support_;
};

/// m(z) for Im z > 0; for real z the limit from above, which is real outside the support.
///
/// Relative error below 1e-12 away from edges; at a distance d from one the conditioning is
/// \f$d^{-1/2}\f$. About 10 microseconds for three values.
/// \throws std::domain_error unless z is finite with Im z >= 0; at z = 0 if Q <= 1, where m is
///         infinite.
std::complex<double> stieltjes_transform(const GeneralMp& law, std::complex<double> z);

/// Density of the continuous part at `lambda`, per unit of lambda; 0 outside the open support.
/// Relative error below 1e-12 away from edges ([accuracy]).
/// \throws std::domain_error if `lambda` is NaN.
double pdf(const GeneralMp& law, double lambda);

/// Distribution function, including the atom. As `sf`.
/// \throws std::domain_error if `lambda` is NaN.
double cdf(const GeneralMp& law, double lambda);

/// \f$P(\Lambda>\lambda)=\frac1\pi\bigl[Q(\arg x-\lambda\,\Im x/|x|^2)
/// +\sum_kw_k(\arg(x-\tau_k)-\arg x)\bigr]\f$, the imaginary part of \f$\int\log(z-\lambda)dF\f$, which
/// is stationary in x: no quadrature. Absolute error below 1e-14 max(1, Q); exact in gaps.
/// \throws std::domain_error if `lambda` is NaN.
double sf(const GeneralMp& law, double lambda);

/// The smallest lambda with cdf >= p; cdf(quantile(p)) = p within 1e-14 max(1, Q).
/// \throws std::domain_error unless 0 <= p <= 1.
double quantile(const GeneralMp& law, double p);

/// The lambda with sf = q.
/// \throws std::domain_error unless 0 <= q <= 1.
double quantile_sf(const GeneralMp& law, double q);

/// \f$\sum w_k\tau_k\f$.
double mean(const GeneralMp& law);

/// \f$\sum w_k\tau_k^2-(1-1/Q)(\sum w_k\tau_k)^2\f$, over the whole law (atom included).
double variance(const GeneralMp& law);

}  // namespace rmtlab::theory
