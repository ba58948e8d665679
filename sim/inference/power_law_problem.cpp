// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_problem.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::inference {
namespace {

double last_rank(KsConvention ks) { return ks == KsConvention::csn ? 1 : 0; }

std::uint64_t total(std::span<const std::uint64_t> counts) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts) sum += count;
  return sum;
}

void check_point(const std::optional<double>& x, const char* name, const std::string& function) {
  if (!x || (std::isfinite(*x) && *x > 0)) return;
  throw std::domain_error(fmt::format("{}: {} = {} (must be finite and > 0)", function, name, *x));
}

void check_options(const PowerLawOptions& options, const std::string& function) {
  check_point(options.xmin, "xmin", function);
  check_point(options.xmax, "xmax", function);
  if (options.xmin && options.xmax && *options.xmin >= *options.xmax)
    throw std::domain_error(fmt::format("{}: xmin = {} (must be below xmax = {})", function,
                                        *options.xmin, *options.xmax));
}

void check_searchable(const PowerLawProblem& problem, std::size_t min_tail,
                      const std::string& function) {
  const std::string where =
      problem.xmax ? fmt::format(" up to xmax = {}", *problem.xmax) : std::string();
  if (problem.n < 2)
    throw std::domain_error(
        fmt::format("{}: n = {}{} (must be at least 2 values)", function, problem.n, where));
  if (problem.values.size() < 2)
    throw std::domain_error(fmt::format("{}: all {} values{} = {} (must hold 2 distinct values)",
                                        function, problem.n, where, problem.values.front()));
  if (min_tail < 2 || min_tail > problem.n)
    throw std::domain_error(fmt::format("{}: min_tail = {} (must be >= 2 and <= the {} values{})",
                                        function, min_tail, problem.n, where));
}

// The observations >= xmin, with xmin itself in front even where it is none of them.
TailTable table_from(double xmin, std::span<const double> values,
                     std::span<const std::uint64_t> counts, const PowerLawProblem& problem,
                     const std::string& function) {
  const auto skipped = static_cast<std::size_t>(
      std::lower_bound(values.begin(), values.end(), xmin) - values.begin());
  values = values.subspan(skipped);
  counts = counts.subspan(skipped);
  const std::uint64_t left = total(counts);
  if (values.size() < 2 || left < problem.rules.min_tail)
    throw std::domain_error(fmt::format(
        "{}: xmin = {} (must leave min_tail = {} values, 2 of them distinct; {} of {} are left, {} "
        "distinct, and the largest value is {})",
        function, xmin, problem.rules.min_tail, left, problem.n, values.size(),
        problem.values.back()));
  const double end = problem.xmax.value_or(std::numeric_limits<double>::infinity());
  if (values.front() == xmin) return make_tail_table(values, counts, end);
  std::vector<double> with_xmin{xmin};
  std::vector<std::uint64_t> with_none{0};
  with_xmin.insert(with_xmin.end(), values.begin(), values.end());
  with_none.insert(with_none.end(), counts.begin(), counts.end());
  return make_tail_table(with_xmin, with_none, end);
}

// Standard error of the exponent a of m observations: 1 / sqrt(m I), I the Fisher information of one,
// the variance of the exponential law of rate a cut off at `length`.
double standard_error(double a, double length, double m) {
  if (std::isinf(length)) return a / std::sqrt(m);
  const double t = std::abs(a) * length;
  // The variance on the unit interval; its two terms cancel at 0, where 1/12 - t^2/240 + t^4/6048.
  const double rest = std::expm1(t);
  const double variance = t < 0.02 ? 1.0 / 12 - t * t * (1.0 / 240 - t * t / 6048)
                                   : 1 / (t * t) - (1 / rest) * (1 + 1 / rest);
  return 1 / (length * std::sqrt(m * variance));
}

}  // namespace

PowerLawProblem make_problem(const CountedValues& sample, const PowerLawOptions& options,
                             const std::string& function) {
  check_counted_values(sample, function);
  check_options(options, function);
  PowerLawProblem problem;
  problem.rules = {last_rank(options.ks), options.min_tail};
  problem.xmin = options.xmin;
  problem.xmax = options.xmax;
  problem.values = sample.values;
  std::span<const std::uint64_t> counts = sample.counts;
  if (options.xmax) {
    const auto end = std::upper_bound(sample.values.begin(), sample.values.end(), *options.xmax);
    const auto kept = static_cast<std::size_t>(end - sample.values.begin());
    problem.n_beyond = total(counts.subspan(kept));
    problem.values = problem.values.first(kept);
    counts = counts.first(kept);
  }
  problem.n = total(counts);
  check_searchable(problem, options.min_tail, function);
  problem.table =
      options.xmin
          ? table_from(*options.xmin, problem.values, counts, problem, function)
          : make_tail_table(problem.values, counts,
                            options.xmax.value_or(std::numeric_limits<double>::infinity()));
  return problem;
}

ScanResult PowerLawProblem::solve() const {
  XminSearch search(rules);
  if (xmin) return {0, search.first_distance(table)};
  return search.least_distance(table);
}

PowerLawFit describe_fit(const PowerLawProblem& problem, const ScanResult& found) {
  const TailTable& table = problem.table;
  const std::size_t i = found.index;
  const double m = table.at_least[i];
  const double length = table.log_end - table.log_value[i];
  const double a = truncated_exponent(table.sum_log[i] / m, length);
  PowerLawFit fit{};
  fit.alpha = 1 + a;
  fit.sigma_alpha = standard_error(a, length, m);
  fit.xmin = problem.xmin_of(i);
  fit.xmax = problem.xmax.value_or(problem.values.back());
  fit.ks = found.distance;
  fit.n = problem.n;
  fit.n_tail = static_cast<std::uint64_t>(m);
  fit.decades = (problem.xmax ? length : -table.log_value[i]) * std::numbers::log10e;
  fit.n_distinct = table.size() - i - (table.at_least[i] == table.above(i) ? 1 : 0);
  fit.n_beyond = problem.n_beyond;
  fit.is_cut_off = problem.xmax.has_value();
  if (!problem.xmin) {
    if (i + 1 == candidate_count(table, problem.rules.min_tail))
      fit.edge = SearchEdge::shortest_tail;
    else if (i == 0)
      fit.edge = SearchEdge::smallest_value;
  }
  return fit;
}

}  // namespace rmtlab::inference
