// SPDX-License-Identifier: MIT
/// \file
/// \brief Limiting spectrum of a correlation matrix whose entries have infinite variance.
#pragma once

#include <complex>
#include <memory>

namespace rmtlab::theory {

/**
 * \brief The law that replaces Marchenko-Pastur for entries of tail index \f$0<\mu<2\f$.
 *
 * Let W be \f$N\times M\f$ with i.i.d. symmetric entries, \f$P(|w|>t)\f$ regularly varying of index
 * \f$-\mu\f$, and \f$a_N=\inf\{t:P(|w|>t)\le 1/N\}\f$. As \f$N/M\to Q\f$ the spectral distribution
 * of \f$W^{\mathsf T}W/a_N^2\f$ converges to a law with an atom \f$(1-Q)_+\f$ at zero and a density on
 * the whole half-line. With \f$a=\mu/2\f$, \f$K=\Gamma(1-a)/\Gamma(a)\f$, \f$w=(-z)^{-a}\f$ and
 * \f[
 *   g(y)=\int_0^\infty u^{a-1}e^{-u-yu^a}\,du,\qquad h(y)=\int_0^\infty e^{-u-yu^a}\,du=1-a\,y\,g(y),
 * \f]
 * the Stieltjes transform is \f$m(z)=-h(y_r)/z\f$, where
 * \f[
 *   y_r=K\,w\,g(y_c),\qquad y_c=Q^{-1}K\,w\,g(y_r),\qquad 0\le\arg y_{r,c}\le\pi a .
 * \f]
 *
 * The two equations are the stationarity conditions of
 * \f$\Psi=G(y_r)+Q\,G(y_c)-Q\,y_ry_c/(Kw)\f$, \f$G(y)=\int_0^y g\f$, and
 * \f$\int\log(z-x)\,dF(x)=\log z+\Psi\f$. The survival function is therefore \f$\Im\Psi/\pi\f$ at
 * \f$z=\lambda+i0\f$: no integration of the density.
 *
 * The constructor follows the solution once, from large eigenvalues down to \f$\lambda^{-a}\f$ of
 * about 1e5, in 1 to 20 ms; a value of `pdf` then costs two or three Newton steps, 20 to 100
 * microseconds for \f$0.5\le\mu\le1.5\f$ and up to 0.5 ms outside, so that a grid of 100 points
 * stays below 60 ms. Copies share what was computed.
 *
 * - Units: `lambda` is an eigenvalue of \f$W^{\mathsf T}W/a_N^2\f$, **not** of \f$W^{\mathsf T}W/N\f$.
 *   Pareto entries have \f$a_N=N^{1/\mu}\f$; another normaliser b multiplies lambda by
 *   \f$(a_N/b)^2\f$. With \f$a_{N+M}\f$, as in the source, lambda becomes
 *   \f$\lambda\,(Q/(1+Q))^{2/\mu}\f$.
 * - Convention: Q = N/M, rows over columns. Transposition gives
 *   \f$\rho_{1/Q}(\lambda Q^{2/\mu})\,Q^{2/\mu}=\rho_Q(\lambda)/Q\f$.
 * - At finite N the bias is of order \f$N^{-(2-\mu)/\mu}\f$ for Pareto or Student entries: large
 *   near \f$\mu=2\f$.
 *
 * \cite BelinschiDemboGuionnet2009 Theorem 1.10; \cite BenArousGuionnet2008.
 */
class HeavyTailedMp {
public:
  /// \pre 0.1 <= tail_index <= 1.9 and 1e-4 <= aspect_ratio <= 1e4, the range that is tested.
  /// \throws std::domain_error naming the offending parameter and its value.
  HeavyTailedMp(double tail_index, double aspect_ratio);

  [[nodiscard]] double tail_index() const { return tail_index_; }      ///< \f$\mu\f$
  [[nodiscard]] double aspect_ratio() const { return aspect_ratio_; }  ///< Q
  /// Mass of the atom at zero, \f$(1-Q)_+\f$.
  [[nodiscard]] double atom() const { return aspect_ratio_ < 1 ? 1 - aspect_ratio_ : 0.0; }

