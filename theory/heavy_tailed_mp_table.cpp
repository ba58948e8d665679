// SPDX-License-Identifier: MIT
/// \file
/// \brief The heavy-tailed law tabulated, for fits that need many values.
#include "theory/heavy_tailed_mp_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <fmt/format.h>

#include "theory/domain_check.hpp"

namespace rmtlab::theory {

namespace {

/// The cell of lambda and the position in it, from 0 to 1.
struct Cell {
  const HeavyTailedNode &left, &right;
  double t;
};

Cell cell(const HeavyTailedMpTable& table, const char* function, double lambda) {
  if (!(lambda >= table.lambda_min() && lambda <= table.lambda_max()))
    throw_domain_error(
        function, "lambda", lambda,
        fmt::format("in the table: >= {} and <= {}", table.lambda_min(), table.lambda_max()));
  const double position = std::log(lambda / table.lambda_min()) / table.log_step();
  const std::size_t i =
      std::min(static_cast<std::size_t>(std::max(position, 0.0)), table.nodes().size() - 2);
  return {table.nodes()[i], table.nodes()[i + 1], position - static_cast<double>(i)};
}

}  // namespace

HeavyTailedMpTable::HeavyTailedMpTable(const HeavyTailedMp& law, double lambda_min,
                                       double lambda_max, int points_per_decade)
    : lambda_min_(lambda_min), lambda_max_(lambda_max) {
  check_positive("HeavyTailedMpTable", "lambda_min", lambda_min);
  check_positive("HeavyTailedMpTable", "lambda_max", lambda_max);
  if (!(lambda_min < lambda_max))
    throw_domain_error("HeavyTailedMpTable", "lambda_min", lambda_min, "< lambda_max");
  if (points_per_decade < 1 || points_per_decade > 10000)
    throw_domain_error("HeavyTailedMpTable", "points_per_decade", points_per_decade,
                       ">= 1 and <= 10000");
  const double length = std::log(lambda_max / lambda_min);
  const auto cells =
      static_cast<std::size_t>(std::ceil(std::max(1.0, length / std::log(10) * points_per_decade)));
  log_step_ = length / static_cast<double>(cells);
  for (std::size_t i = 0; i <= cells; ++i)
    nodes_.push_back(node(law, lambda_min * std::exp(log_step_ * static_cast<double>(i))));
}

double pdf(const HeavyTailedMpTable& table, double lambda) {
  const auto& [a, b, t] = cell(table, "pdf", lambda);
  const double h = table.log_step(), s = 1 - t;
  const double value = s * s * ((1 + 2 * t) * a.density + t * h * a.slope) +
                       t * t * ((1 + 2 * s) * b.density - s * h * b.slope);
  return std::max(value, 0.0) / lambda;
}

double sf(const HeavyTailedMpTable& table, double lambda) {
  const auto& [a, b, t] = cell(table, "sf", lambda);
  // Value, first and second derivative by log lambda at both ends: sf, -density, -slope.
  const double h = table.log_step(), s = 1 - t;
  const auto half = [h](const HeavyTailedNode& n, double x, double y, double sign) {
    return y * y * y *
           ((1 + 3 * x + 6 * x * x) * n.sf - sign * h * x * (1 + 3 * x) * n.density -
            h * h * x * x / 2 * n.slope);
  };
  return half(a, t, s, 1) + half(b, s, t, -1);
}

}  // namespace rmtlab::theory
