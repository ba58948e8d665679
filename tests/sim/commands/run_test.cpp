// SPDX-License-Identifier: MIT
// rmtlab run, check, describe, status, merge on the smoke configuration.
#include <algorithm>
#include <filesystem>

#include "tests/catch.hpp"
#include "tests/sim/commands/program.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using tests::rmtlab_program;

namespace {

const std::string smoke = "run configs/smoke/training.yaml ";

std::string records(const std::filesystem::path& folder) {
  return core::read_file(folder / "records.csv");
}

}  // namespace

TEST_CASE("run: records.csv has the same bytes for 1 and 2 threads and for 3 shards",
          "[commands][repro]") {
  const tests::TemporaryFolder folder;
  const std::string base = folder.path();
  REQUIRE(rmtlab_program(smoke + "--threads 1 --output " + base + "/one").code == 0);
  REQUIRE(rmtlab_program(smoke + "--threads 2 --output " + base + "/two").code == 0);
  CHECK(records(base + "/one") == records(base + "/two"));
  for (const char* shard : {"0/3", "1/3", "2/3"})
    REQUIRE(rmtlab_program(smoke + "--shard " + shard + " --output " + base + "/shards").code == 0);
  const auto merged = rmtlab_program("merge " + base + "/shards");
  CHECK(merged.code == 0);
  CHECK_THAT(merged.out, ContainsSubstring("phase"));
  CHECK(records(base + "/one") == records(base + "/shards"));
  CHECK(core::read_file(base + "/one/arrays.h5") == core::read_file(base + "/shards/arrays.h5"));
}

TEST_CASE("run: killed with SIGKILL and resumed, it ends with the same bytes",
          "[commands][repro]") {
  const tests::TemporaryFolder folder;
  const std::string base = folder.path();
  REQUIRE(rmtlab_program(smoke + "--threads 1 --output " + base + "/whole").code == 0);
  // More epochs and replicates would take longer; here the kill comes when the first record is there.
  const auto killed =
      tests::shell(std::string(RMTLAB_PROGRAM) + ' ' + smoke + "--threads 1 --output " + base +
                   "/killed & pid=$!; for i in $(seq 2000); do [ -s " + base +
                   "/killed/journal/shard-0-of-1.journal ] && break; sleep 0.002; done; kill -9 "
                   "$pid; wait $pid");
  CHECK((killed.code == 137 || killed.code == 0));  // 0: it was faster than the kill
  const auto status = rmtlab_program("status " + base + "/killed");
  CHECK(status.code == 0);
  CHECK_THAT(status.out, ContainsSubstring(" left of 6"));
  if (killed.code == 137) {
    const auto refused = rmtlab_program(smoke + "--output " + base + "/killed");
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, ContainsSubstring("--resume"));
  }
  CHECK(rmtlab_program(smoke + "--resume --output " + base + "/killed").code == 0);
  CHECK(records(base + "/whole") == records(base + "/killed"));
  CHECK(core::read_file(base + "/whole/arrays.h5") == core::read_file(base + "/killed/arrays.h5"));
}

TEST_CASE("run: SIGTERM lets the tasks in hand finish and exits with 75", "[commands][repro]") {
  const tests::TemporaryFolder folder;
  const std::string base = folder.path();
  const auto stopped = tests::shell(
      std::string(RMTLAB_PROGRAM) + ' ' + smoke + "training.epochs=200 --threads 1 --output " +
      base + "/run & pid=$!; for i in $(seq 2000); do [ -s " + base +
      "/run/manifest.json ] && break; sleep 0.005; done; sleep 0.2; kill -TERM $pid; wait $pid");
  CHECK(stopped.code == 75);
  CHECK_THAT(stopped.err, ContainsSubstring("stopping when the tasks in hand are done") &&
                              ContainsSubstring("tasks left; go on with:"));
  CHECK_FALSE(std::filesystem::exists(base + "/run/records.csv"));
}

TEST_CASE("run: a configuration with six mistakes reports all six and writes nothing",
          "[commands][errors]") {
  const tests::TemporaryFolder folder;
  const auto file = folder.write("bad.yaml",
                                 "experiment: training\n"
                                 "seed: 0123\n"
                                 "replicates: 1e1\n"
                                 "parameters:\n"
                                 "  data: {kind: techer}\n"
                                 "  network: {hidden_widths: 128}\n"
                                 "  training:\n"
                                 "    momentum: 1.5\n"
                                 "    learning_rat: 0.1\n");
  const std::string output = folder.path() / "results";
  const auto run = rmtlab_program("run " + file + " --output " + output);
  CHECK(run.code == 2);
  CHECK(run.out.empty());
  CHECK_THAT(run.err,
             ContainsSubstring("bad.yaml:2:7: error: 'seed' must be an integer >= 0") &&
                 ContainsSubstring("bad.yaml:3:13: error: 'replicates'") &&
                 ContainsSubstring("bad.yaml:5:16: error: 'parameters.data.kind' must be") &&
                 ContainsSubstring("did you mean 'teacher'?") &&
                 ContainsSubstring("bad.yaml:6:28: error:") &&
                 ContainsSubstring("bad.yaml:8:15: error:") &&
                 ContainsSubstring("did you mean 'learning_rate'?") &&
                 ContainsSubstring("6 errors; nothing was run."));
  CHECK_FALSE(std::filesystem::exists(output));
}

