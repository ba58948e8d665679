// SPDX-License-Identifier: MIT
/// \file
/// \brief `manifest.json`: what a run is, what made it and how far it is.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "sim/core/configuration.hpp"
#include "sim/core/plan.hpp"

namespace rmtlab::core {

/// Identity of what a folder holds: the configuration and, for `--task`, which task.
std::string run_hash(const Configuration& configuration, const Selection& selection);

/// The manifest of a run that starts now, status "running".
/// \throws std::runtime_error if an input file cannot be read.
nlohmann::ordered_json start_manifest(const Configuration& configuration,
                                      const Selection& selection, unsigned threads);

/// The manifest in `folder`, if there is one. \throws std::runtime_error if it cannot be understood.
std::optional<nlohmann::ordered_json> load_manifest(const std::filesystem::path& folder);

/// Writes `folder/manifest.json` atomically.
void save_manifest(const std::filesystem::path& folder, const nlohmann::ordered_json& manifest);

/// Paths of the parameters, seeds, ... in which two resolved configurations differ.
std::vector<std::string> differences(const nlohmann::ordered_json& a,
                                     const nlohmann::ordered_json& b);

}  // namespace rmtlab::core
