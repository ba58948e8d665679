// SPDX-License-Identifier: MIT
// The truncated power law x^-alpha e^(-kappa x): density e^(-p y - l k(y)) / I in y = ln(x / xmin),
// k(y) = e^y - 1 - y, l = kappa xmin, p = alpha - 1 + l. The slope p at xmin in place of alpha: on
// values within a narrow range alpha and l are huge and all but cancel.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include <boost/math/tools/roots.hpp>
#include <fmt/format.h>

#include "sim/inference/power_law_excess.hpp"
#include "theory/gauss_legendre.hpp"

namespace rmtlab::inference {
namespace {

constexpr const char* law_name = "truncated_power_law";

// k(u) = e^u - 1 - u >= 0; by its series where the closed form cancels.
double curvature(double u) {
  if (std::abs(u) > 0.5) return std::expm1(u) - u;
  double sum = 0;
  for (int n = 15; n >= 2; --n) sum = (1 + sum) * u / n;  // u/2 (1 + u/3 (1 + ...))
  return sum * u;
}

// The exponent p y + l k(y), seen from the point y_0 >= 0 where it is least: there it is
// slope u + curve k(u), u = y - y_0, without the large terms that cancel.
class Exponent {
public:
  Exponent(double p, double l)
      : mode_(p < 0 ? std::log1p(-p / l) : 0),
        slope_(std::max(p, 0.0)),
        curve_(l + std::max(-p, 0.0)) {}

  [[nodiscard]] double mode() const { return mode_; }
  // Above its least value, at u = y - mode.
  [[nodiscard]] double operator()(double u) const { return slope_ * u + curve_ * curvature(u); }

  // u >= from where it has risen by `rise` above its value at `from` >= 0.
  [[nodiscard]] double right_end(double from, double rise) const {
    const double top = (*this)(from) + rise;
    double step = std::min(1.0, rise / (slope_ + curve_));
    while ((*this)(from + step) > top) step /= 2;
    while ((*this)(from + step) < top) step *= 2;
    return bisect(from + step / 2, from + step, top);
  }

  // The same to the left of the mode; not beyond y = 0.
  [[nodiscard]] double left_end(double rise) const {
    return (*this)(-mode_) <= rise ? -mode_ : bisect(0, -mode_, rise);
  }

private:
  [[nodiscard]] double bisect(double inside, double outside, double top) const {
    for (int k = 0; k < 20; ++k) {
      const double middle = 0.5 * (inside + outside);
      ((*this)(middle) < top ? inside : outside) = middle;
    }
    return outside;
  }

  double mode_, slope_, curve_;
};

// Integral of e^-(exponent above its least value) and moments of the density.
struct Integrals {
  double log_integral;
  double mean_y, variance_y;
  double mean_curvature;  // of k(y)
};

// Composite Gauss-Legendre quadrature where the integrand, also times e^y, is above e^-60 of its
// maximum. The last stretch, where l e^y cuts off, has panels of its own: on the rest the logarithm
// of the integrand is nearly linear.
class Quadrature {
public:
  // Over y >= from.
  Integrals operator()(double p, double l, double from = 0) const {
    constexpr double rise = 60;
    constexpr double cut_off = 8;
    const Exponent exponent(p, l);
    const double start = from - exponent.mode();
    const double begin = std::max(start, exponent.left_end(rise));
    double end = exponent.right_end(std::max(start, 0.0), rise);
    const Exponent of_mean(p - 1, l);  // e^y times the density
    end = std::max(end, of_mean.right_end(std::max(from - of_mean.mode(), 0.0), rise) +
                            of_mean.mode() - exponent.mode());
    const double split = std::max(begin, end - cut_off);
    Sums sums;
    add_stretch(exponent, begin, split, sums);
    add_stretch(exponent, split, end, sums);
    const double mean = sums.first / sums.zeroth;
    return {std::log(sums.zeroth), exponent.mode() + mean, sums.second / sums.zeroth - mean * mean,
            sums.curvature / sums.zeroth};
  }

private:
  struct Sums {
    double zeroth = 0, first = 0, second = 0, curvature = 0;
  };

  void add_stretch(const Exponent& exponent, double begin, double end, Sums& sums) const {
    constexpr int panels = 16;
    const double width = (end - begin) / panels;
    if (width <= 0) return;
    for (int panel = 0; panel < panels; ++panel)
      for (std::size_t k = 0; k < rule_.nodes.size(); ++k) {
        const double u = begin + width * (panel + rule_.nodes[k]);
        const double f = width * rule_.weights[k] * std::exp(-exponent(u));
        sums.zeroth += f;
        sums.first += f * u;
        sums.second += f * u * u;
        sums.curvature += f * curvature(exponent.mode() + u);
      }
  }

