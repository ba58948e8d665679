// SPDX-License-Identifier: MIT
// Figure programs on a small run.
#include <filesystem>

#include "sim/core/table.hpp"
#include "tests/catch.hpp"
#include "tests/sim/commands/program.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("figures: PDF, PNG and CSV from a run, the same bytes twice", "[figures][golden]") {
  const tests::TemporaryFolder folder;
  const std::string base = folder.path();
  REQUIRE(tests::rmtlab_program("run configs/smoke/training.yaml --output " + base + "/run").code ==
          0);
  for (const char* program : {RMTLAB_FIG26, RMTLAB_FIG27}) {
    const std::string command = std::string(program) + ' ' + base + "/run " + base;
    CHECK(tests::shell(command + "/a").code == 0);
    CHECK(tests::shell(command + "/b").code == 0);
    for (const char* extension : {".pdf", ".png", ".csv"}) {
      CHECK(std::filesystem::file_size(base + "/a" + extension) > 1000);
      CHECK(core::read_file(base + "/a" + extension) == core::read_file(base + "/b" + extension));
    }
  }
  // What is drawn is what was recorded: 2 replicates of 60 eigenvalues at each of 3 batch sizes.
  CHECK(tests::shell(std::string(RMTLAB_FIG26) + ' ' + base + "/run " + base + "/c").code == 0);
  const auto csv = core::Table::read_csv(base + "/c.csv");
  std::size_t drawn = 0;
  for (std::size_t i = 0; i < csv.size(); ++i)
    if (csv.text(i, "panel") == "batch 1 tail" && csv.text(i, "series") == "eigenvalues") ++drawn;
  CHECK(drawn == 120);
}

TEST_CASE("figures: wrong input is one line and exit code 1", "[figures][errors]") {
  const auto absent = tests::shell(std::string(RMTLAB_FIG26) + " /nonexistent /tmp/x");
  CHECK(absent.code == 1);
  CHECK_THAT(absent.err, ContainsSubstring("/nonexistent is not a run"));
  CHECK(tests::shell(RMTLAB_FIG26).code == 2);
}
