// SPDX-License-Identifier: MIT
/// \file
/// \brief Marchenko-Pastur law of a population with a continuous spectrum (Silverstein's equation).
#pragma once

#include <complex>

#include "theory/population.hpp"

namespace rmtlab::theory {

/**
 * \brief Limiting spectrum of \f$X=W^{\mathsf T}W/N\f$ for rows of W whose covariance has a continuous
 * spectral law H.
 *
 * As `GeneralMp`, with H in place of the finite sum. In \f$x=-1/v\f$, v the companion Stieltjes
 * transform,
 * \f[
 *   z(x)=x+\frac xQ\int\frac{\tau\,dH(\tau)}{x-\tau},\qquad
 *   z'(x)=1-\frac{\varphi(x)}Q,\quad\varphi(x)=\int\frac{\tau^2dH(\tau)}{(x-\tau)^2},\qquad
 *   \rho(\lambda)=\frac Q\pi\frac{\Im x}{|x|^2}.
 * \f]
 * H lives on one interval, and so does the law (beside its atom): its ends are the images of the real x
 * below and above the population with \f$\varphi(x)=Q\f$. If the population reaches down to 0, so does
 * the law for Q >= 1; an unbounded population makes the law unbounded. For large lambda
 * \f$P(\Lambda>\lambda)\sim P(\tau>\lambda)\f$ for a regularly varying tail, whatever Q: exponent and
 * constant of a power law are those of the population.
 *
 * Where the population has little mass Im x is small beside x, down to any size, and a solution in
 * complex numbers would lose it. With the path below x and its conjugate \f$\bar x\f$,
 * \f[
 *   \Im x\Bigl(1-\frac1Q\Re\int\frac{\tau^2dH}{(x-\tau)(\bar x-\tau)}\Bigr)
 *     =\frac\pi Q\Re\bigl(x^2h(x)\bigr)
 * \f]
 * is the imaginary part of the equation without cancellation, and gives the density in both tails to
 * full relative accuracy.
 *
 * - Units: `lambda` and the edges are eigenvalues of X, in the units of the population's.
 * - Convention: Q = N/M, rows over columns; 1/Q is also written \f$\gamma\f$ or c.
 *
 * 0.05 to 0.3 ms for a value of `pdf` (2 ms for the slowest populations, of 4000 nodes), 1 to 5 ms for
 * a quantile.
 *
 * \cite MarchenkoPastur1967; \cite Silverstein1995; support: \cite SilversteinChoi1995.
 */
class ContinuousMp {
public:
  /// \pre 1e-4 <= aspect_ratio <= 1e4, the range that is tested.
  /// \throws std::domain_error naming the offending parameter and its value.
  ContinuousMp(double aspect_ratio, Population population);

  [[nodiscard]] double aspect_ratio() const { return aspect_ratio_; }
  [[nodiscard]] const Population& population() const { return population_; }
  /// Ends of the continuous part: the upper one is infinite for an unbounded population. Within 1e-13
  /// relative ([accuracy]; the lower one beside Q = 1, which cancels, within 1e-15 of the population).
  [[nodiscard]] double lower_edge() const { return lower_edge_; }
  [[nodiscard]] double upper_edge() const { return upper_edge_; }
  /// The real x of the ends.
  [[nodiscard]] double x_lower() const { return x_lower_; }
  [[nodiscard]] double x_upper() const { return x_upper_; }
  /// Mass of the atom at zero, \f$(1-Q)_+\f$.
  [[nodiscard]] double atom() const { return aspect_ratio_ < 1 ? 1 - aspect_ratio_ : 0.0; }

private:
  double aspect_ratio_;
  Population population_;
  double x_lower_ = 0, x_upper_ = 0, lower_edge_ = 0, upper_edge_ = 0;
};

/// m(z) for Im z >= 0, as for `GeneralMp`: for real z the limit from above.
///
/// Relative error below 1e-12 away from edges ([accuracy]).
/// \throws std::domain_error unless z is finite with Im z >= 0; at z = 0 if Q <= 1 or the population
///         reaches 0.
std::complex<double> stieltjes_transform(const ContinuousMp& law, std::complex<double> z);

/// Density of the continuous part at `lambda`, per unit of lambda; 0 outside the open support.
///
/// Relative error below 1e-12 away from finite edges, also far in a tail, beside what one rounding of
/// lambda causes there (and in the steep fall of a law whose population is much narrower than itself);
/// measured 3e-14 ([accuracy]).
/// \throws std::domain_error if `lambda` is NaN.
double pdf(const ContinuousMp& law, double lambda);

/// Distribution function, including the atom; accuracy as `sf`.
/// \throws std::domain_error if `lambda` is NaN.
double cdf(const ContinuousMp& law, double lambda);

/// \f$P(\Lambda>\lambda)\f$ by the formula of `GeneralMp`: no quadrature of the density. Absolute error
/// below 1e-13 max(1, Q); where Im x is small, so in the tails of an unbounded population, relative
/// error below 1e-11.
/// \throws std::domain_error if `lambda` is NaN.
double sf(const ContinuousMp& law, double lambda);

/// The smallest lambda with cdf >= p; cdf(quantile(p)) = p within 1e-13 max(1, Q).
/// \throws std::domain_error unless 0 <= p <= 1.
double quantile(const ContinuousMp& law, double p);

/// The lambda with sf = q; relative accuracy for small q where `sf` has it.
/// \throws std::domain_error unless 0 <= q <= 1.
double quantile_sf(const ContinuousMp& law, double q);

/// \f$\int\tau\,dH\f$; infinity for a power law with alpha <= 2.
double mean(const ContinuousMp& law);

/// \f$\operatorname{Var}\tau+(\int\tau\,dH)^2/Q\f$, over the whole law (atom included); infinity for a power
/// law with alpha <= 3.
double variance(const ContinuousMp& law);

}  // namespace rmtlab::theory
