// SPDX-License-Identifier: MIT
/// \file
/// \brief The whole content of a file, or of standard input.
#pragma once

#include <string>

namespace rmtlab::io {

/// Name of a file in messages: the path, or "standard input" for `-`.
std::string display_name(const std::string& path);

/// Content of the file at `path`, byte for byte; `-` reads standard input to its end. Pipes and
/// devices are read to their end too.
/// \throws std::runtime_error naming the path if it is absent, a directory or unreadable.
std::string read_bytes(const std::string& path);

/// Writes `content` to `path` so that a reader (or a crash) sees the old file or the complete new
/// one: a temporary file beside it, flushed to disk, then renamed over it.
/// \throws std::runtime_error naming the path and the system's reason; the temporary file is
///   removed. A path that exists and is not a regular file (a directory, /dev/null) is refused.
void replace_file(const std::string& path, const std::string& content);

}  // namespace rmtlab::io
