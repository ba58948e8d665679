// SPDX-License-Identifier: MIT
/// \file
/// \brief Random orthonormal vectors, spread out or localised, and matrices with a given spectrum.
#pragma once

#include <cstddef>

#include <armadillo>

#include "sim/core/random.hpp"

namespace rmtlab::ensembles {

/**
 * \brief Haar-distributed frame: `n` x `k` matrix O with orthonormal columns whose law is that of
 * UOV for all orthogonal U and V; a Haar orthogonal matrix for k = n, a uniform unit vector for k = 1.
 *
 * O is the orthogonal factor of a Gaussian matrix in the QR decomposition whose R has a positive
 * diagonal. LAPACK's has the signs that its Householder reflections leave (a matrix drawn that way has
 * a trace of mean far from 0), so the columns are multiplied by those of R's diagonal. O(n k^2).
 *
 * Exact: \f$EO_{ij}^2=1/n\f$, \f$EO_{ij}^4=3/n(n+2)\f$; \f$\lVert O^{\mathsf T}O-I\rVert\f$ is a few eps.
 *
 * \throws std::domain_error unless 1 <= k <= n.
 * \cite Mezzadri2007
 */
arma::mat haar_frame(std::size_t n, std::size_t k, core::Stream& stream);

/**
 * \brief `n` x `k` matrix of orthonormal columns, each with `support` entries that are not zero.
 *
 * The supports are disjoint, jointly uniform among all disjoint choices; within its support a column
 * is a uniform unit vector. The inverse participation ratio \f$\sum_iv_i^4\f$ of a column has mean
 * \f$3/(s+2)\f$, s the support, in place of \f$3/(n+2)\f$; at s = 1 the columns are axes with a random
 * sign, and at s = n, k = 1 the law is that of `haar_frame(n, 1)`.
 *
 * \throws std::domain_error unless k >= 1, support >= 1 and k support <= n.
 */
arma::mat localised_frame(std::size_t n, std::size_t k, std::size_t support, core::Stream& stream);

/**
 * \brief N x M matrix W with the eigenvalues of \f$W^{\mathsf T}W/N\f$ given and Haar singular vectors:
 * \f$W=\sqrt N\,U\operatorname{diag}(\lambda^{1/2})V^{\mathsf T}\f$.
 *
 * Turns a spectrum without a matrix (`inverse_laguerre_spectrum`) into one. With the eigenvalues of a
 * Gaussian matrix it is a Gaussian matrix. O(N M^2).
 *
 * \param rows N
 * \param eigenvalues length M, in any order
 * \throws std::domain_error unless 1 <= M <= N and all eigenvalues are finite and >= 0.
 */
arma::mat matrix_with_spectrum(std::size_t rows, const arma::vec& eigenvalues,
                               core::Stream& stream);

}  // namespace rmtlab::ensembles