  theory::GaussLegendre rule_{20};
};

const Quadrature& quadrature() {
  static const Quadrature rule;
  return rule;
}

// p at which the mean of y is `mean`, for given l. The reciprocal of the mean increases in p, nearly
// in proportion: Newton's method, kept inside the bracket it finds.
double slope_for_mean(double mean, double l, double start, Integrals& at) {
  constexpr int most_steps = 100;
  constexpr double rounding = 8e-15;
  constexpr double nearly = 1e-10;  // from here steps that do not shrink are rounding
  double p = start;
  double last_step = std::numeric_limits<double>::infinity();
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
  for (int step = 0; step < most_steps; ++step) {
    at = quadrature()(p, l);
    const double excess = at.mean_y - mean;
    (excess > 0 ? lower : upper) = p;
    const double newton = excess * (at.mean_y / mean) / at.variance_y;
    const double relative = std::abs(newton) / (std::abs(p) + 1 / mean);
    if (std::abs(excess) <= rounding * mean || relative <= rounding ||
        (relative < nearly && relative > 0.5 * last_step))
      return p;
    last_step = relative;
    const double next = p + newton;
    p = next > lower && next < upper ? next : 0.5 * (lower + upper);
  }
  throw std::runtime_error(
      fmt::format("truncated_power_law_alternative: no alpha found for rate xmin = {} in {} steps",
                  l, most_steps));
}

struct CutOffFit {
  double p, l;
  Integrals at;
};

// Greatest likelihood over l > 0. Its derivative along the ridge p(l) is
// mean_curvature(l) - mean_curvature of the data, and decreases. l = 0 if it is met nowhere above
// e^-600.
CutOffFit find_cut_off(double mean_y, double mean_curvature) {
  CutOffFit fit{1 / mean_y, 0, {}};
  const auto slope = [&](double log_l) {
    fit.l = std::exp(log_l);
    fit.p = slope_for_mean(mean_y, fit.l, fit.p, fit.at);
    return fit.at.mean_curvature / mean_curvature - 1;
  };
  constexpr double stride = 3;
  constexpr double smallest = -600;
  double lower = -std::log(mean_curvature);
  double upper = lower;
  double at_lower = slope(lower);
  double at_upper = at_lower;
  while (at_upper > 0) {
    lower = upper;
    at_lower = at_upper;
    at_upper = slope(upper += stride);
  }
  while (at_lower < 0) {
    if (lower < smallest) return {1 / mean_y, 0, {}};
    upper = lower;
    at_upper = at_lower;
    at_lower = slope(lower -= stride);
  }
  std::uintmax_t steps = 100;
  const auto bracket =
      boost::math::tools::toms748_solve(slope, lower, upper, at_lower, at_upper,
                                        boost::math::tools::eps_tolerance<double>(48), steps);
  slope(0.5 * (bracket.first + bracket.second));
  return fit;
}

}  // namespace

Alternative truncated_power_law_alternative(const CountedValues& sample, const PowerLawFit& fit) {
  const TailExcess tail = tail_excess(sample, fit, "truncated_power_law_alternative");
  const double mean_excess =
      tail.average([&](std::size_t k) { return (tail.value[k] - fit.xmin) / fit.xmin; });
  Alternative result = same_as_power_law(tail, fit, law_name);
  result.parameters = {{"alpha", fit.alpha}, {"rate", 0.0}};
  const double a = 1 / tail.mean;
  if (a > 1 && mean_excess >= 1 / (a - 1)) return result;
  const CutOffFit best =
      find_cut_off(tail.mean, tail.average([&](std::size_t k) { return curvature(tail.y[k]); }));
  if (best.l == 0) return result;
  const Exponent exponent(best.p, best.l);
  const double log_scale = std::log(a) + best.at.log_integral;
  std::vector<double> difference(tail.y.size());
  for (std::size_t k = 0; k < difference.size(); ++k)
    difference[k] = log_scale - a * tail.y[k] + exponent(tail.y[k] - exponent.mode());
  Alternative better = compared(tail, fit, law_name, LikelihoodTest::half_chi_square, difference);
  if (better.is_power_law) return result;
  better.parameters = {{"alpha", 1 + best.p - best.l}, {"rate", best.l / fit.xmin}};
  return better;
}

double truncated_power_law_survival(double a, double l, double y) {
  const double p = a + l;
  return std::exp(quadrature()(p, l, y).log_integral - quadrature()(p, l).log_integral);
}

}  // namespace rmtlab::inference
