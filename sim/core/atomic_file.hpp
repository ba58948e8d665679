// SPDX-License-Identifier: MIT
/// \file
/// \brief Files that appear complete or not at all.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

namespace rmtlab::core {

/// Replace `path` by `contents`: temporary file in the same folder, fsync, rename, fsync of the
/// folder. A crash at any moment leaves the old file or the new one.
/// \throws std::runtime_error naming the path and the system's reason.
void write_atomically(const std::filesystem::path& path, std::string_view contents);

/// As above for a library that writes by itself: `write` gets the temporary path to create.
void write_atomically(const std::filesystem::path& path,
                      const std::function<void(const std::filesystem::path&)>& write);

/// The whole file. \throws std::runtime_error naming the path.
std::string read_file(const std::filesystem::path& path);

}  // namespace rmtlab::core
