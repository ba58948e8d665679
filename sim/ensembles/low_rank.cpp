// SPDX-License-Identifier: MIT
/// \file
/// \brief Matrices of low rank above a floor of noise.
#include "sim/ensembles/low_rank.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/ensembles/gaussian_matrix.hpp"
#include "theory/domain_check.hpp"

namespace rmtlab::ensembles {

arma::mat low_rank_matrix(std::size_t rows, std::size_t cols, const LowRank& model,
                          core::Stream& stream) {
  if (model.rank < 1 || model.rank > std::min(rows, cols))
    throw std::domain_error(
        fmt::format("low_rank_matrix: rank = {} (must be from 1 to min(N, M) = {})", model.rank,
                    std::min(rows, cols)));
  theory::check_positive("low_rank_matrix", "variance", model.variance);
  if (!(std::isfinite(model.floor_variance) && model.floor_variance >= 0))
    theory::throw_domain_error("low_rank_matrix", "floor_variance", model.floor_variance,
                               "finite and >= 0");
  const arma::mat A = gaussian_matrix(rows, model.rank, 1.0, stream);
  const arma::mat B = gaussian_matrix(cols, model.rank, 1.0, stream);
  arma::mat W = (std::sqrt(model.variance / static_cast<double>(model.rank)) * A) * B.t();
  if (model.floor_variance > 0) W += gaussian_matrix(rows, cols, model.floor_variance, stream);
  return W;
}

}  // namespace rmtlab::ensembles
