// SPDX-License-Identifier: MIT
/// \file
/// \brief Exact spacing of neighbouring levels in the bulk of large Gaussian matrices.
#include "theory/spacing.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

#include <boost/math/tools/roots.hpp>

#include "theory/domain_check.hpp"
#include "theory/gauss_legendre.hpp"

namespace rmtlab::theory {

namespace {

using std::numbers::pi;

/// E and its first two derivatives.
struct Gap {
  double value, slope, curvature;
};

/// A square matrix by rows.
struct Matrix {
  explicit Matrix(std::size_t size) : n(size), entries(size * size) {}
  double& operator()(std::size_t i, std::size_t j) { return entries[i * n + j]; }
  double operator()(std::size_t i, std::size_t j) const { return entries[i * n + j]; }

  std::size_t n;
  std::vector<double> entries;
};

/// Replaces a positive definite matrix by its Cholesky factor; its determinant.
double factorize(Matrix& a) {
  double determinant = 1;
  for (std::size_t j = 0; j < a.n; ++j) {
    for (std::size_t i = j; i < a.n; ++i) {
      double sum = a(i, j);
      for (std::size_t k = 0; k < j; ++k) sum -= a(i, k) * a(j, k);
      a(i, j) = i == j ? std::sqrt(sum) : sum / a(j, j);
    }
    determinant *= a(j, j) * a(j, j);
  }
  return determinant;
}

/// Replaces b by L^-1 b L^-T, b symmetric and L the lower triangle of `factor`.
void reduce(const Matrix& factor, Matrix& b) {
  for (int pass = 0; pass < 2; ++pass) {
    for (std::size_t column = 0; column < b.n; ++column)
      for (std::size_t i = 0; i < b.n; ++i) {
        double sum = b(i, column);
        for (std::size_t k = 0; k < i; ++k) sum -= factor(i, k) * b(k, column);
        b(i, column) = sum / factor(i, i);
      }
    for (std::size_t i = 0; i < b.n; ++i)  // the second pass works on the transpose
      for (std::size_t j = 0; j < i; ++j) std::swap(b(i, j), b(j, i));
  }
}

/// det(1 - K_sign) on (0, s/2). With nodes t_i s/2 the matrix has entries sqrt(w_i w_j) (k(t_i - t_j)
/// + sign k(t_i + t_j)), k(a) = sin(pi s a / 2) / (pi a), and
///
///     (log E)' = -tr A K',   (log E)'' = -tr A K'' - tr (A K')^2,   A = (1 - K)^-1.
Gap gap(double s, int sign) {
  const GaussLegendre rule(20 + static_cast<int>(2 * s));
  const std::size_t n = rule.nodes.size();
  Matrix one_minus_k(n), first(n), second(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      const double weight = std::sqrt(rule.weights[i] * rule.weights[j]);
      double k = 0, dk = 0, ddk = 0;
      const auto add = [&](double a, int factor) {
        const double angle = pi * s * a / 2;
        k += factor * (a == 0 ? s / 2 : std::sin(angle) / (pi * a));
        dk += factor * std::cos(angle) / 2;
        ddk -= factor * pi * a / 4 * std::sin(angle);
      };
      add(rule.nodes[i] - rule.nodes[j], 1);
      add(rule.nodes[i] + rule.nodes[j], sign);
      one_minus_k(i, j) = (i == j ? 1 : 0) - weight * k;
      first(i, j) = weight * dk;
      second(i, j) = weight * ddk;
    }
  const double value = factorize(one_minus_k);
  reduce(one_minus_k, first);
  reduce(one_minus_k, second);
  double slope = 0, curvature = 0;
  for (std::size_t i = 0; i < n; ++i) {
    slope -= first(i, i);
    curvature -= second(i, i);
    for (std::size_t j = 0; j < n; ++j) curvature -= first(i, j) * first(i, j);
  }
  return {value, value * slope, value * (slope * slope + curvature)};
}

double longest(const LevelSpacing& law) { return law.dyson_index() == 4 ? 6 : 12; }

/// For 0 < s <= longest.
Gap gap(const LevelSpacing& law, double s) {
  if (law.dyson_index() == 1) return gap(s, 1);
  if (law.dyson_index() == 2) {
    const Gap even = gap(s, 1), odd = gap(s, -1);
    return {even.value * odd.value, even.slope * odd.value + even.value * odd.slope,
            even.curvature * odd.value + 2 * even.slope * odd.slope + even.value * odd.curvature};
  }
  const Gap even = gap(2 * s, 1), odd = gap(2 * s, -1);
  return {(even.value + odd.value) / 2, even.slope + odd.slope,
          2 * (even.curvature + odd.curvature)};
}

}  // namespace

LevelSpacing::LevelSpacing(int dyson_index) : dyson_index_(dyson_index) {
  if (dyson_index != 1 && dyson_index != 2 && dyson_index != 4)
    throw_domain_error("LevelSpacing", "dyson_index", dyson_index, "1, 2 or 4");
}

double gap_probability(const LevelSpacing& law, double s) {
  check_not_nan("gap_probability", "s", s);
  if (s <= 0) return 1;
  return s > longest(law) ? 0 : gap(law, s).value;
}

double pdf(const LevelSpacing& law, double s) {
  check_not_nan("pdf", "s", s);
  return s <= 0 || s > longest(law) ? 0 : std::max(gap(law, s).curvature, 0.0);
}

double sf(const LevelSpacing& law, double s) {
  check_not_nan("sf", "s", s);
  if (s <= 0) return 1;
  return s > longest(law) ? 0 : std::clamp(-gap(law, s).slope, 0.0, 1.0);
}

double cdf(const LevelSpacing& law, double s) {
  check_not_nan("cdf", "s", s);
  return 1 - sf(law, s);
}

double quantile(const LevelSpacing& law, double p) {
  check_probability("quantile", "p", p);
  return p == 0 ? 0 : quantile_sf(law, 1 - p);
}

double quantile_sf(const LevelSpacing& law, double q) {
  check_probability("quantile_sf", "q", q);
  if (q == 0) return std::numeric_limits<double>::infinity();
  if (q == 1) return 0;
  std::uintmax_t steps = 200;
  const auto excess = [&](double s) { return std::log(sf(law, s) / q); };
  const double end = longest(law);
  if (!(excess(end) < 0)) return end;
  const auto [a, b] =
      boost::math::tools::toms748_solve(excess, 0.0, end, -std::log(q), excess(end),
                                        boost::math::tools::eps_tolerance<double>(52), steps);
  return (a + b) / 2;
}

double mean(const LevelSpacing&) { return 1; }

double variance(const LevelSpacing& law) {
  // E is entire and falls like exp(-pi^2 beta s^2 / 16): 50 nodes leave nothing.
  const GaussLegendre rule(50);
  const double end = longest(law) * 2 / 3;
  double sum = 0;
  for (std::size_t i = 0; i < rule.nodes.size(); ++i)
    sum += rule.weights[i] * gap_probability(law, end * rule.nodes[i]);
  return 2 * end * sum - 1;
}

}  // namespace rmtlab::theory
