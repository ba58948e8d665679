// SPDX-License-Identifier: MIT
#include "sim/inference/marchenko_pastur_fit_bulk.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include <fmt/format.h>

#include "theory/marchenko_pastur.hpp"
#include "theory/wishart_edge.hpp"

namespace rmtlab::inference {
namespace {

// Law of the bulk with k outliers set apart: aspect ratio and the factor (N - k) / N.
struct BulkShape {
  double aspect_ratio, shrinkage;
};

BulkShape bulk_shape(std::size_t rows, std::size_t bulk_count, std::size_t removed) {
  const auto left = static_cast<double>(rows - removed);
  return {left / static_cast<double>(bulk_count), left / static_cast<double>(rows)};
}

// Quantile at p of the mean distribution of m eigenvalues, to order 1/m. The correction is at most
// 1/(4m), so evaluating it at the uncorrected quantile costs order 1/m^2.
double finite_size_quantile(const theory::MarchenkoPastur& law, double p, double m) {
  const double first = quantile(law, p);
  const double middle = (law.lower_edge() + law.upper_edge()) / 2;
  const double half_width = (law.upper_edge() - law.lower_edge()) / 2;
  const double theta = std::acos(std::clamp((middle - first) / half_width, -1.0, 1.0));
  return quantile(law, p - (0.25 - theta / (2 * std::numbers::pi)) / m);
}

// The i-th smallest of m stands for the level (i - 1/2) / m; between them, linear.
double empirical_quantile(std::span<const double> ascending, double p) {
  const double position = p * static_cast<double>(ascending.size()) - 0.5;
  const auto below = static_cast<std::size_t>(position);  // p >= .1 and m >= 10: position >= 0.5
  return std::lerp(ascending[below], ascending[below + 1], position - static_cast<double>(below));
}

double bulk_variance(std::span<const double> bulk, std::size_t rows, std::size_t removed) {
  const BulkShape shape = bulk_shape(rows, bulk.size(), removed);
  const theory::MarchenkoPastur law(shape.aspect_ratio, shape.shrinkage);
  std::array<double, 7> ratios{};
  for (std::size_t i = 0; i < ratios.size(); ++i) {
    const double p = 0.1 * static_cast<double>(i + 1);
    ratios[i] = empirical_quantile(bulk, p) /
                finite_size_quantile(law, p, static_cast<double>(bulk.size()));
  }
  std::nth_element(ratios.begin(), ratios.begin() + 3, ratios.end());
  if (!(ratios[3] > 0))
    throw FitError(
        fmt::format("too many zero eigenvalues: the variance of the bulk of {} comes out as zero",
                    bulk.size()));
  return ratios[3];
}

std::size_t count_outliers(std::span<const double> ascending, std::size_t rows, double sigma2,
                           double level) {
  const std::size_t cols = ascending.size(), most = cols / 2;
  for (std::size_t k = 0; k < most; ++k) {
    const double z = outlier_z(ascending[cols - 1 - k], sigma2, rows, cols, k);
    if (outlier_p_value(z, rows, cols, k) >= level) return k;
  }
  return most;
}

}  // namespace

double outlier_z(double lambda, double sigma2, std::size_t rows, std::size_t cols,
                 std::size_t removed) {
  const auto left = static_cast<double>(rows - removed);
  const auto bulk_count = static_cast<double>(cols - removed);
  const auto edge =
      theory::upper_edge_scaling(left, bulk_count, sigma2 * left / static_cast<double>(rows));
  return edge_z(edge, lambda);
}

double outlier_p_value(double z, std::size_t rows, std::size_t cols, std::size_t removed) {
  // Abscissae and weights of E f(G), G standard normal, symmetric about 0.
  static constexpr std::array<double, 4> abscissa = {0.0, 1.1544053947399682, 2.3667594107345416,
                                                     3.7504397177257425};
  static constexpr std::array<double, 4> weight = {0.45714285714285714, 0.24012317860501271,
                                                   0.030757123967586497, 0.00054826885597221781};
  const auto bulk_count = static_cast<double>(cols - removed);
  const double aspect_ratio = static_cast<double>(rows - removed) / bulk_count;
  const double spread = std::sqrt(1 + 9.5 / aspect_ratio) / std::cbrt(bulk_count);
  double p = weight[0] * theory::edge_p_value(z);
  for (std::size_t i = 1; i < abscissa.size(); ++i)
    p += weight[i] * (theory::edge_p_value(z + spread * abscissa[i]) +
                      theory::edge_p_value(z - spread * abscissa[i]));
  return p;
}

double marchenko_pastur_distance(std::span<const double> ascending, double aspect_ratio,
                                 double sigma2) {
  const theory::MarchenkoPastur law(aspect_ratio, sigma2);
  const auto count = static_cast<double>(ascending.size());
  double distance = 0;
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    const double expected = cdf(law, ascending[i]);
    distance = std::max({distance, expected - static_cast<double>(i) / count,
                         static_cast<double>(i + 1) / count - expected});
  }
  return distance;
}

BulkFit fit_bulk(std::span<const double> ascending, std::size_t rows, double level) {
  const std::size_t cols = ascending.size();
  if (cols < smallest_spectrum)
    throw FitError(
        fmt::format("M = {} eigenvalues (at least {} are needed)", cols, smallest_spectrum));
  BulkFit fit;
  std::vector<std::size_t> counts;  // all that were tried, in order
  std::size_t removed = 0;
  while (true) {
    ++fit.iterations;
    fit.sigma2 = bulk_variance(ascending.first(cols - removed), rows, removed);
    counts.push_back(removed);
    const std::size_t next = count_outliers(ascending, rows, fit.sigma2, level);
    const auto seen = std::find(counts.begin(), counts.end(), next);
    if (seen == counts.end()) {
      removed = next;
      continue;
    }
    fit.outlier_limit_reached = std::find(seen, counts.end(), cols / 2) != counts.end();
    const std::size_t kept = *std::min_element(seen, counts.end());
    if (kept != removed) fit.sigma2 = bulk_variance(ascending.first(cols - kept), rows, kept);
    fit.outlier_count = kept;
    break;
  }
  const std::size_t bulk_count = cols - fit.outlier_count;
  const BulkShape shape = bulk_shape(rows, bulk_count, fit.outlier_count);
  fit.ks = marchenko_pastur_distance(ascending.first(bulk_count), shape.aspect_ratio,
                                     fit.sigma2 * shape.shrinkage);
  return fit;
}

}  // namespace rmtlab::inference
