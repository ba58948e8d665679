// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_alternatives.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/inference/power_law_scan.hpp"
#include "sim/inference/power_law_sum.hpp"

namespace rmtlab::inference {
namespace {

/// The observations a fit describes, each value with its log-excess ln(x / xmin).
struct Tail {
  std::vector<double> value, log_excess, count;
  double size = 0;
};

Tail tail_of(const CountedValues& sample, const PowerLawFit& fit, const std::string& function) {
  check_counted_values(sample, function);
  CountedValues kept{{fit.xmin}, {0}};
  for (std::size_t k = 0; k < sample.values.size(); ++k) {
    if (sample.values[k] < fit.xmin) continue;
    if (sample.values[k] == fit.xmin) {
      kept.counts.front() = sample.counts[k];
    } else {
      kept.values.push_back(sample.values[k]);
      kept.counts.push_back(sample.counts[k]);
    }
  }
  if (sample_size(kept) != fit.n_tail) {
    throw std::invalid_argument(fmt::format(
        "{}: {} values >= xmin = {}, but the fit has n_tail = {} (must be a fit of this "
        "sample)",
        function, sample_size(kept), fit.xmin, fit.n_tail));
  }
  const TailTable table = make_tail_table(kept);
  Tail tail;
  tail.value = kept.values;
  tail.count.assign(kept.counts.begin(), kept.counts.end());
  tail.size = static_cast<double>(fit.n_tail);
  for (const double y : table.log_value) tail.log_excess.push_back(y - table.log_value.front());
  return tail;
}

/// Fills in everything of `result` that follows from the two log-densities at each value of the
/// tail.
template <class LogDensity>
void compare(const Tail& tail, const PowerLawFit& fit, const LogDensity& log_density,
             Alternative& result) {
  const double scale = std::log(fit.alpha - 1) - std::log(fit.xmin);
  std::vector<double> difference(tail.value.size());
  CompensatedSum log_likelihood;
  CompensatedSum ratio;
  for (std::size_t k = 0; k < difference.size(); ++k) {
    const double alternative = log_density(k);
    difference[k] = scale - fit.alpha * tail.log_excess[k] - alternative;
    log_likelihood.add(tail.count[k] * alternative);
    ratio.add(tail.count[k] * difference[k]);
  }
  result.log_likelihood = log_likelihood.value();
  result.ratio = ratio.value();

  const double mean = result.ratio / tail.size;
  CompensatedSum squares;
  for (std::size_t k = 0; k < difference.size(); ++k) {
    squares.add(tail.count[k] * (difference[k] - mean) * (difference[k] - mean));
  }
  // sqrt(m) s = sqrt(sum of squares). It cannot vanish: the difference of the log-densities is not
  // constant on two distinct values at the two maxima.
  result.ratio_normalised = result.ratio / std::sqrt(squares.value());
  result.p_value = std::erfc(std::abs(result.ratio_normalised) / std::numbers::sqrt2);
}

}  // namespace

Alternative exponential_alternative(const CountedValues& sample, const PowerLawFit& fit) {
  const Tail tail = tail_of(sample, fit, "exponential_alternative");
  // Excesses in units of the largest value: no overflow at any scale of the data.
  const double unit = tail.value.back();
  const auto excess = [&](std::size_t k) { return (tail.value[k] - fit.xmin) / unit; };
  CompensatedSum sum;
  for (std::size_t k = 0; k < tail.value.size(); ++k) sum.add(tail.count[k] * excess(k));
  const double mean = sum.value() / tail.size;

  Alternative result{};
  result.name = "exponential";
  const double rate = 1 / mean / unit;
  if (!std::isfinite(rate)) {
    throw std::domain_error(fmt::format(
        "exponential_alternative: xmax = {} (must be large enough for 1 / (mean - xmin) to be a "
        "finite number; rescale the data)",
        unit));
  }
  result.parameters["rate"] = rate;
  const double log_rate = -std::log(mean) - std::log(unit);
  compare(
      tail, fit, [&](std::size_t k) { return log_rate - excess(k) / mean; }, result);
  return result;
}

}  // namespace rmtlab::inference
