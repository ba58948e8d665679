// SPDX-License-Identifier: MIT
// The format of a checkpoint, and a task of many steps that is stopped and resumed.
#include "sim/core/checkpoint.hpp"

#include <array>
#include <csignal>
#include <memory>

#include "sim/core/atomic_file.hpp"
#include "sim/core/bytes.hpp"
#include "sim/core/experiment.hpp"
#include "sim/core/runner.hpp"
#include "sim/core/sha256.hpp"
#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;

namespace {

const core::CheckpointOwner owner{core::sha256_hex("task"), core::sha256_hex("configuration")};
const std::string payload("some\nbytes\0and more", 19);

struct Heard {
  std::vector<std::string> info, warnings;
  core::CheckpointLog log() {
    return {[this](const std::string& text) { info.push_back(text); },
            [this](const std::string& text) { warnings.push_back(text); }};
  }
};

}  // namespace

TEST_CASE("checkpoint: the format round-trips and its first line can be read", "[core][golden]") {
  const std::string bytes = core::encode_checkpoint({owner, "epoch 1 of 2", payload});
  const std::string first =
      "rmtlab-checkpoint 1 " + owner.task + ' ' + owner.configuration + " 19 ";
  CHECK(bytes.starts_with(first));
  CHECK(bytes.ends_with(" epoch 1 of 2\n" + payload));
  const auto contents = core::decode_checkpoint(bytes);
  CHECK(contents.owner == owner);
  CHECK(contents.progress == "epoch 1 of 2");
  CHECK(contents.payload == payload);
}

TEST_CASE("checkpoint: any flipped bit and any cut is noticed", "[core][errors]") {
  const std::string bytes = core::encode_checkpoint({owner, "epoch 1 of 2", payload});
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    CAPTURE(i);
    for (const int bit : {0, 4}) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      CHECK_THROWS_AS(core::decode_checkpoint(damaged), std::runtime_error);
    }
    CHECK_THROWS_AS(core::decode_checkpoint(bytes.substr(0, i)), std::runtime_error);
  }
  CHECK_THROWS_AS(core::decode_checkpoint(bytes + 'x'), std::runtime_error);
  CHECK_THROWS_WITH(core::decode_checkpoint("rmtlab-checkpoint 2 what else\n"),
                    ContainsSubstring("it has version 2, this program reads 1"));
  CHECK_THROWS_WITH(core::decode_checkpoint("records\n"),
                    ContainsSubstring("is not a checkpoint of rmtlab"));
  CHECK_THROWS_WITH(core::decode_checkpoint(bytes.substr(0, bytes.size() - 9)),
                    ContainsSubstring("it holds 10 bytes and should hold 19"));
}

TEST_CASE("checkpoint: what was saved last is handed back, and only to its owner", "[core]") {
  const tests::TemporaryFolder folder;
  const auto file = core::checkpoint_file(folder.path(), owner);
  CHECK(file == folder.path() / "checkpoints" / (owner.task.substr(0, 16) + ".checkpoint"));
  Heard heard;
  core::Checkpoint checkpoint(file, owner, 0, heard.log());
  std::string found;
  const auto restore = [&](std::string_view bytes) { found = bytes; };
  CHECK_FALSE(checkpoint.resume(restore));
  CHECK(checkpoint.save("step 1", "first"));
  CHECK(checkpoint.save("step 2", payload));
  CHECK(checkpoint.resume(restore));
  CHECK(found == payload);
  CHECK(heard.info == std::vector<std::string>{"resumes after step 2"});
  CHECK(heard.warnings.empty());

  found.clear();
  for (const auto& [other, reason] :
       {std::pair{core::CheckpointOwner{core::sha256_hex("another"), owner.configuration},
                  "it is of another task"},
        {core::CheckpointOwner{owner.task, core::sha256_hex("another")},
         "it is of another configuration"}}) {
    heard = {};
    core::Checkpoint foreign(file, other, 0, heard.log());
    CHECK_FALSE(foreign.resume(restore));
    REQUIRE(heard.warnings.size() == 1);
    CHECK_THAT(heard.warnings[0],
               ContainsSubstring(reason) && ContainsSubstring("the task starts over"));
  }
  CHECK(found.empty());
  heard = {};
  CHECK_FALSE(checkpoint.resume([](std::string_view) { throw std::runtime_error("too small"); }));
  REQUIRE(heard.warnings.size() == 1);
  CHECK_THAT(heard.warnings[0], ContainsSubstring("is ignored: too small"));
  checkpoint.remove();
  CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("checkpoint: one file is all that stays, even after a kill during a save", "[core]") {
  const tests::TemporaryFolder folder;
  const auto file = core::checkpoint_file(folder.path(), owner);
  Heard heard;
  core::Checkpoint checkpoint(file, owner, 0, heard.log());
  checkpoint.save("step 1", payload);
  core::write_atomically(file.parent_path() / ".other.checkpoint.tmp1", "of another task");
  core::write_atomically(file.parent_path() / ('.' + file.filename().string() + ".tmp1"), "torn");
  CHECK(checkpoint.resume([](std::string_view) {}));
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(file.parent_path()))
    left.push_back(entry.path().filename());
  std::ranges::sort(left);
  CHECK(left == std::vector<std::string>{".other.checkpoint.tmp1", file.filename().string()});
}

