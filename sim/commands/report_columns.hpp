// SPDX-License-Identifier: MIT
/// \file
/// \brief Which columns of the records are worth a panel.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/commands/report_view.hpp"

namespace rmtlab::commands {

/**
 * \brief How much of a column's variation is due to the place on the x axis, from its ranks.
 *
 * With \f$r\f$ the ranks of the values, \f$n\f$ their number, \f$L\f$ the lines and \f$C\f$ the
 * cells (line, place):
 * \f[ 1-\frac{\sum (r-\bar r_{\mathrm{cell}})^2/(n-C)}{\sum (r-\bar r_{\mathrm{line}})^2/(n-L)}, \f]
 * 1 if only the place matters, about 0 if it does not matter. If every cell has one value the numerator
 * is that of von Neumann's ratio, half the mean square of successive differences along a line.
 * Ranks, so that one huge value does not decide.
 * \param values of the rows of the view; not-a-numbers are left out
 * \returns nothing if fewer than two places or two different values are left.
 */
std::optional<double> explained_share(const View& view, const std::vector<double>& values);

/// Columns for the panels of a view, and those that would repeat one of them.
struct Columns {
  std::vector<std::string> chosen;
  std::vector<std::pair<std::string, std::string>>
      repeated;  ///< (column, the chosen one it repeats)
};

/// Up to `most` numeric columns: order parameters of the phases (the ratio of the largest eigenvalue
/// to the edge, `alpha`, ...) first, then those that the experiment's own summary names, then those
/// with the largest `explained_share`; what is fixed by the settings alone (no spread over replicates)
/// comes last. A column that puts the rows in the same order as a chosen one (Spearman's coefficient
/// beyond 0.995, from 16 rows on) is left out.
Columns choose_columns(const ReportedRun& run, const View& view, std::size_t most);

/// Texts that the runs end in, such as `phase`: columns with two to eight different values that are
/// neither settings nor parts of a task. `phase` comes first.
std::vector<std::string> outcome_columns(const ReportedRun& run, const View& view,
                                         std::size_t most);

}  // namespace rmtlab::commands