TEST_CASE("run: --dry-run shows the plan and writes nothing", "[commands]") {
  const tests::TemporaryFolder folder;
  const auto run = rmtlab_program(smoke + "--dry-run --output " + folder.path().string() + "/x");
  CHECK(run.code == 0);
  CHECK_THAT(run.out, ContainsSubstring("3 sweep points x 2 replicates = 6 tasks") &&
                          ContainsSubstring("training.batch_size=16"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "x"));
}

TEST_CASE("run: a diverging training fails with a message and is no heavy tail",
          "[commands][errors]") {
  const tests::TemporaryFolder folder;
  const auto run = rmtlab_program(smoke + "training.learning_rate=10 replicates=1 --output " +
                                  folder.path().string() + "/x");
  CHECK(run.code == 1);
  CHECK_THAT(run.err, ContainsSubstring("learning_rate = 10") && ContainsSubstring("diverged") &&
                          ContainsSubstring("to rerun it alone: rmtlab run") &&
                          ContainsSubstring("--task 0"));
  CHECK_THAT(core::read_file(folder.path() / "x" / "records.csv"),
             !ContainsSubstring("heavy-tailed"));
}

TEST_CASE("check: every shipped configuration is valid", "[commands][golden]") {
  const auto check = rmtlab_program("check configs/*.yaml configs/smoke/*.yaml");
  CHECK(check.code == 0);
  CHECK_THAT(check.out, ContainsSubstring("configs/batch_size.yaml: good; 33 tasks"));
  const auto resolved = rmtlab_program("check --resolved configs/demo.yaml");
  CHECK(resolved.code == 0);
  CHECK_THAT(resolved.out,
             ContainsSubstring("# default") && ContainsSubstring("configs/demo.yaml:"));
}

TEST_CASE("run: a value to come from the command line is asked for", "[commands][errors]") {
  const auto run = rmtlab_program("run configs/batch_size_mnist.yaml --output /nonexistent/x");
  CHECK(run.code == 2);
  CHECK_THAT(run.err, ContainsSubstring("'parameters.data.images' is needed for data.kind idx") &&
                          ContainsSubstring("data.images=PATH"));
}

TEST_CASE("run: bad input data are refused before anything is written", "[commands][errors]") {
  const tests::TemporaryFolder folder;
  const auto images = folder.write("images", std::string("\0\0\x08\x03short", 9));
  const std::string output = folder.path() / "x";
  const auto truncated = rmtlab_program("run configs/batch_size_mnist.yaml data.images=" + images +
                                        " data.labels=" + images + " --output " + output);
  CHECK(truncated.code == 2);
  CHECK_THAT(truncated.err, ContainsSubstring("input data: ") && ContainsSubstring("images"));
  const auto absent = rmtlab_program(
      "run configs/batch_size_mnist.yaml data.images=/nonexistent data.labels=/nonexistent "
      "--output " +
      output);
  CHECK(absent.code == 2);
  CHECK_FALSE(std::filesystem::exists(output));
}

TEST_CASE("list, describe, version and usage errors", "[commands]") {
  CHECK_THAT(rmtlab_program("list").out,
             ContainsSubstring("\ntraining  ") && ContainsSubstring("\npareto  "));
  const auto describe = rmtlab_program("describe training");
  CHECK_THAT(describe.out, ContainsSubstring("training.batch_size") &&
                               ContainsSubstring("an integer >= 1; default 16"));
  const auto unknown = rmtlab_program("describe trainig");
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.err, ContainsSubstring("did you mean 'training'?"));
  CHECK_THAT(rmtlab_program("--version").out, ContainsSubstring("blas kernel"));
  CHECK(rmtlab_program("--help").code == 0);
  CHECK(rmtlab_program("").code == 2);
  CHECK(rmtlab_program("run").code == 2);
  CHECK(rmtlab_program("frobnicate").code == 2);
  CHECK(rmtlab_program(smoke + "--shard 3/3").code == 2);
  CHECK(rmtlab_program("status /nonexistent").code == 2);
}
