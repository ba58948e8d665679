// SPDX-License-Identifier: MIT
#include "sim/ensembles/repeated_rows.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "sim/ensembles/gaussian_matrix.hpp"
#include "theory/domain_check.hpp"

namespace rmtlab::ensembles {
namespace {

void check(const RepeatedRows& model) {
  if (model.copies < 1) throw std::domain_error("RepeatedRows: copies = 0 (must be >= 1)");
  theory::check_probability("RepeatedRows", "correlation", model.correlation);
}

std::size_t groups(const RepeatedRows& model, std::size_t rows) {
  return rows / model.copies + (rows % model.copies > 0 ? 1 : 0);
}

}  // namespace

arma::vec repeated_rows_levels(const RepeatedRows& model, std::size_t rows) {
  check(model);
  if (rows < 1) throw std::domain_error("repeated_rows_levels: rows = 0 (must be >= 1)");
  arma::vec levels(rows, arma::fill::value(1 - model.correlation));
  for (std::size_t first = 0; first < rows; first += model.copies) {
    const std::size_t size = std::min(model.copies, rows - first);
    levels[first] = 1 + (static_cast<double>(size) - 1) * model.correlation;
  }
  return arma::sort(levels);
}

arma::mat repeated_rows_matrix(std::size_t rows, std::size_t cols, double variance,
                               const RepeatedRows& model, core::Stream& stream) {
  check(model);
  if (rows < 1) throw std::domain_error("repeated_rows_matrix: rows = 0 (must be >= 1)");
  const arma::mat shared = gaussian_matrix(groups(model, rows), cols, variance, stream);
  arma::mat W(rows, cols, arma::fill::none);
  for (std::size_t i = 0; i < rows; ++i) W.row(i) = shared.row(i / model.copies);
  if (model.correlation < 1)
    W = std::sqrt(model.correlation) * W +
        std::sqrt(1 - model.correlation) * gaussian_matrix(rows, cols, variance, stream);
  return W;
}

}  // namespace rmtlab::ensembles
