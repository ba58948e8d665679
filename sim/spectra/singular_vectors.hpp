// SPDX-License-Identifier: MIT
/// \file
/// \brief Singular vectors of a weight matrix: all, the strongest, the weakest, or a range.
#pragma once

#include <cstddef>

#include <armadillo>

#include "sim/spectra/spectrum.hpp"

namespace rmtlab::spectra {

/**
 * \brief Some of the singular triplets of a weight matrix W of shape N x M, N >= M:
 * \f$W v_j=\nu_j u_j\f$ with \f$\nu_j\f$ ascending.
 *
 * A matrix with fewer rows than columns is transposed on entry, as in `Spectrum`: `left` then holds the
 * right vectors of the matrix as given. Signs are arbitrary.
 */
// NOLINTNEXTLINE(bugprone-exception-escape): moving an Armadillo matrix may allocate, by its design
struct SingularVectors {
  std::size_t rows = 0;     ///< N, the longer side
  std::size_t cols = 0;     ///< M
  bool transposed = false;  ///< the matrix was given as M x N
  std::size_t begin = 0;    ///< index of the first triplet among the M ascending ones
  arma::vec values;         ///< \f$\nu\f$, ascending, length k; in the units of W's entries
  arma::mat left;           ///< N x k, unit vectors u
  arma::mat right;          ///< M x k, unit vectors v
  Method method = Method::gram;
};

/**
 * \brief All M triplets, by LAPACK's divide and conquer (dgesdd): backward stable, so vectors are
 * orthonormal to a few eps even where singular values are tiny or equal. O(N M^2).
 *
 * \throws std::invalid_argument if `W` has no entries.
 * \throws std::domain_error naming an entry that is not finite or beyond 1e150 in magnitude.
 * \throws std::runtime_error if LAPACK does not converge.
 */
SingularVectors singular_vectors(const arma::mat& W);

/**
 * \brief The triplets of ascending index `begin` to `end` (exclusive).
 *
 * By the eigenvectors of \f$W^{\mathsf T}W\f$ in that range alone (dsyevr) and \f$u=Wv/\nu\f$: one product
 * and one tridiagonal reduction, where dgesdd also accumulates all 2M vectors. Squaring costs accuracy:
 * u is a unit vector orthogonal to its neighbours up to \f$\varepsilon(\nu_{\max}/\nu)^2\f$. So where the
 * range reaches below \f$10^{-8}\operatorname{tr}W^{\mathsf T}W\f$, the stable `singular_vectors(W)` is used
 * instead; `method` says which happened. What either can know of one vector is limited by the gap to the next value: an error of
 * \f$\varepsilon\nu_{\max}/\text{gap}\f$.
 *
 * Measured ([accuracy] tests, planted values over 3 decades): residual \f$\lVert Wv-\nu u\rVert\f$ below
 * 1e-13 nu_max, orthonormality of u within 1e-9 at the limit.
 *
 * \throws std::domain_error unless begin < end <= M, and as `singular_vectors(W)`.
 * \throws std::runtime_error if LAPACK does not converge.
 */
SingularVectors singular_vectors(const arma::mat& W, std::size_t begin, std::size_t end);

/// The `count` strongest triplets; the last column belongs to the largest singular value.
/// \throws std::domain_error unless 1 <= count <= M, and as above.
SingularVectors top_singular_vectors(const arma::mat& W, std::size_t count);

/// The `count` weakest triplets; the first column belongs to the smallest singular value.
/// \throws std::domain_error unless 1 <= count <= M, and as above.
SingularVectors bottom_singular_vectors(const arma::mat& W, std::size_t count);

}  // namespace rmtlab::spectra
