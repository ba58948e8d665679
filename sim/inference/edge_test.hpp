// SPDX-License-Identifier: MIT
/// \file
/// \brief Is the extreme eigenvalue of what is left one of the noise? Either edge, variance estimated.
#pragma once

#include <cstddef>

namespace rmtlab::inference {

struct EdgeTest {
  double z;        ///< distance beyond the edge in units of its scale, kurtosis corrected
  double p_value;  ///< 0 when it underflows
};

/// Up to here the edge's shift by the excess kurtosis of the entries is corrected. A larger kurtosis, here
/// that of Student's t with 7 degrees of freedom, acts through single large entries, whose eigenvalues are
/// outliers for real: it counts as this one.
inline constexpr double largest_corrected_kurtosis = 2;

/**
 * \brief Largest of the eigenvalues left when `removed` are set apart, against noise of shape
 * (N - k) x (M - k).
 *
 * z is the standardised distance from the edge at the *estimated* variance (`trace_variance` with `removed`
 * set apart), minus `theory::edge_kurtosis_shift`; the p-value is that of `theory::TraceRatioEdge`, which
 * knows that the eigenvalue is in the estimate too. Sizes are in the records of `mp_calibration`.
 *
 * \param lambda in units of sigma2; \param sigma2 > 0
 * \param excess_kurtosis of the entries, >= -2; larger than `largest_corrected_kurtosis` counts as that
 */
EdgeTest upper_edge_test(double lambda, double sigma2, std::size_t rows, std::size_t cols,
                         std::size_t removed, double excess_kurtosis);

/**
 * \brief Smallest eigenvalue against the lower edge of noise of shape N x M.
 *
 * For N > M: z of log lambda (`theory::lower_edge_scaling`), kurtosis corrected, against the Tracy-Widom law;
 * conservative within N - M of about 5 (3.6 % at the 5 % level at 101 x 100). A square matrix has no
 * Tracy-Widom edge: there p is the probability of an even smaller one by Edelman's law (theory/hard_edge.hpp)
 * and z the Tracy-Widom quantile that has this p.
 *
 * `removed` upper and lower outliers together are set apart before.
 */
EdgeTest lower_edge_test(double lambda, double sigma2, std::size_t rows, std::size_t cols,
                         std::size_t removed, double excess_kurtosis);

}  // namespace rmtlab::inference
