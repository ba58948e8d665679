// SPDX-License-Identifier: MIT
/// \file
/// \brief Tail index from the largest values: Hill, moment and Pickands estimators.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/inference/power_law_values.hpp"

namespace rmtlab::inference {

/**
 * \brief Extreme-value index of a sample from its k largest values.
 *
 * A tail P(X > x) ~ x^(-1/xi) has index xi > 0; xi = 0 is an exponential-like tail and xi < 0 a
 * finite end point. The density's exponent is alpha = 1 + 1/xi.
 */
struct TailIndex {
  double xi;              ///< extreme-value index
  double standard_error;  ///< of xi: asymptotic, for independent values and without the bias
  double alpha;           ///< 1 + 1 / xi; infinite for xi <= 0, where there is no power law
  std::uint64_t k;        ///< how many of the largest values count
  double threshold;       ///< the largest value that does not: x_(k+1) (Pickands: x_(4k))
};

// Below, x_(1) >= ... >= x_(n) with repeats, and M_j = (1/k) sum_(i <= k) ln(x_(i) / x_(k+1))^j.
// All: \throws InvalidValue, std::domain_error, std::invalid_argument for a sample that is not as
// CountedValues says; std::domain_error for a k out of range or values too equal to tell anything.

/// Hill's estimator \f$\hat\xi=M_1>0\f$, the maximum of the likelihood given the threshold; standard
/// error xi / sqrt(k). (The maximum with xmin = x_(k+1) one of the fitted values, as in
/// fit_power_law, is M_1 k / (k + 1).)
/// \param k 1 <= k < n
/// \cite Hill1975
TailIndex hill(const CountedValues& sample, std::uint64_t k);

/// Moment estimator \f$\hat\xi=M_1+1-\tfrac12(1-M_1^2/M_2)^{-1}\f$ of any sign.
/// \param k 2 <= k < n
/// \cite DekkersEinmahlDeHaan1989, also for the variance
TailIndex moment_tail_index(const CountedValues& sample, std::uint64_t k);

/// Pickands' estimator \f$\hat\xi=\log_2\frac{x_{(k)}-x_{(2k)}}{x_{(2k)}-x_{(4k)}}\f$ of any sign,
/// unchanged by shifts of the data, with a large variance.
/// \param k 1 <= k <= n / 4
/// \cite Pickands1975; \cite DekkersDeHaan1989 for the variance
TailIndex pickands(const CountedValues& sample, std::uint64_t k);

/**
 * \brief Hill's estimator at the distinct values as thresholds, k ascending, for plots.
 *
 * Thresholds with at least one value above; all if there are at most `points`, else about as many,
 * evenly spaced in ln k. A power law shows as a plateau. O(q).
 *
 * \throws std::domain_error if `points` < 2 or the sample is constant.
 */
std::vector<TailIndex> hill_curve(const CountedValues& sample, std::size_t points = 400);

}  // namespace rmtlab::inference
