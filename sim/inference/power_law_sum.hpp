// SPDX-License-Identifier: MIT
/// \file
/// \brief Compensated summation for the sums of the power-law fit.
#pragma once

#include <cmath>

namespace rmtlab::inference {

/**
 * \brief Running sum that carries the rounding error of every addition.
 *
 * After n terms the error is a few eps |sum| + O(n eps^2) sum |term|, against O(n eps) sum |term|
 * of a plain loop. The order of the two operands does not matter, unlike in Kahan's form.
 *
 * \cite Neumaier1974
 */
class CompensatedSum {
public:
  void add(double term) {
    const double total = sum_ + term;
    lost_ += std::abs(sum_) >= std::abs(term) ? (sum_ - total) + term : (term - total) + sum_;
    sum_ = total;
  }
  [[nodiscard]] double value() const { return sum_ + lost_; }

private:
  double sum_ = 0;
  double lost_ = 0;
};

}  // namespace rmtlab::inference
