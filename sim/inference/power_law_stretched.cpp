// SPDX-License-Identifier: MIT
// The stretched-exponential alternative: Gompertz' law in y = ln(x / xmin).
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include <boost/math/tools/roots.hpp>

#include "sim/inference/power_law_excess.hpp"

namespace rmtlab::inference {
namespace {

constexpr const char* law_name = "stretched_exponential";
constexpr double infinity = std::numeric_limits<double>::infinity();

// e^-shift times (e^t - 1) / t and ((t - 1) e^t + 1) / t^2, 0 <= t <= shift. Below t = 1 by their
// series sum t^n / (n + 1)! and sum t^n (n + 1) / (n + 2)!: the closed forms cancel.
struct Moments {
  double first, second;
};

Moments moments(double t, double shift) {
  if (t >= 1) {
    const double e = std::exp(t - shift);
    const double one = std::exp(-shift);
    return {(e - one) / t, ((t - 1) * e + one) / (t * t)};
  }
  double first = 0;
  double second = 0;
  double term = 1;  // t^n / (n + 1)!
  for (int n = 0; n < 18; ++n) {
    first += term;
    second += term * (n + 1) / (n + 2);
    term *= t / (n + 2);
  }
  const double scale = std::exp(-shift);
  return {scale * first, scale * second};
}

// mean(y (e^(b y) - 1) / (b y)) and mean(y^2 ((b y - 1) e^(b y) + 1) / (b y)^2), both times
// e^(-b y_max): nothing overflows.
Moments averages(const TailExcess& tail, double b) {
  const double shift = b * tail.y.back();
  CompensatedSum first;
  CompensatedSum second;
  for (std::size_t k = 0; k < tail.y.size(); ++k) {
    const double y = tail.y[k];
    const Moments here = moments(b * y, shift);
    first.add(tail.count[k] * y * here.first);
    second.add(tail.count[k] * y * y * here.second);
  }
  return {first.value() / tail.size, second.value() / tail.size};
}

// Derivative by b of the profile likelihood of one observation, in units of mean(y).
double profile_slope(const TailExcess& tail, double b) {
  const Moments at = averages(tail, b);
  return 1 - at.second / (at.first * tail.mean);
}

// Root of the slope, which is positive at 0.
double find_beta(const TailExcess& tail) {
  const auto slope = [&](double b) { return profile_slope(tail, b); };
  double lower = 0;
  double upper = 0.1 / tail.mean;
  while (slope(upper) > 0) {
    lower = upper;
    upper *= 2;
  }
  std::uintmax_t steps = 200;
  const auto bracket = boost::math::tools::toms748_solve(
      slope, lower, upper, boost::math::tools::eps_tolerance<double>(52), steps);
  return 0.5 * (bracket.first + bracket.second);
}

}  // namespace

Alternative stretched_exponential_alternative(const CountedValues& sample, const PowerLawFit& fit) {
  const TailExcess tail = tail_excess(sample, fit, "stretched_exponential_alternative");
  Alternative result = same_as_power_law(tail, fit, law_name);
  result.parameters = {{"beta", 0.0}, {"log_rate", infinity}};
  if (tail.squared_cv >= 1 || profile_slope(tail, 0) <= 0) return result;
  const double b = find_beta(tail);
  // d = ln(a / c) - (a + b) y + c (e^(b y) - 1) / b, and 1/c is the average.
  const double shift = b * tail.y.back();
  const double average = averages(tail, b).first;
  const double log_mean = std::log(average) + shift;  // -ln c
  std::vector<double> difference(tail.y.size());
  for (std::size_t k = 0; k < difference.size(); ++k) {
    const double y = tail.y[k];
    difference[k] = (log_mean - std::log(tail.mean)) - (1 / tail.mean + b) * y +
                    y * moments(b * y, shift).first / average;
  }
  Alternative better = compared(tail, fit, law_name, LikelihoodTest::half_chi_square, difference);
  if (better.is_power_law) return result;
  const double log_rate = (-log_mean - std::log(b)) / b - std::log(fit.xmin);
  better.parameters = {{"beta", b}, {"log_rate", log_rate}};
  if (const double rate = std::exp(log_rate); std::isfinite(rate)) better.parameters["rate"] = rate;
  return better;
}

}  // namespace rmtlab::inference
