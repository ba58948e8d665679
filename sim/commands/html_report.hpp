// SPDX-License-Identifier: MIT
/// \file
/// \brief The page that `rmtlab report` writes.
#pragma once

#include <string>

#include "sim/commands/report_run.hpp"

namespace rmtlab::commands {

/**
 * \brief A self-contained HTML5 page: question, state, summary, pictures, configuration, provenance
 * and records of a run.
 *
 * Pictures are in the page as PNG; it has no script, no link and no other file, and holds no host
 * name and no absolute path. The same run gives the same bytes (with the same gnuplot and fonts).
 * \throws std::runtime_error if gnuplot is missing or an array cannot be read.
 */
std::string html_report(const ReportedRun& run);

}  // namespace rmtlab::commands
