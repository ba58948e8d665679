// SPDX-License-Identifier: MIT
/// \file
/// \brief Spectra without the matrix: Gaussian ones of any Dyson index, with a spike, and inverses.
#pragma once

#include <cstddef>

#include <armadillo>

#include "sim/core/random.hpp"
#include "theory/spiked.hpp"

namespace rmtlab::ensembles {

/**
 * \brief Laguerre ensemble of any Dyson index \f$\beta>0\f$, with one spike or none.
 *
 * For \f$\beta=1,2,4\f$ the eigenvalues of \f$X=W^{*}W/N\f$, W an N x M matrix of independent real,
 * complex or quaternion normal entries with \f$E|w|^2=\sigma^2\f$. For every \f$\beta\f$ the joint
 * density without a spike is proportional to
 * \f[ \prod_{i<j}|\lambda_i-\lambda_j|^{\beta}\prod_i\lambda_i^{\beta(N-M+1)/2-1}
 *     e^{-\beta N\lambda_i/2\sigma^2}. \f]
 *
 * Householder reflections from the left and the right turn W into an upper bidiagonal matrix with
 * the same singular values and do not disturb the normal entries they have not reached yet, so its
 * entries are independent and \f$X\f$ has the eigenvalues of \f$\frac{\sigma^2}{\beta N}B^{\mathsf T}B\f$,
 * \f[ B=\begin{pmatrix}b&\chi_{\beta(M-1)}\\&\chi_{\beta(N-1)}&\chi_{\beta(M-2)}\\&&\ddots&\ddots\\
 *     &&&\chi_{\beta(N-M+1)}\end{pmatrix},\qquad b=\chi_{\beta N}: \f]
 * 2M - 1 random numbers in place of NM. Turn the axes so that the spike's M-vector is the first one;
 * then the spike is in the first column of W, of which only the norm b is left, and no reflection
 * moves that axis again. Hence, exactly for \f$\beta=1,2,4\f$ and as definition for the others,
 * - covariance spike \f$\Sigma=\sigma^2(I+h\,vv^{\mathsf T})\f$: \f$b=\sqrt{1+h}\,\chi_{\beta N}\f$;
 * - additive spike \f$Z+S\sigma\sqrt N\,uv^{\mathsf T}\f$, \f$h=S^2\f$:
 *   \f$b^2=(S\sqrt{\beta N}+g)^2+\chi^2_{\beta N-1}\f$ with a standard normal g.
 *
 * \cite DumitriuEdelman2002 section III.B; \cite BloemendalVirag2013 for the spiked form;
 * \cite GolubKahan1965 for the reduction.
 */
struct Laguerre {
  double rows = 0;         ///< N > M - 1; need not be an integer
  std::size_t cols = 0;    ///< M >= 1
  double dyson_index = 1;  ///< \f$\beta>0\f$
  double variance = 1;     ///< \f$\sigma^2>0\f$
  theory::SpikeKind spike = theory::SpikeKind::covariance;
  double excess = 0;  ///< h of theory::Spike: > -1, and >= 0 for an additive spike; 0 is no spike
};

/**
 * \brief One draw of all eigenvalues, ascending, length M, in the units of \f$\sigma^2\f$.
 *
 * The singular values of B come from `squared_singular_values`: each to nearly full relative
 * accuracy, which matters at the hard edge N = M. The cost is O(M^2): measured 0.32, 2.8, 15, 61 and
 * 239 ms at M = 128, 400, 1000, 2000 and 4000 (N = 2M) on one core of an AMD EPYC (OpenBLAS 0.3.21); from
 * the matrix, generation included, 240 and 1500 ms at M = 1000 and 2000.
 *
 * - `stream` is consumed: 2M - 1 chi variates, by rejection, so how many bits varies.
 *
 * \throws std::domain_error naming a parameter outside the domain above; additive spikes also want
 *   \f$\beta N>1\f$.
 * \throws std::runtime_error if the iteration does not converge (never seen).
 */
arma::vec laguerre_spectrum(const Laguerre& ensemble, core::Stream& stream);

/**
 * \brief One draw of the largest eigenvalue: `laguerre_spectrum(ensemble, stream).back()` up to
 * rounding (relative difference below 3e-14, measured up to M = 3000), on the same numbers of the stream.
 *
 * The eigenvector of the largest eigenvalue lives on the first rows of B: it decays like an Airy
 * function of scale \f$(NM)^{1/3}(\sqrt N+\sqrt M)^{-2/3}\le M^{1/3}\f$, faster beside an outlier. So
 * for \f$\beta\ge1\f$ only the first 20 + 15 such lengths of B are drawn at all: O(M^(1/3)) instead of
 * O(M^2). Measured 21, 40 and 76 microseconds at M = 100, 1000 and 10000 (N = 2M). For \f$\beta<1\f$ all
 * M rows are used, O(M).
 *
 * - `stream` is consumed as far as needed.
 *
 * \throws std::domain_error as `laguerre_spectrum`.
 * \cite EdelmanPersson2005
 */
double laguerre_largest(const Laguerre& ensemble, core::Stream& stream);

/// The largest eigenvalue with the squared cosines between its singular vectors and the spike's.
struct LaguerreOutlier {
  double lambda;         ///< in the units of \f$\sigma^2\f$
  double overlap_right;  ///< with v, the M-vector
  double overlap_left;   ///< with u, the N-vector; for a covariance spike with the loadings Zv
};

/**
 * \brief One draw of the largest eigenvalue of a real spiked matrix with its overlaps, exact in law.
 *
 * The right vector's first component is that of B. On the left, the first reflection carries the
 * loadings to the first axis; u is at the angle \f$\cos\phi=(S\sqrt N+g)/b\f$ to them, its remainder
 * Haar in the other N - 1 dimensions and independent of the rest of B. Cost as `laguerre_largest`.
 *
 * \throws std::domain_error as `laguerre_spectrum`, and unless dyson_index is 1 and excess > 0.
 */
LaguerreOutlier laguerre_outlier(const Laguerre& ensemble, core::Stream& stream);

/**
 * \brief Inverse Laguerre ensemble with tunable repulsion: a heavy tail from eigenvalues that hardly
 * repel, \f$\lambda_i=s/\ell_i\f$.
 *
 * The \f$\ell_i\f$ have the joint density proportional to
 * \f[ \prod_{i<j}|\ell_i-\ell_j|^{\beta}\prod_i\ell_i^{a-1}e^{-\ell_i},\qquad \beta=2c/M, \f]
 * so c is the total repulsion that one eigenvalue feels and \f$\beta=1\f$ (an inverse Wishart matrix) is
 * c = M/2. At c = 0 they are independent Gamma(a) variates. As M grows with c fixed, neighbours become
 * independent and the density of the \f$\ell\f$ converges to that of the associated Laguerre
 * polynomials,
 * \f[ \frac{x^{a-1}e^{-x}}{\Gamma(1+c)\,\Gamma(a+c)\,|U(c,1-a;xe^{i\pi})|^2},\f]
 * U being Tricomi's function; an inverse gamma law for \f$\lambda\f$ at c = 0. Since
 * \f$U(c,1-a;0)=\Gamma(a)/\Gamma(a+c)\f$ it vanishes like \f$x^{a-1}\f$ for every c, which is the tail
 * \f[ \rho(\lambda)\sim\frac{\Gamma(a+c)}{\Gamma(a)^2\Gamma(1+c)}\,s^a\lambda^{-1-a}:
 *     \qquad\alpha=1+a, \f]
 * reached for \f$\lambda\gg s(1+c)\f$. Below that, when c is large, lies the hard edge of
 * Marchenko and Pastur with \f$\rho\sim\lambda^{-3/2}\f$: at \f$\beta=1\f$ the fitted exponent is about
 * 1.5 whatever a is.
 *
 * Exactly, for all M and c: \f$E\,\frac1M\sum\lambda_i=s/(a-1)\f$ for a > 1 (integration by parts), else
 * infinite.
 *
 * \cite TrinhTrinh2021 (limit), \cite AllezBouchaudMajumdarVivo2013; \cite HodgkinsonWangMahoney2025 for the
 * mechanism in trained networks.
 */
struct InverseLaguerre {
  std::size_t cols = 0;  ///< M >= 1
  double shape = 1.5;    ///< a >= 0.1: exponent of the spectral density minus 1
  double repulsion = 0;  ///< c >= 0
  double scale = 1;      ///< s > 0, in the units of \f$\lambda\f$
};

/// One draw, ascending, length M. \f$\ell\f$ are the eigenvalues of \f$B^{\mathsf T}B/2\f$ with
/// \f$\chi_{2a+\beta(M-i)}\f$ on the diagonal and \f$\chi_{\beta(M-i)}\f$ beside it, i = 1..M. O(M^2).
/// \throws std::domain_error naming a parameter outside its domain.
arma::vec inverse_laguerre_spectrum(const InverseLaguerre& ensemble, core::Stream& stream);

/**
 * \brief The scale b of Frechet's law of the largest eigenvalue, \f$P(\lambda_{\max}\le y)\approx
 * e^{-(y/b)^{-a}}\f$, in the units of \f$\lambda\f$.
 *
 * A ratio of two Selberg integrals gives the density of the \f$\ell\f$ at 0 for every M and c, so
 * \f[ E\,\#\{\lambda_i>y\}=\left(\frac yb\right)^{-a}(1+o(1)),\ y\to\infty;\qquad
 *     b=s\left(\frac{M\kappa}a\right)^{1/a},\quad
 *     \kappa=\frac{\Gamma(a+c)\,\Gamma(1+c/M)}{\Gamma(a)\,\Gamma(a+c/M)\,\Gamma(1+c)}, \f]
 * where \f$\kappa\f$ tends to the constant of the limiting density above. With c fixed the repulsion
 * \f$2c/M\f$ of neighbours vanishes, the largest eigenvalues become a Poisson process, and the law is
 * the limit of \f$\lambda_{\max}/b\f$. The error is how far the density has left its leading power at
 * \f$\ell=s/b\f$: about \f$(1+c)(s/b)^{\min(a,1)}\f$ times 0.3 (a = 1.5) to 0.8 (a = 0.5), which falls as
 * \f$M^{-1/a}\f$ for a > 1 and as 1/M below. Kolmogorov distances at c = 1 measured with 8000 draws or
 * fewer: 0.11, 0.07, 0.03 (a = 0.5; M = 10, 30, 90) and 0.07, 0.045, 0.036 (a = 1.5; M = 20, 40, 80).
 * For a = 1 the law is exact at every M and c: moving all \f$\ell_i\f$ by x multiplies the joint
 * density by \f$e^{-Mx}\f$.
 *
 * \throws std::domain_error as `inverse_laguerre_spectrum`.
 */
double inverse_laguerre_largest_scale(const InverseLaguerre& ensemble);

}  // namespace rmtlab::ensembles
