// SPDX-License-Identifier: MIT
/// \file
/// \brief Edelman's law: the smallest eigenvalue of a square matrix of noise, at the hard edge 0.
///
/// Why the survival function is an expectation: P(lambda_min > x) integrates prod t_i^(-1/2) e^(-t_i/2)
/// times the Vandermonde determinant over t_i > x. Shifting t = s + x leaves the density of the
/// eigenvalues of an N x (N + 1) matrix, S, times e^(-Nx/2) prod (s_i + x)^(-1/2); that product is
/// det(S + x)^(-1/2), a Gaussian integral over a vector z, and averaging exp(-z^T S z / 2) over S gives
/// (1 + |z|^2)^(-(N+1)/2): one integral over |z| is left, Tricomi's.
#include "theory/hard_edge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "theory/domain_check.hpp"

namespace rmtlab::theory {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool is_real_exact(const HardEdge& law) {
  return law.dyson_index() == 1 && law.form() == HardEdgeForm::exact;
}

/// Sum over the nodes d of the trapezoidal rule, step included, of f(d) times
/// exp(n (d - r^2 (e^(2d) - 1) / 2 - (1 - r^2) (e^d - 1))): the integrand of the expectation of
/// e^(-s chi_n) in chi = n^(1/2) r e^d, over its value at the peak d = 0. 0 < r <= 1.
template <class Function>
double integral(double n, double r, Function f) {
  const double square = r * r;
  // Analytic for |Im d| < pi/4, a bell of width (n (1 + r^2))^(-1/2) for large n.
  const double step = std::min(0.1, 0.5 / std::sqrt(n * (1 + square)));
  double sum = f(0.0);
  for (const double direction : {step, -step})
    for (int k = 1;; ++k) {
      const double d = direction * k;
      const double exponent =
          n * (d - square * std::expm1(2 * d) / 2 - (1 - square) * std::expm1(d));
      if (exponent < -42) break;
      sum += f(d) * std::exp(exponent);
    }
  return sum * step;
}

constexpr auto one = [](double) { return 1.0; };

/// Peak of the integrand at s^2 = y / n: r^2 + (s / n^(1/2)) r = 1.
double peak(const HardEdge& law, double y) {
  const double q = std::sqrt(y) / law.size();
  return 2 / (q + std::sqrt(q * q + 4));
}

// --- In y = N^2 lambda / sigma^2 -----------------------------------------------------------------

double log_sf_of_y(const HardEdge& law, double y) {
  if (law.dyson_index() == 2) return -y;
  if (law.form() == HardEdgeForm::limit) return -(y / 2 + std::sqrt(y));
  const double n = law.size(), q = std::sqrt(y) / n, r = peak(law, y);
  return -y / 2 - n * (std::asinh(q / 2) + q * r / 2) +
         std::log(integral(n, r, one) / integral(n, 1, one));
}

/// log cdf and log sf, each with the accuracy of the smaller probability.
struct Tails {
  double log_cdf, log_sf;
};

Tails tails(const HardEdge& law, double y) {
  if (is_real_exact(law) && y < 0.2) {
    // 1 - e^(-y/2) E e^(-s chi) as a sum of positive terms.
    const double n = law.size(), s_root_n = std::sqrt(y);
    const double loss =
        integral(n, 1, [&](double d) { return -std::expm1(-s_root_n * std::exp(d)); });
    const double cdf = -std::expm1(-y / 2) + std::exp(-y / 2) * loss / integral(n, 1, one);
    return {std::log(cdf), std::log1p(-cdf)};
  }
  const double log_sf = log_sf_of_y(law, y);
  return {log_sf > -0.7 ? std::log(-std::expm1(log_sf)) : std::log1p(-std::exp(log_sf)), log_sf};
}

/// pdf / sf in units of 1 / y.
double hazard(const HardEdge& law, double y) {
  if (law.dyson_index() == 2) return 1;
  if (law.form() == HardEdgeForm::limit) return (1 + 1 / std::sqrt(y)) / 2;
  const double n = law.size(), r = peak(law, y);
  const double mean = integral(n, r, [](double d) { return std::exp(d); }) / integral(n, r, one);
  return (1 + r * mean / std::sqrt(y)) / 2;
}

/// log y of the closed forms with that log sf.
double limit_log_quantile(const HardEdge& law, double log_sf) {
  if (law.dyson_index() == 2) return std::log(-log_sf);
  return 2 * std::log(-2 * log_sf / (1 + std::sqrt(1 - 2 * log_sf)));
}

/// log y with log cdf = log_p and log sf = log_q, by Newton's method on the smaller one: both are
/// concave functions of log y, so the iterates approach the root from one side after the first. Below
/// 1e-300, where cdf is a power of y, the first step is exact.
double solve(const HardEdge& law, double log_p, double log_q) {
  constexpr double lowest = -690;
  double v = limit_log_quantile(law, log_q);
  if (!is_real_exact(law)) return v;
  for (int step = 0; step < 50; ++step) {
    const double base = std::max(v, lowest), y = std::exp(base);
    const Tails here = tails(law, y);
    const double log_slope = here.log_sf + std::log(hazard(law, y)) + base;  // of cdf, by log y
    const double change = log_p < log_q
                              ? (log_p - here.log_cdf) * std::exp(here.log_cdf - log_slope)
                              : (here.log_sf - log_q) * std::exp(here.log_sf - log_slope);
    v = base + change;
    if (v < lowest || std::abs(change) < 4e-16 * std::max(1.0, std::abs(v))) break;
  }
  return v;
}

/// E y^k by the trapezoidal rule in log y; below e^-80 there is less than 1e-17 of the mean.
double raw_moment(const HardEdge& law, int k) {
  constexpr double step = 0.125;
  double sum = 0;
  for (int i = 0; i < 684; ++i) {  // to e^5.5, where sf is e^-130
    const double y = std::exp(-80 + i * step);
    sum += step * y * std::pow(y, k) * hazard(law, y) * std::exp(log_sf_of_y(law, y));
  }
  return sum;
}

}  // namespace

