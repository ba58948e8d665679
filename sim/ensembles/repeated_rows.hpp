// SPDX-License-Identifier: MIT
/// \file
/// \brief Rows that repeat each other: fewer independent rows than the shape says.
#pragma once

#include <cstddef>

#include <armadillo>

#include "sim/core/random.hpp"

namespace rmtlab::ensembles {

/**
 * \brief Groups of r neighbouring rows that share a part: \f$w_{gi}=\sqrt c\,u_g+\sqrt{1-c}\,z_{gi}\f$
 * with independent standard normal \f$u_g\f$ and \f$z_{gi}\f$, so rows of one group have correlation c.
 *
 * Shared or copied weights. The covariance along the rows is \f$I\otimes((1-c)I+cJ)\f$: of each group
 * one level \f$1+(r-1)c\f$ and r - 1 levels \f$1-c\f$.
 *
 * At c = 1 a row occurs r times and \f$W^{\mathsf T}W/N\f$ is *exactly* the matrix \f$V^{\mathsf T}V/N'\f$
 * of the N' = N/r rows that differ: pure noise, but of the aspect ratio Q/r. Whoever judges it by the
 * shape of W uses Marchenko-Pastur edges for the wrong Q and sees eigenvalues beyond them. For N' < M
 * there are M - N' zeros.
 */
struct RepeatedRows {
  std::size_t copies = 2;  ///< r >= 1; the last group is smaller if r does not divide N
  double correlation = 1;  ///< c in [0, 1]
};

/// Variances of the rows' principal components, ascending, length N: by them the spectrum follows the
/// law of `row_profile`, zeros included.
/// \throws std::domain_error naming a parameter outside its domain, or unless rows >= 1.
arma::vec repeated_rows_levels(const RepeatedRows& model, std::size_t rows);

/// N x M matrix of normal entries of variance `variance`, rows correlated by `model`. Draws all
/// \f$u_g\f$, then (for c < 1) all \f$z_{gi}\f$.
/// \throws std::domain_error naming the offending parameter.
arma::mat repeated_rows_matrix(std::size_t rows, std::size_t cols, double variance,
                               const RepeatedRows& model, core::Stream& stream);

}  // namespace rmtlab::ensembles
