// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_diagnosis.hpp"

#include <cmath>
#include <numbers>

#include <fmt/format.h>

namespace rmtlab::inference {
namespace {

constexpr double least_typical_range = 0.87;  // decades
constexpr double shortest_range = 1;          // decades
constexpr std::uint64_t fewest_observations = 50;
constexpr double plausible = 0.1;

void check_steepness(const PowerLawFit& fit, std::vector<TailWarning>& warnings) {
  const double typical = typical_decades(fit);
  if (typical >= least_typical_range) return;
  warnings.push_back(
      {WarningKind::edge_like,
       fmt::format(
           "{} values of a power law with alpha = {:.3g} span only about {:.2g} decades: it "
           "cannot be told from the edge of a bulk",
           fit.n_tail, fit.alpha, typical),
       "do not read alpha as a tail exponent; compare other laws, look at the Hill curve, or take "
       "a "
       "larger sample"});
}

void check_range(const PowerLawFit& fit, std::vector<TailWarning>& warnings) {
  if (fit.decades >= shortest_range) return;
  warnings.push_back(
      {WarningKind::short_range,
       fmt::format("the tail spans {:.2f} decades (xmin = {:.4g} to {:.4g}), less than one",
                   fit.decades, fit.xmin, fit.xmax),
       fmt::format("take alpha = {:.3g} as the slope of this range only; say the range with it",
                   fit.alpha)});
}

void check_observations(const PowerLawFit& fit, std::vector<TailWarning>& warnings) {
  if (fit.n_tail >= fewest_observations) return;
  warnings.push_back(
      {WarningKind::few_observations,
       fmt::format("the tail has {} values: below {} both alpha and the choice of "
                   "xmin are unreliable",
                   fit.n_tail, fewest_observations),
       fmt::format("set min_tail to {} or more, or take a larger sample", fewest_observations)});
}

void check_edge(const PowerLawFit& fit, std::vector<TailWarning>& warnings) {
  if (fit.edge == SearchEdge::smallest_value)
    warnings.push_back(
        {WarningKind::search_edge,
         fmt::format("the least KS distance is met at the smallest value, {:.4g}: the whole sample "
                     "is the tail and nothing shows where the law begins",
                     fit.xmin),
         "give the xmin if it is known, or add the values below"});
  if (fit.edge == SearchEdge::shortest_tail)
    warnings.push_back(
        {WarningKind::search_edge,
         fmt::format("the least KS distance is met at the shortest tail tried, {} values: it was "
                     "still decreasing where the search ended",
                     fit.n_tail),
         "look at the KS(xmin) curve; the sample may have no power-law tail"});
}

void check_repeats(const PowerLawFit& fit, std::vector<TailWarning>& warnings) {
  if (2 * fit.n_distinct >= fit.n_tail) return;
  warnings.push_back(
      {WarningKind::repeated_values,
       fmt::format("the {} values of the tail are only {} distinct ones: the data look rounded or "
                   "discrete, and this is the continuous law",
                   fit.n_tail, fit.n_distinct),
       "take alpha as approximate and p as too small, or choose a larger xmin"});
}

void check_dependence(const FitContext& context, std::vector<TailWarning>& warnings) {
  if (!context.values_are_eigenvalues) return;
  warnings.push_back(
      {WarningKind::dependent_values,
       "the values are eigenvalues, which repel each other: p_value, sigma_alpha and the bootstrap "
       "interval assume independent values and are not credible",
       "calibrate with simulated spectra of a declared class, and judge by the range of the tail"});
}

void check_plausibility(const FitContext& context, std::vector<TailWarning>& warnings) {
  if (!context.goodness || context.goodness->p_value >= plausible) return;
  warnings.push_back(
      {WarningKind::implausible,
       fmt::format(
           "p = {:.3g} (standard error {:.1g}): samples of the fitted power law are seldom so "
           "far from it, so it is refused at the usual limit p < {}",
           context.goodness->p_value, context.goodness->standard_error, plausible),
       "compare other laws; with very many values even a slight deviation is refused"});
}

void check_alternatives(const FitContext& context, std::vector<TailWarning>& warnings) {
  for (const Alternative& law : context.alternatives) {
    if (law.ratio >= 0 || law.p_value >= plausible) continue;
    warnings.push_back({WarningKind::better_alternative,
                        fmt::format("{} fits better: log-likelihood ratio {:.3g}, p = {:.2g}",
                                    law.name, law.ratio, law.p_value),
                        "do not claim a power law over it"});
  }
}

}  // namespace

std::string_view name(WarningKind kind) {
  switch (kind) {
    case WarningKind::edge_like:
      return "edge_like";
    case WarningKind::short_range:
      return "short_range";
    case WarningKind::dependent_values:
      return "dependent_values";
    case WarningKind::few_observations:
      return "few_observations";
    case WarningKind::search_edge:
      return "search_edge";
    case WarningKind::implausible:
      return "implausible";
    case WarningKind::better_alternative:
      return "better_alternative";
    case WarningKind::repeated_values:
      return "repeated_values";
  }
  return "";
}

std::string full_text(const TailWarning& warning) {
  return fmt::format("{}; {}", warning.text, warning.advice);
}

double typical_decades(const PowerLawFit& fit) {
  if (fit.is_cut_off) return fit.decades;
  return (std::log(static_cast<double>(fit.n_tail)) + std::numbers::egamma) /
         ((fit.alpha - 1) * std::numbers::ln10);
}

std::vector<TailWarning> diagnose(const PowerLawFit& fit, const FitContext& context) {
  std::vector<TailWarning> warnings;
  check_steepness(fit, warnings);
  check_range(fit, warnings);
  check_dependence(context, warnings);
  check_observations(fit, warnings);
  check_edge(fit, warnings);
  check_plausibility(context, warnings);
  check_alternatives(context, warnings);
  check_repeats(fit, warnings);
  return warnings;
}

}  // namespace rmtlab::inference
