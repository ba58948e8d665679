// SPDX-License-Identifier: MIT
/// \file
/// \brief Exact laws of the extreme eigenvalues of noise at finite size.
#include "theory/wishart_exact.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "theory/domain_check.hpp"
#include "theory/tracy_widom.hpp"
#include "theory/wishart_edge.hpp"

namespace rmtlab::theory {

namespace {

using Law = WishartExtremeEigenvalue;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Both tails at t = lambda / unit.
struct Tails {
  double log_cdf, log_sf;
  double log_pdf;  ///< of t
};

Tails tails(const Law& law, double t) {
  const GapPoint point = law.gap().at(t);
  const double log_pdf = point.log_gap + std::log(point.hazard);
  if (law.edge() == SpectrumEdge::upper) return {point.log_gap, point.log_loss, log_pdf};
  return {point.log_loss, point.log_gap, log_pdf};
}

/// Newton's method for log t, on the logarithm of one tail: these are concave functions of log t, so
/// that after the first step all iterates lie on one side of the root. A step that no longer halves is
/// rounding. Towards 0 the logarithm of cdf is linear in log t: one step from the end of the range of
/// doubles gives the rest.
template <class Step>
double solve(Step newton_step, double start) {
  constexpr double lowest = -690;
  double v = start, last = infinity;
  for (int step = 0; step < 200; ++step) {
    const double change = std::min(newton_step(v), 1.0);  // the right tail falls as exp(-e^v)
    if (v == lowest && change < 0) return v + change;
    v = std::max(v + change, lowest);
    const double size = std::abs(change) / std::max(1.0, std::abs(v));
    if (size < 4e-16 || (size < 1e-10 && size > last / 2)) break;
    last = size;
  }
  return v;
}

int checked_order(int rows, int cols) {
  constexpr auto name = "WishartExtremeEigenvalue";
  if (rows < 1) throw_domain_error(name, "rows", rows, ">= 1");
  if (cols < 1) throw_domain_error(name, "cols", cols, ">= 1");
  const int order = std::min(rows, cols);
  if (order > LaguerreGap::largest_order)
    throw_domain_error(name, "min(rows, cols)", order,
                       "<= 200: beyond, use upper_edge_scaling and lower_edge_scaling");
  return order;
}

/// log t where the limit law has its quantile; z is standardised, negative to the left.
double start(const Law& law, double z) {
  const double p = law.gap().order(), n = p + law.gap().exponent();
  if (law.edge() == SpectrumEdge::upper) {
    const EdgeScaling scaling = upper_edge_scaling(n, p, n);
    return std::log(std::max(scaling.center + z * scaling.scale, 0.1 * scaling.center));
  }
  if (n == p) return -std::log(p);
  const LogEdgeScaling scaling = lower_edge_scaling(n, p, n);
  return scaling.center + std::max(z, -10.0) * scaling.scale;
}

/// log t with log cdf = log_p.
double solve_cdf(const Law& law, double log_p, double z) {
  return solve(
      [&](double v) {
        const Tails here = tails(law, std::exp(v));
        return (log_p - here.log_cdf) * std::exp(here.log_cdf - here.log_pdf - v);
      },
      start(law, z));
}

/// log t with log sf = log_q.
double solve_sf(const Law& law, double log_q, double z) {
  return solve(
      [&](double v) {
        const Tails here = tails(law, std::exp(v));
        return (here.log_sf - log_q) * std::exp(here.log_sf - here.log_pdf - v);
      },
      start(law, z));
}

/// log t with that mass above it, or below.
double log_quantile(const Law& law, double mass, bool above) {
  const TracyWidom limit(law.dyson_index());
  const bool upper = law.edge() == SpectrumEdge::upper;
  const double outwards = upper == above ? quantile_sf(limit, mass) : quantile(limit, mass);
  const double z = upper ? outwards : -outwards;
  // The smaller of the two probabilities is the one with digits.
  if (mass < 0.5)
    return above ? solve_sf(law, std::log(mass), z) : solve_cdf(law, std::log(mass), z);
  const double rest = std::log1p(-mass);
  return above ? solve_cdf(law, rest, z) : solve_sf(law, rest, z);
}

}  // namespace

WishartExtremeEigenvalue::WishartExtremeEigenvalue(int rows, int cols, int dyson_index,
                                                   double variance, SpectrumEdge edge)
    : rows_(rows),
      cols_(cols),
      variance_(variance),
      gap_(edge, checked_order(rows, cols), std::abs(double(rows) - cols), dyson_index) {
  check_positive("WishartExtremeEigenvalue", "variance", variance);
}

double pdf(const WishartExtremeEigenvalue& law, double lambda) {
  check_not_nan("pdf", "lambda", lambda);
  if (lambda <= 0 || lambda == infinity) return 0;
  return std::exp(tails(law, lambda / law.unit()).log_pdf) / law.unit();
}

double cdf(const WishartExtremeEigenvalue& law, double lambda) {
  return std::exp(log_cdf(law, lambda));
}

double sf(const WishartExtremeEigenvalue& law, double lambda) {
  return std::exp(log_sf(law, lambda));
}

double log_cdf(const WishartExtremeEigenvalue& law, double lambda) {
  check_not_nan("log_cdf", "lambda", lambda);
  if (lambda <= 0) return -infinity;
  return lambda == infinity ? 0 : tails(law, lambda / law.unit()).log_cdf;
}

double log_sf(const WishartExtremeEigenvalue& law, double lambda) {
  check_not_nan("log_sf", "lambda", lambda);
  if (lambda <= 0) return 0;
  return lambda == infinity ? -infinity : tails(law, lambda / law.unit()).log_sf;
}

double quantile(const WishartExtremeEigenvalue& law, double p) {
  check_probability("quantile", "p", p);
  if (p == 0 || p == 1) return p == 0 ? 0 : infinity;
  return law.unit() * std::exp(log_quantile(law, p, false));
}

double quantile_sf(const WishartExtremeEigenvalue& law, double q) {
  check_probability("quantile_sf", "q", q);
  if (q == 0 || q == 1) return q == 1 ? 0 : infinity;
  return law.unit() * std::exp(log_quantile(law, q, true));
}

WishartMoments moments(const WishartExtremeEigenvalue& law) {
  // The trapezoidal rule in log t converges geometrically; the tails left out hold 1e-20 each.
  const double low = log_quantile(law, 1e-20, false), high = log_quantile(law, 1e-20, true);
  const double spread = log_quantile(law, 0.025, true) - log_quantile(law, 0.025, false);
  const int steps = static_cast<int>(std::ceil((high - low) / std::min(0.2, spread / 14)));
  const double step = (high - low) / steps;
  const double origin = std::exp(log_quantile(law, 0.5, true));
  double raw[5] = {};
  for (int i = 0; i <= steps; ++i) {
    const double v = low + i * step;
    double term = step * std::exp(v + tails(law, std::exp(v)).log_pdf);
    for (double& sum : raw) {
      sum += term;
      term *= std::exp(v) - origin;
    }
  }
  const double m1 = raw[1], m2 = raw[2] - m1 * m1;
  const double m3 = raw[3] - 3 * m1 * raw[2] + 2 * m1 * m1 * m1;
  const double m4 = raw[4] - 4 * m1 * raw[3] + 6 * m1 * m1 * raw[2] - 3 * m1 * m1 * m1 * m1;
  return {law.unit() * (origin + m1), law.unit() * law.unit() * m2, m3 / std::pow(m2, 1.5),
          m4 / (m2 * m2) - 3};
}

double mean(const WishartExtremeEigenvalue& law) { return moments(law).mean; }

double variance(const WishartExtremeEigenvalue& law) { return moments(law).variance; }

}  // namespace rmtlab::theory
