// SPDX-License-Identifier: MIT
/// \file
/// \brief A run of the experiment `training` as figures see it: batch sizes, their rows, their phases.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "figures/grouped_run.hpp"

namespace rmtlab::figures {

/// Rows of one batch size at the last epoch, one per replicate.
struct BatchGroup {
  double batch_size = 0;
  std::vector<std::size_t> rows;
};

/// Opens a run that sweeps `training.batch_size` and nothing else.
/// \throws std::runtime_error saying what is missing.
core::Run open_batch_sweep(const std::filesystem::path& folder);

/// Batch sizes from the largest down, each with its rows of layer `layer` at the last epoch.
std::vector<BatchGroup> batch_groups(const core::Run& run, const std::string& layer);

/// "heavy-tailed", or "bulk-decay 2/3" for the most frequent of several.
std::string phase_text(const core::Table& records, const std::vector<std::size_t>& rows);

/// Most frequent phase.
std::string leading_phase(const core::Table& records, const std::vector<std::size_t>& rows);

/// Colour of a phase, the same in every figure.
const char* phase_colour(const std::string& phase);

}  // namespace rmtlab::figures
