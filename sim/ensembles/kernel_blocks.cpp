// SPDX-License-Identifier: MIT
#include "sim/ensembles/kernel_blocks.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "theory/domain_check.hpp"

namespace rmtlab::ensembles {
namespace {

constexpr std::size_t largest_width = 32;  // S is then 1024 x 1024

// S for positions in the order of the tensor, x fastest.
arma::mat position_covariance(const KernelBlocks& kernel) {
  if (kernel.width < 1 || kernel.width > largest_width)
    throw std::domain_error(fmt::format("KernelBlocks: width = {} (must be from 1 to {})",
                                        kernel.width, largest_width));
  if (!(std::abs(kernel.correlation) < 1))
    theory::throw_domain_error("KernelBlocks", "correlation", kernel.correlation,
                               "above -1 and below 1");
  arma::vec row(kernel.width);
  for (arma::uword i = 0; i < row.n_elem; ++i)
    row[i] = std::pow(kernel.correlation, static_cast<double>(i));
  const arma::mat along_one_side = arma::toeplitz(row);
  return arma::kron(along_one_side, along_one_side);
}

}  // namespace

arma::vec kernel_levels(const KernelBlocks& kernel, std::size_t count) {
  if (count < 1) throw std::domain_error("kernel_levels: count = 0 (must be >= 1)");
  const arma::mat covariance = position_covariance(kernel);
  const std::size_t area = covariance.n_rows, complete = count / area, rest = count % area;
  arma::vec levels(count);
  if (complete > 0)
    levels.head(complete * area) = arma::repmat(arma::eig_sym(covariance), complete, 1);
  if (rest > 0)
    levels.tail(rest) = arma::eig_sym(arma::mat(covariance.submat(0, 0, arma::size(rest, rest))));
  return arma::sort(levels);
}

arma::mat kernel_matrix(arma::mat noise, const KernelBlocks& kernel, UnitAxis positions) {
  // Leading blocks of a Cholesky factor are those of the leading blocks: the last kernel may be cut.
  const arma::mat factor = arma::chol(position_covariance(kernel), "lower");
  const bool columns = positions == UnitAxis::columns;
  const std::size_t count = columns ? noise.n_cols : noise.n_rows;
  for (std::size_t first = 0; first < count; first += factor.n_rows) {
    const std::size_t size = std::min<std::size_t>(factor.n_rows, count - first);
    const arma::mat block = factor.submat(0, 0, arma::size(size, size));
    if (columns)
      noise.cols(first, first + size - 1) = noise.cols(first, first + size - 1) * block.t();
    else
      noise.rows(first, first + size - 1) = block * noise.rows(first, first + size - 1);
  }
  return noise;
}

}  // namespace rmtlab::ensembles
