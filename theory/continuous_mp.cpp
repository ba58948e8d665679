// SPDX-License-Identifier: MIT
/// \file
/// \brief Marchenko-Pastur law of a population with a continuous spectrum (Silverstein's equation).
#include "theory/continuous_mp.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <stdexcept>
#include <utility>

#include <boost/math/tools/roots.hpp>
#include <fmt/format.h>

#include "theory/domain_check.hpp"
#include "theory/gauss_legendre.hpp"
#include "theory/silverstein_branch.hpp"

namespace rmtlab::theory {

namespace {

using std::numbers::pi;
using Complex = std::complex<double>;

/// 1 / d at any size, without the tests for infinities of complex division: most of the time is spent
/// here.
Complex reciprocal(Complex d) {
  if (std::abs(d.real()) >= std::abs(d.imag())) {
    const double ratio = d.imag() / d.real(), scale = 1 / (d.real() + d.imag() * ratio);
    return {scale, -ratio * scale};
  }
  const double ratio = d.real() / d.imag(), scale = 1 / (d.real() * ratio + d.imag());
  return {ratio * scale, -scale};
}

/// int tau dH / (x - tau) and int tau^2 dH / (x - tau)^2.
struct Integrals {
  Complex first, second;
};

Integrals integrals(const Population& population, Complex x) {
  Complex first = 0, second = 0;
  for (const auto& [value, weight] : population.nodes()) {
    const Complex ratio = value * reciprocal(x - value), term = weight * ratio;
    first += term;
    second += term * ratio;
  }
  return {first, second};
}

/// 1 + first and 1 - second, int x dH / (x - tau) and int u (2 - u) dH with u = x / (x - tau). Near
/// x = 0, where first is nearly -1, they keep the digits.
Integrals complements(const Population& population, Complex x) {
  Complex first = 0, second = 0;
  for (const auto& [value, weight] : population.nodes()) {
    const Complex u = x * reciprocal(x - value);
    first += weight * u;
    second += weight * u * (2.0 - u);
  }
  return {first, second};
}

/// z(x) / x, z'(x), and the larger of the two terms of the first. At Q = 1 nothing but the complements
/// is left near x = 0.
struct Stretch {
  Complex ratio, slope;
  double size;
};

Stretch stretch(const ContinuousMp& law, Complex x) {
  const double q = law.aspect_ratio();
  const auto [first, second] = integrals(law.population(), x);
  if (std::abs(1.0 + first) > 0.1)
    return {1.0 + first / q, 1.0 - second / q, std::max(1.0, std::abs(first) / q)};
  const auto [small, smaller] = complements(law.population(), x);
  return {(q - 1 + small) / q, (q - 1 + smaller) / q,
          std::max(std::abs(q - 1), std::abs(small)) / q};
}

/// What follow_branch needs. Continued below the real axis, z(x) is singular at the ends of the
/// population only.
struct Inverse {
  [[nodiscard]] InversePoint at(Complex x) const {
    const auto [ratio, slope, size] = stretch(law, x);
    return {x * ratio, slope, std::abs(x) * size};
  }
  [[nodiscard]] double distance(Complex x) const {
    const Population& h = law.population();
    const double low = std::abs(x - h.lower());
    return std::isinf(h.upper()) ? low : std::min(low, std::abs(x - h.upper()));
  }
  /// Rounding may put an x with an imaginary part below eps on the other side.
  [[nodiscard]] bool accepts(Complex x) const { return x.imag() > -1e-12 * distance(x); }

