// SPDX-License-Identifier: MIT
#include "sim/inference/entry_kurtosis.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "theory/wishart_edge.hpp"

namespace rmtlab::inference {
namespace {

void check(const arma::mat& W) {
  if (W.n_elem < 4)
    throw std::domain_error(
        fmt::format("entry_kurtosis: entries = {} (must be at least 4)", W.n_elem));
  for (arma::uword j = 0; j < W.n_cols; ++j)
    for (arma::uword i = 0; i < W.n_rows; ++i)
      if (!std::isfinite(W(i, j)))
        throw std::domain_error(
            fmt::format("entry_kurtosis: W({}, {}) = {} (must be finite)", i, j, W(i, j)));
  if (W.min() == W.max())
    throw std::domain_error(
        fmt::format("entry_kurtosis: all entries of W = {} (must differ)", W.min()));
}

}  // namespace

EntryKurtosis entry_kurtosis(const arma::mat& W) {
  check(W);
  const auto n = static_cast<double>(W.n_elem);
  // In units of the largest entry, so that fourth powers neither overflow nor vanish.
  const double unit = std::max(std::abs(W.min()), std::abs(W.max()));
  const arma::vec w = arma::vectorise(W) / unit;
  const double mean = arma::mean(w);
  const arma::vec squares = arma::square(w - mean);
  const double m2 = arma::mean(squares), m4 = arma::dot(squares, squares) / n;
  const double skewness = arma::dot(squares, w - mean) / n / std::pow(m2, 1.5);
  const double beta = m4 / (m2 * m2);
  const arma::vec influence = arma::square(squares / m2 - beta) - beta * (beta - 1) -
                              4 * skewness / std::sqrt(m2) * (w - mean);

  EntryKurtosis result{};
  result.mean = unit * mean;
  result.variance = unit * unit * m2 * n / (n - 1);
  result.excess_kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (beta - 3) + 6);
  result.standard_error = arma::norm(influence) / n;
  result.top_share = std::pow(squares.max(), 2) / (n * m4);
  const auto rows = static_cast<double>(std::max(W.n_rows, W.n_cols));
  const auto cols = static_cast<double>(std::min(W.n_rows, W.n_cols));
  const double unit_shift = theory::edge_kurtosis_shift(rows, cols, 1);
  result.edge_shift = unit_shift * result.excess_kurtosis;
  result.edge_shift_error = unit_shift * result.standard_error;
  result.edge_unreliable = result.edge_shift > largest_edge_shift;
  result.correction_unreliable =
      result.edge_shift > largest_correction || result.edge_shift_error > largest_correction_error;
  return result;
}

}  // namespace rmtlab::inference
