// SPDX-License-Identifier: MIT
#include "sim/inference/bulk_null.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/core/random.hpp"
#include "sim/ensembles/wishart_spectrum.hpp"
#include "sim/inference/marchenko_pastur_fit_bulk.hpp"

namespace rmtlab::inference {
namespace {

constexpr std::size_t largest_simulated = 200;
constexpr std::uint64_t seed = 20240501;

void check_shape(const char* function, std::size_t rows, std::size_t cols) {
  if (cols < smallest_spectrum)
    throw std::domain_error(
        fmt::format("{}: cols = {} (must be >= {})", function, cols, smallest_spectrum));
  if (rows < cols)
    throw std::domain_error(
        fmt::format("{}: rows = {} (must be >= cols = {})", function, rows, cols));
}

// What is simulated for a shape, and how far its draws have to be shifted.
struct Plan {
  std::size_t rows, cols;
  double shift;
};

Plan plan_for(std::size_t rows, std::size_t cols) {
  if (cols <= largest_simulated) return {rows, cols, 0.0};
  const double factor = static_cast<double>(cols) / static_cast<double>(largest_simulated);
  const auto simulated_rows =
      static_cast<std::size_t>(std::llround(static_cast<double>(rows) / factor));
  return {simulated_rows, largest_simulated,
          std::numbers::sqrt2 / std::numbers::pi * std::log(factor)};
}

std::vector<double> simulate(std::size_t rows, std::size_t cols, std::size_t replicates) {
  core::Stream stream = core::Stream(seed).child("bulk_null").child(rows).child(cols);
  std::vector<double> draws;
  draws.reserve(replicates);
  for (std::size_t r = 0; r < replicates; ++r) {
    const arma::vec eigenvalues = ensembles::wishart_spectrum(rows, cols, 1.0, stream);
    const BulkFit fit = fit_bulk(std::span<const double>(eigenvalues.memptr(), eigenvalues.n_elem),
                                 rows, default_familywise_level);
    draws.push_back(static_cast<double>(cols - fit.outlier_count) * fit.ks);
  }
  std::sort(draws.begin(), draws.end());
  return draws;
}

}  // namespace

BulkNull::BulkNull(std::size_t replicates) : replicates_(replicates) {
  if (replicates < 19)
    throw std::domain_error(fmt::format(
        "BulkNull: replicates = {} (must be >= 19, for a p-value of 0.05)", replicates));
}

BulkNull::Draws BulkNull::simulated(const Shape& shape) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = cache_.find(shape); found != cache_.end()) return found->second;
  }
  // Not under the lock: other shapes need not wait, and who simulates this one twice gets the same.
  auto draws =
      std::make_shared<const std::vector<double>>(simulate(shape.first, shape.second, replicates_));
  const std::lock_guard lock(mutex_);
  return cache_.emplace(shape, std::move(draws)).first->second;
}

double BulkNull::p_value(std::size_t rows, std::size_t cols, std::size_t bulk_count,
                         double ks) const {
  check_shape("BulkNull::p_value", rows, cols);
  if (bulk_count > cols)
    throw std::domain_error(
        fmt::format("BulkNull::p_value: bulk_count = {} (must be <= cols = {})", bulk_count, cols));
  if (!(ks >= 0 && ks <= 1))
    throw std::domain_error(fmt::format("BulkNull::p_value: ks = {} (must be in [0, 1])", ks));
  const Plan plan = plan_for(rows, cols);
  const Draws draws = simulated({plan.rows, plan.cols});
  const double observed = static_cast<double>(bulk_count) * ks - plan.shift;
  const auto reached = draws->end() - std::lower_bound(draws->begin(), draws->end(), observed);
  return static_cast<double>(1 + reached) / static_cast<double>(replicates_ + 1);
}

std::vector<double> BulkNull::draws(std::size_t rows, std::size_t cols) const {
  check_shape("BulkNull::draws", rows, cols);
  const Plan plan = plan_for(rows, cols);
  std::vector<double> values = *simulated({plan.rows, plan.cols});
  for (double& value : values) value += plan.shift;
  return values;
}

}  // namespace rmtlab::inference
