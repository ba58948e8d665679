// SPDX-License-Identifier: MIT
/// \file
/// \brief The one place that starts gnuplot.
#pragma once

#include <filesystem>
#include <string>

namespace rmtlab::figures {

/// Runs a script that writes `output`.
/// \throws std::runtime_error if gnuplot cannot be started or leaves no output.
void run_gnuplot(const std::string& script, const std::filesystem::path& output);

}  // namespace rmtlab::figures
