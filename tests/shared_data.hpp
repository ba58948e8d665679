// SPDX-License-Identifier: MIT
/// \file
/// \brief Reference tables and real data that live outside the repository.
#pragma once

#include <filesystem>
#include <optional>

namespace rmtlab::tests {

/// Path of a file below the folder of shared reference data, if it is on this machine.
///
/// The folder is `$RMTLAB_SHARED`, else `../shared` beside the source tree. Tests that need a file
/// skip, and say so, when it is absent: the project ships its own checks beside these.
std::optional<std::filesystem::path> shared_file(const std::filesystem::path& relative);

}  // namespace rmtlab::tests
