// SPDX-License-Identifier: MIT
/// \file
/// \brief From the journal of a run to its published files (internal to sim/core).
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "sim/core/configuration.hpp"
#include "sim/core/plan.hpp"

namespace rmtlab::core {

/// Writes `records.csv`, `arrays.h5` and the final manifest from the journals in `folder`, in the
/// order of the plan, each file atomically. Failed tasks have no rows and are listed in
/// `manifest["failures"]`; the status is then "failed".
void write_results(const std::filesystem::path& folder, const Configuration& configuration,
                   const std::vector<PlannedTask>& plan, const Selection& selection,
                   nlohmann::ordered_json& manifest, std::optional<double> wall_seconds);

}  // namespace rmtlab::core
