// SPDX-License-Identifier: MIT
/// \file
/// \brief What `rmtlab analyze` prints for people and for spreadsheets, from its JSON document.
#pragma once

#include <string>

#include "sim/commands/json_report.hpp"

namespace rmtlab::commands {

/// One line per matrix; with `details`, below it every statistic with its interval or p-value.
std::string analysis_text(const Json& matrices, bool details);

/// One row per matrix: numbers of the document and of its fits.
std::string analysis_csv(const Json& matrices);

}  // namespace rmtlab::commands
