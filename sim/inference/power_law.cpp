// SPDX-License-Identifier: MIT
#include "sim/inference/power_law.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/inference/power_law_scan.hpp"

namespace rmtlab::inference {
namespace {

constexpr const char* function = "fit_power_law";

double last_rank(KsConvention ks) { return ks == KsConvention::csn ? 1 : 0; }

void check_sample(const CountedValues& sample, std::uint64_t n, const PowerLawOptions& options) {
  check_counted_values(sample, function);
  if (n < 2) {
    throw std::domain_error(fmt::format("{}: n = {} (must be at least 2 values)", function, n));
  }
  if (sample.values.size() < 2) {
    throw std::domain_error(fmt::format("{}: all {} values = {} (must hold 2 distinct values)",
                                        function, n, sample.values.front()));
  }
  if (options.min_tail < 2 || options.min_tail > n) {
    throw std::domain_error(fmt::format("{}: min_tail = {} (must be >= 2 and <= the {} values)",
                                        function, options.min_tail, n));
  }
}

/// The observations >= xmin, with xmin itself in front even where it is none of them.
CountedValues tail_from(const CountedValues& sample, double xmin, std::size_t min_tail) {
  if (!(std::isfinite(xmin) && xmin > 0)) {
    throw std::domain_error(fmt::format("{}: xmin = {} (must be finite and > 0)", function, xmin));
  }
  const auto first = std::lower_bound(sample.values.begin(), sample.values.end(), xmin);
  const auto skipped = first - sample.values.begin();
  CountedValues tail{{first, sample.values.end()},
                     {sample.counts.begin() + skipped, sample.counts.end()}};
  const std::uint64_t left = sample_size(tail);
  if (tail.values.size() < 2 || left < min_tail) {
    throw std::domain_error(fmt::format(
        "{}: xmin = {} (must leave min_tail = {} values, 2 of them distinct; {} of {} are left, {} "
        "distinct, and the largest value is {})",
        function, xmin, min_tail, left, sample_size(sample), tail.values.size(),
        sample.values.back()));
  }
  if (tail.values.front() != xmin) {
    tail.values.insert(tail.values.begin(), xmin);
    tail.counts.insert(tail.counts.begin(), 0);
  }
  return tail;
}

std::vector<std::string> warnings_of(const PowerLawFit& fit, std::size_t distinct) {
  std::vector<std::string> warnings;
  if (fit.decades < 1) {
    warnings.push_back(
        fmt::format("the tail spans {:.2f} decades (xmin = {:.4g} to {:.4g}): over less than one "
                    "decade a power "
                    "law cannot be told from the edge of a bulk; do not read alpha = {:.3g} as a "
                    "tail exponent, "
                    "compare other laws or take a larger sample",
                    fit.decades, fit.xmin, fit.xmax, fit.alpha));
  }
  if (fit.n_tail < 50) {
    warnings.push_back(fmt::format(
        "the tail has {} values: below 50 both alpha and the choice of xmin are unreliable; raise "
        "min_tail or take a larger sample",
        fit.n_tail));
  }
  if (2 * distinct < fit.n_tail) {
    warnings.push_back(
        fmt::format("the {} values of the tail are only {} distinct ones: the data look rounded or "
                    "discrete, and "
                    "this is the continuous law; take alpha as approximate or choose a larger xmin",
                    fit.n_tail, distinct));
  }
  return warnings;
}

PowerLawFit fit_at(const TailTable& table, const ScanResult& found, double xmin, double xmax,
                   std::uint64_t n) {
  const double a = tail_exponent(table, found.index);
  PowerLawFit fit{};
  fit.alpha = 1 + a;
  fit.n = n;
  fit.n_tail = static_cast<std::uint64_t>(table.at_least[found.index]);
  fit.sigma_alpha = a / std::sqrt(table.at_least[found.index]);
  fit.xmin = xmin;
  fit.xmax = xmax;
  fit.ks = found.distance;
  fit.decades = -table.log_value[found.index] * std::numbers::log10e;
  return fit;
}

}  // namespace

PowerLawFit fit_power_law(const CountedValues& sample, const PowerLawOptions& options) {
  const std::uint64_t n = sample_size(sample);
  check_sample(sample, n, options);
  const double xmax = sample.values.back();

  PowerLawFit fit;
  if (options.xmin) {
    const TailTable table = make_tail_table(tail_from(sample, *options.xmin, options.min_tail));
    const double ks = ks_distance(table, 0, last_rank(options.ks)).value;
    fit = fit_at(table, {0, ks}, *options.xmin, xmax, n);
  } else {
    const TailTable table = make_tail_table(sample);
    const ScanResult found = scan_every_value(table, last_rank(options.ks), options.min_tail);
    fit = fit_at(table, found, sample.values[found.index], xmax, n);
  }
  const auto first = std::lower_bound(sample.values.begin(), sample.values.end(), fit.xmin);
  fit.warnings = warnings_of(fit, static_cast<std::size_t>(sample.values.end() - first));
  return fit;
}

PowerLawFit fit_power_law(std::span<const double> values, const PowerLawOptions& options) {
  return fit_power_law(count_values(values), options);
}

}  // namespace rmtlab::inference