HardEdge::HardEdge(int size, int dyson_index, double variance, HardEdgeForm form)
    : size_(size), dyson_index_(dyson_index), variance_(variance), form_(form) {
  if (size < 1) throw_domain_error("HardEdge", "size", size, ">= 1");
  if (dyson_index != 1 && dyson_index != 2)
    throw_domain_error("HardEdge", "dyson_index", dyson_index, "1 or 2");
  check_positive("HardEdge", "variance", variance);
}

double pdf(const HardEdge& law, double lambda) {
  check_not_nan("pdf", "lambda", lambda);
  if (lambda <= 0 || lambda == infinity) return 0;
  const double y = lambda / law.unit();
  return std::exp(tails(law, y).log_sf) * hazard(law, y) / law.unit();
}

double cdf(const HardEdge& law, double lambda) { return std::exp(log_cdf(law, lambda)); }

double sf(const HardEdge& law, double lambda) { return std::exp(log_sf(law, lambda)); }

double log_cdf(const HardEdge& law, double lambda) {
  check_not_nan("log_cdf", "lambda", lambda);
  if (lambda <= 0) return -infinity;
  return lambda == infinity ? 0 : tails(law, lambda / law.unit()).log_cdf;
}

double log_sf(const HardEdge& law, double lambda) {
  check_not_nan("log_sf", "lambda", lambda);
  if (lambda <= 0) return 0;
  return lambda == infinity ? -infinity : tails(law, lambda / law.unit()).log_sf;
}

double quantile(const HardEdge& law, double p) {
  check_probability("quantile", "p", p);
  if (p == 0 || p == 1) return p == 0 ? 0 : infinity;
  return law.unit() * std::exp(solve(law, std::log(p), std::log1p(-p)));
}

double quantile_sf(const HardEdge& law, double q) {
  check_probability("quantile_sf", "q", q);
  if (q == 0 || q == 1) return q == 1 ? 0 : infinity;
  return law.unit() * std::exp(solve(law, std::log1p(-q), std::log(q)));
}

double mean(const HardEdge& law) { return law.unit() * raw_moment(law, 1); }

double variance(const HardEdge& law) {
  const double first = raw_moment(law, 1);
  return law.unit() * law.unit() * (raw_moment(law, 2) - first * first);
}

}  // namespace rmtlab::theory
