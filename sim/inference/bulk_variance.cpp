// SPDX-License-Identifier: MIT
#include "sim/inference/bulk_variance.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <fmt/format.h>

#include "theory/marchenko_pastur.hpp"

namespace rmtlab::inference {
namespace {

// h of an outlier at x = lambda / sigma2; at and below the edge, the threshold.
double excess_of(double x, double c) {
  const double middle = x - 1 - c, root = middle * middle - 4 * c;
  if (!(middle > 0) || root <= 0) return std::sqrt(c);
  return (middle + std::sqrt(root)) / 2;
}

void check(std::span<const double> ascending, std::size_t removed) {
  if (removed >= ascending.size())
    throw FitError(
        fmt::format("{} of {} eigenvalues set apart: no bulk is left", removed, ascending.size()));
}

// For what reads quantiles in steps of 0.1, or the lowest three.
void check_quantiles(std::span<const double> ascending, std::size_t removed) {
  check(ascending, removed);
  if (ascending.size() - removed < smallest_spectrum / 2)
    throw FitError(fmt::format("a bulk of {} eigenvalues (at least {} are needed for quantiles)",
                               ascending.size() - removed, smallest_spectrum / 2));
}

double positive(double sigma2, std::size_t bulk_count) {
  if (!(sigma2 > 0))
    throw FitError(fmt::format(
        "too many zero eigenvalues: the variance of the bulk of {} comes out as zero", bulk_count));
  return sigma2;
}

// Quantile at p of the mean distribution of m eigenvalues, to order 1/m. The correction is at most
// 1/(4m), so evaluating it at the uncorrected quantile costs order 1/m^2.
double finite_size_quantile(const theory::MarchenkoPastur& law, double p, double m) {
  const double first = quantile(law, p);
  const double middle = (law.lower_edge() + law.upper_edge()) / 2;
  const double half_width = (law.upper_edge() - law.lower_edge()) / 2;
  const double theta = std::acos(std::clamp((middle - first) / half_width, -1.0, 1.0));
  return quantile(law, std::clamp(p - mean_count_correction(theta, 0) / m, 0.0, 1.0));
}

// The i-th smallest of m stands for the level (i - 1/2) / m; between them, linear.
double empirical_quantile(std::span<const double> ascending, double p) {
  const double position = p * static_cast<double>(ascending.size()) - 0.5;
  const auto below = static_cast<std::size_t>(position);  // p >= .1 and m >= 10: position >= 0.5
  return std::lerp(ascending[below], ascending[below + 1], position - static_cast<double>(below));
}

double lower_edge_variance(std::span<const double> ascending, std::size_t rows,
                           std::size_t removed) {
  const auto bulk = ascending.first(ascending.size() - removed);
  const BulkShape shape(rows, ascending.size(), removed);
  const theory::MarchenkoPastur law(shape.aspect_ratio());
  const std::size_t lowest = std::max<std::size_t>(3, bulk.size() / 20);
  double observed = 0, expected = 0;
  for (std::size_t i = 0; i < lowest; ++i) {
    observed += bulk[i];
    expected += finite_size_quantile(law, (static_cast<double>(i) + 0.5) / shape.cols, shape.cols);
  }
  return shape.factor * observed / expected;
}

double median_variance(std::span<const double> ascending, std::size_t rows, std::size_t removed) {
  const auto bulk = ascending.first(ascending.size() - removed);
  const BulkShape shape(rows, ascending.size(), removed);
  const theory::MarchenkoPastur law(shape.aspect_ratio());
  return shape.factor * empirical_quantile(bulk, 0.5) / finite_size_quantile(law, 0.5, shape.cols);
}

}  // namespace

std::string_view name(VarianceEstimator estimator) {
  switch (estimator) {
    case VarianceEstimator::trace:
      return "trace";
    case VarianceEstimator::quantile:
      return "quantile";
    case VarianceEstimator::median:
      return "median";
    case VarianceEstimator::lower_edge:
      break;
  }
  return "lower-edge";
}

BulkShape::BulkShape(std::size_t rows_of_w, std::size_t cols_of_w, std::size_t removed)
    : rows(static_cast<double>(rows_of_w - removed)),
      cols(static_cast<double>(cols_of_w - removed)),
      factor(static_cast<double>(rows_of_w) / rows) {}

double mean_count_correction(double theta, double excess_kurtosis) {
  return 0.25 - theta / (2 * std::numbers::pi) +
         excess_kurtosis * std::sin(2 * theta) / (2 * std::numbers::pi);
}

double trace_variance(std::span<const double> ascending, std::size_t rows, std::size_t removed) {
  check(ascending, removed);
  const std::size_t left = ascending.size() - removed;
  double sum = 0;
  for (const double x : ascending.first(left)) sum += x;
  const auto n = static_cast<double>(rows), m = static_cast<double>(left);
  const double mean = positive(sum / m, left);
  double sigma2 = mean;
  for (int i = 0; i < 100 && removed > 0; ++i) {
    double pushed = 0;
    for (const double x : ascending.subspan(left)) pushed += 1 + 1 / excess_of(x / sigma2, m / n);
    // Outliers that are none can push everything out; half the noise is the limit.
    const double next = mean / std::max(0.5, 1 - pushed / n);
    if (std::abs(next - sigma2) <= 1e-14 * sigma2) return next;
    sigma2 = next;
  }
  return sigma2;
}

double quantile_variance(std::span<const double> ascending, std::size_t rows, std::size_t removed) {
  check_quantiles(ascending, removed);
  const auto bulk = ascending.first(ascending.size() - removed);
  const BulkShape shape(rows, ascending.size(), removed);
  const theory::MarchenkoPastur law(shape.aspect_ratio());
  std::array<double, 7> ratios{};
  for (std::size_t i = 0; i < ratios.size(); ++i) {
    const double p = 0.1 * static_cast<double>(i + 1);
    ratios[i] = empirical_quantile(bulk, p) / finite_size_quantile(law, p, shape.cols);
  }
  std::nth_element(ratios.begin(), ratios.begin() + 3, ratios.end());
  return positive(shape.factor * ratios[3], bulk.size());
}

double bulk_variance(VarianceEstimator estimator, std::span<const double> ascending,
                     std::size_t rows, std::size_t removed) {
  if (estimator == VarianceEstimator::trace) return trace_variance(ascending, rows, removed);
  check_quantiles(ascending, removed);
  const std::size_t left = ascending.size() - removed;
  switch (estimator) {
    case VarianceEstimator::quantile:
      return quantile_variance(ascending, rows, removed);
    case VarianceEstimator::median:
      return positive(median_variance(ascending, rows, removed), left);
    default:
      break;
  }
  return positive(lower_edge_variance(ascending, rows, removed), left);
}

Interval variance_interval(double sigma2, std::span<const double> ascending, std::size_t rows,
                           std::size_t removed, double excess_kurtosis, double coverage) {
  check(ascending, removed);
  if (!(coverage > 0 && coverage < 1))
    throw std::domain_error(
        fmt::format("variance_interval: coverage = {} (must be in (0, 1))", coverage));
  if (!(excess_kurtosis >= -2 && std::isfinite(excess_kurtosis)))
    throw std::domain_error(fmt::format(
        "variance_interval: excess_kurtosis = {} (must be finite and >= -2)", excess_kurtosis));
  const BulkShape shape(rows, ascending.size(), removed);
  const auto n = static_cast<double>(rows);
  const double c = shape.cols / n;
  double variance = (2 + excess_kurtosis) / (shape.rows * shape.cols);
  for (const double x : ascending.last(removed)) {
    const double h = excess_of(x / sigma2, c), beyond = 1 - c / (h * h);
    // At the threshold the formula diverges; there h is off by its own size at most.
    const double error2 =
        2 * (1 + h) * (1 + h) / n / std::max(beyond, 2 * (1 + h) * (1 + h) / (n * h * h));
    variance += std::pow(c / (shape.cols * h * h), 2) * error2;
  }
  const double tail = (1 - coverage) / 2;
  if (variance < 1e-6) {  // the normal limit of chi-square, to order nu^-1/2
    // At kurtosis -2 the trace is known exactly; what is left is rounding.
    const double half =
        std::max(1e-12, quantile(complement(boost::math::normal(), tail)) * std::sqrt(variance));
    return {sigma2 / (1 + half), sigma2 / (1 - half)};
  }
  const boost::math::chi_squared law(2 / variance);
  return {sigma2 * 2 / variance / quantile(complement(law, tail)),
          sigma2 * 2 / variance / quantile(law, tail)};
}

}  // namespace rmtlab::inference
