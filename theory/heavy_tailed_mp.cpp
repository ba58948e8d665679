// SPDX-License-Identifier: MIT
/// \file
/// \brief Limiting spectrum of a correlation matrix whose entries have infinite variance.
///
/// The equations are solved in the logarithms of y_r and y_c. The solution is followed along paths
/// of log w by a tangent predictor and Newton's method, with a step that shrinks when the corrector
/// moves far: Newton from a poor start finds other roots beside the steep fall of the density.
#include "theory/heavy_tailed_mp.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "theory/domain_check.hpp"
#include "theory/heavy_tailed_transform.hpp"

namespace rmtlab::theory {

namespace {

using std::numbers::pi;
using Complex = std::complex<double>;

/// A point of the branch: log w, the logarithms of (y_r, y_c) and their derivatives by log w.
struct Point {
  Complex log_w, row, col, row_slope, col_slope;
};

/// Cubic Hermite interpolation on [0, 1] of values and derivatives by the interval's length.
template <class T>
T hermite(double t, T f0, T d0, T f1, T d1) {
  const double s = 1 - t;
  return s * s * ((1 + 2 * t) * f0 + t * d0) + t * t * ((1 + 2 * s) * f1 - s * d1);
}

}  // namespace

struct HeavyTailedMp::Solver {
  double a, q, k;
  HeavyTailedTransform transform;
  std::vector<Point> branch;  ///< at arg w = pi a, by increasing |w|

  Solver(double tail_index, double aspect_ratio)
      : a(tail_index / 2), q(aspect_ratio), k(std::tgamma(1 - a) / std::tgamma(a)), transform(a) {
    // Where y is 1 percent, Newton's method needs no guide.
    const double start = -std::log(100 * k * std::tgamma(a) * std::max(1.0, 1 / q));
    branch.push_back(far_point({start, pi * a}));
    const double end = std::max(start, 0.0) + 12;
    for (double step = 0.25; branch.back().log_w.real() < end; step = std::min(1.4 * step, 0.5)) {
      auto next = correct(shifted(branch.back(), step));
      for (; !next && step > 0.02; next = correct(shifted(branch.back(), step))) step /= 2;
      branch.push_back(next ? *next : detour(branch.back(), branch.back().log_w + 0.1));
    }
  }

  /// Residuals of the equations and their matrix of derivatives by (log y_r, log y_c), as rows
  /// {d row, d col, residual, minus the derivative by log w}.
  using Row = std::array<Complex, 4>;
  [[nodiscard]] std::array<Row, 2> equations(const Point& at) const {
    const Complex yr = std::exp(at.row), yc = std::exp(at.col);
    const HeavyTailedTransform::Values r = transform(yr), c = transform(yc);
    const Complex log_kw = std::log(k) + at.log_w;
    const Row first = {-yr * r.dg / r.g, 1, at.col + std::log(q) - log_kw - std::log(r.g), 1};
    // For large y both equations say y_r y_c = K w / (a Q); what tells y_r from y_c is then
    // 1 - h(y_r) = Q (1 - h(y_c)), with h computed directly.
    const double scale = std::max(std::abs(r.h), q * std::abs(c.h));
    if (scale < std::min(1.0, q) / 2)
      return {first,
              Row{yr * r.dh / scale, -q * yc * c.dh / scale, (q - 1 + r.h - q * c.h) / scale, 0}};
    return {first, Row{1, -yc * c.dg / c.g, at.row - log_kw - std::log(c.g), 1}};
  }

  /// Newton's method; empty unless it converges to an admissible root. The second step has to be
  /// ten times shorter than the first: another root is then at least ten times as far from the
  /// start as the one found, so that a path cannot change its branch.
  [[nodiscard]] std::optional<Point> correct(Point at) const {
    double first = 0;
    for (int step = 0; step < 12; ++step) {
      const auto rows = equations(at);
      const Row &e = rows[0], &f = rows[1];
      const Complex det = e[0] * f[1] - e[1] * f[0];
      const auto solve = [&](Complex x, Complex y) {
        return std::array{(f[1] * x - e[1] * y) / det, (e[0] * y - f[0] * x) / det};
      };
      const auto change = solve(-e[2], -f[2]);
      at.row += change[0];
      at.col += change[1];
      const double moved = std::max(std::abs(change[0]), std::abs(change[1]));
      if (step == 0) first = moved;
      if (!(moved < 0.3) || (step == 1 && moved > 0.1 * first && moved > 1e-10)) return {};
      if (moved > 1e-9) continue;
      const double low = std::min(at.row.imag(), at.col.imag());
      const double high = std::max(at.row.imag(), at.col.imag());
      if (low < -1e-9 || high > pi * a + 1e-9) return {};
      const auto slope = solve(e[3], f[3]);
      at.row_slope = slope[0];
      at.col_slope = slope[1];
      return at;
    }
    return {};
  }

