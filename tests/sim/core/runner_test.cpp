// SPDX-License-Identifier: MIT
#include "sim/core/runner.hpp"

#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

#include "sim/core/atomic_file.hpp"
#include "sim/core/journal.hpp"
#include "sim/core/manifest.hpp"
#include "sim/core/run_directory.hpp"
#include "tests/catch.hpp"
#include "tests/sim/core/toy_experiment.hpp"
#include "tests/temporary_folder.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string text =
    "experiment: toy\nseed: 3\nreplicates: 3\n"
    "sweep:\n  rows: [1, 2, 5]\n  noise.variance: [0.5, 2]\n";

// Runs with standard output and error out of the way.
class Quiet {
public:
  Quiet() : out_(::dup(1)), err_(::dup(2)) {
    std::fflush(nullptr);
    const int null = ::open("/dev/null", O_WRONLY);
    ::dup2(null, 1);
    ::dup2(null, 2);
    ::close(null);
  }
  ~Quiet() {
    std::fflush(nullptr);
    ::dup2(out_, 1);
    ::dup2(err_, 2);
    ::close(out_);
    ::close(err_);
  }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;

private:
  int out_, err_;
};

struct Toy {
  tests::TemporaryFolder folder;
  std::string file = folder.write("toy.yaml", text);

  [[nodiscard]] core::Configuration configuration(
      const std::vector<std::string>& overrides = {}) const {
    return core::Configuration::load(file, overrides, tests::toy_registry(), core::Strictness::run);
  }
  [[nodiscard]] core::RunOptions options(const std::string& name, unsigned threads = 1) const {
    core::RunOptions o;
    o.output = folder.path() / name;
    o.threads = threads;
    return o;
  }
  int run(const core::RunOptions& options, const std::vector<std::string>& overrides = {}) const {
    const auto c = configuration(overrides);
    const Quiet quiet;
    return core::run(c, options);
  }
  [[nodiscard]] std::string records(const std::string& name) const {
    return core::read_file(folder.path() / name / "records.csv");
  }
  [[nodiscard]] std::string arrays(const std::string& name) const {
    return core::read_file(folder.path() / name / "arrays.h5");
  }
};

}  // namespace

TEST_CASE("runner: the same bytes for any number of threads and shards", "[core][repro]") {
  const Toy toy;
  CHECK(toy.run(toy.options("one")) == core::exit_complete);
  CHECK(toy.run(toy.options("four", 4)) == core::exit_complete);
  CHECK(toy.records("one") == toy.records("four"));
  CHECK(toy.arrays("one") == toy.arrays("four"));
  for (std::size_t i : {2, 0, 1}) {
    auto options = toy.options("shards", 2);
    options.selection.shard_index = i;
    options.selection.shard_count = 3;
    if (i == 1) {
      const Quiet quiet;
      CHECK_THROWS_WITH(
          core::merge(options.output, tests::toy_registry()),
          ContainsSubstring("6 of 18 tasks") && ContainsSubstring("have not been run"));
    }
    CHECK(toy.run(options) == core::exit_complete);
  }
  CHECK_FALSE(std::filesystem::exists(toy.folder.path() / "shards" / "records.csv"));
  {
    const Quiet quiet;
    CHECK(core::merge(toy.folder.path() / "shards", tests::toy_registry()) == core::exit_complete);
  }
  CHECK(toy.records("one") == toy.records("shards"));
  CHECK(toy.arrays("one") == toy.arrays("shards"));
}

TEST_CASE("runner: records have the swept paths, the replicate and the row", "[core]") {
  const Toy toy;
  toy.run(toy.options("run"));
  const auto run = core::Run::open(toy.folder.path() / "run", "toy");
  CHECK(run.records().columns() == std::vector<std::string>{"rows", "noise.variance", "replicate",
                                                            "first", "second", "text", "missing",
                                                            "count", "yes"});
  CHECK(run.records().size() == 36);
  CHECK(run.records().text(0, "text") == "a, \"b\"");
  CHECK(run.records().text(0, "missing").empty());
  CHECK(run.parameter(0, "noise.variance") == 0.5);
  CHECK(run.parameter(0, "noise.momentum") == 0.5);
  const auto draws = run.array(35, "draws");
  CHECK(draws.values.size() == 5);
  CHECK(draws.values[0] == run.records().number(35, "second"));
  const auto& m = run.manifest();
  CHECK(m.at("status") == "complete");
  CHECK(m.at("tasks").at("complete") == 18);
  CHECK(m.dump().find("\"/") == std::string::npos);  // no absolute path
}

TEST_CASE("runner: paired streams are the same along a sweep, own ones are not", "[core][repro]") {
  const Toy toy;
  toy.run(toy.options("run"));
  const auto run = core::Run::open(toy.folder.path() / "run", "toy");
  const auto& r = run.records();
  CHECK(r.distinct("first").size() == 3);    // one for each replicate
  CHECK(r.distinct("second").size() == 18);  // one for each task
  // A point keeps its numbers when the sweep around it changes.
  toy.run(toy.options("alone"), {"rows=2", "noise.variance=2"});
  const auto alone = core::Run::open(toy.folder.path() / "alone", "toy");
  const auto rows = r.where("rows", "2");
  CHECK(alone.records().number(0, "second") == r.number(rows[6], "second"));
}

