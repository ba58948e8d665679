// SPDX-License-Identifier: MIT
/// \file
/// \brief Internal to the power-law fit: the search for the xmin of least Kolmogorov-Smirnov
/// distance.
///
/// The distance of every candidate is one expression, `deviation`, maximised over the data. Any
/// faster search that maximises the same expression over the same `TailTable` returns the same
/// bits, so `scan_every_value` stays as the reference it is tested against.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "sim/inference/power_law_values.hpp"

namespace rmtlab::inference {

/**
 * \brief What every candidate xmin needs, for distinct values u_0 < ... < u_(q-1) of n
 * observations.
 *
 * Logarithms are taken from the largest value down: a tail's log-excesses are then as exact as its
 * own length allows, however far below it the sample begins. Every sum has terms of one sign.
 */
struct TailTable {
  std::vector<double> log_value;  ///< y_k = ln(u_k / u_(q-1)) <= 0
  std::vector<double> sum_log;    ///< S_k = sum over observations x >= u_k of ln(x / u_k)
  std::vector<double> at_least;   ///< number of observations >= u_k
  std::vector<double> above;      ///< number of observations > u_k

  [[nodiscard]] std::size_t size() const { return log_value.size(); }
};

/// Table of a sample whose values ascend strictly. A count may be zero: a point that is a candidate
/// for xmin but no observation. O(q).
TailTable make_tail_table(const CountedValues& sample);

/// Maximum-likelihood a = alpha - 1 of the observations >= u_i. \pre some observation is > u_i.
inline double tail_exponent(const TailTable& table, std::size_t i) {
  return table.at_least[i] / table.sum_log[i];
}

/// Larger of the two signed distances, at u_j, between the empirical tail above u_i and the Pareto
/// law G = (u_j / u_i)^-a. `last_rank` is 1 to end at the last left step of u_j (Clauset, Shalizi
/// and Newman), 0 to go through to the step below it (two-sided).
/// \pre i <= j < q.
inline double deviation(const TailTable& table, double a, std::size_t i, std::size_t j,
                        double last_rank) {
  const double m = table.at_least[i];
  const double law = std::exp(-a * (table.log_value[j] - table.log_value[i]));
  return std::max(table.at_least[j] / m - law, law - (table.above[j] + last_rank) / m);
}

/// A maximum and where it was met.
struct Distance {
  double value;
  std::size_t index;
};

/// Kolmogorov-Smirnov distance of the candidate u_i: max over j >= i of `deviation`. Gives up as
/// soon as the running maximum exceeds `cut`, and then returns that maximum, which is a lower
/// bound.
Distance ks_distance(const TailTable& table, std::size_t i, double last_rank,
                     double cut = std::numeric_limits<double>::infinity());

/// Candidate of least distance.
struct ScanResult {
  std::size_t index;
  double distance;
};

/**
 * \brief Exhaustive search over u_0 ... u_(q-2) with at least `min_tail` observations above or at
 * them; of equal distances the smallest xmin.
 *
 * Exact. At most q^2/2 exponentials; candidates are abandoned once they exceed the best so far, and
 * the point where the previous one failed is tried first (it usually fails again).
 * \pre q >= 2 and u_0 is a candidate.
 */
ScanResult scan_every_value(const TailTable& table, double last_rank, std::size_t min_tail);

}  // namespace rmtlab::inference
