// SPDX-License-Identifier: MIT
#include "sim/inference/power_law.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/inference/power_law_diagnosis.hpp"
#include "sim/inference/power_law_problem.hpp"

namespace rmtlab::inference {
namespace {

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

}  // namespace

PowerLawFit fit_power_law(const CountedValues& sample, const PowerLawOptions& options) {
  const PowerLawProblem problem = make_problem(sample, options, "fit_power_law");
  PowerLawFit fit = describe_fit(problem, problem.solve());
  for (const TailWarning& warning : diagnose(fit)) fit.warnings.push_back(full_text(warning));
  return fit;
}

PowerLawFit fit_power_law(std::span<const double> values, const PowerLawOptions& options) {
  return fit_power_law(count_values(values), options);
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
