// SPDX-License-Identifier: MIT
/// \file
/// \brief Matrices of low rank above a floor of noise.
#include "sim/ensembles/low_rank.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "sim/ensembles/gaussian_matrix.hpp"
#include "theory/domain_check.hpp"
#include "theory/marchenko_pastur.hpp"

namespace rmtlab::ensembles {

namespace {

void check_variances(std::string_view function, const LowRank& model) {
  theory::check_positive(function, "variance", model.variance);
  if (!(std::isfinite(model.floor_variance) && model.floor_variance >= 0))
    theory::throw_domain_error(function, "floor_variance", model.floor_variance, "finite and >= 0");
}

}  // namespace

arma::vec low_rank_levels(std::size_t cols, const LowRank& model) {
  if (model.rank < 1 || model.rank > cols)
    throw std::domain_error(
        fmt::format("low_rank_levels: rank = {} (must be from 1 to M = {})", model.rank, cols));
  check_variances("low_rank_levels", model);
  const double inner_ratio = static_cast<double>(cols) / static_cast<double>(model.rank);
  const theory::MarchenkoPastur inner(inner_ratio, model.variance * inner_ratio);
  arma::vec levels(cols, arma::fill::value(model.floor_variance));
  for (std::size_t j = 0; j < model.rank; ++j)
    levels[cols - model.rank + j] +=
        theory::quantile(inner, (static_cast<double>(j) + 0.5) / static_cast<double>(model.rank));
  return levels;
}

arma::mat low_rank_matrix(std::size_t rows, std::size_t cols, const LowRank& model,
                          core::Stream& stream) {
  if (model.rank < 1 || model.rank > std::min(rows, cols))
    throw std::domain_error(
        fmt::format("low_rank_matrix: rank = {} (must be from 1 to min(N, M) = {})", model.rank,
                    std::min(rows, cols)));
  check_variances("low_rank_matrix", model);
  const arma::mat A = gaussian_matrix(rows, model.rank, 1.0, stream);
  const arma::mat B = gaussian_matrix(cols, model.rank, 1.0, stream);
  arma::mat W = (std::sqrt(model.variance / static_cast<double>(model.rank)) * A) * B.t();
  if (model.floor_variance > 0) W += gaussian_matrix(rows, cols, model.floor_variance, stream);
  return W;
}

}  // namespace rmtlab::ensembles