  [[nodiscard]] static Point shifted(const Point& from, Complex d) {
    return {from.log_w + d, from.row + d * from.row_slope, from.col + d * from.col_slope, {}, {}};
  }

  /// The solution for small |w|, from its first term.
  [[nodiscard]] Point far_point(Complex log_w) const {
    const Complex y = log_w + std::log(k * std::tgamma(a));
    const auto point = correct({log_w, y, y - std::log(q), {}, {}});
    if (!point) fail(log_w);
    return *point;
  }

  /// The solution at `target`, along the straight path of log w; empty if a step below `shortest`
  /// would be needed.
  [[nodiscard]] std::optional<Point> follow(Point from, Complex target, double shortest) const {
    for (double step = 0.25; from.log_w != target; step = std::min(1.4 * step, 0.5)) {
      std::optional<Point> next;
      for (; !next; step /= 2) {
        if (step < shortest) return {};
        const Complex left = target - from.log_w;
        const bool last = std::abs(left) <= step;
        next = correct(shifted(from, last ? left : left * (step / std::abs(left))));
        if (next && last) next->log_w = target;
      }
      step *= 2;
      from = *next;
    }
    return from;
  }

  /// From one point above the positive axis to another through the upper half plane, where the
  /// solution is analytic: on the axis, a fall of the density that is almost an edge is almost a
  /// branch point.
  [[nodiscard]] Point detour(const Point& from, Complex target) const {
    const Complex up(0, -pi * a / 2);
    auto point = follow(from, from.log_w + up, 1e-13);
    if (point) point = follow(*point, target + up, 1e-3);
    if (point) point = follow(*point, target, 1e-13);
    if (!point) fail(target);
    return *point;
  }

  [[nodiscard]] Point reach(const Point& from, Complex target) const {
    const auto point = follow(from, target, 0.02);
    return point ? *point : detour(from, target);
  }

  [[noreturn]] void fail(Complex log_w) const {
    throw std::runtime_error(fmt::format(
        "HeavyTailedMp: no convergence at lambda = {} (tail_index = {}, aspect_ratio = {})",
        std::exp(-log_w.real() / a), 2 * a, q));
  }

  /// The solution at lambda + i0.
  [[nodiscard]] Point at(double lambda) const {
    const Complex log_w(-a * std::log(lambda), pi * a);
    if (log_w.real() <= branch.front().log_w.real()) return far_point(log_w);
    if (log_w.real() >= branch.back().log_w.real()) return reach(branch.back(), log_w);
    const auto after = std::upper_bound(
        branch.begin(), branch.end(), log_w.real(),
        [](double value, const Point& point) { return value < point.log_w.real(); });
    const Point &p = *(after - 1), &n = *after;
    const double length = n.log_w.real() - p.log_w.real();
    const double t = (log_w.real() - p.log_w.real()) / length;
    const Point guess{log_w,
                      hermite(t, p.row, length * p.row_slope, n.row, length * n.row_slope),
                      hermite(t, p.col, length * p.col_slope, n.col, length * n.col_slope),
                      {},
                      {}};
    if (const auto point = correct(guess)) return *point;
    return reach(p, log_w);
  }

  /// 1 - h(y_r) up to a real constant: of the expressions with the same imaginary part the smallest,
  /// which loses least where that part is a small share of it.
  [[nodiscard]] Complex weight(const Point& point) const {
    const Complex yr = std::exp(point.row), yc = std::exp(point.col);
    const HeavyTailedTransform::Values r = transform(yr), c = transform(yc);
    const std::array forms = {a * yr * r.g, -r.h, q * a * yc * c.g, -q * c.h};
    return *std::min_element(forms.begin(), forms.end(), [](const Complex& x, const Complex& y) {
      return std::abs(x) < std::abs(y);
    });
  }

  /// lambda rho(lambda).
  [[nodiscard]] double log_density(const Point& point) const {
    return std::max(weight(point).imag() / pi, 0.0);
  }

  /// Its derivative by log lambda: a y_r g(y_r) = a Q y_r y_c / (K w).
  [[nodiscard]] double log_density_slope(const Point& point) const {
    const Complex p = a * q / k * std::exp(point.row + point.col - point.log_w);
    return -a / pi * (p * (point.row_slope + point.col_slope - 1.0)).imag();
  }