TEST_CASE("checkpoint: due after its interval; a full disk is warned of once", "[core][errors]") {
  const tests::TemporaryFolder folder;
  Heard heard;
  core::Checkpoint hourly(core::checkpoint_file(folder.path(), owner), owner, 3600, heard.log());
  CHECK_FALSE(hourly.is_due());
  core::Checkpoint always(core::checkpoint_file(folder.path(), owner), owner, 0, heard.log());
  CHECK(always.is_due());
  core::write_atomically(folder.path() / "checkpoints", "a file where the folder should be");
  CHECK_FALSE(always.save("step 1", payload));
  CHECK_FALSE(always.save("step 2", payload));
  REQUIRE(heard.warnings.size() == 1);
  CHECK_THAT(heard.warnings[0], ContainsSubstring("no checkpoint could be written: ") &&
                                    ContainsSubstring("the task goes on"));
}

namespace {

constexpr std::uint64_t all_steps = 400;
// Shared with the experiment below, which one thread runs.
std::uint64_t steps_taken = 0;
std::uint64_t stop_after = 0;  // the step after which the process gets SIGTERM

// A random walk of many steps.
class Walk : public core::Experiment {
public:
  void declare(core::Schema& schema) override {
    schema.number("scale", scale, core::positive(), "of a step");
  }
  [[nodiscard]] core::TaskResult run(const core::Task& task) const override {
    double x = 0;
    std::uint64_t step = 0;
    task.resume([&](std::string_view bytes) {
      core::ByteReader reader(bytes);
      x = reader.number<double>();
      step = reader.number<std::uint64_t>();
    });
    while (step < all_steps) {
      x += scale * task.own_stream("step").child(++step).normal();
      ++steps_taken;
      if (step == stop_after) std::raise(SIGTERM);
      if (step == all_steps) break;
      task.keep("step " + std::to_string(step), [&] {
        core::ByteWriter writer;
        writer.number(x);
        writer.number(step);
        return writer.take();
      });
    }
    core::TaskResult result;
    result.rows.push_back({{"x", x}});
    return result;
  }
  [[nodiscard]] std::string summary(const core::Table&) const override { return ""; }

  double scale = 1;
};

core::Registry walks() {
  static const std::array<core::ExperimentEntry, 1> table{
      {{"walk", "How far?", [] { return std::make_unique<Walk>(); }}}};
  return table;
}

}  // namespace

TEST_CASE("checkpoint: SIGTERM stops inside a task, which goes on from there", "[core][repro]") {
  const tests::TemporaryFolder folder;
  const auto file = folder.write("walk.yaml", "experiment: walk\nseed: 1\nparameters: {}\n");
  const auto c = core::Configuration::load(file, {}, walks(), core::Strictness::run);
  core::RunOptions options;
  options.output = folder.path() / "whole";
  CHECK(core::run(c, options) == core::exit_complete);

  options.output = folder.path() / "parts";
  options.resume = true;
  stop_after = 150;
  steps_taken = 0;
  REQUIRE(core::run(c, options) == core::exit_stopped);
  CHECK(steps_taken == 150);
  CHECK_THAT(core::status_text(options.output, walks()),
             ContainsSubstring("0 done, 0 failed, 1 left of 1\n") &&
                 ContainsSubstring("task 0 (replicate 0) is begun: a checkpoint after step 150\n"));
  CHECK(core::run(c, options) == core::exit_complete);
  CHECK(steps_taken == all_steps);  // none was taken twice
  CHECK(core::read_file(folder.path() / "parts" / "records.csv") ==
        core::read_file(folder.path() / "whole" / "records.csv"));
  CHECK_FALSE(std::filesystem::exists(core::checkpoint_folder(options.output)));
  CHECK_THAT(core::read_file(options.output / "log.txt"),
             ContainsSubstring("resumes after step 150"));
}

TEST_CASE("checkpoint: a finished task's is removed though the process died before it could",
          "[core]") {
  const tests::TemporaryFolder folder;
  const auto file = folder.write("walk.yaml", "experiment: walk\nseed: 1\nparameters: {}\n");
  const auto load = [&](const std::string& replicates) {
    return core::Configuration::load(file, {replicates}, walks(), core::Strictness::run);
  };
  core::RunOptions options;
  options.output = folder.path() / "run";
  stop_after = 7;
  REQUIRE(core::run(load("replicates=1"), options) == core::exit_stopped);
  const auto checkpoints = core::checkpoint_folder(options.output);
  std::filesystem::copy(checkpoints, folder.path() / "kept");
  options.resume = true;
  stop_after = 0;
  REQUIRE(core::run(load("replicates=1"), options) == core::exit_complete);
  std::filesystem::copy(folder.path() / "kept", checkpoints);
  REQUIRE(core::run(load("replicates=2"), options) == core::exit_complete);
  CHECK_FALSE(std::filesystem::exists(checkpoints));
}
