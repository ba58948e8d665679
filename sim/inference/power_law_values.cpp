// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_values.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/inference/radix_sort.hpp"

namespace rmtlab::inference {
namespace {

// Beyond it a double no longer counts exactly.
constexpr std::uint64_t largest_exact_count = std::uint64_t{1} << 53;

void check_lengths(std::size_t values, std::size_t counts, const std::string& function) {
  if (values == counts) return;
  throw std::invalid_argument(
      fmt::format("{}: {} values and {} counts (must be equally many)", function, values, counts));
}

void check_total(std::span<const std::uint64_t> counts, const std::string& function) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > largest_exact_count - total) {
      throw std::domain_error(fmt::format("{}: counts[{}] = {} (all counts must add up to <= 2^53)",
                                          function, i, counts[i]));
    }
    total += counts[i];
  }
}

// Merges equal neighbours of an ascending list.
class Merger {
public:
  explicit Merger(std::size_t most) {
    sample_.values.reserve(most);
    sample_.counts.reserve(most);
  }
  void add(double value, std::uint64_t count) {
    if (!sample_.values.empty() && sample_.values.back() == value) {
      sample_.counts.back() += count;
      return;
    }
    sample_.values.push_back(value);
    sample_.counts.push_back(count);
  }
  CountedValues take() { return std::move(sample_); }

private:
  CountedValues sample_;
};

}  // namespace

void check_positive(std::span<const double> values, const std::string& function) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i]) && values[i] > 0) continue;
    throw InvalidValue(
        fmt::format(
            "{}: values[{}] = {} (must be finite and > 0; leave such values out of the sample)",
            function, i, values[i]),
        i, values[i]);
  }
}

CountedValues count_values(std::span<const double> values) {
  check_positive(values, "count_values");
  std::vector<double> sorted;
  if (!std::is_sorted(values.begin(), values.end())) {
    sorted.assign(values.begin(), values.end());
    std::vector<double> scratch;
    sort_positive(sorted, scratch);
    values = sorted;
  }
  Merger merger(values.size());
  for (const double value : values) merger.add(value, 1);
  return merger.take();
}

CountedValues count_values(std::span<const double> values, std::span<const std::uint64_t> counts) {
  check_lengths(values.size(), counts.size(), "count_values");
  check_positive(values, "count_values");
  check_total(counts, "count_values");
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!std::is_sorted(values.begin(), values.end()))
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  Merger merger(values.size());
  for (const std::size_t i : order)
    if (counts[i] > 0) merger.add(values[i], counts[i]);
  return merger.take();
}

std::uint64_t sample_size(const CountedValues& sample) {
  return std::accumulate(sample.counts.begin(), sample.counts.end(), std::uint64_t{0});
}

void check_counted_values(const CountedValues& sample, const std::string& function) {
  check_lengths(sample.values.size(), sample.counts.size(), function);
  check_positive(sample.values, function);
  check_total(sample.counts, function);
  for (std::size_t i = 0; i < sample.values.size(); ++i) {
    if (sample.counts[i] == 0) {
      throw std::domain_error(fmt::format("{}: counts[{}] = 0 (must be >= 1)", function, i));
    }
    if (i > 0 && sample.values[i] <= sample.values[i - 1]) {
      throw std::domain_error(fmt::format(
          "{}: values[{}] = {} (must be > values[{}] = {}; count_values sorts and merges)",
          function, i, sample.values[i], i - 1, sample.values[i - 1]));
    }
  }
}

}  // namespace rmtlab::inference
