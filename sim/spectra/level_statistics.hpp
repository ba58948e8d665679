// SPDX-License-Identifier: MIT
/// \file
/// \brief Statistics of a spectrum as a set of levels: distance to a law, repulsion of neighbours.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>

namespace rmtlab::spectra {

/**
 * \brief Kolmogorov-Smirnov distance \f$\sup_x|F_M(x)-F(x)|\f$ of ascending values to a law.
 *
 * Atoms of the law and repeated values are allowed: at a value with rank from a to b the empirical
 * function rises from (a - 1)/M to b/M, and F from \f$F(x^-)\f$ to F(x).
 *
 * \param cdf F; \param cdf_left its limit from the left
 * \throws std::domain_error if `ascending` is empty or not ascending.
 */
double ks_distance(std::span<const double> ascending, const std::function<double(double)>& cdf,
                   const std::function<double(double)>& cdf_left);

/// As above for a law without atoms, whose limit from the left is itself.
double ks_distance(std::span<const double> ascending, const std::function<double(double)>& cdf);

/**
 * \brief Mean of \f$\tilde r=\min(r,1/r)\f$ over consecutive spacings of the levels from index `begin`
 * to `end` (exclusive).
 *
 * Needs no unfolding. Compare with theory/gap_ratio.hpp: 0.5307 for a large real matrix, 0.3863 for
 * independent levels. Pairs of spacings that are both zero are left out.
 *
 * \returns nothing if fewer than three distinct levels are left.
 * \throws std::domain_error if the levels are not ascending or the range does not fit.
 */
std::optional<double> mean_gap_ratio(std::span<const double> ascending, std::size_t begin,
                                     std::size_t end);

}  // namespace rmtlab::spectra
