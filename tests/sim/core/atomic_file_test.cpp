// SPDX-License-Identifier: MIT
#include "sim/core/atomic_file.hpp"

#include <stdexcept>

#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

using namespace rmtlab;

TEST_CASE("atomic_file: a failing writer leaves the old file and no other", "[core][errors]") {
  const tests::TemporaryFolder folder;
  const auto path = folder.path() / "file";
  core::write_atomically(path, "old");
  CHECK_THROWS_AS(core::write_atomically(path,
                                         [](const std::filesystem::path& temporary) {
                                           core::write_atomically(temporary, "half");
                                           throw std::runtime_error("crash");
                                         }),
                  std::runtime_error);
  CHECK(core::read_file(path) == "old");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
  core::write_atomically(path, "new");
  CHECK(core::read_file(path) == "new");
}

TEST_CASE("atomic_file: errors name the path and the reason", "[core][errors]") {
  CHECK_THROWS_WITH(core::write_atomically("/nonexistent/file", "x"),
                    Catch::Matchers::ContainsSubstring("/nonexistent") &&
                        Catch::Matchers::ContainsSubstring("No such file"));
  CHECK_THROWS_WITH(core::read_file("/nonexistent/file"),
                    Catch::Matchers::ContainsSubstring("cannot read /nonexistent/file"));
}
