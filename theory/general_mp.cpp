// SPDX-License-Identifier: MIT
/// \file
/// \brief Marchenko-Pastur law of a population with several eigenvalues (Silverstein's equation).
#include "theory/general_mp.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <utility>

#include <boost/math/tools/roots.hpp>
#include <fmt/format.h>

#include "theory/domain_check.hpp"
#include "theory/silverstein_branch.hpp"

namespace rmtlab::theory {

namespace {

using std::numbers::pi;
using Complex = std::complex<double>;

/// sum w_k tau_k^2 / (x - tau_k)^2.
template <class T>
T phi(const GeneralMp& law, T x) {
  T sum = 0;
  for (std::size_t k = 0; k < law.values().size(); ++k) {
    const T ratio = law.values()[k] / (x - law.values()[k]);
    sum += law.weights()[k] * ratio * ratio;
  }
  return sum;
}

/// z(x) / x, the larger of its two terms, and z(x). Near x = 0, where sum is nearly -1, from
/// 1 + sum = sum w x / (x - tau): at Q = 1 nothing else is left.
template <class T>
std::pair<T, double> stretch_and_size(const GeneralMp& law, T x) {
  T sum = 0, complement = 0;
  for (std::size_t k = 0; k < law.values().size(); ++k) {
    const T ratio = law.weights()[k] / (x - law.values()[k]);
    sum += law.values()[k] * ratio;
    complement += x * ratio;
  }
  const double q = law.aspect_ratio();
  if (std::abs(complement) < 0.1)
    return {(q - 1 + complement) / q, std::max(std::abs(q - 1), std::abs(complement)) / q};
  return {1.0 + sum / q, std::max(1.0, std::abs(sum) / q)};
}

template <class T>
T stretch(const GeneralMp& law, T x) {
  return stretch_and_size(law, x).first;
}

template <class T>
T inverse(const GeneralMp& law, T x) {
  return x * stretch(law, x);
}

/// z'(x), likewise: 1 - phi = sum w u (2 - u), u = x / (x - tau).
template <class T>
T slope(const GeneralMp& law, T x) {
  T complement = 0;
  for (std::size_t k = 0; k < law.values().size(); ++k) {
    const T u = x / (x - law.values()[k]);
    complement += law.weights()[k] * u * (2.0 - u);
  }
  const double q = law.aspect_ratio();
  return std::abs(complement) < 0.1 ? (q - 1 + complement) / q : 1.0 - phi(law, x) / q;
}

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

/// phi(x) = Q between tau_k (where phi is infinite) and a point where phi < Q. Searched in the
/// logarithm of the distance from tau_k, because the root may be close to it.
double edge_near(const GeneralMp& law, std::size_t k, double inside) {
  const double tau = law.values()[k], far = inside - tau;
  // The term of tau_k alone exceeds Q here.
  const double near =
      std::min(0.5 * tau * std::sqrt(law.weights()[k] / law.aspect_ratio()), 0.5 * std::abs(far));
  const auto excess = [&](double s) {
    return std::log(phi(law, tau + std::copysign(std::exp(s), far)) / law.aspect_ratio());
  };
  const double s = root(excess, std::log(near), std::log(std::abs(far)));
  return tau + std::copysign(std::exp(s), far);
}

/// Where the convex function phi is smallest between neighbouring values.
double lowest_between(const GeneralMp& law, std::size_t k) {
  const auto slope = [&](double x) {
    double sum = 0;
    for (std::size_t j = 0; j < law.values().size(); ++j) {
      const double tau = law.values()[j], d = x - tau;
      sum -= law.weights()[j] * (tau / d) * (tau / d) / d;
    }
    return sum;
  };
  const double low = law.values()[k], high = law.values()[k + 1];
  // Beside a pole its own term, of order weight / distance^3, decides the sign.
  double margin = (high - low) / 4;
  while (!(slope(low + margin) < 0 && slope(high - margin) > 0)) {
    margin /= 2;
    if (low + margin == low || high - margin == high) return (low + high) / 2;
  }
  return root(slope, low + margin, high - margin);
}

std::vector<GeneralMp::Interval> find_support(const GeneralMp& law) {
  const double q = law.aspect_ratio();
  const auto& tau = law.values();
  std::vector<GeneralMp::Interval> support;
  // phi grows from 0 to infinity on (-infinity, tau_1): phi(0) = 1, so x < 0 belongs to Q < 1.
  double x_lower = q == 1 ? 0 : edge_near(law, 0, -tau.back() * (1 + 2 / std::sqrt(q)));
  double mass = -law.atom();
  for (std::size_t k = 0; k < tau.size(); ++k) {
    mass += law.weights()[k];
    const bool last = k + 1 == tau.size();
    const double inside = last ? tau[k] * (1 + 2 / std::sqrt(q)) : lowest_between(law, k);
    if (!last && !(phi(law, inside) < q)) continue;
    const double x_upper = edge_near(law, k, inside);
    support.push_back(
        {std::max(inverse(law, x_lower), 0.0), inverse(law, x_upper), mass, x_lower, x_upper});
    mass = 0;
    if (!last) x_lower = edge_near(law, k + 1, inside);
  }
  return support;
}

/// What follow_branch needs: z(x) has poles at the values of the population.
struct Inverse {
  [[nodiscard]] InversePoint at(Complex x) const {
    const auto [ratio, size] = stretch_and_size(law, x);
    return {x * ratio, slope(law, x), std::abs(x) * size};
  }
  [[nodiscard]] double distance(Complex x) const {
    double nearest = std::abs(x - law.values().front());
    for (const double tau : law.values()) nearest = std::min(nearest, std::abs(x - tau));
    return nearest;
  }
  [[nodiscard]] static bool accepts(Complex x) { return x.imag() > 0; }

