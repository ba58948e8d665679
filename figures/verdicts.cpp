// SPDX-License-Identifier: MIT
#include "figures/verdicts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <fmt/format.h>

#include "figures/grouped_run.hpp"

namespace rmtlab::figures {

std::string text_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::reproduced:
      return "reproduced";
    case Verdict::not_reproduced:
      return "not reproduced";
    case Verdict::inconclusive:
      return "inconclusive";
  }
  return "";
}

Interval mean_interval(const std::vector<double>& values, double level) {
  if (values.empty()) throw std::invalid_argument("mean_interval: no values");
  if (!(level > 0 && level < 1))
    throw std::invalid_argument(
        fmt::format("mean_interval: level = {} (must be > 0 and < 1)", level));
  const auto n = static_cast<double>(values.size());
  Interval interval;
  interval.count = values.size();
  interval.value = std::accumulate(values.begin(), values.end(), 0.0) / n;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  interval.low = -infinity;
  interval.high = infinity;
  if (values.size() < 2) return interval;
  double squares = 0;
  for (const double v : values) squares += (v - interval.value) * (v - interval.value);
  const double reach = quantile(boost::math::students_t(n - 1), 0.5 + 0.5 * level) *
                       std::sqrt(squares / (n - 1) / n);
  interval.low = interval.value - reach;
  interval.high = interval.value + reach;
  return interval;
}

Interval share_interval(std::size_t hits, std::size_t trials) {
  if (trials == 0 || hits > trials)
    throw std::invalid_argument(fmt::format(
        "share_interval: {} hits in {} trials (must be at most as many, of one or more)", hits,
        trials));
  const auto n = static_cast<double>(trials), k = static_cast<double>(hits);
  using boost::math::binomial_distribution;
  constexpr double tail = 0.05;
  return {trials, k / n, binomial_distribution<>::find_lower_bound_on_p(n, k, tail),
          binomial_distribution<>::find_upper_bound_on_p(n, k, tail)};
}

Verdict exceeds(const Interval& interval, double threshold) {
  if (interval.low > threshold) return Verdict::reproduced;
  if (interval.high < threshold) return Verdict::not_reproduced;
  return Verdict::inconclusive;
}

Verdict majority(std::size_t hits, std::size_t trials) {
  return exceeds(share_interval(hits, trials), 0.5);
}

Verdict needed(Verdict with, Verdict without) {
  if (with == Verdict::not_reproduced || without == Verdict::reproduced)
    return Verdict::not_reproduced;
  if (with == Verdict::reproduced && without == Verdict::not_reproduced) return Verdict::reproduced;
  return Verdict::inconclusive;
}

Equivalence equivalence(const Interval& difference, double margin) {
  if (!(margin > 0))
    throw std::invalid_argument(fmt::format("equivalence: margin = {} (must be > 0)", margin));
  if (difference.low > -margin && difference.high < margin) return Equivalence::equivalent;
  if (difference.low > margin || difference.high < -margin) return Equivalence::different;
  return Equivalence::inconclusive;
}

Fall falls(const std::vector<std::vector<double>>& paths) {
  if (paths.empty() || paths.front().size() < 2 ||
      std::any_of(paths.begin(), paths.end(),
                  [&](const auto& path) { return path.size() != paths.front().size(); }))
    throw std::invalid_argument("falls: paths must be of equal lengths, of two or more");
  const std::size_t steps = paths.front().size() - 1;
  Fall fall;
  bool all_fall = true, one_rises = false;
  for (std::size_t step = 0; step < steps; ++step) {
    std::vector<double> changes;
    for (const auto& path : paths) changes.push_back(path[step + 1] - path[step]);
    const Interval change = mean_interval(changes, 0.9);
    const Interval wide = mean_interval(changes, 1 - 0.1 / static_cast<double>(steps));
    all_fall = all_fall && change.high < 0;
    one_rises = one_rises || wide.low > 0;
    if (step == 0 || change.value > fall.change.value) {
      fall.step = step;
      fall.change = change;
    }
  }
  if (all_fall) fall.verdict = Verdict::reproduced;
  if (one_rises) fall.verdict = Verdict::not_reproduced;
  return fall;
}

std::optional<Boundary> boundary(const std::vector<Step>& path, std::size_t order) {
  std::size_t first = path.size();
  while (first > 0 && path[first - 1].order >= order) --first;
  if (first == 0 || first == path.size()) return std::nullopt;
  const auto [low, high] = std::minmax(path[first - 1].x, path[first].x);
  return Boundary{low > 0 ? std::sqrt(low * high) : 0.5 * (low + high), low, high};
}

Crossings crossings(const std::vector<std::vector<Step>>& paths, std::size_t order) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  Crossings c{{0, nan, nan, nan}, paths.size(), 0};
  std::vector<double> places;
  for (const auto& path : paths) {
    c.started += !path.empty() && std::all_of(path.begin(), path.end(), [order](const Step& step) {
      return step.order >= order;
    });
    const auto b = boundary(path, order);
    if (!b) continue;
    c.at.low = places.empty() ? b->low : std::min(c.at.low, b->low);
    c.at.high = places.empty() ? b->high : std::max(c.at.high, b->high);
    places.push_back(b->at);
  }
  c.at.count = places.size();
  if (!places.empty()) c.at.value = median(places);
  return c;
}

std::optional<double> log_slope(const std::vector<std::pair<double, double>>& points) {
  double mean_x = 0, mean_y = 0;
  for (const auto& [x, y] : points) {
    if (!(x > 0 && y > 0))
      throw std::domain_error(fmt::format("log_slope: point = ({}, {}) (both must be > 0)", x, y));
    mean_x += std::log(x) / static_cast<double>(points.size());
    mean_y += std::log(y) / static_cast<double>(points.size());
  }
  double xx = 0, xy = 0, least = std::numeric_limits<double>::infinity(), most = 0;
  for (const auto& [x, y] : points) {
    xx += std::pow(std::log(x) - mean_x, 2);
    xy += (std::log(x) - mean_x) * (std::log(y) - mean_y);
    least = std::min(least, x);
    most = std::max(most, x);
  }
  if (points.size() < 3 || !(most > least)) return std::nullopt;
  return xy / xx;
}

}  // namespace rmtlab::figures
