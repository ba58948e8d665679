// SPDX-License-Identifier: MIT
/// \file
/// \brief Marchenko-Pastur law: the limiting spectrum of a white correlation matrix.
///
/// Everything is done in an angle. In the standard form of `Bulk` (r = ratio, d = gap = 1 - r) put
///
///     y - (1-r)^2 = 4 r sin^2(theta/2),   (1+r)^2 - y = 4 r cos^2(theta/2),   phi = pi - theta.
///
/// The mass of the continuous part left of theta (as a share of that part) becomes
///
///     F(theta) = (2/pi) int_0^theta sin^2 t / (d^2 + 4 r sin^2(t/2)) dt,
///
/// smooth at both edges and at r = 1, where the density itself is singular.
#include "theory/marchenko_pastur.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "theory/domain_check.hpp"
#include "theory/gauss_legendre.hpp"

namespace rmtlab::theory {

namespace {

using std::numbers::pi;
using Bulk = MarchenkoPastur::Bulk;

constexpr double eps = std::numeric_limits<double>::epsilon();

/// Distances of y from the edges of the standard bulk; both positive inside.
struct Position {
  double below, above, y;
};

Position position(const MarchenkoPastur& law, double lambda) {
  const auto& [r, gap, mass, scale] = law.bulk();
  const double q = law.aspect_ratio(), variance = law.variance();
  const double y = q < 1 ? lambda * q / variance : lambda / variance;
  // A thin bulk (r small) sits at y = 1: form y - 1 exactly, or rounding y moves the point by
  // eps / r of the bulk's width. Near 0 (r about 1) the gap is the accurate quantity instead.
  const double y_minus_one =
      (q < 1 ? std::fma(lambda, q, -variance) : lambda - variance) / variance;
  const double below = y < 0.5 ? y - gap * gap : (y_minus_one - r * r) + 2 * r;
  return {below, 4 * r - below, y};
}

/// A point of the bulk by its angle; sine and cosine are those of theta / 2.
struct Angle {
  double theta, phi, sine, cosine;
};

Angle angle_of(const Bulk& bulk, const Position& at) {
  const double half = 0.5 / std::sqrt(bulk.ratio);
  const double below = std::sqrt(at.below), above = std::sqrt(at.above);
  // The smaller of theta and phi from its own atan2: pi minus the other would lose it at the edge.
  if (below < above) {
    const double theta = 2 * std::atan2(below, above);
    return {theta, pi - theta, half * below, half * above};
  }
  const double phi = 2 * std::atan2(above, below);
  return {pi - phi, phi, half * below, half * above};
}

Angle from_theta(double theta) {
  return {theta, pi - theta, std::sin(theta / 2), std::cos(theta / 2)};
}

Angle from_phi(double phi) { return {pi - phi, phi, std::cos(phi / 2), std::sin(phi / 2)}; }

/// F'(theta), with `square` = sin^2(theta/2).
double angular_density(const Bulk& bulk, double square) {
  return 8 / pi * square * (1 - square) / (bulk.gap * bulk.gap + 4 * bulk.ratio * square);
}

/// Sixteen nodes leave less than 1e-17 on the intervals used. The nearest poles of the integrand lie
/// at theta = +-i log(1/r), at least as far from the left edge as the interval (0, gap) is long; seen
/// from the right edge they are at phi = pi +- i log(1/r), and the interval ends at phi = 2.
const GaussLegendre& edge_rule() {
  static const GaussLegendre rule(16);
  return rule;
}

/// F by x = sin(theta/2), which needs no sine at the nodes: dt = 2 dx / sqrt(1 - x^2). The root is
/// singular at x = 1 only, and x < 0.48 here.
double integrate_from_left(const Bulk& bulk, double sine) {
  const GaussLegendre& rule = edge_rule();
  const double gap2 = bulk.gap * bulk.gap;
  double sum = 0;
  for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
    const double x = sine * rule.nodes[i], square = x * x;
    sum += rule.weights[i] * square * std::sqrt(1 - square) / (gap2 + 4 * bulk.ratio * square);
  }
  return 16 / pi * sine * sum;
}

/// 1 - F in the same way by x = sin(phi/2), for phi < 1.
double integrate_near_right(const Bulk& bulk, double cosine) {
  const GaussLegendre& rule = edge_rule();
  const double top = (1 + bulk.ratio) * (1 + bulk.ratio);
  double sum = 0;
  for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
    const double x = cosine * rule.nodes[i], square = x * x;
    sum += rule.weights[i] * square * std::sqrt(1 - square) / (top - 4 * bulk.ratio * square);
  }
  return 16 / pi * cosine * sum;
}

/// 1 - F by the angle itself, up to phi = 2, where the root above would be too close.
double integrate_from_right(const Bulk& bulk, double phi) {
  const GaussLegendre& rule = edge_rule();
  const double top = (1 + bulk.ratio) * (1 + bulk.ratio);
  double sum = 0;
  for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
    const double c = std::sin(phi / 2 * rule.nodes[i]), square = c * c;
    sum += rule.weights[i] * square * (1 - square) / (top - 4 * bulk.ratio * square);
  }
  return 8 / pi * phi * sum;
}

