// SPDX-License-Identifier: MIT
/// \file
/// \brief Symmetric matrices of independent entries, and their spectra.
#pragma once

#include <cstddef>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/ensembles/entry_law.hpp"
#include "sim/ensembles/entry_matrix.hpp"

namespace rmtlab::ensembles {

/**
 * \brief Real symmetric n x n matrix \f$H\f$ with \f$H_{ij}=s\,w_{ij}/\sqrt n\f$ for i < j and
 * \f$H_{ii}=s\sqrt{2/n}\,w_{ii}\f$, w independent of `law` and s = `scale_factor(law, scaling, n)`.
 *
 * - `none`: the spectrum tends to theory::Semicircle with \f$\sigma^2=\operatorname{Var}w\f$, radius
 *   \f$2\sigma\f$; `variance`: to that with \f$\sigma=1\f$. The entries must have mean 0: a mean m adds an
 *   outlier at about \f$m\sqrt n\f$.
 * - `tail` with mu < 2: \f$H_{ij}=w_{ij}/a_n\f$, a Lévy matrix; its density tends to
 *   \f$|x|\rho(x^2)\f$ with the density \f$\rho\f$ of theory::HeavyTailedMp(mu, 1).
 *
 * Gaussian entries make it GOE: the variance on the diagonal is twice that beside it. The lower triangle
 * is drawn column by column.
 *
 * \throws std::domain_error as `entry_matrix`.
 */
arma::mat wigner_matrix(std::size_t size, const EntryLaw& law, Scaling scaling,
                        core::Stream& stream);

/// Eigenvalues of `wigner_matrix`, ascending; O(n^3).
/// \throws std::domain_error as `wigner_matrix`.
arma::vec wigner_spectrum(std::size_t size, const EntryLaw& law, Scaling scaling,
                          core::Stream& stream);

/**
 * \brief One draw of the eigenvalues of the Gaussian ensemble of any Dyson index \f$\beta>0\f$,
 * ascending, without the matrix; O(n^2).
 *
 * GOE, GUE and GSE for \f$\beta=1,2,4\f$, with \f$E|H_{ij}|^2=\sigma^2/n\f$ beside the diagonal: the
 * spectrum tends to theory::Semicircle(sigma). Householder reflections turn such a matrix into
 * \f$\frac\sigma{\sqrt{\beta n}}\f$ times the symmetric tridiagonal one with normal entries of variance 2 on
 * the diagonal and \f$\chi_{\beta(n-1)},\dots,\chi_\beta\f$ beside it, all independent.
 *
 * The joint density is proportional to
 * \f$\prod_{i<j}|x_i-x_j|^\beta\prod_ie^{-\beta nx_i^2/4\sigma^2}\f$.
 *
 * \throws std::domain_error unless size >= 1, and dyson_index and sigma are finite and > 0.
 * \throws std::runtime_error if LAPACK's `dsterf` does not converge (never seen).
 * \cite DumitriuEdelman2002 section II.C.
 */
arma::vec hermite_spectrum(std::size_t size, double dyson_index, double sigma,
                           core::Stream& stream);

}  // namespace rmtlab::ensembles
