// SPDX-License-Identifier: MIT
#include "sim/experiments/power_law_calibration.hpp"

#include <cmath>
#include <map>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "sim/experiments/group_summary.hpp"
#include "sim/inference/power_law_alternatives.hpp"
#include "sim/inference/power_law_bootstrap.hpp"

namespace rmtlab::experiments {
namespace {

using core::Row;
using core::Value;

// Density proportional to e^(-alpha (x - 1)) on (0, 1) and to x^-alpha beyond: value and slope agree
// at 1, as in the test that came with the method (\cite Clauset2009 section 3.4).
double spliced(double alpha, core::Stream& stream) {
  const double body = std::expm1(alpha) / alpha, tail = 1 / (alpha - 1);
  if (stream.uniform() * (body + tail) < tail) return std::pow(stream.uniform(), -1 / (alpha - 1));
  return -std::log1p(stream.uniform() * std::expm1(-alpha)) / alpha;
}

// Rejection from the Pareto law.
double truncated(double alpha, core::Stream& stream) {
  for (;;) {
    const double x = std::pow(stream.uniform(), -1 / (alpha - 1));
    if (stream.uniform() < std::exp(-(x - 1) / 100)) return x;
  }
}

double draw(SampleLaw law, double alpha, core::Stream& stream) {
  switch (law) {
    case SampleLaw::pareto:
      return std::pow(stream.uniform(), -1 / (alpha - 1));
    case SampleLaw::lomax:
      return std::pow(stream.uniform(), -1 / (alpha - 1)) - 1;
    case SampleLaw::spliced:
      return spliced(alpha, stream);
    case SampleLaw::truncated:
      return truncated(alpha, stream);
    case SampleLaw::lognormal:
      return std::exp(stream.normal());
    case SampleLaw::exponential:
      return -std::log(stream.uniform());
  }
  return 0;
}

bool has_power_law(SampleLaw law) {
  return law == SampleLaw::pareto || law == SampleLaw::lomax || law == SampleLaw::spliced;
}

}  // namespace

void PowerLawCalibration::declare(core::Schema& schema) {
  schema.section("sample", "of independent values", [&] {
    schema.choice<SampleLaw>(
        "law", law_,
        {{"pareto", SampleLaw::pareto},
         {"lomax", SampleLaw::lomax},
         {"spliced", SampleLaw::spliced},
         {"truncated", SampleLaw::truncated},
         {"lognormal", SampleLaw::lognormal},
         {"exponential", SampleLaw::exponential}},
        "pareto from 1 on; lomax: Pareto minus 1; spliced: an exponential body "
        "on (0, 1), joined smoothly to a power law; truncated: Pareto times e^(-x/100); "
        "lognormal with sigma 1 and exponential are no power laws");
    schema.number("alpha", alpha_, core::Bounds{.lower = 1, .open_lower = true},
                  "exponent of the density's tail");
    schema.integer("size", size_, core::at_least(20), "values per sample");
  });
  schema.section("fit", "of the power law", [&] {
    schema.choice<inference::KsConvention>(
        "ks", ks_,
        {{"csn", inference::KsConvention::csn}, {"two-sided", inference::KsConvention::two_sided}},
        "convention of the distance");
    schema.integer("min_tail", min_tail_, core::at_least(2), "fewest values in the tail");
    schema.integer("bootstrap", bootstrap_, core::at_least(20),
                   "replicates, for the p-value and for the interval");
  });
}

double PowerLawCalibration::cost() const {
  return 1e-3 + static_cast<double>(bootstrap_ * size_) * 1e-7;
}

core::TaskResult PowerLawCalibration::run(const core::Task& task) const {
  core::Stream stream = task.own_stream("sample");
  std::vector<double> values(size_);
  for (double& x : values) x = draw(law_, alpha_, stream);
  const auto sample = inference::count_values(values);
  const inference::PowerLawOptions options{.ks = ks_, .min_tail = min_tail_};
  const auto fit = inference::fit_power_law(sample, options);
  const inference::BootstrapOptions bootstrap{.replicates = bootstrap_};
  const auto goodness =
      inference::goodness_of_fit(sample, options, bootstrap, task.own_stream("bootstrap"));
  const auto interval =
      inference::exponent_interval(sample, options, bootstrap, task.own_stream("bootstrap"));
  std::optional<double> covered, sigma_covered, error, median_error;
  if (has_power_law(law_)) {
    covered = interval.lower <= alpha_ && alpha_ <= interval.upper ? 1 : 0;
    sigma_covered = std::abs(fit.alpha - alpha_) <= 1.96 * fit.sigma_alpha ? 1 : 0;
    error = fit.alpha - alpha_;
    median_error = interval.alpha_median - alpha_;
  }
  Row row{{"alpha", fit.alpha},
          {"sigma_alpha", fit.sigma_alpha},
          {"alpha_median", interval.alpha_median},
          {"alpha_lower", interval.lower},
          {"alpha_upper", interval.upper},
          {"error", core::value_of(error)},
          {"median_error", core::value_of(median_error)},
          {"covered", core::value_of(covered)},
          {"sigma_covered", core::value_of(sigma_covered)},
          {"xmin", fit.xmin},
          {"ks", fit.ks},
          {"n_tail", static_cast<std::int64_t>(fit.n_tail)},
          {"decades", fit.decades},
          {"p_value", goodness.p_value},
          {"p_value_conservative", goodness.p_value_conservative},
          {"rejected_at_10_percent", goodness.p_value < 0.1 ? 1.0 : 0.0}};
  for (const auto& x : inference::compare_alternatives(sample, fit)) {
    row.emplace_back("ratio_" + x.name, x.ratio);
    row.emplace_back("normalised_" + x.name, x.ratio_normalised);
    row.emplace_back("p_value_" + x.name, x.p_value);
  }
  core::TaskResult result;
  result.rows.push_back(std::move(row));
  return result;
}

namespace {

// Root mean square errors, in units of the true alpha - 1: on pure power laws they depend on n alone.
std::string error_table(const core::Table& records) {
  struct Sums {
    double n = 0, square = 0, median_square = 0;
  };
  std::map<std::string, Sums> groups;
  std::vector<std::string> order;
  for (std::size_t row = 0; row < records.size(); ++row) {
    if (records.text(row, "error").empty()) continue;
    std::string key;
    for (const auto& column : records.columns()) {
      if (column == "replicate") break;
      key += (key.empty() ? "" : ", ") + records.text(row, column);
    }
    if (!groups.contains(key)) order.push_back(key);
    Sums& sums = groups[key];
    const double unit = records.number(row, "alpha") - records.number(row, "error") - 1;
    const double error = records.number(row, "error") / unit;
    const double median = records.number(row, "median_error") / unit;
    sums.n += 1;
    sums.square += error * error;
    sums.median_square += median * median;
  }
  if (order.empty()) return "";
  std::string text =
      "\nroot mean square error over (alpha - 1): maximum likelihood, bootstrap median\n";
  for (const auto& key : order) {
    const Sums& s = groups.at(key);
    text += fmt::format("{:<40} {:.4f}  {:.4f}\n", key, std::sqrt(s.square / s.n),
                        std::sqrt(s.median_square / s.n));
  }
  return text;
}

}  // namespace

std::string PowerLawCalibration::summary(const core::Table& records) const {
  return group_summary(records, {{"alpha", "alpha", 4},
                                 {"error", "bias", 2},
                                 {"covered", "coverage", 3},
                                 {"sigma_covered", "1.96 sigma", 3},
                                 {"n_tail", "tail", 3},
                                 {"p_value", "p", 3},
                                 {"rejected_at_10_percent", "p < .1", 3}}) +
         error_table(records);
}

}  // namespace rmtlab::experiments
