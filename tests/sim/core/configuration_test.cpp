// SPDX-License-Identifier: MIT
#include "sim/core/configuration.hpp"

#include "tests/catch.hpp"
#include "tests/sim/core/toy_experiment.hpp"
#include "tests/temporary_folder.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;
using core::Strictness;

namespace {

core::Configuration load(const std::string& text, const std::vector<std::string>& overrides = {},
                         Strictness strictness = Strictness::run) {
  const tests::TemporaryFolder folder;
  return core::Configuration::load(folder.write("c.yaml", text), overrides, tests::toy_registry(),
                                   strictness);
}

// The report, with the temporary folder's path taken out.
std::string report_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  const tests::TemporaryFolder folder;
  try {
    core::Configuration::load(folder.write("c.yaml", text), overrides, tests::toy_registry(),
                              Strictness::run);
  } catch (const core::ConfigError& error) {
    std::string report = error.what();
    const std::string prefix = folder.path().string() + '/';
    for (auto at = report.find(prefix); at != std::string::npos; at = report.find(prefix))
      report.erase(at, prefix.size());
    return report;
  }
  return "no problem found";
}

const std::string good =
    "experiment: toy\nseed: 3\nreplicates: 2\nparameters:\n  rows: 5\n  noise:\n    variance: "
    "2e-4\n"
    "sweep:\n  noise.variance: [0.5, 2]\n  rows: [1, 2, 3]\n";

}  // namespace

TEST_CASE("configuration: six mistakes are reported at once, each with its place",
          "[core][errors]") {
  const std::string text =
      "experiment: toy\n"
      "seed: 1e3\n"
      "replicates: 2\n"
      "seed: 7\n"
      "parameters:\n"
      "  law: nromal\n"
      "  rows: [100, 200]\n"
      "  noise:\n"
      "    varience: 0.25\n"
      "    momentum: 1\n"
      "sweeep:\n"
      "  rows: [1]\n";
  CHECK(report_of(text) ==
        "c.yaml:2:7: error: 'seed' must be an integer >= 0, got '1e3'\n"
        "   2 | seed: 1e3\n"
        "     |       ^~~\n"
        "     = write integers in full: 1000\n"
        "c.yaml:4:1: error: key 'seed' given twice\n"
        "   4 | seed: 7\n"
        "     | ^~~~\n"
        "     = first given on line 2\n"
        "c.yaml:6:8: error: 'parameters.law' must be one of normal, uniform, got 'nromal'\n"
        "   6 |   law: nromal\n"
        "     |        ^~~~~~\n"
        "     = did you mean 'normal'?\n"
        "c.yaml:7:9: error: 'parameters.rows' must be an integer >= 1, got a list\n"
        "   7 |   rows: [100, 200]\n"
        "     |         ^\n"
        "     = to run several values, list them under 'sweep:' as rows: [...]\n"
        "c.yaml:9:5: error: unknown key 'parameters.noise.varience'\n"
        "   9 |     varience: 0.25\n"
        "     |     ^~~~~~~~\n"
        "     = did you mean 'variance'?\n"
        "     = allowed here: centred, momentum, variance\n"
        "c.yaml:10:15: error: 'parameters.noise.momentum' must be a number >= 0 and < 1, got '1'\n"
        "  10 |     momentum: 1\n"
        "     |               ^\n"
        "c.yaml:11:1: error: unknown key 'sweeep'\n"
        "  11 | sweeep:\n"
        "     | ^~~~~~\n"
        "     = did you mean 'sweep'?\n"
        "     = allowed here: experiment, outputs, parameters, replicates, seed, sweep\n"
        "7 errors; nothing was run.");
}

TEST_CASE("configuration: what YAML would silently accept is refused", "[core][errors]") {
  const std::string head = "experiment: toy\nseed: 1\nparameters:\n";
  // Octal, hexadecimal, YAML's booleans, not-a-number, infinity, quotes, an absent value.
  CHECK_THAT(report_of(head + "  rows: 0123\n"),
             ContainsSubstring("got '0123'") && ContainsSubstring("without leading zeros"));
  CHECK_THAT(report_of(head + "  rows: 0x10\n"), ContainsSubstring("got '0x10'"));
  CHECK_THAT(report_of(head + "  noise: {centred: yes}\n"),
             ContainsSubstring("'parameters.noise.centred' must be true or false, got 'yes'"));
  CHECK_THAT(report_of(head + "  noise: {variance: .nan}\n"), ContainsSubstring("got '.nan'"));
  CHECK_THAT(report_of(head + "  noise: {variance: .inf}\n"), ContainsSubstring("got '.inf'"));
  CHECK_THAT(report_of(head + "  noise: {variance: \"2\"}\n"),
             ContainsSubstring("got the quoted text \"2\""));
  CHECK_THAT(report_of(head + "  noise:\n    variance:\n  rows: 3\n"),
             ContainsSubstring("c.yaml:5:5: error") && ContainsSubstring("got nothing"));
  CHECK_THAT(report_of(head + "  rows: &a 3\n  noise: {<<: {variance: 1}}\n"),
             ContainsSubstring("unknown key 'parameters.noise.<<'"));
  CHECK_THAT(report_of(head + "  noise: 3\n"),
             ContainsSubstring("'parameters.noise' must be a mapping, got '3'") &&
                 ContainsSubstring("it holds: variance, momentum, centred"));
  CHECK_THAT(report_of(head + "  lags: [1, x]\n"),
             ContainsSubstring("must be a list of integers >= 0, got a list that holds 'x'"));
}

