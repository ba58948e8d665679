// SPDX-License-Identifier: MIT
/// \file
/// \brief Population eigenvalues of known law, and matrices whose rows have that covariance.
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>

#include <armadillo>

#include "sim/core/random.hpp"

namespace rmtlab::ensembles {

/// The law of population eigenvalues \f$\tau\f$ before `Population::scale`.
enum class LevelLaw {
  constant,        ///< \f$\tau=1\f$
  pareto,          ///< \f$P(\tau>t)=t^{-a},\ t\ge1\f$, a = shape: a spectrum with \f$\alpha=1+a\f$
  power_sequence,  ///< \f$\tau_i=i^{-a},\ i=1..m\f$: a Pareto tail with \f$\alpha=1+1/a\f$
  gamma,           ///< Gamma variate of shape a divided by a: mean 1
  exponential,     ///< \f$P(\tau>t)=e^{-t}\f$; shape is not used
  lognormal,       ///< \f$e^{ag}\f$, g standard normal, a = shape
  toeplitz,        ///< of the m x m matrix \f$(a^{|i-j|})\f$, |a| < 1: an AR(1) process; mean 1
};

/// `"constant"`, `"pareto"`, `"power_sequence"`, `"gamma"`, `"exponential"`, `"lognormal"`, `"toeplitz"`.
std::string_view name(LevelLaw law);

/**
 * \brief Population spectrum \f$H=(1-d)\,\delta_1+d\,\mathcal L(s\tau)\f$: a share d of the levels
 * follows a law, the others are 1.
 *
 * Two points are `constant` with a share d at s. A heavy tail is `pareto`; a tail lighter than any
 * power is `gamma`, `exponential` or a `pareto` with a `limit`, possibly as a share beside white noise;
 * `lognormal` is the one that looks like a power law and is none.
 */
struct Population {
  LevelLaw law = LevelLaw::constant;
  double shape = 1;     ///< a > 0 (toeplitz: -1 < a < 1)
  double scale = 1;     ///< s > 0
  double fraction = 1;  ///< d in [0, 1]
  /// The law is conditioned on \f$\tau\le\f$ limit (> 1 for pareto, > 0 for the others); infinite: no
  /// truncation. Not for constant, power_sequence and toeplitz.
  double limit = std::numeric_limits<double>::infinity();
};

/**
 * \brief `count` levels without randomness, ascending: round(d count) quantiles of the law at
 * \f$(j-\frac12)/m\f$, the others 1.
 *
 * The power sequence is \f$i^{-a}\f$ itself. The eigenvalues of the Toeplitz matrix are exact too,
 * \f$(1-a^2)/(1-2a\cos\theta_k+a^2)\f$ with the roots \f$\theta_k\f$ of
 * \f$\sin(m+1)\theta-2a\sin m\theta+a^2\sin(m-1)\theta=0\f$ in (0, \f$\pi\f$), one between
 * \f$(k-1)\pi/(m+1)\f$ and \f$k\pi/(m+1)\f$ for a > 0. Relative error below 1e-12.
 *
 * \throws std::domain_error naming a parameter outside its domain, or unless count >= 1.
 * \cite KacMurdockSzego1953 for the Toeplitz matrix.
 */
arma::vec population_levels(const Population& population, std::size_t count);

/**
 * \brief `count` independent draws from H, ascending (a superpopulation): levels then fluctuate from
 * matrix to matrix, and so do exponents fitted to their tail.
 *
 * For the power sequence \f$(mU)^{-a}\f$ with m = round(d count), for the Toeplitz matrix its symbol
 * \f$(1-a^2)/(1-2a\cos\theta+a^2)\f$ at a uniform \f$\theta\f$: the laws that the sequences follow.
 *
 * \throws std::domain_error as `population_levels`.
 */
arma::vec random_population_levels(const Population& population, std::size_t count,
                                   core::Stream& stream);

/**
 * \brief Eigenvalues, ascending, of the symmetric Toeplitz matrix with the given first row, by LAPACK:
 * any stationary correlation, for instance one that decays like a power. O(M^3), absolute error a few
 * eps times the largest.
 *
 * \throws std::domain_error if the matrix is not positive definite to rounding, or the row is empty or
 *   not finite.
 */
arma::vec toeplitz_levels(const arma::vec& first_row);

/// The levels divided by their mean, so that the entries of W have variance 1 on average.
/// \throws std::domain_error if the mean is not finite and > 0.
arma::vec with_mean_one(const arma::vec& levels);

/// Eigenvectors of the population covariance.
enum class Basis {
  axes,  ///< the coordinate axes: eigenvectors of X are localised where levels are far apart
  haar,  ///< a Haar frame: they are not
};

/**
 * \brief \f$W=Z\,\Sigma^{1/2}\f$ with \f$\Sigma=O\operatorname{diag}(\tau)O^{\mathsf T}\f$: rows with
 * covariance \f$\sigma^2\Sigma\f$.
 *
 * The spectrum of \f$W^{\mathsf T}W/N\f$ follows theory::GeneralMp with the levels as population; for
 * Gaussian noise its law does not depend on the basis. W is \f$Z\operatorname{diag}(\tau^{1/2})\f$ for
 * `axes`, times \f$O^{\mathsf T}\f$ for `haar` (which draws O from `stream` and costs O(N M^2)).
 *
 * \param noise Z, N x M, entries of variance \f$\sigma^2\f$
 * \param levels \f$\tau\ge0\f$, length M; column j has variance \f$\sigma^2\tau_j\f$ for `axes`
 * \throws std::invalid_argument if the shapes do not fit; std::domain_error if a level is negative or
 *   not finite.
 */
arma::mat covariance_matrix(arma::mat noise, const arma::vec& levels, Basis basis,
                            core::Stream& stream);

}  // namespace rmtlab::ensembles
