// SPDX-License-Identifier: MIT
/// \file
/// \brief Simple rules for the phase that a classifier must be better than.
#pragma once

#include <cstddef>

#include <armadillo>

#include "theory/phase.hpp"

namespace rmtlab::inference {

/**
 * \brief The phase by the fitted exponent alone, as practitioners read it: heavy-tailed up to 4, bulk-decay up to 6,
 * bulk+spikes up to 8, random-like beyond. It knows no other phase.
 */
theory::Phase phase_by_exponent(double alpha);

/**
 * \brief Total variation distance of the eigenvalues' histogram to Marchenko and Pastur's law with Q = rows / M and
 * the mean eigenvalue as variance, in \f$\lceil2M^{1/3}\rceil\f$ bins that are equally probable under the
 * law; in [0, 1].
 *
 * A spectral criterion by the distance of densities, in the spirit of \cite MengYao2023, whose kernel
 * estimate and cut-offs it does not copy.
 * \throws std::domain_error unless there are eigenvalues, not all zero, and rows >= M.
 */
double density_distance(const arma::vec& eigenvalues, std::size_t rows);

}  // namespace rmtlab::inference
