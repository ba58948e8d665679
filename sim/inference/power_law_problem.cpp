// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_problem.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::inference {
namespace {

double last_rank(KsConvention ks) { return ks == KsConvention::csn ? 1 : 0; }

std::uint64_t size_of(const SampleView& sample) {
  if (sample.counts.empty()) return sample.values.size();
  return std::accumulate(sample.counts.begin(), sample.counts.end(), std::uint64_t{0});
}

// Distinct values [begin, end).
SampleView part(const SampleView& sample, std::size_t begin, std::size_t end) {
  if (sample.counts.empty()) return {sample.values.subspan(begin, end - begin), {}};
  return {sample.values.subspan(begin, end - begin), sample.counts.subspan(begin, end - begin)};
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

// Sets the table to the observations >= xmin, with xmin itself in front even where it is none.
void set_table_from(double xmin, const SampleView& sample, double xmax, PowerLawProblem& problem,
                    const std::string& function) {
  const std::size_t distinct = sample.values.size();
  const auto skipped = static_cast<std::size_t>(
      std::lower_bound(sample.values.begin(), sample.values.end(), xmin) - sample.values.begin());
  const SampleView tail = part(sample, skipped, distinct);
  const std::uint64_t left = size_of(tail);
  if (tail.values.size() < 2 || left < problem.rules.min_tail)
    throw std::domain_error(fmt::format(
        "{}: xmin = {} (must leave min_tail = {} values, 2 of them distinct; {} of {} are left, {} "
        "distinct, and the largest value is {})",
        function, xmin, problem.rules.min_tail, left, problem.n, tail.values.size(),
        sample.values.back()));
  TailTable& table = problem.table;
  set_tail_table(tail, xmax, table);
  if (tail.values.front() == xmin) return;
  table.spacing.insert(table.spacing.begin(), log_ratio(xmin, tail.values.front()));
  table.at_least.insert(table.at_least.begin(), table.at_least.front());
  complete_tail_table(table);
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

void PowerLawProblem::set(const SampleView& sample, const PowerLawOptions& options,
                          const std::string& function) {
  check_options(options, function);
  rules = {last_rank(options.ks), options.min_tail};
  xmin = options.xmin;
  xmax = options.xmax;
  SampleView kept = sample;
  n_beyond = 0;
  if (xmax) {
    const auto begin = sample.values.begin();
    const auto end = std::upper_bound(begin, sample.values.end(), *xmax) - begin;
    kept = part(sample, 0, static_cast<std::size_t>(end));
    n_beyond = size_of(sample) - size_of(kept);
  }
  values = kept.values;
  n = size_of(kept);
  check_searchable(*this, options.min_tail, function);
  const double end = xmax.value_or(std::numeric_limits<double>::infinity());
  if (xmin)
    set_table_from(*xmin, kept, end, *this, function);
  else
    set_tail_table(kept, end, table);
}

ScanResult PowerLawProblem::solve(XminSearch& search) const {
  search.set_rules(rules);
  if (xmin) return {0, search.first_distance(table)};
  return search.least_distance(table);
}

ScanResult PowerLawProblem::solve() const {
  XminSearch search(rules);
  return solve(search);
}

PowerLawProblem make_problem(const CountedValues& sample, const PowerLawOptions& options,
                             const std::string& function) {
  check_counted_values(sample, function);
  PowerLawProblem problem;
  problem.set({sample.values, sample.counts}, options, function);
  return problem;
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
