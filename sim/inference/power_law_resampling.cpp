// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_resampling.hpp"

#include <algorithm>
#include <cmath>

#include "sim/inference/power_law_kernels.hpp"

namespace rmtlab::inference {
namespace {

// Successes by inversion: walks up the distribution function from 0. \pre n p < 10, p <= 1/2.
std::uint64_t binomial_by_inversion(double n, double p, core::Stream& stream) {
  const double odds = p / (1 - p);
  double probability = std::exp(n * std::log1p(-p));
  double u = stream.uniform();
  double k = 0;
  while (u > probability && k < n) {
    u -= probability;
    probability *= odds * (n - k) / (k + 1);
    k += 1;
  }
  return static_cast<std::uint64_t>(k);
}

// ln k! - ((k + 1/2) ln(k + 1) - (k + 1) + ln sqrt(2 pi)), from a table, then Stirling's series.
double stirling_rest(double k) {
  constexpr double table[] = {0.08106146679532726, 0.04134069595540929, 0.02767792568499834,
                              0.02079067210376509, 0.01664469118982119, 0.01387612882307075,
                              0.01189670994589177, 0.01041126526197209, 0.009255462182712733,
                              0.008330563433362871};
  if (k < 10) return table[static_cast<std::size_t>(k)];
  const double r = 1 / (k + 1);
  const double r2 = r * r;
  return r * (1.0 / 12 - r2 * (1.0 / 360 - r2 * (1.0 / 1260)));
}

// \pre n p >= 10, p <= 1/2.
std::uint64_t binomial_by_rejection(double n, double p, core::Stream& stream) {
  const double sd = std::sqrt(n * p * (1 - p));
  const double b = 1.15 + 2.53 * sd;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double center = n * p + 0.5;
  const double squeeze = 0.92 - 4.2 / b;
  const double scale = (2.83 + 5.1 / b) * sd;
  const double odds = p / (1 - p);
  const double mode = std::floor((n + 1) * p);
  while (true) {
    const double u = stream.uniform() - 0.5;
    const double v = stream.uniform();
    const double us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + center);
    if (us >= 0.07 && v <= squeeze) return static_cast<std::uint64_t>(k);
    if (k < 0 || k > n) continue;
    const double log_height = std::log(v * scale / (a / (us * us) + b));
    const double log_ratio = (mode + 0.5) * std::log((mode + 1) / (odds * (n - mode + 1))) +
                             (n + 1) * std::log((n - mode + 1) / (n - k + 1)) +
                             (k + 0.5) * std::log(odds * (n - k + 1) / (k + 1)) +
                             stirling_rest(mode) + stirling_rest(n - mode) - stirling_rest(k) -
                             stirling_rest(n - k);
    if (log_height <= log_ratio) return static_cast<std::uint64_t>(k);
  }
}

// Independent exponential variates of rate 1.
void exponentials(std::size_t count, core::Stream& stream, std::vector<double>& x) {
  x.resize(count);
  for (double& value : x) value = stream.uniform();
  power_law_kernels().minus_log(x.data(), count);
}

}  // namespace

std::uint64_t binomial(std::uint64_t n, double p, core::Stream& stream) {
  if (p > 0.5) return n - binomial(n, 1 - p, stream);
  if (n == 0 || p <= 0) return 0;
  const auto trials = static_cast<double>(n);
  return trials * p < 10 ? binomial_by_inversion(trials, p, stream)
                         : binomial_by_rejection(trials, p, stream);
}

Multiset::Multiset(std::span<const double> at_least) {
  weight_.resize(at_least.size() - 1);
  for (std::size_t k = 0; k < weight_.size(); ++k) weight_[k] = at_least[k] - at_least[k + 1];
  size_ = static_cast<std::uint64_t>(at_least.front() - at_least.back());
  constexpr std::uint64_t longest_list = 4;  // observations a value, on average
  all_single_ = std::all_of(weight_.begin(), weight_.end(), [](double w) { return w == 1; });
  if (all_single_ || size_ > longest_list * weight_.size()) return;
  value_of_.reserve(size_);
  for (std::size_t k = 0; k < weight_.size(); ++k)
    value_of_.insert(value_of_.end(), static_cast<std::size_t>(weight_[k]),
                     static_cast<std::uint32_t>(k));
}

void Multiset::draw(std::uint64_t draws, core::Stream& stream, std::vector<double>& counts) const {
  counts.assign(weight_.size(), 0.0);
  if (all_single_) {
    for (std::uint64_t d = 0; d < draws; ++d) counts[stream.below(size_)] += 1;
    return;
  }
  if (!value_of_.empty()) {
    for (std::uint64_t d = 0; d < draws; ++d) counts[value_of_[stream.below(size_)]] += 1;
    return;
  }
  // One value after the other: of the draws left, those that take it are binomial.
  auto left = static_cast<double>(size_);
  for (std::size_t k = 0; k < weight_.size() && draws > 0; ++k) {
    const std::uint64_t taken = binomial(draws, std::min(1.0, weight_[k] / left), stream);
    counts[k] = static_cast<double>(taken);
    draws -= taken;
    left -= weight_[k];
  }
}

// Between the order statistics of exponential variates lie independent exponential variates, of rate
// a times the number still above.
void exponential_spacings(std::size_t count, double a, core::Stream& stream,
                          std::vector<double>& spacing) {
  exponentials(count, stream, spacing);
  for (std::size_t k = 0; k < count; ++k) spacing[k] /= a * static_cast<double>(count - k);
}

// The order statistics of uniform variates are partial sums of exponential ones, divided by the sum
// of one more; the quantile function maps them to the law.
void truncated_spacings(std::size_t count, double a, double length, core::Stream& stream,
                        std::vector<double>& spacing) {
  exponentials(count + 1, stream, spacing);
  double sum = 0;
  for (double& s : spacing) s = sum += s;
  spacing.pop_back();
  const double rate = std::abs(a);
  const double mass = -std::expm1(-rate * length);
  const auto quantile = [&](double u) {
    return rate == 0 ? length * u : std::min(length, -std::log1p(-u * mass) / rate);
  };
  // A negative rate is the mirror image.
  for (double& s : spacing) s = a >= 0 ? quantile(s / sum) : length - quantile((sum - s) / sum);
  for (std::size_t k = count; k-- > 1;) spacing[k] = std::max(0.0, spacing[k] - spacing[k - 1]);
}

}  // namespace rmtlab::inference
