// SPDX-License-Identifier: MIT
#include "sim/inference/clipped_entries.hpp"

#include <algorithm>
#include <vector>

namespace rmtlab::inference {
namespace {

constexpr double normal_deviations_of_median = 1.4826;

// Reorders the values.
double median(std::vector<double>& values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return 0.5 * (*middle + *std::max_element(values.begin(), middle));
}

arma::vec row_medians(const arma::mat& W) {
  const arma::mat transposed = arma::abs(W.t());  // rows in one piece
  arma::vec medians(W.n_rows);
  std::vector<double> row(W.n_cols);
  for (arma::uword i = 0; i < W.n_rows; ++i) {
    std::copy(transposed.begin_col(i), transposed.end_col(i), row.begin());
    medians[i] = median(row);
  }
  return medians;
}

}  // namespace

std::optional<arma::mat> clipped_entries(const arma::mat& W) {
  const arma::vec r = row_medians(W);
  std::optional<arma::mat> clipped;
  std::vector<double> relative;
  relative.reserve(W.n_rows);
  for (arma::uword j = 0; j < W.n_cols; ++j) {
    relative.clear();
    for (arma::uword i = 0; i < W.n_rows; ++i)
      if (r[i] > 0) relative.push_back(std::abs(W(i, j)) / r[i]);
    const double unit = clip_at_deviations * normal_deviations_of_median * median(relative);
    if (!(unit > 0)) continue;
    for (arma::uword i = 0; i < W.n_rows; ++i) {
      const double limit = unit * r[i];
      if (!(limit > 0) || std::abs(W(i, j)) <= limit) continue;
      if (!clipped) clipped = W;
      (*clipped)(i, j) = std::clamp(W(i, j), -limit, limit);
    }
  }
  return clipped;
}

}  // namespace rmtlab::inference
