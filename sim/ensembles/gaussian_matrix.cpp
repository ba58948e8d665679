// SPDX-License-Identifier: MIT
/// \file
/// \brief Matrices of independent normal entries, the noise that structured ensembles start from.
#include "sim/ensembles/gaussian_matrix.hpp"

#include <cmath>
#include <span>

#include "sim/ensembles/entry_matrix.hpp"
#include "theory/domain_check.hpp"

namespace rmtlab::ensembles {

arma::mat gaussian_matrix(std::size_t rows, std::size_t cols, double variance,
                          core::Stream& stream) {
  if (rows < 1)
    theory::throw_domain_error("gaussian_matrix", "rows", static_cast<double>(rows), ">= 1");
  if (cols < 1)
    theory::throw_domain_error("gaussian_matrix", "cols", static_cast<double>(cols), ">= 1");
  theory::check_positive("gaussian_matrix", "variance", variance);
  arma::mat W = unset_matrix(rows, cols);
  stream.fill_normal(std::span<double>(W.memptr(), W.n_elem));
  if (variance != 1) W *= std::sqrt(variance);
  return W;
}

}  // namespace rmtlab::ensembles
