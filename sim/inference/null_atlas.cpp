// SPDX-License-Identifier: MIT
#include "sim/inference/null_atlas.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "sim/inference/embedded_tables.hpp"
#include "sim/inference/null_simulation.hpp"
#include "sim/inference/outlier_count.hpp"

namespace rmtlab::inference {
namespace {

constexpr std::uint64_t seed = 20240501;
constexpr std::size_t draws_on_the_fly = 1999;
constexpr double smallest_pooled_cols = 256;

double logit(double p) { return std::log(p) - std::log1p(-p); }

// What is known of how a statistic depends on M is taken off before interpolation and put back after it.
struct Growth {
  double shift = 0, scale = 1;  // standardised value = (value - shift) * scale

  Growth(std::size_t test, double cols) {
    switch (static_cast<BulkTest>(test)) {
      case BulkTest::ks:
        shift = std::numbers::sqrt2 / std::numbers::pi * std::log(cols);
        break;
      case BulkTest::cramer_von_mises:
        shift = std::log(cols) / (std::numbers::pi * std::numbers::pi);
        break;
      case BulkTest::number_variance:  // a mean over M windows, short-range dependent
        shift = 1;
        scale = std::sqrt(cols);
        break;
      default:
        break;
    }
  }
  [[nodiscard]] double off(double value) const { return (value - shift) * scale; }
  [[nodiscard]] double on(double standardised) const { return standardised / scale + shift; }
};

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

double number(std::string_view text, std::size_t line) {
  const std::string copy(text);
  char* end = nullptr;
  const double value = std::strtod(copy.c_str(), &end);
  if (copy.empty() || *end != '\0')
    throw std::runtime_error(
        fmt::format("NullAtlas: line {}: '{}' (must be a number)", line, copy));
  return value;
}

void insert(std::vector<double>& nodes, double value) {
  const auto at = std::lower_bound(nodes.begin(), nodes.end(), value);
  if (at == nodes.end() || *at != value) nodes.insert(at, value);
}

// Neighbouring nodes of x and the weight of the upper one; outside, the last node alone.
struct Bracket {
  double lower, upper, weight;
};

Bracket bracket(const std::vector<double>& nodes, double x) {
  if (x <= nodes.front()) return {nodes.front(), nodes.front(), 0};
  if (x >= nodes.back()) return {nodes.back(), nodes.back(), 0};
  const auto above = std::upper_bound(nodes.begin(), nodes.end(), x);
  const double lower = *(above - 1), upper = *above;
  return {lower, upper, (x - lower) / (upper - lower)};
}

TailQuantiles mixed(const TailQuantiles& a, const TailQuantiles& b, double weight) {
  TailQuantiles result{};
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = std::lerp(a[i], b[i], weight);
  return result;
}

}  // namespace

TailQuantiles tail_quantiles(std::vector<double> draws) {
  std::sort(draws.begin(), draws.end());
  TailQuantiles result{};
  for (std::size_t i = 0; i < result.size(); ++i) {
    const double position = (1 - tabulated_tails[i]) * static_cast<double>(draws.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const std::size_t above = std::min(below + 1, draws.size() - 1);
    result[i] = std::lerp(draws[below], draws[above], position - static_cast<double>(below));
  }
  return result;
}

double tail_probability(const TailQuantiles& quantiles, double value) {
  const auto& tails = tabulated_tails;
  constexpr std::size_t last = tails.size() - 1;
  if (std::isnan(value))
    throw std::domain_error("tail_probability: value = nan (must be a number)");
  if (value >= quantiles[last]) {
    constexpr std::size_t from = 8;  // a tail of 0.01
    static_assert(tails[from] == 0.01);
    const double width = std::max(quantiles[last] - quantiles[from], 1e-12);
    return tails[last] *
           std::exp(-(value - quantiles[last]) / width * std::log(tails[from] / tails[last]));
  }
  if (value <= quantiles[0]) {
    const double width = std::max(quantiles[1] - quantiles[0], 1e-12);
    const double slope = (logit(tails[1]) - logit(tails[0])) / width;
    return 1 / (1 + std::exp(-(logit(tails[0]) + slope * (value - quantiles[0]))));
  }
  const auto above = std::upper_bound(quantiles.begin(), quantiles.end(), value);
  const auto i = static_cast<std::size_t>(above - quantiles.begin());
  const double width = std::max(quantiles[i] - quantiles[i - 1], 1e-12);
  const double t = (value - quantiles[i - 1]) / width;
  return 1 / (1 + std::exp(-std::lerp(logit(tails[i - 1]), logit(tails[i]), t)));
}

NullAtlas::NullAtlas(std::string_view csv) {
  std::size_t line = 0;
  std::vector<std::string_view> header;
  const auto column = [&](std::string_view name) {
    const auto found = std::find(header.begin(), header.end(), name);
    if (found == header.end())
      throw std::runtime_error(fmt::format("NullAtlas: no column '{}'", name));
    return static_cast<std::size_t>(found - header.begin());
  };
  for (const std::string_view text : split(csv, '\n')) {
    ++line;
    if (text.empty()) continue;
    const auto cells = split(text, ',');
    if (header.empty()) {
      header = cells;
      continue;
    }
    if (cells.size() != header.size())
      throw std::runtime_error(fmt::format("NullAtlas: line {}: {} cells (must be {})", line,
                                           cells.size(), header.size()));
    const double cols = number(cells[column("cols")], line);
    const double rows = number(cells[column("rows")], line);
    const double kurtosis = number(cells[column("excess_kurtosis")], line);
    const double draws = number(cells[column("draws")], line);
    const Cell key{std::log(cols), std::sqrt(cols / rows), kurtosis, draws, {}, {}};
    const auto same = [&](const Cell& c) {
      return c.log_cols == key.log_cols && c.inverse_root_q == key.inverse_root_q &&
             c.excess_kurtosis == key.excess_kurtosis;
    };
    auto found = std::find_if(cells_.begin(), cells_.end(), same);
    if (found == cells_.end()) found = cells_.insert(cells_.end(), key);
    const auto test = std::find_if(all_bulk_tests.begin(), all_bulk_tests.end(),
                                   [&](BulkTest t) { return name(t) == cells[column("test")]; });
    if (test == all_bulk_tests.end())
      throw std::runtime_error(
          fmt::format("NullAtlas: line {}: no test '{}'", line, cells[column("test")]));
    const auto index = static_cast<std::size_t>(*test);
    found->given[index] = true;
    const Growth growth(index, cols);
    for (std::size_t i = 0; i < tabulated_tails.size(); ++i)
      found->quantiles[index][i] =
          growth.off(number(cells[column(fmt::format("tail_{}", tabulated_tails[i]))], line));
    if (kurtosis == 0) {
      insert(log_cols_, key.log_cols);
      insert(inverse_root_q_, key.inverse_root_q);
    } else {
      insert(other_log_cols_, key.log_cols);
      insert(other_inverse_root_q_, key.inverse_root_q);
    }
    insert(kurtosis_, kurtosis);
  }
  if (log_cols_.empty()) throw std::runtime_error("NullAtlas: no cell with Gaussian entries");
  smallest_cols_ = static_cast<std::size_t>(std::llround(std::exp(log_cols_.front())));
  largest_cols_ = static_cast<std::size_t>(std::llround(std::exp(log_cols_.back())));
  check_complete();
  pool_large_cells();
}

void NullAtlas::check_complete() const {
  for (const double kurtosis : kurtosis_)
    for (const double log_cols : kurtosis == 0 ? log_cols_ : other_log_cols_)
      for (const double inverse_root_q : kurtosis == 0 ? inverse_root_q_ : other_inverse_root_q_) {
        const auto& given = cell(log_cols, inverse_root_q, kurtosis).given;
        const auto absent = std::find(given.begin(), given.end(), false);
        if (absent != given.end())
          throw std::runtime_error(
              fmt::format("NullAtlas: M = {:.0f}, Q = {:.4g}, kurtosis {}: no test '{}'",
                          std::exp(log_cols), std::pow(inverse_root_q, -2), kurtosis,
                          name(all_bulk_tests[static_cast<std::size_t>(absent - given.begin())])));
      }
}

void NullAtlas::pool_large_cells() {
  std::vector<Cell*> large;
  for (Cell& c : cells_)
    if (c.excess_kurtosis == 0 && c.log_cols >= std::log(smallest_pooled_cols) - 1e-9)
      large.push_back(&c);
  for (std::size_t test = 0; test < all_bulk_tests.size(); ++test)
    for (std::size_t i = 0; i < tabulated_tails.size(); ++i) {
      std::map<double, double> of_cols, of_q;  // the two effects of the additive fit
      const auto residual_mean = [&](double Cell::*node, double at, std::map<double, double>& other,
                                     double Cell::*other_node) {
        double sum = 0, weight = 0;
        for (const Cell* c : large)
          if (c->*node == at) {
            sum += c->draws * (c->quantiles[test][i] - other[c->*other_node]);
            weight += c->draws;
          }
        return sum / weight;
      };
      for (int round = 0; round < 20; ++round) {
        for (const Cell* c : large)
          of_cols[c->log_cols] =
              residual_mean(&Cell::log_cols, c->log_cols, of_q, &Cell::inverse_root_q);
        for (const Cell* c : large)
          of_q[c->inverse_root_q] =
              residual_mean(&Cell::inverse_root_q, c->inverse_root_q, of_cols, &Cell::log_cols);
      }
      for (Cell* c : large)
        if (c->log_cols > std::log(smallest_pooled_cols) + 1e-9)
          c->quantiles[test][i] = of_cols[c->log_cols] + of_q[c->inverse_root_q];
    }
}

const NullAtlas& NullAtlas::standard() {
  static const NullAtlas atlas(null_atlas_table);
  return atlas;
}

const NullAtlas::Cell& NullAtlas::cell(double log_cols, double inverse_root_q,
                                       double excess_kurtosis) const {
  const auto found = std::find_if(cells_.begin(), cells_.end(), [&](const Cell& c) {
    return c.log_cols == log_cols && c.inverse_root_q == inverse_root_q &&
           c.excess_kurtosis == excess_kurtosis;
  });
  if (found == cells_.end())
    throw std::runtime_error(fmt::format("NullAtlas: no cell M = {:.0f}, Q = {:.4g}, kurtosis {}",
                                         std::exp(log_cols), std::pow(inverse_root_q, -2),
                                         excess_kurtosis));
  return *found;
}

TailQuantiles NullAtlas::at_gaussian(std::size_t test, double log_cols,
                                     double inverse_root_q) const {
  const Bracket m = bracket(log_cols_, log_cols), q = bracket(inverse_root_q_, inverse_root_q);
  const auto along_q = [&](double node) {
    return mixed(cell(node, q.lower, 0).quantiles[test], cell(node, q.upper, 0).quantiles[test],
                 q.weight);
  };
  return mixed(along_q(m.lower), along_q(m.upper), m.weight);
}

TailQuantiles NullAtlas::interpolated(std::size_t test, double log_cols, double inverse_root_q,
                                      double excess_kurtosis) const {
  TailQuantiles result = at_gaussian(test, log_cols, inverse_root_q);
  const Bracket k = bracket(kurtosis_, excess_kurtosis);
  // What the entries change, at the nearest cells for which they were simulated.
  const auto change = [&](double kurtosis, std::size_t i) {
    if (kurtosis == 0) return 0.0;
    const Bracket m = bracket(other_log_cols_, log_cols);
    const Bracket q = bracket(other_inverse_root_q_, inverse_root_q);
    const auto at = [&](double node_m, double node_q) {
      return cell(node_m, node_q, kurtosis).quantiles[test][i] -
             at_gaussian(test, node_m, node_q)[i];
    };
    return std::lerp(std::lerp(at(m.lower, q.lower), at(m.lower, q.upper), q.weight),
                     std::lerp(at(m.upper, q.lower), at(m.upper, q.upper), q.weight), m.weight);
  };
  if (excess_kurtosis != 0) {
    // None in the limit; on the way there like the finite-size terms of Gaussian entries.
    const double beyond =
        other_log_cols_.empty() ? 0.0 : std::max(0.0, log_cols - other_log_cols_.back());
    for (std::size_t i = 0; i < result.size(); ++i)
      result[i] +=
          std::exp(-beyond / 2) * std::lerp(change(k.lower, i), change(k.upper, i), k.weight);
  }
  // Sampling error of the changes must not turn the order around.
  for (std::size_t i = 1; i < result.size(); ++i) result[i] = std::max(result[i], result[i - 1]);
  return result;
}

std::shared_ptr<const NullAtlas::Statistics> NullAtlas::simulated(const Shape& shape) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = cache_.find(shape); found != cache_.end()) return found->second;
  }
  // Not under the lock: other shapes need not wait, and who simulates this one twice gets the same.
  core::Stream stream =
      core::Stream(seed).child("null_atlas").child(shape.first).child(shape.second);
  std::array<std::vector<double>, all_bulk_tests.size()> draws;
  for (std::size_t r = 0; r < draws_on_the_fly; ++r) {
    const arma::vec spectrum =
        null_spectrum(NullEntries::gaussian, shape.first, shape.second, stream);
    const std::span<const double> view(spectrum.memptr(), spectrum.n_elem);
    const std::size_t removed =
        shape.second < smallest_spectrum ? 0 : count_outliers(view, shape.first, {}).count;
    const BulkStatistics s = statistics_of_bulk(view, shape.first, removed, 0);
    for (std::size_t t = 0; t < draws.size(); ++t) draws[t].push_back(s.values[t]);
  }
  auto result = std::make_shared<Statistics>();
  for (std::size_t t = 0; t < draws.size(); ++t) (*result)[t] = tail_quantiles(draws[t]);
  const std::lock_guard lock(mutex_);
  return cache_.emplace(shape, std::move(result)).first->second;
}

TailQuantiles NullAtlas::quantiles(BulkTest test, double rows, double cols,
                                   double excess_kurtosis) const {
  if (!(cols >= 10 && rows >= cols))
    throw std::domain_error(
        fmt::format("NullAtlas: shape {} x {} (must have rows >= cols >= 10)", rows, cols));
  if (!std::isfinite(excess_kurtosis))
    throw std::domain_error(
        fmt::format("NullAtlas: excess_kurtosis = {} (must be finite)", excess_kurtosis));
  const auto index = static_cast<std::size_t>(test);
  if (cols < static_cast<double>(smallest_cols_))
    return (*simulated({static_cast<std::size_t>(std::llround(rows)),
                        static_cast<std::size_t>(std::llround(cols))}))[index];
  TailQuantiles result =
      interpolated(index, std::log(cols), std::sqrt(cols / rows), excess_kurtosis);
  const Growth growth(index, cols);
  for (double& q : result) q = growth.on(q);
  return result;
}

double NullAtlas::p_value(BulkTest test, double value, double rows, double cols,
                          double excess_kurtosis) const {
  return tail_probability(quantiles(test, rows, cols, excess_kurtosis), value);
}

}  // namespace rmtlab::inference
