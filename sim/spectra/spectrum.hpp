// SPDX-License-Identifier: MIT
/// \file
/// \brief The eigenvalues of a weight matrix: the input of everything that follows.
#pragma once

#include <cstddef>
#include <string_view>

#include <armadillo>

namespace rmtlab::spectra {

/// How eigenvalues were computed.
enum class Method {
  gram,  ///< from the M x M matrix W^T W (dsyrk, then a tridiagonal solver)
  svd,   ///< from the singular values of W (bidiagonal solver), for ill-conditioned W
};

/// `"gram"` or `"svd"`.
std::string_view name(Method method);

/**
 * \brief Eigenvalues of \f$X=W^{\mathsf T}W/N\f$ for a weight matrix \f$W\f$ of shape N x M, N >= M.
 *
 * A matrix with fewer rows than columns is transposed on entry, so `rows` and `cols` are N and M,
 * not necessarily the shape of what was given; `transposed` says which.
 */
// NOLINTNEXTLINE(bugprone-exception-escape): moving an Armadillo vector may allocate, by its design
struct Spectrum {
  std::size_t rows = 0;     ///< N, the longer side
  std::size_t cols = 0;     ///< M, the shorter side and the number of eigenvalues
  bool transposed = false;  ///< the matrix was given as M x N
  arma::vec eigenvalues;    ///< \f$\lambda_i=\nu_i^2/N\ge0\f$, ascending, length M
  Method method = Method::gram;
  double epsilon =
      0;  ///< spacing of the numbers that `W` came in: 2^-52 for double, 2^-23 for float

  /// Q = N / M >= 1.
  [[nodiscard]] double aspect_ratio() const {
    return static_cast<double>(rows) / static_cast<double>(cols);
  }
};

/// Below this ratio of smallest to largest eigenvalue `spectrum_of` switches to singular values:
/// forming W^T W costs each eigenvalue an absolute error of about eps * lambda_max, which at 1e-10
/// is still 1e-5 of the smallest.
inline constexpr double smallest_gram_ratio = 1e-10;

/**
 * \brief Spectrum of the weight matrix `W` (any orientation).
 *
 * Values only. W^T W (or W W^T, whichever is smaller) costs N M^2 and is the fast way for the tall
 * matrices of networks; when it turns out that \f$\lambda_{\min}<10^{-10}\lambda_{\max}\f$ the
 * eigenvalues are recomputed from the singular values of W, whose smallest squares are right down
 * to \f$\varepsilon^2\lambda_{\max}\f$. `Spectrum::method` tells which happened. A zero matrix has
 * M zeros.
 *
 * Relative accuracy (tests/sim/spectra/spectrum_test.cpp, planted singular values, 60 x 40): every
 * eigenvalue within 3e-6 by `gram` at its limit of 1e-10, singular values within 3e-15 nu_max by
 * `svd`.
 *
 * \throws std::invalid_argument if `W` has no entries.
 * \throws std::domain_error naming row and column (0-based, of the matrix as given; first bad entry
 *   in row order) and value of an entry that is not finite or beyond 1e150 in magnitude, and if the
 *   largest entry is below 1e-150 without being zero (squares would overflow or vanish).
 */
Spectrum spectrum_of(const arma::mat& W);

/// As above after conversion to double, which is exact.
Spectrum spectrum_of(const arma::fmat& W);

}  // namespace rmtlab::spectra
