// SPDX-License-Identifier: MIT
/// \file
/// \brief The likelihood of a spectrum with one spike against noise: what no test can improve on.
#pragma once

#include <cstddef>
#include <span>

namespace rmtlab::inference {

/**
 * \brief \f$\ln E\exp(v^{\mathsf T}Av)\f$ for v uniform on the unit sphere of
 * \f$\mathbf R^M\f$ and A symmetric with eigenvalues \f$a_1,\dots,a_M\f$.
 *
 * Writing the uniform vector as a Gaussian one over its length turns the average into a single
 * integral, to the right of all \f$a_j\f$:
 * \f[ E\,e^{v^{\mathsf T}Av}=\frac{\Gamma(M/2)}{2\pi i}\int_{s_0-i\infty}^{s_0+i\infty}
 *     e^{s}\prod_{j=1}^M(s-a_j)^{-1/2}\,ds. \f]
 * It is taken through the saddle point, \f$\sum_j1/(2(s_0-a_j))=1\f$, along the parabola that follows the
 * path of steepest descent to third order. All branch points are on the real axis behind it, and the
 * integrand falls like a Gaussian whatever M is, so that the trapezoidal rule converges
 * geometrically. About 25 to 50 points, O(M) each.
 *
 * Accuracy (tests/sim/inference/spike_likelihood_test.cpp): the average itself is right to 1e-11
 * relative, an absolute error of the logarithm, for M from 1 to 256 and values up to a few hundred.
 *
 * \param values \f$a_j\f$ in any order, of either sign, at least one
 * \throws std::domain_error if there is no value, or naming one that is not finite.
 * \throws std::runtime_error if the rule does not converge (never seen).
 */
double log_sphere_average(std::span<const double> values);

/**
 * \brief Log-likelihood ratio of all eigenvalues: one covariance spike of excess h in an unknown direction
 * against none.
 *
 * N rows of W are independent \f$\mathcal N(0,I+h\,vv^{\mathsf T})\f$, v uniform on the sphere,
 * the variance of the noise known to be 1; \f$\lambda_j\f$ are the eigenvalues of
 * \f$W^{\mathsf T}W/N\f$, \f$\Lambda\f$ their diagonal matrix:
 * \f[ \ln\frac{p_h(\lambda)}{p_0(\lambda)}=-\frac N2\ln(1+h)
 *     +\ln E_v\exp\Bigl(\frac N2\frac h{1+h}\,v^{\mathsf T}\Lambda v\Bigr). \f]
 * By Neyman and Pearson no test of W that does not know the direction beats a threshold on it; with equal
 * prior weights the least share of wrong decisions is that of \f$\ln(p_h/p_0)>0\f$, which equals
 * \f$\tfrac12E_0\min(1,p_h/p_0)\f$. Its second moment under noise is
 * \f${}_2F_1(\tfrac N2,\tfrac12;\tfrac M2;h^2)\f$, finite for |h| < 1, with the limit
 * \f$(1-h^2Q)^{-1/2}\f$ below the threshold: there the ratio does not degenerate, and no test is sure.
 *
 * The integral over directions is James's hypergeometric function of matrix argument (A. T. James,
 * Annals of Mathematical Statistics 35, 475, 1964); the single contour integral and the limits below the
 * threshold are those of A. Onatski, M. J. Moreira and M. Hallin, Annals of Statistics 41, 1204 (2013).
 *
 * Accuracy: as `log_sphere_average`, 1e-8 at worst and 1e-11 measured, absolute error of the logarithm.
 *
 * \param eigenvalues \f$\lambda_j\ge0\f$, all M, in any order, for noise of variance 1
 * \param rows N >= 1
 * \param excess h > -1; 0 gives 0
 * \throws std::domain_error naming the offending parameter and its value.
 */
double log_likelihood_ratio(std::span<const double> eigenvalues, std::size_t rows, double excess);

}  // namespace rmtlab::inference
