// SPDX-License-Identifier: MIT
/// \file
/// \brief The direction of dependency: theory knows nothing of the simulation.
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/catch.hpp"

TEST_CASE("theory: includes nothing from sim/", "[theory][property]") {
  const auto includes_sim = [](const std::string& line) {
    return line.starts_with("#include") && line.find("\"sim/") != std::string::npos;
  };
  CHECK(includes_sim("#include \"sim/core/random.hpp\""));  // the check can fail

  int files = 0;
  const std::filesystem::path folder = std::filesystem::path(RMTLAB_SOURCE_DIR) / "theory";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".hpp" && entry.path().extension() != ".cpp") continue;
    ++files;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      CAPTURE(entry.path().filename().string(), line);
      REQUIRE_FALSE(includes_sim(line));
    }
  }
  CHECK(files >= 10);
}
