// SPDX-License-Identifier: MIT
/// \file
/// \brief Matrices of low rank above a floor of noise.
#pragma once

#include <cstddef>

#include <armadillo>

#include "sim/core/random.hpp"

namespace rmtlab::ensembles {

struct LowRank {
  std::size_t rank = 1;       ///< k, from 1 to min(N, M)
  double variance = 1;        ///< \f$\sigma^2>0\f$ of the entries of the product
  double floor_variance = 0;  ///< \f$\epsilon^2\ge0\f$ of the entries of the floor
};

/**
 * \brief \f$W=\sigma AB^{\mathsf T}/\sqrt k+\epsilon Z\f$: N x M, with A (N x k), B (M x k) and Z of
 * independent standard normal entries.
 *
 * A layer that passes through a bottleneck of k units: rank k for \f$\epsilon=0\f$, else M - k
 * eigenvalues of order \f$\epsilon^2\f$. Exactly, with \f$\epsilon=0\f$, \f$X=W^{\mathsf T}W/N\f$:
 * \f$E\operatorname{tr}X=\sigma^2M\f$ and
 * \f[ E\operatorname{tr}X^2=\sigma^4\frac Mk\Bigl((M+1)\frac{N+k+1}N+\frac{Nk+2}N\Bigr). \f]
 * Draws A, then B, then Z (Z only for \f$\epsilon>0\f$).
 *
 * \throws std::domain_error naming the offending parameter.
 */
arma::mat low_rank_matrix(std::size_t rows, std::size_t cols, const LowRank& model,
                          core::Stream& stream);

/**
 * \brief Population levels, ascending, length M, that the rows of `low_rank_matrix` have in the limit:
 * \f$\epsilon^2\f$ for M - k directions, \f$\sigma^2\frac Mk\ell_j+\epsilon^2\f$ for the others with the
 * quantiles \f$\ell_j\f$ at \f$(j-\frac12)/k\f$ of the Marchenko-Pastur law of aspect ratio M/k.
 *
 * Given B, the rows are normal with covariance \f$\sigma^2BB^{\mathsf T}/k+\epsilon^2I\f$ exactly, whose
 * eigenvalues tend to these: the spectrum follows theory::GeneralMp with them as population.
 *
 * \throws std::domain_error as `low_rank_matrix`.
 */
arma::vec low_rank_levels(std::size_t cols, const LowRank& model);

}  // namespace rmtlab::ensembles
