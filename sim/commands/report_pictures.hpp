// SPDX-License-Identifier: MIT
/// \file
/// \brief The pictures of a report: what was recorded along a sweep, and spectra.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/commands/report_view.hpp"

namespace rmtlab::commands {

/// One colour of a picture and what it stands for.
struct KeyEntry {
  std::string colour;  ///< "#0072B2"
  std::string text;
};

/// A picture with what is needed to read it, all plain text.
struct Picture {
  std::string png;  ///< the bytes of the file
  std::string title, caption, alt;
  std::vector<std::pair<std::string, std::vector<KeyEntry>>> keys;  ///< (what of, entries)
};

/// At most twelve panels, shares for `outcome_columns` and then, for the columns of `choose_columns`,
/// medians with the range of the rows behind them. Axes over more than
/// a decade of positive numbers are logarithmic; a zero beside them stands at the left end.
/// \returns a picture without bytes if no column varies.
/// \throws std::runtime_error if gnuplot is missing.
Picture draw_view(const ReportedRun& run, const View& view);

/// At most twelve histograms of the `eigenvalues` that the run keeps for rows of the view (all rows of
/// the records if there is none), evenly chosen from the first replicate. Where the records have
/// `rows`, `cols` and `sigma2`, with the Marchenko-Pastur density, scaled by 1 - `outlier_fraction`.
/// \returns a picture without bytes if there are no spectra.
/// \throws std::runtime_error if gnuplot is missing or the arrays cannot be read.
Picture draw_spectra(const ReportedRun& run, const std::vector<View>& views);

}  // namespace rmtlab::commands
