// SPDX-License-Identifier: MIT
// rmtlab sample, and the ensembles in rmtlab list and describe
#include <filesystem>

#include <nlohmann/json.hpp>

#include "sim/core/atomic_file.hpp"
#include "tests/catch.hpp"
#include "tests/sim/commands/program.hpp"
#include "tests/temporary_folder.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
using tests::rmtlab_program;

TEST_CASE("sample: a matrix and what it is beside it, the same bytes from the same seed",
          "[commands]") {
  const tests::TemporaryFolder folder;
  const std::string path = (folder.path() / "W.npy").string();
  const std::string command =
      "sample additive-spikes --set strengths=2,1.3 --rows 90 --cols 60 --seed 4 -o ";
  const auto made = rmtlab_program(command + path);
  REQUIRE(made.code == 0);
  CHECK_THAT(made.out, ContainsSubstring("bulk+spikes"));
  const auto j = json::parse(core::read_file(path + ".json"));
  CHECK(j.at("ensemble") == "additive-spikes");
  CHECK(j.at("parameters").at("scale") == "outlier");  // defaults are written out
  CHECK(j.at("seed") == 4);
  CHECK(j.at("truth").at("phase") == "bulk+spikes");
  CHECK(j.at("truth").at("outliers").size() == 2);
  const auto bytes = core::read_file(path);
  CHECK(bytes.size() == 128 + 90 * 60 * 8);
  rmtlab_program(command + path + "2");
  CHECK(core::read_file(path + "2") == bytes);
}

TEST_CASE("sample: a spectrum as text goes into a fit", "[commands]") {
  const auto made = rmtlab_program("sample gaussian --rows 90 --cols 60 --spectrum -o -");
  REQUIRE(made.code == 0);
  CHECK(std::count(made.out.begin(), made.out.end(), '\n') == 60);
}

TEST_CASE("sample: what is missing or wrong is named, exit code 2", "[commands][errors]") {
  const auto misspelt = rmtlab_program("sample gausian --rows 9 --cols 6 -o x.npy");
  CHECK(misspelt.code == 2);
  CHECK_THAT(misspelt.err, ContainsSubstring("did you mean gaussian?"));
  const auto shape = rmtlab_program("sample gaussian -o x.npy");
  CHECK(shape.code == 2);
  CHECK_THAT(shape.err, ContainsSubstring("--rows and --cols"));
  const auto nowhere = rmtlab_program("sample gaussian --rows 9 --cols 6");
  CHECK(nowhere.code == 2);
  CHECK_THAT(nowhere.err, ContainsSubstring("-o W.npy"));
  CHECK_FALSE(std::filesystem::exists("x.npy"));
}

TEST_CASE("sample: ensembles are listed and explained", "[commands]") {
  CHECK_THAT(rmtlab_program("sample").out, ContainsSubstring("weak-repulsion"));
  CHECK_THAT(rmtlab_program("list").out, ContainsSubstring("low-rank"));
  CHECK_THAT(rmtlab_program("describe pareto").out, ContainsSubstring("tail index"));
  CHECK_THAT(rmtlab_program("sample pareto --help").out, ContainsSubstring("tail index"));
  CHECK_THAT(rmtlab_program("describe paretto").err, ContainsSubstring("'pareto'"));
}

TEST_CASE("list, describe: phase families with their strength, and a member can be drawn as told",
          "[commands]") {
  CHECK_THAT(
      rmtlab_program("list").out,
      ContainsSubstring("\nheavy-tailed/pareto-entries       pareto, mu from 1.8 to 0.7\n") &&
          ContainsSubstring("\nbulk-decay/row-profile            row-profile, shape from 8 to "
                            "0.5, evenly in the logarithm; hard\n"));
  const auto family = rmtlab_program("describe bulk-decay/correlated-rows");
  CHECK(family.code == 0);
  CHECK_THAT(family.out, ContainsSubstring("a family of phase bulk-decay") &&
                             ContainsSubstring("w = sqrt(c) u + sqrt(1 - c) z") &&
                             ContainsSubstring("correlation from 0.2 to 0.9\n") &&
                             ContainsSubstring("copies=4") &&
                             ContainsSubstring("hard: made to be mistaken"));
  const auto command = family.out.find("rmtlab sample ");
  REQUIRE(command != std::string::npos);
  const tests::TemporaryFolder folder;
  const std::string path = (folder.path() / "W.npy").string();
  std::string arguments = family.out.substr(command + 7);
  arguments = arguments.substr(0, arguments.find(" -o ")) + " -o " + path;
  CHECK(rmtlab_program(arguments).code == 0);
  CHECK(json::parse(core::read_file(path + ".json")).at("truth").at("phase") == "bulk-decay");
  const auto unknown = rmtlab_program("describe bulk-decay/gama");
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.err, ContainsSubstring("no experiment, ensemble or phase family") &&
                              ContainsSubstring("did you mean 'bulk-decay/gamma'?"));
}
