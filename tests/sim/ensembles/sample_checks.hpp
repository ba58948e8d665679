// SPDX-License-Identifier: MIT
/// \file
/// \brief Comparisons of samples with numbers, laws and other samples.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <armadillo>

namespace rmtlab::tests {

/// A vector of `count` values of `draw()`.
template <class F>
arma::vec sample(int count, F draw) {
  arma::vec values(static_cast<arma::uword>(count));
  for (double& value : values) value = draw();
  return values;
}

inline double standard_error(const arma::vec& values) {
  return arma::stddev(values) / std::sqrt(static_cast<double>(values.n_elem));
}

/// Distance of the sample mean from `mean` in standard errors.
inline double z_against(const arma::vec& values, double mean) {
  return (arma::mean(values) - mean) / standard_error(values);
}

/// Distance of two sample means in standard errors.
inline double z_between(const arma::vec& a, const arma::vec& b) {
  return (arma::mean(a) - arma::mean(b)) / std::hypot(standard_error(a), standard_error(b));
}

/// Distance of the sample variance from `variance` in standard errors (by the fourth moment).
inline double z_variance(const arma::vec& values, double variance) {
  return z_against(arma::square(values - arma::mean(values)), variance);
}

/// Kolmogorov's sup |F_n - F|.
template <class F>
double ks_distance(arma::vec values, F cdf) {
  values = arma::sort(values);
  const auto n = static_cast<double>(values.n_elem);
  double distance = 0;
  for (arma::uword i = 0; i < values.n_elem; ++i) {
    const double expected = cdf(values[i]), seen = static_cast<double>(i);
    distance = std::max({distance, expected - seen / n, (seen + 1) / n - expected});
  }
  return distance;
}

/// Kolmogorov-Smirnov statistic of two samples, sup |F_n - G_m| sqrt(nm / (n + m)): for independent
/// draws of one law P(> 2.3) = 2 exp(-2 2.3^2) = 5e-5.
inline double ks_between(arma::vec a, arma::vec b) {
  a = arma::sort(a);
  b = arma::sort(b);
  const auto n = static_cast<double>(a.n_elem), m = static_cast<double>(b.n_elem);
  double distance = 0;
  arma::uword i = 0, j = 0;
  while (i < a.n_elem && j < b.n_elem) {
    const double x = std::min(a[i], b[j]);
    while (i < a.n_elem && a[i] <= x) ++i;
    while (j < b.n_elem && b[j] <= x) ++j;
    distance =
        std::max(distance, std::abs(static_cast<double>(i) / n - static_cast<double>(j) / m));
  }
  return distance * std::sqrt(n * m / (n + m));
}

/// Mean of min(r, 1/r), r the ratio of neighbouring spacings, over the middle half of ascending levels.
inline double mean_gap_ratio(const arma::vec& levels) {
  const arma::uword first = levels.n_elem / 4, last = levels.n_elem - first - 2;
  double sum = 0;
  for (arma::uword i = first; i < last; ++i) {
    const double a = levels[i + 1] - levels[i], b = levels[i + 2] - levels[i + 1];
    sum += std::min(a, b) / std::max(a, b);
  }
  return sum / static_cast<double>(last - first);
}

/// Eigenvalues of W^T W / N, ascending.
inline arma::vec spectrum(const arma::mat& W) {
  return arma::eig_sym(arma::mat(W.t() * W)) / static_cast<double>(W.n_rows);
}

}  // namespace rmtlab::tests
