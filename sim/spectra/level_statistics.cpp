// SPDX-License-Identifier: MIT
#include "sim/spectra/level_statistics.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::spectra {
namespace {

void check_ascending(const char* function, std::span<const double> x) {
  const auto fall = std::is_sorted_until(x.begin(), x.end());
  if (fall != x.end())
    throw std::domain_error(fmt::format("{}: value {} = {} (must not be below the one before, {})",
                                        function, fall - x.begin(), *fall, *(fall - 1)));
}

}  // namespace

double ks_distance(std::span<const double> ascending, const std::function<double(double)>& cdf) {
  return ks_distance(ascending, cdf, cdf);
}

double ks_distance(std::span<const double> ascending, const std::function<double(double)>& cdf,
                   const std::function<double(double)>& cdf_left) {
  if (ascending.empty()) throw std::domain_error("ks_distance: no values");
  check_ascending("ks_distance", ascending);
  const auto count = static_cast<double>(ascending.size());
  double distance = 0;
  for (std::size_t first = 0; first < ascending.size();) {
    const double x = ascending[first];
    std::size_t next = first + 1;
    while (next < ascending.size() && ascending[next] == x) ++next;
    distance = std::max({distance, cdf_left(x) - static_cast<double>(first) / count,
                         static_cast<double>(next) / count - cdf(x)});
    first = next;
  }
  return distance;
}

std::optional<double> mean_gap_ratio(std::span<const double> ascending, std::size_t begin,
                                     std::size_t end) {
  if (begin > end || end > ascending.size())
    throw std::domain_error(fmt::format("mean_gap_ratio: end = {} (must be from begin = {} to {})",
                                        end, begin, ascending.size()));
  check_ascending("mean_gap_ratio", ascending);
  double sum = 0;
  std::size_t pairs = 0;
  for (std::size_t i = begin; i + 2 < end; ++i) {
    const double a = ascending[i + 1] - ascending[i], b = ascending[i + 2] - ascending[i + 1];
    if (!(std::max(a, b) > 0)) continue;
    sum += std::min(a, b) / std::max(a, b);
    ++pairs;
  }
  if (pairs == 0) return std::nullopt;
  return sum / static_cast<double>(pairs);
}

}  // namespace rmtlab::spectra
