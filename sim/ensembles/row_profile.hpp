// SPDX-License-Identifier: MIT
/// \file
/// \brief Rows whose variances differ.
#pragma once

#include <armadillo>

namespace rmtlab::ensembles {

/**
 * \brief Row-variance profile: row i of `noise` times \f$\tau_i^{1/2}\f$.
 *
 * Units that differ in the size of their weights. \f$WW^{\mathsf T}\f$ and \f$W^{\mathsf T}W\f$ share the
 * eigenvalues that are not zero, so N/M times the eigenvalues of \f$W^{\mathsf T}W/N\f$ follow
 * theory::GeneralMp of aspect ratio 1/Q with the row variances as population.
 *
 * \param noise Z, N x M
 * \param variances \f$\tau\ge0\f$, length N
 * \throws std::invalid_argument if the shapes do not fit; std::domain_error if a variance is negative
 *   or not finite.
 */
arma::mat row_profile(arma::mat noise, const arma::vec& variances);

}  // namespace rmtlab::ensembles
