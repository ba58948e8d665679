// SPDX-License-Identifier: MIT
#include "sim/inference/multiplicity.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::inference {
namespace {

// Positions of the tests that were made, by ascending p-value.
std::vector<std::size_t> ascending_tests(const char* function, std::span<const double> p_values) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p_values.size(); ++i) {
    if (std::isnan(p_values[i])) continue;
    if (!(p_values[i] >= 0 && p_values[i] <= 1))
      throw std::domain_error(
          fmt::format("{}: p_values[{}] = {} (must be in [0, 1], or NaN for a test not made)",
                      function, i, p_values[i]));
    order.push_back(i);
  }
  std::sort(order.begin(), order.end(),
            [&](std::size_t i, std::size_t j) { return p_values[i] < p_values[j]; });
  return order;
}

// The step-up rule from the largest p-value down; `factor` is what dependence costs.
std::vector<double> step_up(std::span<const double> p_values, const std::vector<std::size_t>& order,
                            double factor) {
  std::vector<double> adjusted(p_values.size(), std::numeric_limits<double>::quiet_NaN());
  const auto tests = static_cast<double>(order.size());
  double least = 1;
  for (std::size_t rank = order.size(); rank-- > 0;) {
    const double p = p_values[order[rank]];
    least = std::min(least, factor * p * tests / static_cast<double>(rank + 1));
    adjusted[order[rank]] = least;
  }
  return adjusted;
}

}  // namespace

std::vector<double> benjamini_hochberg(std::span<const double> p_values) {
  return step_up(p_values, ascending_tests("benjamini_hochberg", p_values), 1);
}

std::vector<double> benjamini_yekutieli(std::span<const double> p_values) {
  const auto order = ascending_tests("benjamini_yekutieli", p_values);
  double harmonic = 0;
  for (std::size_t i = order.size(); i > 0; --i) harmonic += 1 / static_cast<double>(i);
  return step_up(p_values, order, harmonic);
}

}  // namespace rmtlab::inference
