// SPDX-License-Identifier: MIT
/// \file
/// \brief Convolution kernels reshaped to a matrix: blocks of neighbours that resemble each other.
#pragma once

#include <cstddef>

#include <armadillo>

#include "sim/ensembles/dead_units.hpp"

namespace rmtlab::ensembles {

/**
 * \brief A four-dimensional kernel tensor (output, input, k, k) as a matrix of outputs against
 * (input, position), and what is smooth about it: positions of one kernel are correlated.
 *
 * Within a kernel \f$E\,w_pw_q=\rho^{|x_p-x_q|+|y_p-y_q|}\f$, a first-order autoregression along both
 * sides; kernels are independent of each other. The covariance along (input, position) is the
 * Kronecker product \f$I\otimes S\f$, \f$S=T\otimes T\f$ with the k x k Toeplitz matrix
 * \f$T=(\rho^{|i-j|})\f$: levels \f$t_it_j\f$, products of the eigenvalues of T, each as often as there
 * are kernels. Mean 1 for complete kernels.
 */
struct KernelBlocks {
  std::size_t width = 3;   ///< k >= 1, at most 32
  double correlation = 0;  ///< \f$-1<\rho<1\f$, of horizontal or vertical neighbours
};

/// Eigenvalues, ascending, of the covariance of `count` neighbouring positions: complete kernels, and
/// the beginning of one more if k^2 does not divide `count`.
/// \throws std::domain_error naming a parameter outside its domain, or unless count >= 1.
arma::vec kernel_levels(const KernelBlocks& kernel, std::size_t count);

/**
 * \brief Noise with the covariance of `kernel` along its rows' entries (`UnitAxis::columns`: a
 * column is one position) or along its columns' (`UnitAxis::rows`), by the Cholesky factor of S.
 *
 * With columns as positions the spectrum of \f$W^{\mathsf T}W/N\f$ follows theory::GeneralMp with
 * `kernel_levels` as population. With rows as positions, the orientation that a layer of more
 * positions than outputs gets, it follows the law of `row_profile` with them as row variances.
 *
 * \param noise Z, N x M, independent entries of variance \f$\sigma^2\f$
 * \throws std::domain_error as `kernel_levels`.
 */
arma::mat kernel_matrix(arma::mat noise, const KernelBlocks& kernel, UnitAxis positions);

}  // namespace rmtlab::ensembles