/// sum over j >= 2 of r^(j-2) sin(j theta) / j, for r < 0.4.
double sine_series(double r, double sine, double cosine) {
  static constexpr auto reciprocal = [] {
    std::array<double, 52> values{};
    for (std::size_t j = 1; j < values.size(); ++j) values[j] = 1.0 / static_cast<double>(j);
    return values;
  }();
  double before = sine, current = 2 * cosine * sine;
  double power = 1, sum = 0;
  for (std::size_t j = 2; j < reciprocal.size() && power > 1e-18; ++j) {
    sum += power * reciprocal[j] * current;
    const double next = 2 * cosine * current - before;
    before = current;
    current = next;
    power *= r;
  }
  return sum;
}

/// F where neither it nor 1 - F is small.
double middle(const Bulk& bulk, const Angle& at) {
  const auto& [r, gap, mass, scale] = bulk;
  const double one_minus_square = gap * (1 + r);
  const double sine = 2 * at.sine * at.cosine;
  // The closed form divides a difference by r^2; its expansion in r has no such cancellation.
  if (r < 0.4) {
    const double cosine = (at.cosine - at.sine) * (at.cosine + at.sine);
    return (at.theta + r * sine - one_minus_square * sine_series(r, sine, cosine)) / pi;
  }
  // atan2, because at r = 1 its second argument is 0 and its first is not.
  const double psi = std::atan2((1 + r) * at.sine, gap * at.cosine);
  return ((at.theta + sine) / r - (one_minus_square * psi - gap * gap * at.theta / 2) / (r * r)) /
         pi;
}

/// F, with relative accuracy as theta -> 0.
double left_mass(const Bulk& bulk, const Angle& at) {
  if (at.theta < bulk.gap) return integrate_from_left(bulk, at.sine);
  if (at.phi < 1) return 1 - integrate_near_right(bulk, at.cosine);
  return middle(bulk, at);
}

/// 1 - F, with relative accuracy as phi -> 0.
double right_mass(const Bulk& bulk, const Angle& at) {
  if (at.phi < 1) return integrate_near_right(bulk, at.cosine);
  return at.phi < 2 ? integrate_from_right(bulk, at.phi) : 1 - left_mass(bulk, at);
}

/// Solves mass(t) = p on (0, pi) for an increasing `mass`: Newton, kept inside a bracket.
template <class Mass>
double solve_angle(const Bulk& bulk, Mass mass, Angle (*angle)(double), double p, double start) {
  double lower = 0, upper = pi, t = start;
  for (int step = 0; step < 200; ++step) {
    const Angle at = angle(t);
    const double excess = mass(bulk, at) - p;
    (excess > 0 ? upper : lower) = t;
    double next = t - excess / angular_density(bulk, at.sine * at.sine);
    if (!(next > lower && next < upper)) next = (lower + upper) / 2;
    if (std::abs(next - t) <= eps * t) return t;
    t = next;
  }
  return t;
}

/// Point of the bulk with left mass p and right mass q = 1 - p, solved from the smaller one.
double bulk_quantile(const Bulk& bulk, double p, double q) {
  const auto& [r, gap, mass, scale] = bulk;
  if (p <= q) {
    // F = 2 theta^3 / (3 pi gap^2) at the edge, and about 2 theta / pi beyond theta = gap.
    const double cubic = std::cbrt(1.5 * pi * p * gap * gap);
    const double start = cubic < gap / 2 ? cubic : std::min(pi / 2 * p + gap / 2, pi / 2);
    const double theta = solve_angle(bulk, left_mass, from_theta, p, std::max(start, 1e-300));
    const double s = std::sin(theta / 2);
    return scale * (gap * gap + 4 * r * s * s);
  }
  const double start = std::min(std::cbrt(1.5 * pi * q * (1 + r) * (1 + r)), pi / 2);
  const double phi = solve_angle(bulk, right_mass, from_phi, q, std::max(start, 1e-300));
  const double s = std::sin(phi / 2);
  return scale * ((1 + r) * (1 + r) - 4 * r * s * s);
}

double support_start(const MarchenkoPastur& law) { return law.atom() > 0 ? 0.0 : law.lower_edge(); }

}  // namespace

MarchenkoPastur::MarchenkoPastur(double aspect_ratio, double variance)
    : aspect_ratio_(aspect_ratio), variance_(variance) {
  check_positive("MarchenkoPastur", "aspect_ratio", aspect_ratio);
  check_positive("MarchenkoPastur", "variance", variance);
  const double q = aspect_ratio;
  const double root = std::sqrt(q);
  // 1 - r = |Q - 1| / (...): Q - 1 is exact beside Q = 1, where 1 - r would have no digits.
  bulk_ = q < 1 ? Bulk{root, (1 - q) / (1 + root), q, variance / q}
                : Bulk{1 / root, (q - 1) / (q + root), 1.0, variance};
  lower_edge_ = bulk_.scale * bulk_.gap * bulk_.gap;
  upper_edge_ = bulk_.scale * (1 + bulk_.ratio) * (1 + bulk_.ratio);
  if (!std::isfinite(upper_edge_))
    throw_domain_error("MarchenkoPastur", "aspect_ratio", aspect_ratio,
                       "large enough for a finite upper edge");
}