TEST_CASE("configuration: missing and misplaced things are named", "[core][errors]") {
  CHECK_THAT(report_of("parameters: {rows: 1}\n"),
             ContainsSubstring("c.yaml: error: missing required key 'experiment'") &&
                 ContainsSubstring("c.yaml: error: missing required key 'seed'") &&
                 ContainsSubstring("2 errors"));
  // A misspelt required key is one problem, not two.
  CHECK_THAT(report_of("experiment: toy\nsede: 1\n"),
             ContainsSubstring("did you mean 'seed'?") && ContainsSubstring("1 error;"));
  CHECK_THAT(report_of("experiment: tyo\nseed: 1\n"), ContainsSubstring("did you mean 'toy'?"));
  CHECK_THAT(report_of("experiment: toy\nseed: 1\nparameters: {variance: 1}\n"),
             ContainsSubstring("did you mean 'noise.variance'?"));
  CHECK_THAT(report_of("experiment: toy\nseed: 1\nrows: 4\n"),
             ContainsSubstring("'rows' belongs below 'parameters:'"));
  CHECK_THAT(report_of("experiment: [toy\n"), ContainsSubstring("not valid YAML"));
  CHECK_THAT(report_of("- a\n- b\n"), ContainsSubstring("must be a mapping"));
  CHECK_THAT(report_of(""), ContainsSubstring("must be a mapping"));
  CHECK_THROWS_WITH(
      core::Configuration::load("absent.yaml", {}, tests::toy_registry(), Strictness::run),
      ContainsSubstring("cannot read absent.yaml: No such file"));
}

TEST_CASE("configuration: sweeps are validated value by value", "[core][errors]") {
  const std::string head = "experiment: toy\nseed: 1\nsweep:\n";
  CHECK_THAT(report_of(head + "  rows: [1, 0, x]\n"), ContainsSubstring("c.yaml:4:13") &&
                                                          ContainsSubstring("c.yaml:4:16") &&
                                                          ContainsSubstring("2 errors"));
  CHECK_THAT(report_of(head + "  rows: 3\n"),
             ContainsSubstring("'sweep.rows' must be a list of values, got '3'"));
  CHECK_THAT(report_of(head + "  rows: []\n"), ContainsSubstring("got an empty list"));
  CHECK_THAT(report_of(head + "  noise: [1]\n"), ContainsSubstring("'sweep.noise' is a section") &&
                                                     ContainsSubstring("noise.variance: [...]"));
  CHECK_THAT(report_of(head + "  noise.varianc: [1]\n"),
             ContainsSubstring("did you mean 'variance'?"));
  CHECK_THAT(report_of(head + "  rows: [2, 2]\n"), ContainsSubstring("the point rows=2 twice"));
  CHECK_THAT(report_of(head + "  zip: {rows: [1, 2], noise.variance: [1]}\n"),
             ContainsSubstring("'rows' has 2, 'noise.variance' has 1"));
}

TEST_CASE("configuration: what would crash or mislead a reader is refused", "[core][errors]") {
  const std::string head = "experiment: toy\nseed: 1\n";
  CHECK_THAT(report_of(head + "sweep: {rows: [1, 2], parameters.rows: [3, 4]}\n"),
             ContainsSubstring("'rows' is swept twice"));
  CHECK_THAT(report_of(head + "sweep: {rows: [1], zip: {rows: [3, 4], lags: [[1], []]}}\n"),
             ContainsSubstring("'rows' is swept twice"));
  CHECK_THAT(report_of(head + "sweep: {zip: {rows: [x, 4], noise.variance: [1, 2]}}\n",
                       {"noise.variance=5"}),
             ContainsSubstring("got 'x'") && ContainsSubstring("1 error;"));
  CHECK_THAT(report_of("a: &a [*a]\n"), ContainsSubstring("does an alias contain itself?"));
  CHECK_THAT(report_of(head + "---\nseed: 2\n"), ContainsSubstring("more than one YAML document"));
  CHECK_THAT(report_of(head, {"noise=3"}), ContainsSubstring("is a section, not a parameter"));
  CHECK_THAT(report_of(head, {"replicates=99999999999"}),
             ContainsSubstring("'replicates' = 99999999999 is more than"));
}

