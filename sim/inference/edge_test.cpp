// SPDX-License-Identifier: MIT
#include "sim/inference/edge_test.hpp"

#include <algorithm>
#include <limits>

#include "sim/inference/bulk_variance.hpp"
#include "theory/hard_edge.hpp"
#include "theory/tracy_widom.hpp"
#include "theory/wishart_edge.hpp"

namespace rmtlab::inference {
namespace {

// The largest eigenvalue is part of the trace; for a handful of eigenvalues there is no such law.
constexpr double smallest_ratio_side = 10;

double corrected(double excess_kurtosis) {
  return std::min(excess_kurtosis, largest_corrected_kurtosis);
}

// z whose Tracy-Widom p-value is p, from whichever of p and 1 - p is small; either may underflow.
double tracy_widom_z(double p, double complement) {
  const theory::TracyWidom law(1);
  if (p < 0.5) return p > 0 ? theory::quantile_sf(law, p) : std::numeric_limits<double>::infinity();
  return complement > 0 ? theory::quantile(law, complement)
                        : -std::numeric_limits<double>::infinity();
}

}  // namespace

EdgeTest upper_edge_test(double lambda, double sigma2, std::size_t rows, std::size_t cols,
                         std::size_t removed, double excess_kurtosis) {
  const BulkShape shape(rows, cols, removed);
  const auto edge = theory::upper_edge_scaling(shape.rows, shape.cols, sigma2);
  const double z = theory::edge_z(edge, lambda * shape.factor) -
                   theory::edge_kurtosis_shift(shape.rows, shape.cols, corrected(excess_kurtosis));
  if (shape.cols < smallest_ratio_side) return {z, theory::edge_p_value(z)};
  return {z, theory::sf(theory::TraceRatioEdge(shape.rows, shape.cols), z)};
}

EdgeTest lower_edge_test(double lambda, double sigma2, std::size_t rows, std::size_t cols,
                         std::size_t removed, double excess_kurtosis) {
  const BulkShape shape(rows, cols, removed);
  if (rows == cols) {
    const theory::HardEdge law(static_cast<int>(shape.cols), 1, sigma2);
    const double p = theory::cdf(law, lambda * shape.factor);
    return {tracy_widom_z(p, theory::sf(law, lambda * shape.factor)), p};
  }
  const auto edge = theory::lower_edge_scaling(shape.rows, shape.cols, sigma2);
  const double z = theory::edge_z(edge, lambda * shape.factor) -
                   theory::edge_kurtosis_shift(shape.rows, shape.cols, corrected(excess_kurtosis),
                                               theory::SpectrumEdge::lower);
  return {z, theory::edge_p_value(z)};
}

}  // namespace rmtlab::inference
