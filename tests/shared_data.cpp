// SPDX-License-Identifier: MIT
#include "tests/shared_data.hpp"

#include <cstdlib>

#include "tests/catch.hpp"

namespace rmtlab::tests {

std::optional<std::filesystem::path> shared_file(const std::filesystem::path& relative) {
  const char* folder = std::getenv("RMTLAB_SHARED");
  const std::filesystem::path root =
      folder ? std::filesystem::path(folder)
             : std::filesystem::path(RMTLAB_SOURCE_DIR).parent_path() / "shared";
  if (std::filesystem::exists(root / relative)) return root / relative;
  WARN("skipped: no " << relative.string() << " (set RMTLAB_SHARED to the folder that has it)");
  return std::nullopt;
}

}  // namespace rmtlab::tests
