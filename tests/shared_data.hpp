// SPDX-License-Identifier: MIT
/// \file
/// \brief Reference tables and real data that live outside the repository.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "tests/catch.hpp"

namespace rmtlab::tests {

/// Path of a file below the folder of shared reference data, if it is on this machine.
///
/// The folder is `$RMTLAB_SHARED`, else `../shared` beside the source tree. Tests that need a file
/// skip, and say so, when it is absent: the project ships its own checks beside these.
inline std::optional<std::filesystem::path> shared_file(const std::filesystem::path& relative) {
  const char* folder = std::getenv("RMTLAB_SHARED");
  const std::filesystem::path root =
      folder ? std::filesystem::path(folder)
             : std::filesystem::path(RMTLAB_SOURCE_DIR).parent_path() / "shared";
  if (std::filesystem::exists(root / relative)) return root / relative;
  WARN("skipped: no " << relative.string() << " (set RMTLAB_SHARED to the folder that has it)");
  return std::nullopt;
}

}  // namespace rmtlab::tests
