// SPDX-License-Identifier: MIT
#include "sim/inference/spike_strength.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/tools/roots.hpp>

namespace rmtlab::inference {
namespace {

using theory::SpikeKind;

struct Model {
  SpikeKind kind;
  double rows, c, sigma2_error;

  [[nodiscard]] double location(double h) const { return (1 + h) * (1 + c / h); }
  [[nodiscard]] double deviation(double h) const {
    const double beyond = std::max(0.0, 1 - c / (h * h));
    const double load = kind == SpikeKind::additive ? 2 * h + 1 + c : (1 + h) * (1 + h);
    const double error = location(h) * sigma2_error;
    return std::sqrt(2 * load * beyond / rows + error * error);
  }
};

// Largest h in [from, far] with bound(h) = x, for a bound that exceeds x at `far`.
template <class Bound>
double last_root(const Bound& bound, double x, double from, double far) {
  // The bound dips just above the threshold; from its minimum on it increases.
  double low = from, step = (far - from) / 64;
  for (double h = far; h > from; h -= step)
    if (bound(h) < x) {
      low = h;
      break;
    }
  if (bound(low) >= x) return low;
  boost::uintmax_t iterations = 100;
  const auto difference = [&](double h) { return bound(h) - x; };
  const auto root =
      boost::math::tools::toms748_solve(difference, low, std::min(far, low + step),
                                        boost::math::tools::eps_tolerance<double>(40), iterations);
  return (root.first + root.second) / 2;
}

double strength_of(SpikeKind kind, double h) {
  return kind == SpikeKind::additive ? std::sqrt(h) : 1 + h;
}

}  // namespace

SpikeEstimate estimate_spike(SpikeKind kind, double lambda, double sigma2, double sigma2_error,
                             std::size_t rows, std::size_t cols, double coverage) {
  const auto n = static_cast<double>(rows), m = static_cast<double>(cols);
  const double q = n / m, threshold = theory::bbp_threshold(q), x = lambda / sigma2;
  const Model model{kind, n, m / n, sigma2_error};
  const double edge = model.location(threshold);
  SpikeEstimate result;
  result.excess = x > edge ? theory::excess_from_outlier(q, x) : threshold;
  const theory::Spike spike = theory::Spike::covariance(q, 1 + result.excess);
  result.window = theory::critical_window(spike, m);
  result.cannot_tell = result.window < certain_window;

  const double z = quantile(boost::math::normal(), (1 + coverage) / 2);
  // Twice the excess and more: as a rule both bounds have long passed x there. Where z deviations are as
  // large as the location itself (N of a few dozen, coverage near 1) the lower one never does.
  double far = 4 * (1 + result.excess) * (1 + z / std::sqrt(n)) + 4 * threshold;
  const auto least = [&](double h) { return model.location(h) - z * model.deviation(h); };
  for (int i = 0; i < 20 && least(far) <= x; ++i) far *= 2;
  result.excess_ci.upper = least(far) > x ? last_root(least, x, threshold, far)
                                          : std::numeric_limits<double>::infinity();
  result.excess_ci.lower =
      result.cannot_tell
          ? 0
          : last_root([&](double h) { return model.location(h) + z * model.deviation(h); }, x,
                      threshold, far);
  result.strength = strength_of(kind, result.excess);
  result.strength_ci = {strength_of(kind, result.excess_ci.lower),
                        strength_of(kind, result.excess_ci.upper)};
  return result;
}

double certain_outlier(std::size_t rows, std::size_t cols) {
  const auto n = static_cast<double>(rows), m = static_cast<double>(cols);
  const double c = m / n, relative = certain_window * std::pow(1 + std::sqrt(c), 2.0 / 3);
  const double h = std::sqrt(c) * (1 + relative / std::cbrt(m));
  double lowest = 0;
  for (const SpikeKind kind : {SpikeKind::additive, SpikeKind::covariance}) {
    const Model model{kind, n, c, 0};
    const double at = model.location(h) - 2.5 * model.deviation(h);
    lowest = kind == SpikeKind::additive ? at : std::min(lowest, at);
  }
  return lowest;
}

}  // namespace rmtlab::inference
