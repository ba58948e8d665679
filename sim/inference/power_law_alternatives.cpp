// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_alternatives.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "sim/inference/power_law_excess.hpp"
#include "sim/inference/power_law_table.hpp"
#include "sim/inference/power_law_tail.hpp"

namespace rmtlab::inference {
namespace {

void check_fit(const PowerLawFit& fit, const std::string& function) {
  if (!fit.is_cut_off) return;
  throw std::domain_error(
      fmt::format("{}: xmax = {} (the alternatives have no end: compare a fit without xmax)",
                  function, fit.xmax));
}

// ln of the power law's likelihood.
double power_law_likelihood(const TailExcess& tail, const PowerLawFit& fit) {
  return tail.size * (std::log(fit.alpha - 1) - std::log(fit.xmin) - fit.alpha * tail.mean);
}

}  // namespace

TailExcess tail_excess(const CountedValues& sample, const PowerLawFit& fit,
                       const std::string& function) {
  check_counted_values(sample, function);
  check_fit(fit, function);
  const auto first = std::lower_bound(sample.values.begin(), sample.values.end(), fit.xmin);
  const auto skipped = first - sample.values.begin();
  CountedValues kept{{first, sample.values.end()},
                     {sample.counts.begin() + skipped, sample.counts.end()}};
  if (const std::uint64_t size = sample_size(kept); size != fit.n_tail)
    throw std::invalid_argument(fmt::format(
        "{}: {} values >= xmin = {}, but the fit has n_tail = {} (must be a fit of this sample)",
        function, size, fit.xmin, fit.n_tail));
  if (kept.values.front() != fit.xmin) {
    kept.values.insert(kept.values.begin(), fit.xmin);
    kept.counts.insert(kept.counts.begin(), 0);
  }
  const TailTable table = make_tail_table({kept.values, kept.counts});
  TailExcess tail;
  tail.value = std::move(kept.values);
  tail.count.assign(kept.counts.begin(), kept.counts.end());
  tail.size = static_cast<double>(fit.n_tail);
  for (const double y : table.log_value) tail.y.push_back(y - table.log_value.front());
  tail.mean = table.sum_log.front() / tail.size;
  tail.squared_cv = tail.average([&](std::size_t k) {
    const double e = tail.y[k] / tail.mean - 1;
    return e * e;
  });
  return tail;
}

Alternative same_as_power_law(const TailExcess& tail, const PowerLawFit& fit, std::string name) {
  Alternative same{};
  same.name = std::move(name);
  same.log_likelihood = power_law_likelihood(tail, fit);
  same.p_value = same.p_value_vuong = 1;
  same.test = LikelihoodTest::half_chi_square;
  same.is_power_law = true;
  return same;
}

Alternative compared(const TailExcess& tail, const PowerLawFit& fit, std::string name,
                     LikelihoodTest test, const std::vector<double>& difference) {
  const double mean = tail.average([&](std::size_t k) { return difference[k]; });
  if (test == LikelihoodTest::half_chi_square && mean >= 0)
    return same_as_power_law(tail, fit, std::move(name));
  const double variance =
      tail.average([&](std::size_t k) { return (difference[k] - mean) * (difference[k] - mean); });
  Alternative result{};
  result.name = std::move(name);
  result.test = test;
  result.ratio = tail.size * mean;
  result.log_likelihood = power_law_likelihood(tail, fit) - result.ratio;
  // The variance cannot vanish: two laws that differ do so by more than a factor on two values.
  result.ratio_normalised = mean * std::sqrt(tail.size / variance);
  result.p_value_vuong = std::erfc(std::abs(result.ratio_normalised) / std::numbers::sqrt2);
  result.p_value = test == LikelihoodTest::vuong ? result.p_value_vuong
                                                 : 0.5 * std::erfc(std::sqrt(-result.ratio));
  return result;
}

Alternative exponential_alternative(const CountedValues& sample, const PowerLawFit& fit) {
  const TailExcess tail = tail_excess(sample, fit, "exponential_alternative");
  // Excesses in units of the largest value: no overflow at any scale of the data.
  const double unit = tail.value.back();
  const auto excess = [&](std::size_t k) { return (tail.value[k] - fit.xmin) / unit; };
  const double mean = tail.average(excess);
  const double rate = 1 / mean / unit;
  if (!std::isfinite(rate)) {
    throw std::domain_error(fmt::format(
        "exponential_alternative: xmax = {} (must be large enough for 1 / (mean - xmin) to be a "
        "finite number; rescale the data)",
        unit));
  }
  // ln of alpha - 1 over rate xmin.
  const double scale = std::log(fit.alpha - 1) + std::log(mean) - std::log(fit.xmin / unit);
  std::vector<double> difference(tail.y.size());
  for (std::size_t k = 0; k < difference.size(); ++k)
    difference[k] = scale - fit.alpha * tail.y[k] + excess(k) / mean;
  Alternative result = compared(tail, fit, "exponential", LikelihoodTest::vuong, difference);
  result.parameters["rate"] = rate;
  return result;
}

std::vector<Alternative> compare_alternatives(const CountedValues& sample, const PowerLawFit& fit) {
  return {exponential_alternative(sample, fit), lognormal_alternative(sample, fit),
          stretched_exponential_alternative(sample, fit),
          truncated_power_law_alternative(sample, fit)};
}

double survival(const PowerLawFit& fit, double x) {
  if (x <= fit.xmin) return 1;
  const double length =
      fit.is_cut_off ? log_ratio(fit.xmin, fit.xmax) : std::numeric_limits<double>::infinity();
  if (fit.is_cut_off && x >= fit.xmax) return 0;
  return truncated_survival(fit.alpha - 1, log_ratio(fit.xmin, x), length);
}

double survival(const Alternative& alternative, const PowerLawFit& fit, double x) {
  if (x <= fit.xmin) return 1;
  if (alternative.is_power_law) return survival(fit, x);
  const auto parameter = [&](const char* name) { return alternative.parameters.at(name); };
  const double y = log_ratio(fit.xmin, x);
  const double log_xmin = std::log(fit.xmin);
  if (alternative.name == "exponential") return std::exp(-parameter("rate") * (x - fit.xmin));
  if (alternative.name == "lognormal")
    return lognormal_survival(parameter("mu") - log_xmin, parameter("sigma"), y);
  if (alternative.name == "stretched_exponential") {
    const double b = parameter("beta");  // (rate x)^b - (rate xmin)^b, without overflow
    const double log_power = b * (parameter("log_rate") + log_xmin + y);
    return std::exp(std::exp(log_power) * std::expm1(-b * y));
  }
  if (alternative.name == "truncated_power_law")
    return truncated_power_law_survival(parameter("alpha") - 1, parameter("rate") * fit.xmin, y);
  throw std::invalid_argument(fmt::format(
      "survival: alternative = '{}' (must be one of compare_alternatives)", alternative.name));
}

}  // namespace rmtlab::inference