  const ContinuousMp& law;
};

/// z(x) for real x outside the population.
double inverse(const ContinuousMp& law, double x) { return Inverse{law}.at(x).value.real(); }

/// The root of a monotone function between two points where its signs differ.
template <class F>
double root(F f, double low, double high) {
  const double at_low = f(low), at_high = f(high);
  if (at_low == 0) return low;
  if (at_high == 0) return high;
  std::uintmax_t steps = 200;
  const auto [a, b] = boost::math::tools::toms748_solve(
      f, low, high, at_low, at_high, boost::math::tools::eps_tolerance<double>(52), steps);
  return (a + b) / 2;
}

/// The root of a decreasing function of a positive number given its logarithm, searched outwards from
/// `start`.
template <class F>
double decreasing_root(F f, double start) {
  constexpr double smallest = -700;  // within rounding of zero
  double low = start, high = start;
  for (double step = 1; !(f(low) > 0); step = std::min(2 * step, 8.0)) {
    if (low < smallest) return low;
    high = low;
    low -= step;
  }
  for (double step = 1; !(f(high) < 0); step = std::min(2 * step, 8.0)) {
    low = high;
    high += step;
  }
  return root(f, low, high);
}

/// phi(x) = Q at a distance from an end of the population, to the side without population: phi falls
/// with the distance, to 0.
double edge_beside(const ContinuousMp& law, double end, int side) {
  const Population& h = law.population();
  const auto excess = [&](double log_distance) {
    const Complex second = integrals(h, end + side * std::exp(log_distance)).second;
    return std::log(second.real() / law.aspect_ratio());
  };
  return end + side * std::exp(decreasing_root(excess, std::log(h.typical())));
}

/// A point of the branch far above z: on the imaginary axis, where z(x) is nearly x high above the
/// population, and from there down as long as z(x) stays far above z and off the real axis.
Complex start_above(const ContinuousMp& law, Complex z) {
  const Inverse inverse_at{law};
  const auto far = [&](double height) {
    const Complex value = inverse_at.at({0, height}).value;
    return value.imag() > 0.5 * std::abs(value) && value.imag() > 8 * std::abs(z);
  };
  double height = 8 * (std::abs(z) + law.population().typical());
  while (!far(height)) height *= 8;
  while (far(height / 8)) height /= 8;
  return {0, height};
}

bool beside_population(const Population& h, Complex x) {
  return x.real() > h.lower() && x.real() < h.upper() && std::abs(h.angle(x)) < 0.02;
}

/// x(z) at lambda + i0. `exact`: the imaginary part comes from the form without cancellation.
struct Solution {
  Complex x;
  bool exact;
};

/// The fixed point of the imaginary part of the equation at given real part. Re of the integral and of
/// x^2 h(x) depend on Im x to second order only, so a few rounds do.
Solution refine(const ContinuousMp& law, Complex x) {
  const Population& h = law.population();
  const double q = law.aspect_ratio();
  for (int round = 0; round < 40; ++round) {
    // int u u' dH with u = tau / (x - tau), and 1 - that.
    double sum = 0, complement = 0;
    for (const auto& [value, weight] : h.nodes()) {
      const Complex here = reciprocal(x - value), there = reciprocal(std::conj(x) - value);
      sum += (weight * value * here * value * there).real();
      const Complex u = x * here, v = std::conj(x) * there;
      complement += (weight * (u + v - u * v)).real();
    }
    const double slope = std::abs(complement) < 0.1 ? (q - 1 + complement) / q : 1 - sum / q;
    if (!(slope > 0)) break;
    const double before = x.imag();
    x.imag(pi / q * (x * density(h, x) * x).real() / slope);
    if (!(x.imag() >= 0) || !beside_population(h, x)) break;
    if (std::abs(x.imag() - before) <= 1e-14 * x.imag()) return {x, true};
  }
  return {x, false};
}

Complex solve(const ContinuousMp& law, Complex z) {
  if (const auto x = follow_branch(Inverse{law}, start_above(law, z), z)) return *x;
  throw std::runtime_error(
      fmt::format("ContinuousMp: no convergence at z = {} + {}i (aspect_ratio = {})", z.real(),
                  z.imag(), law.aspect_ratio()));
}

Solution solve_on_support(const ContinuousMp& law, double lambda) {
  const Complex x = solve(law, lambda);
  if (beside_population(law.population(), x)) {
    const Solution refined = refine(law, {x.real(), std::max(x.imag(), 0.0)});
    if (refined.exact) return refined;
  }
  return {{x.real(), std::max(x.imag(), 0.0)}, false};
}

/// The real x of a point outside the support.
double solve_outside(const ContinuousMp& law, double lambda) {
  if (lambda == law.upper_edge()) return law.x_upper();
  if (lambda == law.lower_edge()) return law.x_lower();
  if (lambda > law.upper_edge()) {  // z(x) > x
    const auto above = [&](double x) { return inverse(law, x) - lambda; };
    return above(law.x_upper()) < 0 ? root(above, law.x_upper(), lambda) : law.x_upper();
  }
  const auto excess = [&](double log_distance) {
    return inverse(law, law.x_lower() - std::exp(log_distance)) - lambda;
  };
  const double start = std::log(std::abs(lambda - law.lower_edge()) + 1e-300);
  return law.x_lower() - std::exp(decreasing_root(excess, start));
}

bool on_support(const ContinuousMp& law, double lambda) {
  return lambda > law.lower_edge() && lambda < law.upper_edge();
}

Complex transform_at(const ContinuousMp& law, Complex x) {
  Complex sum = 0;
  for (const auto& [value, weight] : law.population().nodes())
    sum += weight * reciprocal(x - value);
  return -sum / stretch(law, x).ratio;
}

/// Probability of at most and of more than lambda, both with relative accuracy where they can have it.
struct Masses {
  double below, above;
};

/// Q (arg x - lambda Im x / |x|^2) - arg x, what does not come from the population.
double own_part(const ContinuousMp& law, double lambda, Complex x) {
  const double q = law.aspect_ratio();
  return (q - 1) * std::arg(x) - q * (lambda / std::abs(x)) * (x.imag() / std::abs(x));
}

/// The sum of log(x - tau) is split into its mean over both sides of the axis and the population beyond
/// x, P(tau > Re x) + int Im h along the way up to x. The mean and `own_part` nearly cancel: they are
/// of first order in Im x, and the sum is stationary.
Masses masses_beside_population(const ContinuousMp& law, double lambda, Complex x) {
  const Population& h = law.population();
  double mean = 0;
  for (const auto& [value, weight] : h.nodes()) {
    const Complex turn = Complex(0, 2 * x.imag()) * reciprocal(std::conj(x) - value);
    // log(1 + turn), where |turn| may be as small as Im x.
    const Complex logarithm(std::log1p(2 * turn.real() + std::norm(turn)) / 2,
                            std::arg(1.0 + turn));
    mean += (weight * logarithm).imag() / 2;
  }
  static const GaussLegendre rule(16);
  double way = 0;
  for (std::size_t i = 0; i < rule.nodes.size(); ++i)
    way += rule.weights[i] * x.imag() * density(h, {x.real(), x.imag() * rule.nodes[i]}).imag();
  const double correction = way + (own_part(law, lambda, x) + mean) / pi;
  return {cdf(h, x.real()) - correction, sf(h, x.real()) + correction};
}

Masses masses(const ContinuousMp& law, double lambda) {
  const auto [x, exact] = solve_on_support(law, lambda);
  if (exact) return masses_beside_population(law, lambda, x);
  double sum = own_part(law, lambda, x);
  for (const auto& [value, weight] : law.population().nodes())
    sum += (weight * std::log(x - value)).imag();
  const double above = std::clamp(sum / pi, 0.0, 1 - law.atom());
  return {1 - above, above};
}

}  // namespace

ContinuousMp::ContinuousMp(double aspect_ratio, Population population)
    : aspect_ratio_(aspect_ratio), population_(std::move(population)) {
  if (!(aspect_ratio >= 1e-4 && aspect_ratio <= 1e4))
    throw_domain_error("ContinuousMp", "aspect_ratio", aspect_ratio, ">= 1e-4 and <= 1e4");
  // phi(0) = 1: at Q = 1 the lower end is x = 0, and a population down to 0 has phi < 1 below it.
  const bool hard = aspect_ratio == 1 || (aspect_ratio > 1 && population_.lower() == 0);
  if (!hard) {
    x_lower_ = edge_beside(*this, population_.lower(), -1);
    lower_edge_ = std::max(inverse(*this, x_lower_), 0.0);
  }
  x_upper_ = upper_edge_ = population_.upper();
  if (std::isfinite(x_upper_)) {
    x_upper_ = edge_beside(*this, population_.upper(), 1);
    upper_edge_ = inverse(*this, x_upper_);
  }
}

Complex stieltjes_transform(const ContinuousMp& law, Complex z) {
  if (!(z.imag() >= 0) || !std::isfinite(z.imag()))
    throw_domain_error("stieltjes_transform", "Im z", z.imag(), "finite and >= 0");
  if (!std::isfinite(z.real()))
    throw_domain_error("stieltjes_transform", "Re z", z.real(), "finite");
  if (z == 0.0 && law.lower_edge() == 0)
    throw_domain_error("stieltjes_transform", "z", 0, "not 0 where the support begins");
  if (z == 0.0 && law.atom() > 0)
    throw_domain_error("stieltjes_transform", "z", 0, "not 0 for aspect_ratio < 1");
  if (z.imag() > 0) return transform_at(law, solve(law, z));
  if (!on_support(law, z.real())) return transform_at(law, solve_outside(law, z.real())).real();
  return transform_at(law, solve_on_support(law, z.real()).x);
}

double pdf(const ContinuousMp& law, double lambda) {
  check_not_nan("pdf", "lambda", lambda);
  if (!on_support(law, lambda)) return 0;
  const Complex x = solve_on_support(law, lambda).x;
  return law.aspect_ratio() / pi * (x.imag() / std::abs(x)) / std::abs(x);
}

double sf(const ContinuousMp& law, double lambda) {
  check_not_nan("sf", "lambda", lambda);
  if (on_support(law, lambda)) return masses(law, lambda).above;
  if (lambda >= law.upper_edge()) return 0;
  return lambda < 0 ? 1 : 1 - law.atom();
}

double cdf(const ContinuousMp& law, double lambda) {
  check_not_nan("cdf", "lambda", lambda);
  if (on_support(law, lambda)) return masses(law, lambda).below;
  if (lambda >= law.upper_edge()) return 1;
  return lambda < 0 ? 0 : law.atom();
}

namespace {

/// The lambda where `tail`, a probability that falls with the distance from the end of the support it
/// belongs to, has the logarithm of `p`.
template <class Tail>
double solve_tail(const ContinuousMp& law, Tail tail, double p, int direction) {
  const double end = law.lower_edge();
  const auto excess = [&](double t) {
    const double value = tail(law, end + std::exp(t));
    return direction * (value > 0 ? std::log(value / p) : -750.0);
  };
  const double width = law.upper_edge() - end;
  const double start = std::log(std::isinf(width) ? law.population().typical() : width / 2);
  return end + std::exp(decreasing_root(excess, start));
}

}  // namespace

double quantile_sf(const ContinuousMp& law, double q) {
  check_probability("quantile_sf", "q", q);
  if (q == 0) return law.upper_edge();
  if (q >= 1 - law.atom()) return law.atom() > 0 ? 0 : law.lower_edge();
  // From below where the smaller probability is.
  if (q > 0.5 && law.atom() == 0) return quantile(law, 1 - q);
  return solve_tail(
      law, [](const ContinuousMp& l, double x) { return sf(l, x); }, q, 1);
}

double quantile(const ContinuousMp& law, double p) {
  check_probability("quantile", "p", p);
  if (p == 1) return law.upper_edge();
  if (p <= law.atom()) return law.atom() > 0 ? 0 : law.lower_edge();
  if (p >= 0.5 || law.atom() > 0) return quantile_sf(law, 1 - p);
  return solve_tail(
      law, [](const ContinuousMp& l, double x) { return cdf(l, x); }, p, -1);
}

double mean(const ContinuousMp& law) { return mean(law.population()); }

double variance(const ContinuousMp& law) {
  const double m = mean(law);
  return variance(law.population()) + m * m / law.aspect_ratio();
}

}  // namespace rmtlab::theory
