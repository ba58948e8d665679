// SPDX-License-Identifier: MIT
/// \file
/// \brief Entries that stand out of their own row and column, cut back.
#pragma once

#include <optional>

#include <armadillo>

namespace rmtlab::inference {

/// Entries are cut at this many robust standard deviations.
inline constexpr double clip_at_deviations = 5;

/**
 * \brief A copy of W in which no entry is larger than its row and its column lead one to expect; nothing if
 * none is.
 *
 * Entry (i, j) is cut, its sign kept, at \f$5\times1.4826\,r_ic_j\f$ with \f$r_i\f$ the median of
 * \f$|w_{ij}|\f$ over j and \f$c_j\f$ the median of \f$|w_{ij}|/r_i\f$ over the rows with \f$r_i>0\f$;
 * 1.4826 times a median of absolute values is the standard deviation of normal ones. So one huge entry,
 * and the tail of independent heavy entries, do not make all else look like zero, while a few large rows
 * or columns, which are directions that a network has learned, stay as they are: one limit for the whole
 * matrix would fill a collapsed spectrum with what it cuts from them. Rows of median 0, and columns whose
 * c is 0, are left alone: more than half of such a row is dead, and the rest says nothing of a scale.
 *
 * Time O(NM). \pre finite entries
 */
std::optional<arma::mat> clipped_entries(const arma::mat& W);

}  // namespace rmtlab::inference