  const GeneralMp& law;
};

/// x(z) in the upper half plane, or its limit on the support: from far above, where x is nearly
/// z, straight down.
Complex solve(const GeneralMp& law, Complex z) {
  const double scale = law.values().back() * (1 + 1 / law.aspect_ratio()) + std::abs(z);
  const Complex start(z.real(), std::max(1e3 * scale, 2 * z.imag()));
  if (const auto x = follow_branch(Inverse{law}, start, z)) return *x;
  throw std::runtime_error(
      fmt::format("GeneralMp: no convergence at z = {} + {}i (aspect_ratio = {})", z.real(),
                  z.imag(), law.aspect_ratio()));
}

/// The real x of a point outside the support, between the images of the neighbouring edges.
double solve_outside(const GeneralMp& law, double lambda) {
  const auto& support = law.support();
  const auto after = std::find_if(support.begin(), support.end(),
                                  [lambda](const auto& part) { return lambda <= part.lower; });
  const auto excess = [&](double x) { return inverse(law, x) - lambda; };
  const double reach = 2 * (std::abs(lambda) + law.values().back() * (1 + 1 / law.aspect_ratio()));
  const double low = after == support.begin() ? -reach : (after - 1)->x_upper;
  const double high = after == support.end() ? reach + low : after->x_lower;
  if (excess(low) >= 0) return low;  // within rounding of an edge
  if (excess(high) <= 0) return high;
  return root(excess, low, high);
}

/// The interval that holds lambda in its interior, or the end of the list.
auto interval_at(const GeneralMp& law, double lambda) {
  return std::find_if(law.support().begin(), law.support().end(), [lambda](const auto& part) {
    return lambda > part.lower && lambda < part.upper;
  });
}

template <class T>
T transform_at(const GeneralMp& law, T x) {
  T sum = 0;
  for (std::size_t k = 0; k < law.values().size(); ++k)
    sum -= law.weights()[k] / (x - law.values()[k]);
  return sum / stretch(law, x);
}

double survival_inside(const GeneralMp& law, double lambda) {
  const Complex x = solve(law, lambda);
  const double angle = std::arg(x);
  double sum = law.aspect_ratio() * (angle - lambda * x.imag() / std::norm(x));
  for (std::size_t k = 0; k < law.values().size(); ++k)
    sum += law.weights()[k] * (std::arg(x - law.values()[k]) - angle);
  return std::clamp(sum / pi, 0.0, 1 - law.atom());
}

}  // namespace

GeneralMp::GeneralMp(double aspect_ratio, const std::vector<double>& values,
                     const std::vector<double>& weights)
    : aspect_ratio_(aspect_ratio) {
  check_positive("GeneralMp", "aspect_ratio", aspect_ratio);
  if (values.empty() || values.size() != weights.size())
    throw std::invalid_argument(
        fmt::format("GeneralMp: {} values and {} weights (must be as many, and at least one)",
                    values.size(), weights.size()));
  for (const double value : values) check_positive("GeneralMp", "values", value);
  for (const double weight : weights) check_positive("GeneralMp", "weights", weight);
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (!(std::abs(sum - 1) <= 1e-6))
    throw_domain_error("GeneralMp", "sum of weights", sum, "1 within 1e-6");
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t i, std::size_t j) { return values[i] < values[j]; });
  for (const std::size_t i : order) {
    if (!values_.empty() && values_.back() == values[i]) {
      weights_.back() += weights[i] / sum;
    } else {
      values_.push_back(values[i]);
      weights_.push_back(weights[i] / sum);
    }
  }
  support_ = find_support(*this);
}