TEST_CASE("configuration: constraints between parameters know the sweep point", "[core][errors]") {
  CHECK_THAT(report_of("experiment: toy\nseed: 1\nsweep: {rows: [5, 999]}\n"),
             ContainsSubstring("'parameters.rows' = 999 does not go") &&
                 ContainsSubstring("at the sweep point rows=999"));
}

TEST_CASE("configuration: a value to be given later stops run but not check", "[core]") {
  const std::string text = "experiment: toy\nseed: 1\nparameters: {file: later}\n";
  CHECK(load(text, {}, Strictness::check).deferred().size() == 1);
  CHECK_THAT(report_of(text), ContainsSubstring("'parameters.file' is to be given"));
  CHECK_NOTHROW(load(text, {"file=x: [y"}));  // taken literally, whatever YAML makes of it
}

TEST_CASE("configuration: points are the Cartesian product, first key slowest", "[core]") {
  const auto c = load(good);
  REQUIRE(c.points().size() == 6);
  CHECK(core::point_name(c.points()[0]) == "noise.variance=0.5,rows=1");
  CHECK(core::point_name(c.points()[1]) == "noise.variance=0.5,rows=2");
  CHECK(core::point_name(c.points()[5]) == "noise.variance=2,rows=3");
  const auto last = c.experiment_at(5);
  const auto& toy = dynamic_cast<const tests::ToyExperiment&>(*last);
  CHECK(toy.rows == 3);
  CHECK(toy.variance == 2);
}

TEST_CASE("configuration: zipped lists advance together", "[core]") {
  const auto c =
      load("experiment: toy\nseed: 1\nsweep: {zip: {rows: [1, 2], noise.variance: [3, 4]}}\n");
  REQUIRE(c.points().size() == 2);
  CHECK(core::point_name(c.points()[1]) == "rows=2,noise.variance=4");
}

TEST_CASE("configuration: overrides", "[core]") {
  CHECK(load(good, {"replicates=7"}).replicates() == 7);
  CHECK(load(good, {"seed=9"}).seed() == 9);
  CHECK(load(good, {"parameters.law=uniform"}).resolved()["parameters"]["law"] == "uniform");
  // A swept parameter: one value, or another list; the column stays.
  CHECK(load(good, {"rows=2"}).points().size() == 2);
  CHECK(core::point_name(load(good, {"rows=2"}).points()[0]) == "noise.variance=0.5,rows=2");
  CHECK(load(good, {"rows=[1,2,3,4]"}).points().size() == 8);
  CHECK(load(good, {"sweep.noise.momentum=[0.1,0.2]"}).points().size() == 12);
  CHECK(load(good, {"outputs=[weights]"}).outputs() == std::set<std::string>{"weights"});
}

TEST_CASE("configuration: overrides are checked like the file", "[core][errors]") {
  CHECK(
      report_of(good, {"noise.momentum=1.5"}) ==
      "command line: error: 'parameters.noise.momentum' must be a number >= 0 and < 1, got '1.5'\n"
      "     | noise.momentum=1.5\n"
      "     |                ^~~\n"
      "1 error; nothing was run.");
  CHECK_THAT(report_of(good, {"noise.momentun=1"}), ContainsSubstring("did you mean 'momentum'?"));
  CHECK_THAT(report_of(good, {"momentum=0.1"}),
             ContainsSubstring("did you mean 'noise.momentum'?"));
  CHECK_THAT(report_of(good, {"rows"}), ContainsSubstring("is not of the form key=value"));
  CHECK_THAT(report_of(good, {"experiment=toy"}), ContainsSubstring("cannot be overridden"));
  CHECK_THAT(report_of(good, {"nosie.variance=1"}), ContainsSubstring("did you mean 'noise'?"));
  CHECK_THAT(report_of(good, {"noise.variance=-.5"}), ContainsSubstring("got '-.5'"));
}

TEST_CASE("configuration: the resolved file loads to the same configuration", "[core][repro]") {
  const std::string other =
      "experiment: toy\nseed: 1\nparameters: {file: \"a: b # c\", lags: [1, 2]}\noutputs: []\n"
      "sweep: {zip: {rows: [1, 2], law: [normal, uniform]}, lags: [[1], []]}\n";
  const auto text = GENERATE_REF(good, other);
  const auto first = load(text);
  CAPTURE(first.resolved_yaml(false));
  const auto second = load(first.resolved_yaml(false));
  CHECK(second.hash() == first.hash());
  CHECK(second.resolved_yaml(false) == first.resolved_yaml(false));
  CHECK_THAT(first.resolved_yaml(true), ContainsSubstring("# default"));
}

TEST_CASE("configuration: the hash follows the numbers, not the spelling", "[core][repro]") {
  const auto hash = load(good).hash();
  CHECK(load(good, {"replicates=9"}).hash() == hash);
  CHECK(load(good, {"noise.variance=[5e-1, 2.0]"}).hash() == hash);
  CHECK(load(good, {"noise.momentum=0.25"}).hash() != hash);
  CHECK(load(good, {"seed=4"}).hash() != hash);
}
