// SPDX-License-Identifier: MIT
#include "figures/finite_size.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "figures/training_path.hpp"

namespace rmtlab::figures {
namespace {

constexpr const char* layer = "fc1";
constexpr const char* batch = "training.batch_size";

// Rows of one size, by replicate in the order of the records, from the largest batch down.
using Paths = std::map<double, std::vector<Rows>>;

Paths paths_of(const core::Run& run) {
  const core::Table& records = run.records();
  const auto replicates = records.distinct("replicate");
  Paths paths;
  for (const std::size_t row : final_rows(run, layer)) {
    auto& all = paths.try_emplace(records.number(row, "cols"), replicates.size()).first->second;
    const auto at = std::find(replicates.begin(), replicates.end(), records.text(row, "replicate"));
    all[static_cast<std::size_t>(at - replicates.begin())].push_back(row);
  }
  for (auto& [size, all] : paths)
    for (Rows& rows : all)
      std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
        return records.number(a, batch) > records.number(b, batch);
      });
  return paths;
}

// A p-value of 0 is below what a double holds.
double evidence(double p) { return -std::log(std::max(p, std::numeric_limits<double>::min())); }

void check_alike(const std::vector<SizedBoundary>& a, const std::vector<SizedBoundary>& b) {
  const bool alike = std::equal(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const auto& x, const auto& y) { return x.size == y.size && x.at.size() == y.at.size(); });
  if (!alike)
    throw std::invalid_argument("ratio_exponent: boundaries are of different sizes or replicates");
}

std::vector<SizedBoundary> complete_ones(const std::vector<SizedBoundary>& boundaries) {
  std::vector<SizedBoundary> list;
  std::copy_if(boundaries.begin(), boundaries.end(), std::back_inserter(list),
               [](const SizedBoundary& b) { return b.complete(); });
  return list;
}

}  // namespace

std::optional<double> crossing(const std::vector<Place>& path, double level) {
  for (const Place& place : path)
    if (!(place.x > 0))
      throw std::domain_error(fmt::format("crossing: x = {} (must be > 0)", place.x));
  std::size_t first = path.size();
  while (first > 0 && path[first - 1].y >= level) --first;
  if (first == 0 || first == path.size()) return std::nullopt;
  const Place &below = path[first - 1], &above = path[first];
  const double share = (level - below.y) / (above.y - below.y);
  return below.x * std::pow(above.x / below.x, share);
}

std::vector<double> SizedBoundary::values() const {
  std::vector<double> list;
  for (const auto& value : at)
    if (value) list.push_back(*value);
  return list;
}

std::vector<SizedBoundary> threshold_boundaries(const core::Run& run, const Threshold& threshold) {
  const core::Table& records = run.records();
  std::vector<SizedBoundary> boundaries;
  for (const auto& [size, replicates] : paths_of(run)) {
    SizedBoundary boundary{size, {}};
    for (const Rows& rows : replicates) {
      std::vector<Place> path;
      for (const std::size_t row : rows) {
        const auto value = column(records, {row}, threshold.column);
        if (value.empty()) continue;
        path.push_back({records.number(row, batch),
                        threshold.p_value ? evidence(value.front()) : value.front()});
      }
      boundary.at.push_back(
          crossing(path, threshold.p_value ? evidence(threshold.level) : threshold.level));
    }
    boundaries.push_back(std::move(boundary));
  }
  return boundaries;
}

std::vector<LabelBoundary> label_boundaries(const core::Run& run, std::size_t order) {
  const core::Table& records = run.records();
  std::vector<LabelBoundary> list;
  for (const auto& [size, replicates] : paths_of(run)) {
    std::vector<Boundary> found;
    for (const Rows& rows : replicates) {
      std::vector<Step> path;
      for (const std::size_t row : rows)
        if (!abstained(records, row))
          path.push_back({records.number(row, batch), phase_order(records.text(row, "phase"))});
      if (const auto b = boundary(path, order)) found.push_back(*b);
    }
    if (found.empty()) continue;
    std::vector<double> places;
    places.reserve(found.size());
    for (const Boundary& b : found) places.push_back(b.at);
    Interval at = geometric_interval(places);
    at.low = found.front().low;
    at.high = found.front().high;
    for (const Boundary& b : found) {
      at.low = std::min(at.low, b.low);
      at.high = std::max(at.high, b.high);
    }
    list.push_back({size, at});
  }
  return list;
}

Interval geometric_interval(const std::vector<double>& values) {
  std::vector<double> logs;
  for (const double value : values) {
    if (!(value > 0))
      throw std::domain_error(fmt::format("geometric_interval: value = {} (must be > 0)", value));
    logs.push_back(std::log(value));
  }
  const Interval of_logs = mean_interval(logs, 0.95);
  return {of_logs.count, std::exp(of_logs.value), std::exp(of_logs.low), std::exp(of_logs.high)};
}

std::optional<Exponent> exponent(const std::vector<SizedBoundary>& boundaries) {
  const auto complete = complete_ones(boundaries);
  if (complete.size() < 3) return std::nullopt;
  Exponent result;
  for (const SizedBoundary& b : complete) result.sizes.push_back(b.size);
  std::vector<double> slopes;
  for (std::size_t r = 0; r < complete.front().at.size(); ++r) {
    std::vector<std::pair<double, double>> points;
    points.reserve(complete.size());
    for (const SizedBoundary& b : complete) points.emplace_back(b.size, *b.at[r]);
    slopes.push_back(*log_slope(points));
  }
  result.value = mean_interval(slopes, 0.95);
  return result;
}

std::optional<Exponent> ratio_exponent(const std::vector<SizedBoundary>& above,
                                       const std::vector<SizedBoundary>& below) {
  check_alike(above, below);
  auto ratios = above;
  for (std::size_t i = 0; i < ratios.size(); ++i)
    for (std::size_t r = 0; r < ratios[i].at.size(); ++r) {
      auto& ratio = ratios[i].at[r];
      if (const auto& other = below[i].at[r]; ratio && other)
        *ratio /= *other;
      else
        ratio.reset();
    }
  return exponent(ratios);
}

std::vector<Exponent> local_exponents(const std::vector<SizedBoundary>& boundaries) {
  const auto complete = complete_ones(boundaries);
  std::vector<Exponent> list;
  for (std::size_t i = 1; i < complete.size(); ++i) {
    const SizedBoundary &small = complete[i - 1], &large = complete[i];
    std::vector<double> slopes;
    for (std::size_t r = 0; r < small.at.size(); ++r)
      slopes.push_back(std::log(*large.at[r] / *small.at[r]) / std::log(large.size / small.size));
    list.push_back({mean_interval(slopes, 0.95), {small.size, large.size}});
  }
  return list;
}

}  // namespace rmtlab::figures
