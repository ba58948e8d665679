// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_scan.hpp"

#include "sim/inference/power_law_sum.hpp"

namespace rmtlab::inference {
namespace {

/// ln(upper / lower) for 0 < lower < upper, without cancellation for neighbours and without
/// overflow for the ends of the exponent range.
double log_ratio(double lower, double upper) {
  const double excess = (upper - lower) / lower;  // the difference is exact below a factor of 2
  if (excess < 0.1) return std::log1p(excess);
  const double ratio = upper / lower;
  return std::isfinite(ratio) ? std::log(ratio) : std::log(upper) - std::log(lower);
}

}  // namespace

TailTable make_tail_table(const CountedValues& sample) {
  const std::size_t q = sample.values.size();
  TailTable table;
  table.log_value.resize(q);
  table.sum_log.resize(q);
  table.at_least.resize(q);
  table.above.resize(q);

  CompensatedSum log_value;
  CompensatedSum sum_log;
  double seen = 0;  // observations above the current value: exact up to 2^53
  for (std::size_t k = q; k-- > 0;) {
    if (k + 1 < q) {
      const double spacing = log_ratio(sample.values[k], sample.values[k + 1]);
      log_value.add(-spacing);
      sum_log.add(spacing * seen);
    }
    table.log_value[k] = log_value.value();
    table.sum_log[k] = sum_log.value();
    table.above[k] = seen;
    seen += static_cast<double>(sample.counts[k]);
    table.at_least[k] = seen;
  }
  return table;
}

Distance ks_distance(const TailTable& table, std::size_t i, double last_rank, double cut) {
  const double a = tail_exponent(table, i);
  Distance largest{0, i};
  for (std::size_t j = i; j < table.size(); ++j) {
    const double here = deviation(table, a, i, j, last_rank);
    if (here <= largest.value) continue;
    largest = {here, j};
    if (here > cut) break;
  }
  return largest;
}

ScanResult scan_every_value(const TailTable& table, double last_rank, std::size_t min_tail) {
  ScanResult best{0, std::numeric_limits<double>::infinity()};
  std::size_t witness = 0;  // where the last abandoned candidate exceeded the best distance
  const auto enough = static_cast<double>(min_tail);
  for (std::size_t i = 0; i + 1 < table.size() && table.at_least[i] >= enough; ++i) {
    if (witness > i &&
        deviation(table, tail_exponent(table, i), i, witness, last_rank) > best.distance) {
      continue;
    }
    const Distance distance = ks_distance(table, i, last_rank, best.distance);
    if (distance.value > best.distance) witness = distance.index;
    if (distance.value < best.distance) best = {i, distance.value};
  }
  return best;
}

}  // namespace rmtlab::inference