  struct Solver;  ///< the quadrature rule and the branch of the solution; not for users
  [[nodiscard]] const Solver& solver() const { return *solver_; }

private:
  double tail_index_, aspect_ratio_;
  std::shared_ptr<const Solver> solver_;
};

/// \f$(y_r, y_c)\f$ at \f$z=\lambda+i0\f$.
struct HeavyTailedSolution {
  std::complex<double> row, col;
};

/// The solution of the two equations, each satisfied within 1e-13 relative.
/// \throws std::domain_error unless `lambda` is finite and > 0.
HeavyTailedSolution solution(const HeavyTailedMp& law, double lambda);

/// Density of the continuous part at `lambda`, per unit of lambda; 0 for lambda <= 0.
///
/// Relative error below 1e-12 where lambda rho exceeds 1e-4, and below 1e-8 on the reference values
/// above 1e-8 ([accuracy]). For Q > 1 (and, beside the atom, Q < 1) the density falls faster than any
/// power as lambda -> 0; there the error of lambda rho is absolute, about 1e-16, and what rounding makes
/// negative is returned as 0.
/// \throws std::domain_error if `lambda` is NaN.
double pdf(const HeavyTailedMp& law, double lambda);

/// \f$P(\Lambda\le\lambda)\f$, including the atom; absolute error as `sf`.
/// \throws std::domain_error if `lambda` is NaN.
double cdf(const HeavyTailedMp& law, double lambda);

/// \f$P(\Lambda>\lambda)=\Im\Psi/\pi\f$; absolute error below 1e-12 for
/// \f$\mu\le1.8\f$ and below 1e-6 up to 1.9; relative error below 1e-12 in the tail.
/// \throws std::domain_error if `lambda` is NaN.
double sf(const HeavyTailedMp& law, double lambda);

/// The smallest lambda with cdf >= p: 0 while p <= atom, infinity at p = 1.
/// cdf(quantile(p)) = p within 1e-13.
/// \throws std::domain_error unless 0 <= p <= 1.
double quantile(const HeavyTailedMp& law, double p);

/// The lambda with sf = q; relative accuracy for small q.
/// \throws std::domain_error unless 0 <= q <= 1.
double quantile_sf(const HeavyTailedMp& law, double q);

/// \f$m(z)=\int dF(x)/(x-z)\f$ for z in the open upper half plane, atom included.
/// Relative error below 1e-12.
/// \throws std::domain_error unless Im z > 0 and z is finite.
std::complex<double> stieltjes_transform(const HeavyTailedMp& law, std::complex<double> z);

/// The density for large lambda,
/// \f$a\lambda^{-1-a}-\frac a\pi(1+Q^{-1})\Gamma(1-a)^2\Gamma(2a)\sin(2\pi a)\lambda^{-1-2a}\f$;
/// relative error of order \f$\lambda^{-2a}\f$. The first term is the same for every Q, so that
/// \f$P(\Lambda>\lambda)\sim\lambda^{-\mu/2}\f$ with constant 1.
/// \throws std::domain_error unless `lambda` is finite and > 0.
double tail_pdf(const HeavyTailedMp& law, double lambda);

/// \f$c_0=\lim_{\lambda\to0}\lambda^{1/2}\rho(\lambda)=\frac1\pi\Gamma(1+2/\mu)
/// \bigl(\Gamma(1+\mu/2)/\Gamma(1-\mu/2)\bigr)^{1/\mu}\f$ at Q = 1; 0 for every other Q.
double small_lambda_coefficient(const HeavyTailedMp& law);

/// All that an interpolation by log lambda needs, from one solution.
struct HeavyTailedNode {
  double density;  ///< lambda rho(lambda), the density of log lambda
  double slope;    ///< its derivative by log lambda
  double sf;       ///< P(Lambda > lambda)
};

/// \throws std::domain_error unless `lambda` is finite and > 0.
HeavyTailedNode node(const HeavyTailedMp& law, double lambda);

}  // namespace rmtlab::theory
