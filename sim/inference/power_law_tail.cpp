// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_tail.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rmtlab::inference {
namespace {

// Mean of the exponential law of rate t > 0 cut off at 1, and its derivative. Below t = 0.5 the two
// terms 1/t cancel; there the Taylor series, whose terms are B_2k t^(2k-1) / (2k)!.
struct Mean {
  double value, slope;
};

Mean mean_on_unit_interval(double t) {
  if (t < 0.5) {
    const double s = t * t;
    const double value =
        0.5 -
        t * (1.0 / 12 -
             s * (1.0 / 720 -
                  s * (1.0 / 30240 - s * (1.0 / 1209600 -
                                          s * (1.0 / 47900160 - s * (691.0 / 1307674368000.0))))));
    const double slope =
        -(1.0 / 12 -
          s * (3.0 / 720 - s * (5.0 / 30240 - s * (7.0 / 1209600 - s * (9.0 / 47900160)))));
    return {value, slope};
  }
  const double e = std::exp(-t);
  const double rest = -std::expm1(-t);
  return {1 / t - e / rest, e / (rest * rest) - 1 / (t * t)};
}

// Root t > 0 of mean_on_unit_interval(t) = mean, 0 < mean < 1/2. The mean is convex and decreasing in
// t, so Newton's method from the left of the root climbs to it. The start is to the left: the mean
// lies above its tangent 1/2 - t/12 at 0, and t -> 1/(mean + 1/(e^t - 1)) increases and has the root
// as its fixed point.
double rate_on_unit_interval(double mean) {
  double t = 12 * (0.5 - mean);
  for (int step = 0; step < 3; ++step) t = std::max(t, 1 / (mean + 1 / std::expm1(t)));
  for (int step = 0; step < 60; ++step) {
    const Mean at = mean_on_unit_interval(t);
    const double next = t - (at.value - mean) / at.slope;
    if (!(std::abs(next - t) > std::numeric_limits<double>::epsilon() * t)) return next;
    t = next;
  }
  return t;
}

}  // namespace

double truncated_exponent(double mean, double length) {
  if (std::isinf(length)) return 1 / mean;
  const double fraction = mean / length;
  if (fraction == 0.5) return 0;
  // Mirror image: the law of rate -t seen from the other end has rate t.
  if (fraction > 0.5) return -rate_on_unit_interval((length - mean) / length) / length;
  return rate_on_unit_interval(fraction) / length;
}

double truncated_survival(double a, double y, double length) {
  if (std::isinf(length)) return exp_of_negative(-a * y);
  const double left = length - y;
  if (a == 0) return left / length;
  if (a < 0) return std::expm1(a * left) / std::expm1(a * length);
  return std::exp(-a * y) * (std::expm1(-a * left) / std::expm1(-a * length));
}

void TailFits::reset(const TailTable& table, std::size_t candidates) {
  table_ = &table;
  exponent_.resize(candidates);
  const double* m = table.at_least.data();
  const double* sum = table.sum_log.data();
  if (!is_truncated()) {
    for (std::size_t i = 0; i < candidates; ++i) exponent_[i] = m[i] / sum[i];
    return;
  }
  for (std::size_t i = 0; i < candidates; ++i)
    exponent_[i] = truncated_exponent(sum[i] / m[i], table.log_end - table.log_value[i]);
}

bool TailFits::is_truncated() const { return !std::isinf(table_->log_end); }

double TailFits::expected_at(double y_i, double a, double m, double y) const {
  return m * truncated_survival(a, y - y_i, table_->log_end - y_i);
}

void TailFits::expected(std::size_t i, std::size_t j, std::size_t stride, std::size_t count,
                        double* out) const {
  const double* y = table_->log_value.data();
  const double m = table_->at_least[i];
  if (!is_truncated()) {
    kernels_->expected(y + j, stride, count, y[i], exponent_[i], m, out);
    return;
  }
  for (std::size_t k = 0; k < count; ++k)
    out[k] = expected_at(y[i], exponent_[i], m, y[j + k * stride]);
}

double TailFits::gap(std::size_t i, std::size_t j, double last_rank) const {
  const auto& y = table_->log_value;
  const double expected = expected_at(y[i], exponent_[i], table_->at_least[i], y[j]);
  return std::max(table_->at_least[j] - expected, expected - (table_->above(j) + last_rank));
}

void TailFits::raise_bounds(const double* y, const double* a, const double* m, std::size_t count,
                            std::size_t j, double last_rank, double* bound) const {
  const Witness witness{table_->log_value[j], table_->at_least[j], table_->above(j) + last_rank};
  if (!is_truncated()) {
    kernels_->raise_bounds(y, a, m, count, witness, bound);
    return;
  }
  for (std::size_t k = 0; k < count; ++k) {
    const double expected = expected_at(y[k], a[k], m[k], witness.log_value);
    const double gap = std::max(witness.at_least - expected, expected - witness.below_top);
    bound[k] = std::max(bound[k], gap / m[k]);
  }
}

}  // namespace rmtlab::inference
