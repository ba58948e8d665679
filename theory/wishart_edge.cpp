// SPDX-License-Identifier: MIT
/// \file
/// \brief Where the extreme eigenvalues of pure noise lie: centers, scales and p-values.
#include "theory/wishart_edge.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "theory/domain_check.hpp"
#include "theory/tracy_widom.hpp"

namespace rmtlab::theory {

namespace {

void check_shape(std::string_view function, double rows, double cols, double variance) {
  constexpr auto constraint = "finite and >= 1";
  if (!(std::isfinite(rows) && rows >= 1)) throw_domain_error(function, "rows", rows, constraint);
  if (!(std::isfinite(cols) && cols >= 1)) throw_domain_error(function, "cols", cols, constraint);
  check_positive(function, "variance", variance);
}

}  // namespace

EdgeScaling upper_edge_scaling(double rows, double cols, double variance, EdgeConstants constants) {
  check_shape("upper_edge_scaling", rows, cols, variance);
  double a = rows - 0.5, b = cols - 0.5;
  if (constants == EdgeConstants::johnstone) {
    a = std::max(rows, cols) - 1;
    b = std::min(rows, cols);
    if (!(a > 0))
      throw_domain_error("upper_edge_scaling", "rows", rows,
                         "> 1, or cols be, for Johnstone's constants");
  }
  const double sum = std::sqrt(a) + std::sqrt(b);
  const double unit = variance / rows;
  return {unit * sum * sum, unit * sum * std::cbrt(1 / std::sqrt(a) + 1 / std::sqrt(b))};
}

LogEdgeScaling lower_edge_scaling(double rows, double cols, double variance) {
  check_shape("lower_edge_scaling", rows, cols, variance);
  if (!(rows > cols))
    throw_domain_error("lower_edge_scaling", "rows", rows,
                       "> cols: a square matrix has a hard edge at zero");
  const double root_a = std::sqrt(rows - 0.5), root_b = std::sqrt(cols - 0.5);
  // sqrt(a) - sqrt(b) without cancellation when N is close to M.
  const double difference = (rows - cols) / (root_a + root_b);
  const double scale = std::cbrt(difference / (root_a * root_b)) / difference;
  return {std::log(variance / rows) + 2 * std::log(difference) + scale * scale / 8, scale};
}

double edge_z(const EdgeScaling& edge, double lambda) {
  check_not_nan("edge_z", "lambda", lambda);
  return (lambda - edge.center) / edge.scale;
}

double edge_z(const LogEdgeScaling& edge, double lambda) {
  if (!(lambda >= 0)) throw_domain_error("edge_z", "lambda", lambda, ">= 0");
  return (edge.center - std::log(lambda)) / edge.scale;
}

double edge_p_value(double z) { return sf(TracyWidom(1), z); }

double edge_log_p_value(double z) { return log_sf(TracyWidom(1), z); }

}  // namespace rmtlab::theory
