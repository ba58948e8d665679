// SPDX-License-Identifier: MIT
/// \file
/// \brief Units whose weights have died: rows or columns of zeros, or nearly so.
#include "sim/ensembles/dead_units.hpp"

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "theory/domain_check.hpp"

namespace rmtlab::ensembles {

DeadUnitMatrix with_dead_units(arma::mat noise, const DeadUnits& units, core::Stream& stream) {
  theory::check_probability("with_dead_units", "fraction", units.fraction);
  if (!(std::isfinite(units.scale) && units.scale >= 0))
    theory::throw_domain_error("with_dead_units", "scale", units.scale, "finite and >= 0");
  const bool columns = units.axis == UnitAxis::columns;
  const arma::uword count = columns ? noise.n_cols : noise.n_rows;
  const auto order = stream.permutation(static_cast<std::uint32_t>(count));
  const auto dead =
      static_cast<arma::uword>(std::lround(units.fraction * static_cast<double>(count)));
  DeadUnitMatrix result{std::move(noise), arma::uvec(dead)};
  for (arma::uword i = 0; i < dead; ++i) result.dead[i] = order[i];
  result.dead = arma::sort(result.dead);
  for (const arma::uword unit : result.dead) {
    if (columns)
      result.W.col(unit) *= units.scale;
    else
      result.W.row(unit) *= units.scale;
  }
  return result;
}

}  // namespace rmtlab::ensembles