Complex stieltjes_transform(const GeneralMp& law, Complex z) {
  if (!(z.imag() >= 0) || !std::isfinite(z.imag()))
    throw_domain_error("stieltjes_transform", "Im z", z.imag(), "finite and >= 0");
  if (!std::isfinite(z.real()))
    throw_domain_error("stieltjes_transform", "Re z", z.real(), "finite");
  if (z == 0.0 && law.aspect_ratio() <= 1)
    throw_domain_error("stieltjes_transform", "z", 0, "not 0 for aspect_ratio <= 1");
  if (z.imag() == 0 && interval_at(law, z.real()) == law.support().end())
    return transform_at(law, solve_outside(law, z.real()));
  return transform_at(law, solve(law, z));
}

double pdf(const GeneralMp& law, double lambda) {
  check_not_nan("pdf", "lambda", lambda);
  if (interval_at(law, lambda) == law.support().end()) return 0;
  const Complex x = solve(law, lambda);
  return std::max(law.aspect_ratio() / pi * x.imag() / std::norm(x), 0.0);
}

double sf(const GeneralMp& law, double lambda) {
  check_not_nan("sf", "lambda", lambda);
  if (lambda < 0) return 1;
  if (interval_at(law, lambda) != law.support().end()) return survival_inside(law, lambda);
  double above = 0;
  for (auto part = law.support().rbegin(); part != law.support().rend(); ++part)
    if (lambda <= part->lower) above += part->mass;
  return std::min(above, 1.0);
}

double cdf(const GeneralMp& law, double lambda) {
  check_not_nan("cdf", "lambda", lambda);
  return 1 - sf(law, lambda);
}

double quantile_sf(const GeneralMp& law, double q) {
  check_probability("quantile_sf", "q", q);
  double above = 0;
  for (auto part = law.support().rbegin(); part != law.support().rend(); ++part) {
    if (q <= above) return part->upper;  // the start of a gap, or the end of the support
    const double total = above + part->mass;
    if (q < total) {
      const auto excess = [&](double lambda) {
        if (lambda <= part->lower) return total - q;
        if (lambda >= part->upper) return above - q;
        return survival_inside(law, lambda) - q;
      };
      return root(excess, part->lower, part->upper);
    }
    above = total;
  }
  return law.atom() > 0 ? 0 : law.support().front().lower;
}

double quantile(const GeneralMp& law, double p) {
  check_probability("quantile", "p", p);
  if (p <= law.atom()) return law.atom() > 0 ? 0 : law.support().front().lower;
  return quantile_sf(law, 1 - p);
}

double mean(const GeneralMp& law) {
  return std::inner_product(law.values().begin(), law.values().end(), law.weights().begin(), 0.0);
}

double variance(const GeneralMp& law) {
  const double m = mean(law);
  double spread = 0;  // of the population
  for (std::size_t k = 0; k < law.values().size(); ++k)
    spread += law.weights()[k] * (law.values()[k] - m) * (law.values()[k] - m);
  return spread + m * m / law.aspect_ratio();
}

}  // namespace rmtlab::theory
