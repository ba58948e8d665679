// SPDX-License-Identifier: MIT
/// \file
/// \brief Units whose weights have died: rows or columns of zeros, or nearly so.
#pragma once

#include <armadillo>

#include "sim/core/random.hpp"

namespace rmtlab::ensembles {

/// Which vectors of weights belong to one unit.
enum class UnitAxis { rows, columns };

struct DeadUnits {
  double fraction = 0;  ///< share of the units in [0, 1]; round(fraction n) of them die
  UnitAxis axis = UnitAxis::columns;
  double scale = 0;  ///< factor >= 0 on the weights of dead units
};

/// A matrix and which of its units died, ascending, 0-based.
// NOLINTNEXTLINE(bugprone-exception-escape): moving an Armadillo matrix may allocate, by its design
struct DeadUnitMatrix {
  arma::mat W;
  arma::uvec dead;
};

/**
 * \brief Multiplies a uniformly random set of rows or columns by `scale`.
 *
 * For N x M noise of variance \f$\sigma^2\f$, scale 0 and a share f: dead columns leave the
 * Marchenko-Pastur law of the others, aspect ratio Q/(1 - f), and fM zeros; dead rows leave 1 - f
 * times that of aspect ratio Q(1 - f). Columns of scale s are theory::GeneralMp with a share f of the
 * population at \f$s^2\f$.
 *
 * \throws std::domain_error unless fraction is in [0, 1] and scale finite and >= 0.
 */
DeadUnitMatrix with_dead_units(arma::mat noise, const DeadUnits& units, core::Stream& stream);

}  // namespace rmtlab::ensembles