double pdf(const MarchenkoPastur& law, double lambda) {
  check_not_nan("pdf", "lambda", lambda);
  if (!(lambda > law.lower_edge() && lambda < law.upper_edge())) return 0;
  const Position at = position(law, lambda);
  if (at.below <= 0 || at.above <= 0) return 0;
  const auto& [r, gap, mass, scale] = law.bulk();
  return mass / scale * std::sqrt(at.below) * std::sqrt(at.above) / (2 * pi * r * r * at.y);
}

double cdf(const MarchenkoPastur& law, double lambda) {
  check_not_nan("cdf", "lambda", lambda);
  if (lambda < 0) return 0;
  if (lambda >= law.upper_edge()) return 1;
  const Position at = position(law, lambda);
  if (lambda <= law.lower_edge() || at.below <= 0) return law.atom();
  if (at.above <= 0) return 1;
  return law.atom() + law.bulk().mass * left_mass(law.bulk(), angle_of(law.bulk(), at));
}

double sf(const MarchenkoPastur& law, double lambda) {
  check_not_nan("sf", "lambda", lambda);
  if (lambda < 0) return 1;
  if (lambda >= law.upper_edge()) return 0;
  const double mass = law.bulk().mass;
  const Position at = position(law, lambda);
  if (lambda <= law.lower_edge() || at.below <= 0) return mass;
  if (at.above <= 0) return 0;
  return mass * right_mass(law.bulk(), angle_of(law.bulk(), at));
}

double quantile(const MarchenkoPastur& law, double p) {
  check_probability("quantile", "p", p);
  if (p == 0) return support_start(law);
  if (p == 1) return law.upper_edge();
  if (p > 0.5) return quantile_sf(law, 1 - p);  // exact; so is the atom below, where it is <= 1/2
  if (p <= law.atom()) return 0;
  const double mass = law.bulk().mass;
  return bulk_quantile(law.bulk(), (p - law.atom()) / mass, (1 - p) / mass);
}

double quantile_sf(const MarchenkoPastur& law, double q) {
  check_probability("quantile_sf", "q", q);
  const double mass = law.bulk().mass;
  if (q == 0) return law.upper_edge();
  if (q >= mass) return support_start(law);
  return bulk_quantile(law.bulk(), (mass - q) / mass, q / mass);
}

double mean(const MarchenkoPastur& law) { return law.variance(); }

double variance(const MarchenkoPastur& law) {
  return law.variance() * law.variance() / law.aspect_ratio();
}

double moment(const MarchenkoPastur& law, int k) {
  if (k < 0) throw_domain_error("moment", "k", k, ">= 0");
  if (k == 0) return 1;
  // Term j+1 over term j: (k-j)(k-1-j) / ((j+1)(j+2) Q).
  double term = 1, sum = 1;
  for (int j = 0; j + 1 < k; ++j) {
    term *= static_cast<double>(k - j) * (k - 1 - j) / ((j + 1.0) * (j + 2.0) * law.aspect_ratio());
    sum += term;
  }
  const double result = std::pow(law.variance(), k) * sum;
  if (!std::isfinite(result))
    throw_domain_error("moment", "k", k, "small enough for a moment below 1.8e308");
  return result;
}

double inverse_moment(const MarchenkoPastur& law, int k) {
  if (k < 0) throw_domain_error("inverse_moment", "k", k, ">= 0");
  if (k == 0) return 1;
  const double q = law.aspect_ratio();
  if (q <= 1) return std::numeric_limits<double>::infinity();
  const double gap = (q - 1) / q;
  const double result =
      moment(MarchenkoPastur(q), k - 1) / (std::pow(gap, 2 * k - 1) * std::pow(law.variance(), k));
  if (!std::isfinite(result))
    throw_domain_error("inverse_moment", "k", k, "small enough for a finite result");
  return result;
}

double mean_log(const MarchenkoPastur& law) {
  const double q = law.aspect_ratio(), center = std::log(law.variance());
  if (q < 1) return -std::numeric_limits<double>::infinity();
  if (q == 1) return center - 1;
  // (q - 1)/q keeps the digits beside 1, the logarithm of 1 - 1/q far from it.
  if (q < 2) return center - 1 - (q - 1) * std::log((q - 1) / q);
  if (q < 4) return center - 1 - (q - 1) * std::log1p(-1 / q);
  double sum = 0, power = 1;
  for (int k = 1; k < 30; ++k) {
    power /= q;
    sum += power / (k * (k + 1));
  }
  return center - sum;
}

}  // namespace rmtlab::theory
