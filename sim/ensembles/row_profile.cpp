// SPDX-License-Identifier: MIT
/// \file
/// \brief Rows whose variances differ.
#include "sim/ensembles/row_profile.hpp"

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "theory/domain_check.hpp"

namespace rmtlab::ensembles {

arma::mat row_profile(arma::mat noise, const arma::vec& variances) {
  if (variances.n_elem != noise.n_rows)
    throw std::invalid_argument(fmt::format("row_profile: {} variances for noise of shape {} x {}",
                                            variances.n_elem, noise.n_rows, noise.n_cols));
  for (const double variance : variances)
    if (!(std::isfinite(variance) && variance >= 0))
      theory::throw_domain_error("row_profile", "variance", variance, "finite and >= 0");
  noise.each_col() %= arma::sqrt(variances);
  return noise;
}

}  // namespace rmtlab::ensembles
