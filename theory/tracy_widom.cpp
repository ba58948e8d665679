// SPDX-License-Identifier: MIT
/// \file
/// \brief Tracy-Widom laws: fluctuations of the largest eigenvalue at a soft edge.
///
/// Everything rests on two functions of the unscaled argument t and their derivatives:
/// log F, accurate where F is small, and log(1 - F), accurate where 1 - F is small. Each public
/// function takes the accurate one on its side of the median and a complement on the other.
#include "theory/tracy_widom.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <string_view>

#include "theory/domain_check.hpp"
#include "theory/tracy_widom_table.hpp"

namespace rmtlab::theory {

namespace {

namespace table = tracy_widom_table;
using std::numbers::ln2;
using std::numbers::pi;
using std::numbers::sqrt2;

struct ValueSlope {
  double value, slope;
};

enum class Kind { f1, f2, f4 };

Kind kind(const TracyWidom& law) {
  return law.dyson_index() == 1 ? Kind::f1 : law.dyson_index() == 2 ? Kind::f2 : Kind::f4;
}

/// Where F is about 1/2, in the unscaled argument.
double middle(Kind law) { return law == Kind::f1 ? -1.3 : law == Kind::f2 ? -1.8 : -3.3; }

/// sum c[k] x^k and its derivative, in even and odd halves so that two chains run at once.
template <std::size_t N>
ValueSlope polynomial(const double (&c)[N], double x) {
  static_assert(N % 2 == 0);
  const double square = x * x;
  double even = 0, odd = 0, even_slope = 0, odd_slope = 0;  // slopes with respect to x^2
  for (std::size_t k = N; k > 0; k -= 2) {
    odd_slope = odd_slope * square + odd;
    even_slope = even_slope * square + even;
    odd = odd * square + c[k - 1];
    even = even * square + c[k - 2];
  }
  return {even + x * odd, 2 * x * (even_slope + x * odd_slope) + odd};
}

/// The second derivative of sum c[k] x^k.
template <std::size_t N>
double polynomial_curvature(const double (&c)[N], double x) {
  double sum = 0;
  for (std::size_t k = N; k-- > 2;) sum = sum * x + static_cast<double>(k * (k - 1)) * c[k];
  return sum;
}

/// Row of width-2 segments starting at `start`, in the local variable of each.
template <std::size_t S, std::size_t N>
ValueSlope piecewise(const double (&rows)[S][N], double start, double t) {
  auto segment = static_cast<std::size_t>((t - start) / 2);
  if (segment >= S) segment = S - 1;
  return polynomial(rows[segment], t - (start + 2 * static_cast<double>(segment) + 1));
}

template <std::size_t S, std::size_t N>
double piecewise_curvature(const double (&rows)[S][N], double start, double t) {
  const auto segment = std::min(static_cast<std::size_t>((t - start) / 2), S - 1);
  return polynomial_curvature(rows[segment], t - (start + 2 * static_cast<double>(segment) + 1));
}

/// Coefficients of log F2(-x) and of log(D-/D+), below.
constexpr std::array<double, 7> left_f2_terms = {3.0 / 64,
                                                 63.0 / 256,
                                                 2407.0 / 512,
                                                 1608657.0 / 8192,
                                                 1180103913.0 / 81920,
                                                 26886699679.0 / 16384,
                                                 246111785530791.0 / 917504};
constexpr std::array<double, 7> left_ratio_terms = {1.0 / 12,
                                                    73.0 / 576,
                                                    10657.0 / 7680,
                                                    13912277.0 / 344064,
                                                    8045883943.0 / 3538944,
                                                    4839483796783.0 / 23068672,
                                                    28804523.373904355};

/// Series in 1/x^3 for t = -x: the Hastings-McLeod solution of Painleve II is sqrt(x/2) sum a_k
/// x^(-3k) with rational a_k from the equation itself; log F2 is minus its square integrated twice,
/// log(D-/D+) minus its integral. Seven terms leave 1e-16 of the result at x = 12.
ValueSlope left_series(Kind law, double t) {
  // (ln 2)/24 + zeta'(-1): \cite DeiftItsKrasovsky2008, \cite BaikBuckinghamDiFranco2008
  constexpr double constant = -0.13654001117711987465;

  const double x = -t, cube = x * x * x, inverse = 1 / cube;
  double f2 = 0, f2_slope = 0, ratio = 0, ratio_slope = 0;
  for (std::size_t k = left_f2_terms.size(); k > 0; --k) {
    const double n = static_cast<double>(k);
    f2 = (f2 + left_f2_terms[k - 1]) * inverse;
    f2_slope = (f2_slope - 3 * n * left_f2_terms[k - 1]) * inverse;
    ratio = (ratio + left_ratio_terms[k - 1]) * inverse;
    ratio_slope = (ratio_slope - (3 * n - 1.5) * left_ratio_terms[k - 1]) * inverse;
  }
  const double power = x * std::sqrt(x);
  const double log_f2 = -cube / 12 - std::log(x) / 8 + constant + f2;
  const double d_log_f2 = -x * x / 4 + (f2_slope - 0.125) / x;  // with respect to x
  // ratio runs over x^(-3k): times x^(3/2) it has the powers -3/2, -9/2, ...
  const double log_ratio = -sqrt2 / 3 * power - ln2 / 2 - ratio * power / sqrt2;
  const double d_log_ratio = (-power - ratio_slope * power) / (sqrt2 * x);
  if (law == Kind::f2) return {log_f2, -d_log_f2};
  if (law == Kind::f1) return {(log_f2 + log_ratio) / 2, -(d_log_f2 + d_log_ratio) / 2};
  const double share = std::exp(log_ratio);  // D- / D+
  return {(log_f2 - log_ratio) / 2 - ln2 + std::log1p(share),
          -(d_log_f2 - d_log_ratio) / 2 - d_log_ratio * share / (1 + share)};
}

/// log(1 - F) for t >= 8: the leading exponential and power times a function of w = t^(-3/2).
ValueSlope right_tail(Kind law, double t) {
  const double u = t * std::sqrt(t);
  const double largest = table::tail_start * std::sqrt(table::tail_start);
  const double x = 2 * largest / u - 1;
  const auto [correction, slope] = polynomial(table::log_tail[static_cast<int>(law)][0], x);
  const double d_correction = slope * (-1.5 * (x + 1) / t);
  const double log_t = std::log(t);
  switch (law) {
    case Kind::f1:
      return {-2 * u / 3 + (correction - 0.75 * log_t - std::log(16 * pi) / 2),
              -u / t + d_correction - 0.75 / t};
    case Kind::f2:
      return {-4 * u / 3 + (correction - 1.5 * log_t - std::log(16 * pi)),
              -2 * u / t + d_correction - 1.5 / t};
    default:
      return {-4 * u / 3 + (correction - 3 * log_t - std::log(128 * pi)),
              -2 * u / t + d_correction - 3 / t};
  }
}

/// log F and its derivative, for t below about 0.
ValueSlope left(Kind law, double t) {
  if (t < table::left_start) return left_series(law, t);
  return piecewise(table::log_cdf[static_cast<int>(law)], table::left_start, t);
}

/// log(1 - F) and its derivative, for t above about -4.
ValueSlope right(Kind law, double t) {
  if (t >= table::tail_start) return right_tail(law, t);
  return piecewise(table::log_sf[static_cast<int>(law)], table::right_start, t);
}

/// Second derivative of `left_series`.
double left_series_curvature(Kind law, double t) {
  const double x = -t, inverse = 1 / (x * x * x);
  double f2 = 0, ratio = 0;
  for (std::size_t k = left_f2_terms.size(); k > 0; --k) {
    const double n = 3 * static_cast<double>(k);
    f2 = (f2 + n * (n + 1) * left_f2_terms[k - 1]) * inverse;
    ratio = (ratio + (n - 1.5) * (n - 0.5) * left_ratio_terms[k - 1]) * inverse;
  }
  const double log_f2 = -x / 2 + (f2 + 0.125) / (x * x);
  const double log_ratio = -(0.5 + ratio) / std::sqrt(2 * x);
  if (law == Kind::f2) return log_f2;
  if (law == Kind::f1) return (log_f2 + log_ratio) / 2;
  // log F4 = (log F2 - log ratio) / 2 - ln 2 + log(1 + ratio)
  const ValueSlope f1 = left_series(Kind::f1, t), f2_all = left_series(Kind::f2, t);
  const double share = std::exp(2 * f1.value - f2_all.value);
  const double slope = 2 * f1.slope - f2_all.slope, weight = share / (1 + share);
  return (log_f2 - log_ratio) / 2 + weight * (log_ratio + slope * slope / (1 + share));
}

/// Second derivative of `right_tail`.
double right_tail_curvature(Kind law, double t) {
  const double w = std::pow(table::tail_start / t, 1.5), x = 2 * w - 1;
  const auto& row = table::log_tail[static_cast<int>(law)][0];
  const double slope = polynomial(row, x).slope, curvature = polynomial_curvature(row, x);
  // dx/dt = -3 w / t, d2x/dt2 = 7.5 w / t^2
  const double correction = (9 * w * w * curvature + 7.5 * w * slope) / (t * t);
  const double power = law == Kind::f1 ? 0.75 : law == Kind::f2 ? 1.5 : 3;
  return -(law == Kind::f1 ? 0.5 : 1) / std::sqrt(t) + power / (t * t) + correction;
}

/// Second derivative of log F, where `left` is used.
double left_curvature(Kind law, double t) {
  if (t < table::left_start) return left_series_curvature(law, t);
  return piecewise_curvature(table::log_cdf[static_cast<int>(law)], table::left_start, t);
}

/// Second derivative of log(1 - F), where `right` is used.
double right_curvature(Kind law, double t) {
  if (t >= table::tail_start) return right_tail_curvature(law, t);
  return piecewise_curvature(table::log_sf[static_cast<int>(law)], table::right_start, t);
}

double unscaled(std::string_view function, const TracyWidom& law, double s) {
  check_not_nan(function, "s", s);
  // Beyond 1e100 the cube of the leading terms leaves the range of doubles soon.
  if (std::abs(s) > 1e100) return std::copysign(std::numeric_limits<double>::infinity(), s);
  return law.argument_scale() * s;
}

/// Newton on g(t) = log_tail(t) - target. Both log F and log(1 - F) are concave, so after the first
/// step every iterate lies on the same side of the root and the sequence is monotone: no bracket is
/// needed, and an iterate that turns back has met rounding.
template <class Function>
double solve(Function log_tail, double target, double start) {
  constexpr double eps = std::numeric_limits<double>::epsilon();
  double t = start;
  for (int step = 0; step < 100; ++step) {
    const auto [value, slope] = log_tail(t);
    const double next = t - (value - target) / slope;
    if (std::abs(next - t) <= 2 * eps * std::abs(next)) return next;
    if (step > 8 && std::abs(next - t) <= 64 * eps * (1 + std::abs(next))) return next;
    t = next;
  }
  return t;
}

/// t with log F(t) = log_p, for p <= 0.6.
double solve_left(Kind law, double log_p) {
  const double decay = law == Kind::f1 ? 24 : law == Kind::f2 ? 12 : 24;
  const double start = std::min(middle(law), -std::cbrt(-decay * log_p));
  return solve([law](double t) { return left(law, t); }, log_p, start);
}

/// t with log(1 - F(t)) = log_q, for q <= 0.6.
double solve_right(Kind law, double log_q) {
  const double rate = law == Kind::f1 ? 1.5 : 0.75;
  const double lead = std::pow(std::max(0.0, -log_q - 2) * rate, 2.0 / 3);
  return solve([law](double t) { return right(law, t); }, log_q, middle(law) + lead);
}

struct Moments {
  double mean, variance, skewness, kurtosis_excess;
};

/// Of the unscaled laws. Computed by the trapezoidal rule on 25-digit values; the digits agree with
/// \cite Bornemann2010 as far as it goes.
Moments moments(Kind law) {
  switch (law) {
    case Kind::f1:
      return {-1.2065335745820248144, 1.6077810345813611200, 0.29346452408652331050,
              0.1652429384555597};
    case Kind::f2:
      return {-1.7710868074116016, 0.81319479283295784478, 0.2240842036107303,
              0.093448087660983140718};
    default:
      return {-3.2624279028551757547, 1.0354474415453516167, 0.16550949435226182054,
              0.049195156593899919306};
  }
}

double scale_of(int dyson_index, TracyWidomConvention convention) {
  if (dyson_index != 4 || convention == TracyWidomConvention::unscaled) return 1;
  return convention == TracyWidomConvention::sqrt2 ? sqrt2 : std::cbrt(4.0);
}

}  // namespace

TracyWidom::TracyWidom(int dyson_index, TracyWidomConvention convention)
    : dyson_index_(dyson_index),
      convention_(convention),
      argument_scale_(scale_of(dyson_index, convention)) {
  if (dyson_index != 1 && dyson_index != 2 && dyson_index != 4)
    throw_domain_error("TracyWidom", "dyson_index", dyson_index, "1, 2 or 4");
}

double pdf(const TracyWidom& law, double s) {
  const double t = unscaled("pdf", law, s);
  if (std::isinf(t)) return 0;
  const Kind f = kind(law);
  const bool is_left = t < middle(f);
  const auto [value, slope] = is_left ? left(f, t) : right(f, t);
  return law.argument_scale() * std::abs(slope) * std::exp(value);
}

double pdf_derivative(const TracyWidom& law, double s) {
  const double t = unscaled("pdf_derivative", law, s);
  if (std::isinf(t)) return 0;
  const Kind f = kind(law);
  const bool is_left = t < middle(f);
  const auto [value, slope] = is_left ? left(f, t) : right(f, t);
  const double curvature = is_left ? left_curvature(f, t) : right_curvature(f, t);
  const double second = (curvature + slope * slope) * std::exp(value);  // of F or of 1 - F
  return law.argument_scale() * law.argument_scale() * (is_left ? second : -second);
}

double cdf(const TracyWidom& law, double s) {
  const double t = unscaled("cdf", law, s);
  if (std::isinf(t)) return t > 0 ? 1 : 0;
  const Kind f = kind(law);
  return t < middle(f) ? std::exp(left(f, t).value) : -std::expm1(right(f, t).value);
}

double sf(const TracyWidom& law, double s) {
  const double t = unscaled("sf", law, s);
  if (std::isinf(t)) return t > 0 ? 0 : 1;
  const Kind f = kind(law);
  return t < middle(f) ? -std::expm1(left(f, t).value) : std::exp(right(f, t).value);
}

double log_cdf(const TracyWidom& law, double s) {
  const double t = unscaled("log_cdf", law, s);
  if (std::isinf(t)) return t > 0 ? 0 : t;
  const Kind f = kind(law);
  return t < middle(f) ? left(f, t).value
                       : std::log1p(-std::exp(right(f, t).value)) + 0.0;  // never -0
}

double log_sf(const TracyWidom& law, double s) {
  const double t = unscaled("log_sf", law, s);
  if (std::isinf(t)) return t > 0 ? -t : 0;
  const Kind f = kind(law);
  return t < middle(f) ? std::log1p(-std::exp(left(f, t).value)) + 0.0 : right(f, t).value;
}

double quantile(const TracyWidom& law, double p) {
  if (!(p > 0 && p < 1)) throw_domain_error("quantile", "p", p, "> 0 and < 1");
  const Kind f = kind(law);
  return (p < 0.5 ? solve_left(f, std::log(p)) : solve_right(f, std::log1p(-p))) /
         law.argument_scale();
}

double quantile_sf(const TracyWidom& law, double q) {
  if (!(q > 0 && q < 1)) throw_domain_error("quantile_sf", "q", q, "> 0 and < 1");
  const Kind f = kind(law);
  return (q < 0.5 ? solve_right(f, std::log(q)) : solve_left(f, std::log1p(-q))) /
         law.argument_scale();
}

double mean(const TracyWidom& law) { return moments(kind(law)).mean / law.argument_scale(); }

double variance(const TracyWidom& law) {
  return moments(kind(law)).variance / law.argument_scale() / law.argument_scale();
}

double skewness(const TracyWidom& law) { return moments(kind(law)).skewness; }

double kurtosis_excess(const TracyWidom& law) { return moments(kind(law)).kurtosis_excess; }

}  // namespace rmtlab::theory
