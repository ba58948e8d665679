// SPDX-License-Identifier: MIT
#include "sim/inference/power_law.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/inference/power_law_diagnosis.hpp"
#include "sim/inference/power_law_problem.hpp"
#include "sim/inference/radix_sort.hpp"

namespace rmtlab::inference {
namespace {

constexpr const char* function = "fit_power_law";

// Candidates whose tail sizes are evenly spaced in logarithm, ascending, `always` among them.
std::vector<std::size_t> spread(const TailTable& table, std::size_t candidates, std::size_t points,
                                std::size_t always) {
  std::vector<std::size_t> chosen{always};
  if (candidates <= points) {
    for (std::size_t i = 0; i < candidates; ++i) chosen.push_back(i);
  } else {
    const auto end = table.at_least.begin() + static_cast<std::ptrdiff_t>(candidates);
    const double longest = std::log(table.at_least[0]);
    const double step = (longest - std::log(*(end - 1))) / static_cast<double>(points - 1);
    for (std::size_t k = 0; k < points; ++k) {
      const double size = std::exp(longest - static_cast<double>(k) * step) * (1 + 1e-12);
      const auto at = std::lower_bound(table.at_least.begin(), end, size, std::greater<>());
      if (at != end) chosen.push_back(static_cast<std::size_t>(at - table.at_least.begin()));
    }
  }
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  return chosen;
}

// The memory of a fit, kept for the next one of the thread: on fresh memory the operating system's
// work would take longer than ours.
struct Scratch {
  std::vector<double> sorted, spare;
  PowerLawProblem problem;
  XminSearch search{SearchRules{}};
};

constexpr std::size_t most_kept = std::size_t{1} << 21;  // values; about 100 bytes each

PowerLawFit fit(const SampleView& sample, const PowerLawOptions& options, Scratch& scratch) {
  scratch.problem.set(sample, options, function);
  PowerLawFit result = describe_fit(scratch.problem, scratch.problem.solve(scratch.search));
  for (const TailWarning& warning : diagnose(result)) result.warnings.push_back(full_text(warning));
  if (sample.values.size() > most_kept) scratch = Scratch();
  return result;
}

Scratch& scratch_of_thread() {
  static thread_local Scratch scratch;
  return scratch;
}

bool ascends_strictly(std::span<const double> values) {
  return std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) == values.end();
}

}  // namespace

PowerLawFit fit_power_law(const CountedValues& sample, const PowerLawOptions& options) {
  check_counted_values(sample, function);
  return fit({sample.values, sample.counts}, options, scratch_of_thread());
}

PowerLawFit fit_power_law(std::span<const double> values, const PowerLawOptions& options) {
  check_positive(values, function);
  Scratch& scratch = scratch_of_thread();
  if (!std::is_sorted(values.begin(), values.end())) {
    scratch.sorted.assign(values.begin(), values.end());
    sort_positive(scratch.sorted, scratch.spare);
    values = scratch.sorted;
  }
  if (ascends_strictly(values)) return fit({values, {}}, options, scratch);
  const CountedValues merged = count_values(values);
  return fit({merged.values, merged.counts}, options, scratch);
}

std::vector<KsPoint> ks_curve(const CountedValues& sample, const PowerLawOptions& options,
                              std::size_t points) {
  if (points < 2)
    throw std::domain_error(fmt::format("ks_curve: points = {} (must be >= 2)", points));
  PowerLawOptions searched = options;
  searched.xmin.reset();
  const PowerLawProblem problem = make_problem(sample, searched, "ks_curve");
  const TailTable& table = problem.table;
  const std::size_t candidates = candidate_count(table, problem.rules.min_tail);
  const std::size_t best = problem.solve().index;
  const std::vector<std::size_t> chosen = spread(table, candidates, points, best);
  const std::vector<double> distances = XminSearch(problem.rules).distances(table, chosen);
  std::vector<KsPoint> curve;
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    const PowerLawFit fit = describe_fit(problem, {chosen[k], distances[k]});
    curve.push_back({fit.xmin, fit.ks, fit.alpha, fit.n_tail});
  }
  return curve;
}

}  // namespace rmtlab::inference
