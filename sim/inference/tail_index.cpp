// SPDX-License-Identifier: MIT
#include "sim/inference/tail_index.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "sim/inference/power_law_kernels.hpp"
#include "sim/inference/power_law_sum.hpp"

namespace rmtlab::inference {
namespace {

std::uint64_t checked_size(const CountedValues& sample, const std::string& function) {
  check_counted_values(sample, function);
  return sample_size(sample);
}

void check_k(std::uint64_t k, std::uint64_t smallest, std::uint64_t largest, std::uint64_t n,
             const std::string& function) {
  if (k >= smallest && k <= largest) return;
  throw std::domain_error(fmt::format("{}: k = {} (must be from {} to {} for n = {} values)",
                                      function, k, smallest, largest, n));
}

// Walks down the distinct values: sums of the first two powers of the log-excesses of all larger
// observations over the present one. Every term is positive.
class Descent {
public:
  explicit Descent(const CountedValues& sample) : sample_(&sample), at_(sample.values.size() - 1) {}

  // To the next smaller distinct value. \pre there is one.
  void step() {
    above_ += sample_->counts[at_];
    --at_;
    const double d = log_ratio(sample_->values[at_], sample_->values[at_ + 1]);
    const auto count = static_cast<double>(above_);
    second_.add(2 * d * first_.value() + count * d * d);
    first_.add(count * d);
  }
  // To x_(k+1).
  void descend(std::uint64_t k) {
    while (above_ + sample_->counts[at_] <= k) step();
  }

  [[nodiscard]] bool at_end() const { return at_ == 0; }
  [[nodiscard]] std::uint64_t above() const { return above_; }
  [[nodiscard]] double value() const { return sample_->values[at_]; }
  [[nodiscard]] double first() const { return first_.value(); }
  [[nodiscard]] double second() const { return second_.value(); }

private:
  const CountedValues* sample_;
  std::size_t at_;
  std::uint64_t above_ = 0;
  CompensatedSum first_, second_;
};

double density_exponent(double xi) {
  return xi > 0 ? 1 + 1 / xi : std::numeric_limits<double>::infinity();
}

TailIndex hill_at(const Descent& descent, std::uint64_t k) {
  const auto count = static_cast<double>(k);
  const double xi = descent.first() / count;
  return {xi, xi / std::sqrt(count), density_exponent(xi), k, descent.value()};
}

Descent descend_to(const CountedValues& sample, std::uint64_t k, const std::string& function) {
  Descent descent(sample);
  descent.descend(k);
  if (descent.first() == 0)
    throw std::domain_error(
        fmt::format("{}: k = {} (must reach below the largest value, {}, which occurs {} times)",
                    function, k, sample.values.back(), sample.counts.back()));
  return descent;
}

double moment_variance(double xi) {
  if (xi >= 0) return 1 + xi * xi;
  const double a = 1 - 2 * xi;
  const double b = 1 - 3 * xi;
  return (1 - xi) * (1 - xi) * a * (4 - 8 * a / b + (5 - 11 * xi) * a / (b * (1 - 4 * xi)));
}

double pickands_variance(double xi) {
  using std::numbers::ln2;
  // xi / (2^xi - 1), which is 1 / ln 2 at 0.
  const double ratio = xi == 0 ? 1 / ln2 : xi / std::expm1(xi * ln2);
  return ratio * ratio * (std::exp2(2 * xi + 1) + 1) / (4 * ln2 * ln2);
}

}  // namespace

TailIndex hill(const CountedValues& sample, std::uint64_t k) {
  const std::uint64_t n = checked_size(sample, "hill");
  check_k(k, 1, n == 0 ? 0 : n - 1, n, "hill");
  return hill_at(descend_to(sample, k, "hill"), k);
}

TailIndex moment_tail_index(const CountedValues& sample, std::uint64_t k) {
  const std::string function = "moment_tail_index";
  const std::uint64_t n = checked_size(sample, function);
  check_k(k, 2, n == 0 ? 0 : n - 1, n, function);
  const Descent descent = descend_to(sample, k, function);
  const auto count = static_cast<double>(k);
  const double m1 = descent.first() / count;
  const double m2 = descent.second() / count;
  const double spread = 1 - m1 * (m1 / m2);
  if (!(spread > 4 * std::numeric_limits<double>::epsilon()))
    throw std::domain_error(
        fmt::format("{}: k = {} (the {} largest values must not all be equal)", function, k, k));
  const double xi = m1 + 1 - 0.5 / spread;
  return {xi, std::sqrt(moment_variance(xi) / count), density_exponent(xi), k, descent.value()};
}

TailIndex pickands(const CountedValues& sample, std::uint64_t k) {
  const std::uint64_t n = checked_size(sample, "pickands");
  check_k(k, 1, n / 4, n, "pickands");
  const auto order_statistic = [&](std::uint64_t rank) {
    Descent descent(sample);
    descent.descend(rank - 1);
    return descent.value();
  };
  const double upper = order_statistic(k);
  const double middle = order_statistic(2 * k);
  const double lower = order_statistic(4 * k);
  if (!(upper > middle && middle > lower))
    throw std::domain_error(
        fmt::format("pickands: k = {} (x_(k) = {}, x_(2k) = {} and x_(4k) = {} must be distinct)",
                    k, upper, middle, lower));
  const double xi = std::log2((upper - middle) / (middle - lower));
  return {xi, std::sqrt(pickands_variance(xi) / static_cast<double>(k)), density_exponent(xi), k,
          lower};
}

std::vector<TailIndex> hill_curve(const CountedValues& sample, std::size_t points) {
  const std::uint64_t n = checked_size(sample, "hill_curve");
  if (points < 2)
    throw std::domain_error(fmt::format("hill_curve: points = {} (must be >= 2)", points));
  if (sample.values.size() < 2)
    throw std::domain_error(fmt::format(
        "hill_curve: {} distinct values among {} (must be at least 2)", sample.values.size(), n));
  const bool all = sample.values.size() - 1 <= points;
  const double step = std::log(static_cast<double>(n)) / static_cast<double>(points);
  std::vector<TailIndex> curve;
  double next = 0;  // ln k of the next point
  for (Descent descent(sample); !descent.at_end();) {
    descent.step();
    const double log_k = std::log(static_cast<double>(descent.above()));
    if (!all && log_k < next) continue;
    curve.push_back(hill_at(descent, descent.above()));
    next = log_k + step * (1 - 1e-9);
  }
  return curve;
}

}  // namespace rmtlab::inference
