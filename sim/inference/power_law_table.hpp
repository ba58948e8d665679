// SPDX-License-Identifier: MIT
/// \file
/// \brief Internal to the power-law fit: what every candidate xmin needs to know of a sample.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace rmtlab::inference {

/**
 * \brief Distinct values u_0 < ... < u_(q-1) of n observations, as logarithms and counts.
 *
 * Logarithms are taken from the largest value down: a tail's log-excesses are then as exact as its
 * own length allows, however far below it the sample begins. Every sum has terms of one sign and
 * is compensated.
 */
struct TailTable {
  std::vector<double> spacing;    ///< ln(u_(k+1) / u_k) > 0; length q - 1
  std::vector<double> log_value;  ///< y_k = ln(u_k / u_(q-1)) <= 0, non-decreasing; length q
  std::vector<double> sum_log;    ///< S_k = sum over observations x >= u_k of ln(x / u_k); length q
  std::vector<double> at_least;   ///< number of observations >= u_k; length q + 1, the last is 0
  /// ln(xmax / u_(q-1)) >= 0 where the law is cut off at xmax, else infinite.
  double log_end = std::numeric_limits<double>::infinity();

  [[nodiscard]] std::size_t size() const { return log_value.size(); }
  [[nodiscard]] double above(std::size_t k) const { return at_least[k + 1]; }
};

/// A sample as it lies in memory: strictly ascending values and how often each occurs.
struct SampleView {
  std::span<const double> values;
  std::span<const std::uint64_t> counts;  ///< empty: every value once
};

/// Table of a sample. `xmax`, if any, is where the law is cut off. O(q).
TailTable make_tail_table(const SampleView& sample,
                          double xmax = std::numeric_limits<double>::infinity());

/// As above into an existing table, whose memory is used again.
void set_tail_table(const SampleView& sample, double xmax, TailTable& table);

/// Fills the rest of a table whose `spacing` and `at_least` are given, for simulated samples: no
/// logarithm is taken. A value may have no observation: it is a candidate for xmin only.
void complete_tail_table(TailTable& table);

}  // namespace rmtlab::inference
