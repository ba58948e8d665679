// SPDX-License-Identifier: MIT
#include "sim/inference/marchenko_pastur_fit.hpp"

#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>

#include <fmt/format.h>

#include "theory/marchenko_pastur.hpp"

namespace rmtlab::inference {
namespace {

std::span<const double> view(const arma::vec& values) { return {values.memptr(), values.n_elem}; }

// Ascending copy, checked.
arma::vec checked(const char* function, const arma::vec& eigenvalues, std::size_t rows) {
  if (eigenvalues.is_empty())
    throw std::invalid_argument(
        fmt::format("{}: eigenvalues is empty (must have at least one)", function));
  if (rows < eigenvalues.n_elem)
    throw std::domain_error(fmt::format("{}: rows = {} (must be >= the number of eigenvalues, {})",
                                        function, rows, eigenvalues.n_elem));
  for (arma::uword i = 0; i < eigenvalues.n_elem; ++i)
    if (!std::isfinite(eigenvalues[i]) || eigenvalues[i] < 0)
      throw std::domain_error(fmt::format("{}: eigenvalues[{}] = {} (must be finite and >= 0)",
                                          function, i, eigenvalues[i]));
  return arma::sort(eigenvalues);
}

double distance_of_sorted(const arma::vec& ascending, std::size_t rows) {
  const double aspect_ratio = static_cast<double>(rows) / static_cast<double>(ascending.n_elem);
  return marchenko_pastur_distance(view(ascending), aspect_ratio, arma::mean(ascending));
}

std::size_t set_rounding_to_zero(arma::vec& ascending) {
  const double tolerance = static_cast<double>(ascending.n_elem) *
                           std::numeric_limits<double>::epsilon() * ascending.back();
  std::size_t zeros = 0;
  while (zeros < ascending.n_elem && ascending[zeros] <= tolerance) ascending[zeros++] = 0;
  return zeros;
}

}  // namespace

MarchenkoPasturFit fit_marchenko_pastur(const arma::vec& eigenvalues, std::size_t rows,
                                        std::size_t cols, const BulkNull& null,
                                        const MarchenkoPasturOptions& options) {
  if (eigenvalues.n_elem != cols)
    throw std::invalid_argument(
        fmt::format("fit_marchenko_pastur: {} eigenvalues for cols = {} (must be as many)",
                    eigenvalues.n_elem, cols));
  const double level = options.familywise_level;
  if (!(level > 0 && level < 1))
    throw std::domain_error(
        fmt::format("fit_marchenko_pastur: familywise_level = {} (must be in (0, 1))", level));
  arma::vec ascending = checked("fit_marchenko_pastur", eigenvalues, rows);

  MarchenkoPasturFit fit;
  fit.zero_count = set_rounding_to_zero(ascending);
  const BulkFit bulk = fit_bulk(view(ascending), rows, level);
  const theory::MarchenkoPastur law(static_cast<double>(rows) / static_cast<double>(cols),
                                    bulk.sigma2);
  fit.sigma2 = bulk.sigma2;
  fit.lambda_minus = law.lower_edge();
  fit.lambda_plus = law.upper_edge();
  fit.iterations = bulk.iterations;
  fit.outlier_limit_reached = bulk.outlier_limit_reached;
  fit.bulk_count = cols - bulk.outlier_count;
  fit.outlier_fraction = static_cast<double>(bulk.outlier_count) / static_cast<double>(cols);

  double outlier_trace = 0;
  for (std::size_t k = 0; k < bulk.outlier_count; ++k) {
    const double lambda = ascending[cols - 1 - k];
    const double z = outlier_z(lambda, fit.sigma2, rows, cols, k);
    fit.outliers.push_back({lambda, z, outlier_p_value(z, rows, cols, k)});
    outlier_trace += lambda;
  }
  fit.outlier_trace_fraction = outlier_trace / arma::accu(ascending);
  fit.edge_z = outlier_z(ascending.back(), fit.sigma2, rows, cols, 0);
  fit.edge_p_value = outlier_p_value(fit.edge_z, rows, cols, 0);
  fit.ks_bulk = bulk.ks;
  fit.ks_all = distance_of_sorted(ascending, rows);
  fit.p_value = null.p_value(rows, cols, fit.bulk_count, fit.ks_bulk);
  return fit;
}

double distance_to_random(const arma::vec& eigenvalues, std::size_t rows) {
  const arma::vec ascending = checked("distance_to_random", eigenvalues, rows);
  if (!(ascending.back() > 0))
    throw std::domain_error(
        "distance_to_random: sum of eigenvalues = 0 (must be > 0: undefined for a zero matrix)");
  return distance_of_sorted(ascending, rows);
}

}  // namespace rmtlab::inference
