// SPDX-License-Identifier: MIT
/// \file
/// \brief Excess kurtosis of the entries of W, and whether it makes tests at the edge unreliable.
#pragma once

#include <armadillo>

namespace rmtlab::inference {

/// Shift of z beyond which the uncorrected edge test is unreliable: its size at nominal 5 % is then
/// 7.5 % and at 1 % it is 1.6 %.
inline constexpr double largest_edge_shift = 0.3;

/// Shift, and standard error of the shift, up to which subtracting it repairs the test.
inline constexpr double largest_correction = 0.8;
inline constexpr double largest_correction_error = 0.1;

/// Fourth moment of the entries, and what it does to the largest eigenvalue.
struct EntryKurtosis {
  double mean;                 ///< of the entries
  double variance;             ///< around that mean, k_2 = unbiased
  double excess_kurtosis;      ///< k_4 / k_2^2 of Fisher's k-statistics, 0 for normal entries
  double standard_error;       ///< of it, from the entries themselves
  double top_share;            ///< of the largest entry in the sum of fourth powers, in (0, 1]
  double edge_shift;           ///< of z by this kurtosis at the upper edge
  double edge_shift_error;     ///< standard error of that
  bool edge_unreliable;        ///< `edge_shift` > `largest_edge_shift`
  bool correction_unreliable;  ///< subtracting `edge_shift` from z does not repair it; see below
};

/**
 * \brief Excess kurtosis of the n = NM entries of W and its shift of the edge.
 *
 * The mean of all entries is removed, because the shift is a matter of the noise and not of where it is
 * centred; a matrix with signals in it has them in its kurtosis. With \f$g_2=m_4/m_2^2-3\f$ of central
 * moments,
 * \f[ k_4/k_2^2=\frac{n-1}{(n-2)(n-3)}\bigl((n+1)g_2+6\bigr),\qquad
 *     \text{s.e.}^2=\frac1{n^2}\sum_i\bigl[(z_i^2-\beta_2)^2-\beta_2(\beta_2-1)-4\gamma_1z_i\bigr]^2, \f]
 * unbiased for normal entries; the standard error is that of the influence function
 * (\f$\beta_2=m_4/m_2^2\f$, \f$\gamma_1\f$ the skewness, z standardised entries), \f$\sqrt{24/n}\f$ for
 * normal ones. It is too small for laws without an eighth moment.
 *
 * `edge_shift` is theory::edge_kurtosis_shift at the upper edge, in units of Tracy-Widom scales.
 *
 * The flags are about a test of the largest eigenvalue against Gaussian noise at nominal 5 %. Measured at
 * 784 x 128, `edge` and `corrected` being sizes of theory::TraceRatioEdge without and with `edge_shift`
 * subtracted (250 matrices, standard error 0.014 at 5 %), then how often the flags are set (1000 matrices,
 * 300 from t(8) on):
 *
 * | entries | k4 | edge | corrected | `edge_unreliable` | `correction_unreliable` | `top_share` |
 * |---|---|---|---|---|---|---|
 * | normal | 0 | 0.052 | 0.052 | 0 | 0 | 0.0014 |
 * | uniform | -1.2 | 0.020 | 0.052 | 0 | 0 | 0.0001 |
 * | Rademacher | -2 | 0.008 | 0.028 | 0 * | 0 * | 0.00001 |
 * | t(10) | 1 | 0.052 | 0.032 | 0.013 | 0 | 0.011 |
 * | t(8) | 1.5 | 0.088 | 0.052 | 1 | 0.03 | 0.021 |
 * | t(6) | 3 | 0.160 | 0.076 | 1 | 0.27 | 0.063 |
 * | t(5) | 6 | 0.380 | 0.204 | 1 | 1 | 0.106 |
 *
 * (* in 250.) So the false alarm of `edge_unreliable` is below 0.4 % for normal entries (95 %) and 1.3 % for
 * t(10). The shift falls as M^(-1/3): the same entries pass in a larger matrix, where the test is better,
 * while that of t(10) is 0.30 to 0.40 at M = 64, Q = 10 to 1. A negative kurtosis makes the test
 * conservative and sets no flag. Where a flag is set, shuffle_test.hpp and deterministic_parallel_analysis
 * keep their size (measured down to t(2.5) and t(5)).
 *
 * \throws std::domain_error naming an entry that is not finite, if all entries are equal, or with fewer
 *   than 4 entries.
 */
EntryKurtosis entry_kurtosis(const arma::mat& W);

}  // namespace rmtlab::inference
