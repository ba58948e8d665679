// SPDX-License-Identifier: MIT
/// \file
/// \brief Continuation of the solution of Silverstein's equation; what its two solvers share.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <optional>

namespace rmtlab::theory {

/// The inverse function \f$z(x)=x+\frac xQ\int\frac{\tau\,dH}{x-\tau}\f$ and \f$z'(x)\f$ at one x,
/// with the size of the terms that z was summed from, which sets its rounding.
struct InversePoint {
  std::complex<double> value, slope;
  double size;
};

/// Newton's method for z(x) = z from the tangent at another point `from`, whose z is `dz` away.
///
/// `Inverse` has `at(x)`, the `distance(x)` to the nearest singularity of z(x), and
/// `accepts(x)`, whether x may be the solution. Accepted only if the tangent stays away from the
/// singularities, the first step is below a tenth of the way along it and the second a tenth of the
/// first: the root found is then the continuation of `from`, not one of the other roots.
template <class Inverse>
std::optional<std::complex<double>> advance(const Inverse& inverse, std::complex<double> from,
                                            std::complex<double> dz, std::complex<double> z) {
  const std::complex<double> tangent = dz / inverse.at(from).slope;
  if (!(std::abs(tangent) < 0.5 * inverse.distance(from))) return {};
  std::complex<double> x = from + tangent;
  double allowed = 0.1 * std::abs(tangent);
  for (int step = 0; step < 20; ++step) {
    const auto [value, slope, size] = inverse.at(x);
    const std::complex<double> d = (z - value) / slope;
    // The second term is what rounding of z(x) does, which grows towards an edge.
    const double moved = std::abs(d);
    const double floor = std::max(1e-12 * std::abs(x), 4e-15 * size / std::abs(slope));
    x += d;
    if (moved < floor) return inverse.accepts(x) ? std::optional(x) : std::nullopt;
    if (!(moved < allowed)) return {};
    allowed = step == 0 ? std::max(0.1 * moved, floor) : moved;
  }
  return {};
}

/// x(z) in the upper half plane, or its limit on the support, from a point `start` of the branch
/// (any with Im x > 0 and Im z(x) > 0) along the straight line from z(start) to z. The solution is
/// analytic there, and a step is a share of the way left. Nothing if it gets stuck.
template <class Inverse>
std::optional<std::complex<double>> follow_branch(const Inverse& inverse,
                                                  std::complex<double> start,
                                                  std::complex<double> z) {
  std::complex<double> x = start, at = inverse.at(start).value;
  double share = 1;
  while (share > 1e-6) {
    const std::complex<double> left = z - at;
    if (std::abs(left) < 1e-15 * std::abs(z)) return x;  // an edge
    const std::complex<double> next = share == 1 ? z : at + share * left;
    if (const auto found = advance(inverse, x, next - at, next)) {
      if (share == 1) return *found;
      x = *found;
      at = next;
      share = std::min(1.0, 2 * share);
    } else {
      share /= 2;
    }
  }
  return {};
}

}  // namespace rmtlab::theory
