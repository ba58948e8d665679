// SPDX-License-Identifier: MIT
/// \file
/// \brief Which column of a run is the abscissa of its pictures, and which ones tell lines apart.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/commands/report_run.hpp"
#include "sim/core/table.hpp"

namespace rmtlab::commands {

/// Cells of a column as numbers, not-a-number where nothing is available; nothing if a cell is text
/// or all are empty.
std::optional<std::vector<double>> numbers(const core::Table& records, const std::string& column);

/// Distinct values of a column or of several together.
struct Axis {
  std::string name;
  std::vector<std::string> labels;
  std::vector<double> places;  ///< the values if they are numbers, else 1, 2, ...
  bool numeric = false;
  std::vector<std::size_t> index;  ///< of each row of the view: which label
};

/// Rows of the records that one picture shows, as (line, place on the x axis).
struct View {
  std::vector<std::size_t> rows;
  Axis x, lines;
  std::string note;  ///< what was left out of the records to get these rows; may be empty
};

/// Lines that a panel can show: as many as there are colours to tell apart.
inline constexpr std::size_t most_lines = 8;

/**
 * \brief The pictures that the records ask for, most important first; none if nothing varies.
 *
 * Along the sweep: the numeric swept parameter with the most values is x (of a `zip:`, its first
 * number whose values differ; one of its numbers if the zip is a grid with gaps; else the settings in
 * their order). Every combination of the others, and of the texts that subdivide a task in the same
 * way everywhere (layers, tests), is a line. A task that records a progress (the first column of whole
 * numbers that grow within every task, such as `epoch`) shows its last rows. Along the progress: all
 * rows, x is the progress. Of more than `most_lines` lines some are shown, evenly chosen.
 */
std::vector<View> views_of(const ReportedRun& run);

}  // namespace rmtlab::commands
