// SPDX-License-Identifier: MIT
/// \file
/// \brief A uniformly random unit vector: what its participation, entropy, sum and maximum should be.
#include "theory/haar_vector.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <limits>
#include <numbers>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/roots.hpp>

#include "theory/domain_check.hpp"
#include "theory/porter_thomas.hpp"

namespace rmtlab::theory {

namespace {

using Complex = std::complex<double>;
constexpr double pi = std::numbers::pi;
constexpr double eps = std::numeric_limits<double>::epsilon();

void check_components(const char* function, double n) {
  if (!(n >= 2) || std::isinf(n)) throw_domain_error(function, "components", n, "finite and >= 2");
}

// --- The maximum ---------------------------------------------------------------------------------

/// exp(z^2) erfc(z) for Re z >= 0: Weideman's rational expansion, in which z only enters through a map
/// of the half-plane to the unit disc. 52 terms: within 1e-15 (the tests have the real axis).
Complex scaled_erfc(Complex z) {
  constexpr std::size_t terms = 52, nodes = 4 * terms;
  static const double length = std::sqrt(terms / std::numbers::sqrt2);
  static const std::array<double, terms> coefficients = [] {
    std::array<double, terms> a{};
    for (std::size_t k = 0; k < nodes; ++k) {
      const double angle = 2 * pi * (static_cast<double>(k) / nodes - 0.5);
      const double t = k == 0 ? 0 : length * std::tan(angle / 2);
      const double f = k == 0 ? 0 : std::exp(-t * t) * (length * length + t * t) / nodes;
      for (std::size_t j = 0; j < terms; ++j)
        a[j] += f * std::cos(static_cast<double>(j + 1) * angle);
    }
    return a;
  }();
  const Complex inverse = 1.0 / (length + z), ratio = (length - z) * inverse;
  Complex sum = 0;
  for (std::size_t j = terms; j-- > 0;) sum = sum * ratio + coefficients[j];
  return inverse * (2.0 * sum * inverse + std::numbers::inv_sqrtpi);
}

Complex log1p(Complex z) {  // std has it for real numbers only
  const double x = z.real(), y = z.imag();
  return {std::log1p(x * (2 + x) + y * y) / 2, std::atan2(y, 1 + x)};
}

Complex expm1(Complex z) {
  const double half = std::sin(z.imag() / 2), growth = std::exp(z.real());
  return {std::expm1(z.real()) - 2 * growth * half * half, growth * std::sin(z.imag())};
}

enum class Part { lower, upper, density };

/// Logarithm of the integrand without s^(-n/2) exp(s), at a point s of the right half-plane.
Complex log_integrand(Part part, double n, double y, Complex s) {
  const Complex root = std::sqrt(s * y), scaled = scaled_erfc(root);
  const Complex q = scaled * std::exp(-s * y);  // erfc
  const Complex log_erf = log1p(-q);
  if (part == Part::lower) return n * log_erf;
  // d/dy erf^n = n erf^(n-1) exp(-sy) (s / (pi y))^(1/2)
  if (part == Part::density)
    return (n - 1) * log_erf - s * y + std::log(n * std::sqrt(s / (pi * y)));
  // 1 - erf^n: for small n q it is n q, whose exponential is kept apart because it may underflow.
  if (n * std::abs(q) < 1e-8) return std::log(n * scaled) - s * y + log1p(-(n - 1) / 2 * q);
  return std::log(-expm1(n * log_erf));
}

/// Logarithm of Gamma(n/2) / (2 pi i) times the integral over c - i inf .. c + i inf.
double log_integral(Part part, double n, double y) {
  const double a = n / 2;
  const auto height = [&](double log_c) {
    const double c = std::exp(log_c);
    return c - a * log_c + log_integrand(part, n, y, c).real();
  };
  // On the real axis the saddle is a minimum. The lower tail's may lie below 0, where erf is small
  // and loses its digits: there the nearest point allowed costs accuracy of relative, not absolute, kind.
  const double low = std::log(std::min(1.0, a / 4)), high = std::log(4 * a / (1 - y) + 4);
  const double c = std::exp(boost::math::tools::brent_find_minima(height, low, high, 14).first);
  const double top = log_integrand(part, n, y, c).real();
  // The factor s^(-n/2) alone has a width of c / sqrt(n/2); the others only widen the peak.
  const double step = 0.25 * c / std::sqrt(a);
  double sum = 0.5, largest = 0.5;
  int small_terms = 0;
  for (int k = 1; k < 200000 && small_terms < 12; ++k) {
    const double t = k * step, ratio = t / c;
    const Complex phase(-a / 2 * std::log1p(ratio * ratio), t - a * std::atan(ratio));
    const Complex term = std::exp(phase + log_integrand(part, n, y, {c, t}) - top);
    sum += term.real();
    largest = std::max(largest, std::abs(term));
    small_terms = std::abs(term) < 1e-18 * largest ? small_terms + 1 : 0;
  }
  // Gamma(a) exp(c) c^-a is 1 / (c times the Gamma density at c).
  const double density = boost::math::gamma_p_derivative(a, c);
  const double scale = density > 0 ? -std::log(c * density) : std::lgamma(a) + c - a * std::log(c);
  return scale + top + std::log(sum * step / pi);
}

/// Moments of the maximum of n squared standard normals.
double gaussian_maximum_moment(double n, int order) {
  const auto tail = [n, order](double g) {  // E max^2m = int 2m g^(2m-1) P(max > g) dg
    const double q = std::erfc(g / std::numbers::sqrt2);
    return 2 * order * std::pow(g, 2 * order - 1) * -std::expm1(n * std::log1p(-q));
  };
  using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
  const double middle = std::sqrt(2 * std::log(n));
  return Rule::integrate(tail, 0, middle, 12, 1e-14) +
         Rule::integrate(tail, middle, middle + 10, 12, 1e-14);
}

}  // namespace

// --- Moments -------------------------------------------------------------------------------------

double ipr_mean(double n) {
  check_components("ipr_mean", n);
  return 3 / (n + 2);
}

double ipr_variance(double n) {
  check_components("ipr_variance", n);
  return 24 * (n - 1) / ((n + 2) * (n + 2) * (n + 4) * (n + 6));
}

double ipr_skewness(double n) {
  check_components("ipr_skewness", n);
  const double third =
      1728 * (n - 1) * (n - 2) / (std::pow(n + 2, 3) * (n + 4) * (n + 6) * (n + 8) * (n + 10));
  return third / std::pow(ipr_variance(n), 1.5);
}

double ipr_correlation(double n) {
  check_components("ipr_correlation", n);
  return 3 / ((n - 1) * (n + 1));
}

double ipr_mean_sf(double n, double vectors, double mean_ipr) {
  check_components("ipr_mean_sf", n);
  if (n < 3)
    throw_domain_error("ipr_mean_sf", "components", n, ">= 3: the law of n = 2 is not skew");
  if (!(vectors >= 1 && vectors <= n))
    throw_domain_error("ipr_mean_sf", "vectors", vectors, "from 1 to the number of components");
  check_not_nan("ipr_mean_sf", "mean_ipr", mean_ipr);
  const double variance = ipr_variance(n) / vectors * (1 + (vectors - 1) * ipr_correlation(n));
  const double z = (mean_ipr - ipr_mean(n)) / std::sqrt(variance);
  const double skewness = ipr_skewness(n) / std::sqrt(vectors);
  const double shape = 4 / (skewness * skewness), x = shape + z * std::sqrt(shape);
  return x > 0 ? boost::math::gamma_q(shape, x) : 1;
}

double shannon_entropy_mean(double n) {
  check_components("shannon_entropy_mean", n);
  return boost::math::digamma(n / 2 + 1) - boost::math::digamma(1.5);
}

double shannon_entropy_variance(double n) {
  check_components("shannon_entropy_variance", n);
  return 3 / (n + 2) * boost::math::trigamma(1.5) - boost::math::trigamma(n / 2 + 1);
}

double l1_norm_mean(double n) {
  check_components("l1_norm_mean", n);
  return n / std::sqrt(pi) * boost::math::tgamma_delta_ratio(n / 2, 0.5);
}

double l1_norm_variance(double n) {
  check_components("l1_norm_variance", n);
  const double mean = l1_norm_mean(n);
  if (n < 200) return 1 + 2 / pi * (n - 1) - mean * mean;
  // (E)^2 = (2 n / pi) / (1 - d), d from the expansion of (Gamma(x + 1/2) / Gamma(x))^2 / x, x = n/2.
  const double u = 1 / n;
  const double n_d = 0.5 - u * (0.125 + u * (0.0625 - u * (5.0 / 128 + u * 23.0 / 256)));
  return 1 - 2 / pi - 2 / pi * n_d / (1 - n_d * u);
}

// --- The maximum's law ---------------------------------------------------------------------------

HaarMaximum::HaarMaximum(double components) : components_(components) {
  if (!(components >= 20 && components <= 1e6))
    throw_domain_error("HaarMaximum", "components", components, "from 20 to 1e6");
}

double pdf(const HaarMaximum& law, double x) {
  check_not_nan("pdf", "x", x);
  const double n = law.components();
  if (x <= 1 || x >= n) return 0;
  if (x >= n / 2) return n * pdf(PorterThomas(n, 1), x);
  const double log_density = log_integral(Part::density, n, x / n);
  return log_density > -700 ? std::exp(log_density) / n : 0;  // as in cdf
}

double cdf(const HaarMaximum& law, double x) {
  check_not_nan("cdf", "x", x);
  const double n = law.components();
  if (x <= 1) return 0;
  if (x >= n) return 1;
  if (x >= n / 2) return 1 - sf(law, x);
  const double log_cdf = log_integral(Part::lower, n, x / n);
  return log_cdf > -700 ? std::min(1.0, std::exp(log_cdf))
                        : 0;  // false for NaN, a sum of roundings
}

double log_sf(const HaarMaximum& law, double x) {
  check_not_nan("log_sf", "x", x);
  const double n = law.components();
  if (x <= 1) return 0;
  if (x >= n) return -std::numeric_limits<double>::infinity();
  // Only one square can exceed 1/2, so the events exclude each other.
  if (x >= n / 2) {
    const double log_one = log_sf(PorterThomas(n, 1), x);
    if (std::isfinite(log_one)) return std::log(n) + log_one;  // else it underflowed
  }
  const double log_tail = log_integral(Part::upper, n, x / n);
  if (log_tail < 0) return log_tail;
  // Not negative, or not a number: roundings of a tail of 1 below, nothing left next to n.
  return x < n / 2 ? 0 : -std::numeric_limits<double>::infinity();
}

double sf(const HaarMaximum& law, double x) {
  check_not_nan("sf", "x", x);
  return std::exp(log_sf(law, x));
}

namespace {

/// Root of an increasing function of x on (1, n); an end where it has no change of sign.
template <class F>
double solve(const HaarMaximum& law, F excess) {
  const double low = 1 + 8 * eps, high = law.components() * (1 - eps);
  const double at_low = excess(low), at_high = excess(high);
  if (at_low >= 0) return low;
  if (at_high <= 0) return high;
  std::uintmax_t steps = 200;
  const auto [left, right] = boost::math::tools::toms748_solve(
      excess, low, high, at_low, at_high, boost::math::tools::eps_tolerance<double>(51), steps);
  return (left + right) / 2;
}

}  // namespace

double quantile(const HaarMaximum& law, double p) {
  check_probability("quantile", "p", p);
  if (p == 0) return 1;
  if (p == 1) return law.components();
  if (p > 0.5) return quantile_sf(law, 1 - p);
  return solve(law, [&](double x) { return cdf(law, x) - p; });
}

double quantile_sf(const HaarMaximum& law, double q) {
  check_probability("quantile_sf", "q", q);
  if (q == 0) return law.components();
  if (q == 1) return 1;
  const double goal = std::log(q);
  // Bounded, because the solver interpolates and log_sf is -inf near n.
  return solve(law, [&](double x) { return goal - std::max(log_sf(law, x), -1e9); });
}

double mean(const HaarMaximum& law) { return gaussian_maximum_moment(law.components(), 1); }

double variance(const HaarMaximum& law) {
  const double n = law.components(), first = gaussian_maximum_moment(n, 1);
  return n / (n + 2) * gaussian_maximum_moment(n, 2) - first * first;
}

}  // namespace rmtlab::theory