TEST_CASE("runner: interrupted runs resume to the same bytes", "[core][repro]") {
  const Toy toy;
  toy.run(toy.options("whole"));
  auto options = toy.options("parts");
  options.time_limit = 0;  // stops before the first task
  CHECK(toy.run(options) == core::exit_stopped);
  options.time_limit.reset();
  CHECK_THROWS_WITH(toy.run(options),
                    ContainsSubstring("holds a part of this run") && ContainsSubstring("--resume"));
  // As after a kill: the journal holds some records and a torn one.
  const auto journal = toy.folder.path() / "whole" / "journal" / "shard-0-of-1.journal";
  const auto bytes = core::read_file(journal);
  core::write_atomically(toy.folder.path() / "parts" / "journal" / "shard-0-of-1.journal",
                         bytes.substr(0, bytes.size() / 2));
  options.resume = true;
  CHECK(toy.run(options) == core::exit_complete);
  CHECK(toy.records("parts") == toy.records("whole"));
  CHECK(toy.arrays("parts") == toy.arrays("whole"));
  CHECK(toy.run(options) == core::exit_complete);  // complete: nothing to do
  options.resume = false;
  CHECK(toy.run(options) == core::exit_complete);
}

TEST_CASE("runner: an immediate stop with several threads always ends", "[core][repro]") {
  const Toy toy;
  for (int i = 0; i < 100; ++i) {
    auto options = toy.options("stop" + std::to_string(i), 4);
    options.time_limit = 0;
    REQUIRE(toy.run(options) == core::exit_stopped);
  }
}

TEST_CASE("runner: a shard started again on a merged run leaves it alone", "[core][repro]") {
  const Toy toy;
  auto options = toy.options("run");
  toy.run(options);
  const auto manifest = core::read_file(options.output / "manifest.json");
  options.selection.shard_count = 2;
  CHECK(toy.run(options) == core::exit_complete);
  CHECK(core::read_file(options.output / "manifest.json") == manifest);
}

TEST_CASE("runner: a damaged manifest is named", "[core][errors]") {
  const Toy toy;
  const auto options = toy.options("run");
  toy.run(options);
  for (const char* text : {"[]", "{\"format\": 3}", "{",
                           "{\"format\": \"rmtlab-run\", "
                           "\"format_version\": 1}"}) {
    core::write_atomically(options.output / "manifest.json", text);
    CHECK_THROWS_WITH(toy.run(options), ContainsSubstring("manifest.json"));
  }
}

TEST_CASE("runner: resume on an absent directory starts fresh", "[core]") {
  const Toy toy;
  auto options = toy.options("new");
  options.resume = true;
  CHECK(toy.run(options) == core::exit_complete);
}

TEST_CASE("runner: raising replicates computes only the new ones", "[core][repro]") {
  const Toy toy;
  toy.run(toy.options("five"), {"replicates=5"});
  toy.run(toy.options("grown"));
  CHECK(toy.run(toy.options("grown"), {"replicates=5"}) == core::exit_complete);
  CHECK(toy.records("grown") == toy.records("five"));
  const core::JournalIndex index(toy.folder.path() / "grown" / "journal");
  CHECK(index.entries().size() == 30);
  CHECK(std::filesystem::file_size(toy.folder.path() / "grown/journal/shard-0-of-1.journal") ==
        std::filesystem::file_size(toy.folder.path() / "five/journal/shard-0-of-1.journal"));
  CHECK_THROWS_WITH(toy.run(toy.options("grown")), ContainsSubstring("has 5 replicates"));
}

TEST_CASE("runner: another configuration is refused and nothing is touched", "[core][errors]") {
  const Toy toy;
  toy.run(toy.options("run"));
  const auto before = toy.records("run");
  CHECK_THROWS_WITH(toy.run(toy.options("run"), {"noise.momentum=0.1"}),
                    ContainsSubstring("differs in: parameters.noise.momentum"));
  CHECK(toy.records("run") == before);
  std::filesystem::create_directory(toy.folder.path() / "other");
  core::write_atomically(toy.folder.path() / "other" / "thesis.tex", "");
  CHECK_THROWS_WITH(toy.run(toy.options("other")), ContainsSubstring("is not a run of rmtlab"));
}

TEST_CASE("runner: a failed task is recorded and the others survive", "[core][errors]") {
  const Toy toy;
  CHECK(toy.run(toy.options("run", 2), {"noise.variance=[2,13]"}) == core::exit_failed);
  const auto run = core::Run::open(toy.folder.path() / "run", "toy");
  CHECK(run.records().size() == 18);
  CHECK(run.manifest().at("status") == "failed");
  CHECK(run.manifest().at("failures").size() == 9);
  CHECK(run.manifest().at("failures")[0].at("message") ==
        "noise.variance = 13 (a test of failure)");
  CHECK_THAT(core::status_text(toy.folder.path() / "run", tests::toy_registry()),
             ContainsSubstring("9 done, 9 failed, 0 left of 18"));
  // The command that is printed reruns one task alone, with the numbers it would have had.
  auto options = toy.options("task");
  options.selection.only_task = 0;
  CHECK(toy.run(options, {"noise.variance=[2,13]"}) == core::exit_complete);
  const auto alone = core::Run::open(toy.folder.path() / "task", "toy");
  CHECK(alone.records().text(0, "second") == run.records().text(0, "second"));
}

TEST_CASE("runner: an unfinished run is no input for figures", "[core][errors]") {
  const Toy toy;
  auto options = toy.options("run");
  options.time_limit = 0;
  toy.run(options);
  CHECK_THROWS_WITH(
      core::Run::open(options.output, "toy"),
      ContainsSubstring("is not complete (status: stopped)") && ContainsSubstring("--resume"));
  CHECK_THROWS_WITH(core::Run::open(toy.folder.path() / "absent", "toy"),
                    ContainsSubstring("is not a run"));
}
