// SPDX-License-Identifier: MIT
/// \file
/// \brief Internal to the power-law fit: the maximum-likelihood law above every candidate xmin.
#pragma once

#include <cstddef>
#include <vector>

#include "sim/inference/power_law_kernels.hpp"
#include "sim/inference/power_law_table.hpp"

namespace rmtlab::inference {

/**
 * \brief Exponent of the law cut off at a point, from the mean of y = ln(x / xmin) on [0, length].
 *
 * The root a, of either sign, of \f$\bar y=1/a-\ell/(e^{a\ell}-1)\f$: exponential law of rate a cut
 * off at \f$\ell=\ln(x_{\max}/x_{\min})\f$. An infinite length gives \f$1/\bar y\f$.
 *
 * Accuracy: \f$a\ell\f$ within 4 eps (1 + |a l|) for means between 1e-8 and 1 - 1e-8 of the length,
 * measured against 40-digit roots; tests/sim/inference/power_law_tail_test.cpp, [accuracy].
 * \pre 0 < mean < length.
 */
double truncated_exponent(double mean, double length);

/// Survival function at y of the exponential law of rate a cut off at `length` (may be infinite).
double truncated_survival(double a, double y, double length);

/**
 * \brief For each candidate u_i of a table, the fitted exponent and what it expects at u_j.
 *
 * Everything the search compares is `gap(i, j)`: m times the larger of the two signed distances at
 * u_j between the empirical tail above u_i and the fitted law. The loops return the same bits.
 */
class TailFits {
public:
  /// Fits u_0 ... u_(candidates-1). The table must outlive its use. Reuses memory.
  /// \pre candidates < q.
  void reset(const TailTable& table, std::size_t candidates);

  /// a = alpha - 1 of candidate i.
  [[nodiscard]] double exponent(std::size_t i) const { return exponent_[i]; }

  /// out[k] = observations expected at or above u_(j + k stride), k < count.
  void expected(std::size_t i, std::size_t j, std::size_t stride, std::size_t count,
                double* out) const;

  /// One gap. `last_rank` is 1 to end at the last left step of u_j (Clauset, Shalizi and Newman),
  /// 0 to go through to the step below it (two-sided). \pre i <= j.
  [[nodiscard]] double gap(std::size_t i, std::size_t j, double last_rank) const;

  /// bound[k] = max(bound[k], gap(k-th candidate, j) / m[k]) for candidates (y, a, m) at or below u_j.
  void raise_bounds(const double* y, const double* a, const double* m, std::size_t count,
                    std::size_t j, double last_rank, double* bound) const;

  [[nodiscard]] const TailTable& table() const { return *table_; }
  [[nodiscard]] const double* exponents() const { return exponent_.data(); }

private:
  [[nodiscard]] double expected_at(double y_i, double a, double m, double y) const;
  [[nodiscard]] bool is_truncated() const;

  const TailTable* table_ = nullptr;
  std::vector<double> exponent_;
  const PowerLawKernels* kernels_ = &power_law_kernels();
};

}  // namespace rmtlab::inference