  [[nodiscard]] double survival(const Point& point) const {
    const Complex psi = transform.integral(std::exp(point.row)) +
                        q * transform.integral(std::exp(point.col)) -
                        q / k * std::exp(point.row + point.col - point.log_w);
    return std::clamp(psi.imag() / pi, 0.0, std::min(1.0, q));
  }
};

HeavyTailedMp::HeavyTailedMp(double tail_index, double aspect_ratio)
    : tail_index_(tail_index), aspect_ratio_(aspect_ratio) {
  if (!(tail_index >= 0.1 && tail_index <= 1.9))
    throw_domain_error("HeavyTailedMp", "tail_index", tail_index, ">= 0.1 and <= 1.9");
  if (!(aspect_ratio >= 1e-4 && aspect_ratio <= 1e4))
    throw_domain_error("HeavyTailedMp", "aspect_ratio", aspect_ratio, ">= 1e-4 and <= 1e4");
  solver_ = std::make_shared<const Solver>(tail_index, aspect_ratio);
}

HeavyTailedSolution solution(const HeavyTailedMp& law, double lambda) {
  check_positive("solution", "lambda", lambda);
  const Point point = law.solver().at(lambda);
  return {std::exp(point.row), std::exp(point.col)};
}

double pdf(const HeavyTailedMp& law, double lambda) {
  check_not_nan("pdf", "lambda", lambda);
  if (lambda <= 0 || std::isinf(lambda)) return 0;
  return law.solver().log_density(law.solver().at(lambda)) / lambda;
}

double sf(const HeavyTailedMp& law, double lambda) {
  check_not_nan("sf", "lambda", lambda);
  if (lambda < 0) return 1;
  if (lambda == 0) return 1 - law.atom();
  if (std::isinf(lambda)) return 0;
  return law.solver().survival(law.solver().at(lambda));
}

double cdf(const HeavyTailedMp& law, double lambda) {
  check_not_nan("cdf", "lambda", lambda);
  return 1 - sf(law, lambda);
}

double quantile(const HeavyTailedMp& law, double p) {
  check_probability("quantile", "p", p);
  return p <= law.atom() ? 0 : quantile_sf(law, 1 - p);
}

double quantile_sf(const HeavyTailedMp& law, double q) {
  check_probability("quantile_sf", "q", q);
  if (q == 0) return std::numeric_limits<double>::infinity();
  if (q >= 1 - law.atom()) return 0;
  // Newton for log q - log sf in x = log lambda, kept inside a bracket; sf <= lambda^-a holds at the
  // first term of the tail only, so the bracket is found by doubling.
  const auto& solver = law.solver();
  double x = -std::log(q) / solver.a, lower = x, upper = x;
  for (double d = 1; sf(law, std::exp(upper)) > q; d *= 2) upper += d;
  for (double d = 1; sf(law, std::exp(lower)) < q && lower > -700; d *= 2) lower -= d;
  for (int step = 0; step < 100; ++step) {
    const Point point = solver.at(std::exp(x));
    const double value = solver.survival(point);
    (value > q ? lower : upper) = x;
    double next = x + value / solver.log_density(point) * std::log(value / q);
    if (std::abs(next - x) <= 4e-16 * (1 + std::abs(x))) break;
    if (!(next > lower && next < upper)) next = (lower + upper) / 2;
    x = next;
  }
  return std::exp(x);
}

HeavyTailedNode node(const HeavyTailedMp& law, double lambda) {
  check_positive("node", "lambda", lambda);
  const auto& solver = law.solver();
  const Point point = solver.at(lambda);
  return {solver.log_density(point), solver.log_density_slope(point), solver.survival(point)};
}

Complex stieltjes_transform(const HeavyTailedMp& law, Complex z) {
  if (!(z.imag() > 0) || !std::isfinite(z.imag()))
    throw_domain_error("stieltjes_transform", "Im z", z.imag(), "finite and > 0");
  if (!std::isfinite(z.real()))
    throw_domain_error("stieltjes_transform", "Re z", z.real(), "finite");
  const auto& solver = law.solver();
  // Turn from the upper side of the positive axis to the direction of z, at constant |z|.
  const Complex log_w(-solver.a * std::log(std::abs(z)), solver.a * (pi - std::arg(z)));
  const auto point = solver.follow(solver.at(std::abs(z)), log_w, 1e-13);
  if (!point) solver.fail(log_w);
  return -solver.transform(std::exp(point->row)).h / z;
}

double tail_pdf(const HeavyTailedMp& law, double lambda) {
  check_positive("tail_pdf", "lambda", lambda);
  const double a = law.tail_index() / 2, gamma = std::tgamma(1 - a), power = std::pow(lambda, -a);
  const double second = a / pi * (1 + 1 / law.aspect_ratio()) * gamma * gamma * std::tgamma(2 * a) *
                        std::sin(2 * pi * a);
  return (a - second * power) * power / lambda;
}

double small_lambda_coefficient(const HeavyTailedMp& law) {
  if (law.aspect_ratio() != 1) return 0;
  const double a = law.tail_index() / 2;
  return std::tgamma(1 + 1 / a) / pi *
         std::pow(std::tgamma(1 + a) / std::tgamma(1 - a), 1 / (2 * a));
}

}  // namespace rmtlab::theory
