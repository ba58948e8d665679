// SPDX-License-Identifier: MIT
/// \file
/// \brief Compensated summation for the sums of the power-law fit.
#pragma once

namespace rmtlab::inference {

/**
 * \brief Running sum that carries the rounding error of every addition.
 *
 * After n terms the error is a few eps |sum| + O(n eps^2) sum |term|, against O(n eps) sum |term|
 * of a plain loop. The error of an addition is found without comparing the operands, so that the
 * loop has no branch and only additions in its chain.
 *
 * \cite OgitaRumpOishi2005
 */
class CompensatedSum {
public:
  void add(double term) {
    const double total = sum_ + term;
    const double of_term = total - sum_;
    lost_ += (sum_ - (total - of_term)) + (term - of_term);
    sum_ = total;
  }
  [[nodiscard]] double value() const { return sum_ + lost_; }

private:
  double sum_ = 0;
  double lost_ = 0;
};

}  // namespace rmtlab::inference
