// SPDX-License-Identifier: MIT
/// \file
/// \brief How far a spectrum is from rank-collapse.
#pragma once

#include <armadillo>

namespace rmtlab::inference {

/**
 * Both measure the eigenvalues, ascending, of W^T W / N after `clipped_entries` against
 * `phase_definition::collapsed_level` times the mean of all but the largest: one direction, however
 * strong, collapses nothing, and where it is spread over all entries clipping does not touch it. The largest
 * is left out of the count too.
 * \pre at least two eigenvalues, >= 0
 */

/// log10 of the eigenvalue at `phase_definition::collapsed_share` over that level, from -3 to 3: negative
/// for a collapse. -3 where that eigenvalue is 0.
double collapse_depth(const arma::vec& ascending);

/// Share of them below that level; 1 if all but the largest are 0.
double collapsed_share(const arma::vec& ascending);

}  // namespace rmtlab::inference
