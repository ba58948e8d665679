// SPDX-License-Identifier: MIT
// The experiment `training`, stopped after every single epoch and taken up again.
#include <bit>

#include "sim/core/atomic_file.hpp"
#include "sim/core/checkpoint.hpp"
#include "sim/core/journal.hpp"
#include "sim/experiments/training_progress.hpp"
#include "tests/catch.hpp"
#include "tests/sim/experiments/experiment_run.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;

namespace {

core::Configuration load(const std::string& training, const std::string& rest = "") {
  return tests::load_experiment(
      "training",
      rest +
          "outputs: [eigenvalues, history, initial_weights, weights, epoch_weights]\n"
          "parameters:\n"
          "  data: {train_samples: 120, test_samples: 40, input_dimension: 90, input_norm2: 20}\n"
          "  network: {hidden_widths: [60]}\n"
          "  record: {epochs: [0, 2]}\n"
          "  training: " +
          training + '\n');
}

// Bit for bit: the history of Adam holds a not-a-number, which is equal to nothing.
bool equal(const core::TaskResult& a, const core::TaskResult& b) {
  return core::encode_result(a) == core::encode_result(b);
}

// One task in a run directory of its own.
struct Interrupted {
  explicit Interrupted(const core::Configuration& c) : configuration(c) {}

  core::CheckpointOwner owner() const { return {std::string(64, 'a'), configuration.hash()}; }
  std::filesystem::path file() const { return core::checkpoint_file(folder.path(), owner()); }

  // Runs the task; with `stop` until the next epoch ends. Nothing if it was stopped.
  std::optional<core::TaskResult> run(bool stop) {
    core::StopSignal signal;
    if (stop) signal.request();
    core::Checkpoint checkpoint(
        file(), owner(), 3600,
        {[](const std::string&) {}, [this](const std::string& text) { warnings += text + '\n'; }});
    const core::Task task("training", configuration.seed(), configuration.points()[0], 0,
                          configuration.outputs(), signal, &checkpoint);
    try {
      return configuration.experiment_at(0)->run(task);
    } catch (const core::TaskAbandoned&) {
      return std::nullopt;
    }
  }

  const core::Configuration& configuration;
  tests::TemporaryFolder folder;
  std::string warnings;
};

}  // namespace

TEST_CASE("training: stopped after every epoch, it ends with the same rows and arrays",
          "[experiments][repro]") {
  const auto training =
      GENERATE(as<std::string>{}, "{epochs: 5, batch_size: 8, learning_rate: 0.01}",
               "{epochs: 5, learning_rate: 0.001, optimizer: adam, dropout: 0.2}",
               "{epochs: 9, learning_rate: 0.001, early_stopping: test_loss, patience: 3, "
               "min_improvement: 10}",
               "{epochs: 20, learning_rate: 0.01, batch_size: 8, stop_at: steps, stop_value: 35}");
  CAPTURE(training);
  const auto c = load(training);
  const auto whole = tests::run_task(c, 0, 0);
  Interrupted task(c);
  std::optional<core::TaskResult> result;
  int runs = 0;
  for (; !result && runs < 20; ++runs) result = task.run(true);
  REQUIRE(result);
  // One run for each epoch.
  CHECK(runs == static_cast<int>(tests::array(whole, "history").shape[0]));
  CHECK(equal(*result, whole));
  CHECK(task.warnings.empty());
  CHECK(tests::array(whole, "fc1/epoch=0/weights").values ==
        tests::array(whole, "fc1/initial_weights").values);
}

TEST_CASE("training: a checkpoint that cannot be trusted is not used", "[experiments][errors]") {
  const auto c = load("{epochs: 4, batch_size: 8, learning_rate: 0.01}");
  const auto whole = tests::run_task(c, 0, 0);
  Interrupted task(c);
  REQUIRE_FALSE(task.run(true));
  const std::string good = core::read_file(task.file());
  const auto contents = core::decode_checkpoint(good);
  CHECK(contents.progress == "epoch 1 of 4");

  SECTION("a flipped byte") {
    std::string damaged = good;
    damaged[damaged.size() / 2] ^= 1;
    core::write_atomically(task.file(), damaged);
    CHECK(equal(task.run(false).value(), whole));
    CHECK_THAT(task.warnings, ContainsSubstring("is ignored: it is damaged"));
  }
  SECTION("a payload of another kind, with a valid checksum") {
    core::write_atomically(task.file(), core::encode_checkpoint({task.owner(), "?", "nonsense"}));
    CHECK(equal(task.run(false).value(), whole));
    CHECK_THAT(task.warnings, ContainsSubstring("is ignored: the progress of a training has"));
  }
  SECTION("a state of another shape, with a valid checksum") {
    auto progress = experiments::decode_training_progress(contents.payload);
    progress.state.velocity.pop_back();
    core::write_atomically(
        task.file(), core::encode_checkpoint({task.owner(), "?", experiments::encode(progress)}));
    CHECK(equal(task.run(false).value(), whole));
    CHECK_THAT(task.warnings, ContainsSubstring("is ignored: Trainer::restore: a state of"));
  }
  SECTION("another configuration") {
    const auto other = load("{epochs: 4, batch_size: 8, learning_rate: 0.02}");
    Interrupted foreign(other);
    REQUIRE_FALSE(foreign.run(true));
    std::filesystem::copy_file(foreign.file(), task.file(),
                               std::filesystem::copy_options::overwrite_existing);
    CHECK(equal(task.run(false).value(), whole));
    CHECK_THAT(task.warnings, ContainsSubstring("it is of another configuration"));
  }
  SECTION("negative control: one that can be trusted decides the result") {
    auto progress = experiments::decode_training_progress(contents.payload);
    progress.state.parameters[7] += 0.01F;
    core::write_atomically(
        task.file(), core::encode_checkpoint({task.owner(), "?", experiments::encode(progress)}));
    CHECK_FALSE(equal(task.run(false).value(), whole));
    CHECK(task.warnings.empty());
  }
}

TEST_CASE("training: progress round-trips, and any cut is noticed", "[experiments]") {
  experiments::TrainingProgress progress;
  progress.state.parameters = {1, 2};
  progress.stopping = {0.25, 3};
  progress.history = {1, std::bit_cast<double>(std::uint64_t{0x7ff8000000000001}), 3, 4};
  progress.result.rows.push_back(
      {{"a", 0.1}, {"b", std::int64_t{1} << 60}, {"c", std::monostate{}}, {"d", true}, {"e", "x"}});
  progress.result.arrays.push_back({"w", {1, 2}, std::vector<float>{3, 4}});
  const std::string bytes = experiments::encode(progress);
  const auto back = experiments::decode_training_progress(bytes);
  CHECK(back.state.parameters == progress.state.parameters);
  CHECK(back.stopping.lowest == 0.25);
  CHECK(back.stopping.waited == 3);
  CHECK(std::bit_cast<std::uint64_t>(back.history[1]) == 0x7ff8000000000001);
  CHECK(equal(back.result, progress.result));
  for (std::size_t length = 0; length < bytes.size(); ++length)
    CHECK_THROWS(experiments::decode_training_progress(bytes.substr(0, length)));
  CHECK_THROWS_WITH(experiments::decode_training_progress(bytes + 'x'),
                    ContainsSubstring("1 bytes are left over"));
}
