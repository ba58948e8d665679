// SPDX-License-Identifier: MIT
#include "sim/network/training_state.hpp"

#include <cmath>
#include <limits>

#include "sim/network/initialization.hpp"
#include "sim/network/teacher.hpp"
#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;

namespace rmtlab::network {
namespace {

TrainingState some_state() {
  TrainingState state;
  state.epoch = 3;
  state.initial_norms = {1.5, 0.1};
  state.parameters = {1, -0.0F, std::numeric_limits<float>::denorm_min()};
  state.velocity = {4, 5, 6};
  state.second_moment = {7};
  state.spectral_vectors = {8, 9};
  return state;
}

std::string bytes_of(const TrainingState& state) {
  core::ByteWriter writer;
  write(writer, state);
  return writer.take();
}

TrainingState state_from(const std::string& bytes) {
  core::ByteReader reader(bytes);
  TrainingState state = read_training_state(reader);
  reader.expect_end();
  return state;
}

TEST_CASE("training_state: every member comes back bit for bit", "[network]") {
  const TrainingState state = some_state(), back = state_from(bytes_of(state));
  CHECK(back.epoch == state.epoch);
  CHECK(back.lowest_loss == std::numeric_limits<double>::infinity());
  CHECK(back.initial_norms == state.initial_norms);
  CHECK(back.parameters == state.parameters);
  CHECK(std::signbit(back.parameters[1]));
  CHECK(back.velocity == state.velocity);
  CHECK(back.second_moment == state.second_moment);
  CHECK(back.spectral_vectors == state.spectral_vectors);
  // 4 + 8 + 8 bytes, then a length and elements of each list.
  CHECK(bytes_of(state).size() == 20 + (8 + 16) + (8 + 12) + (8 + 12) + (8 + 4) + (8 + 8));
  CHECK(bytes_of(state) == bytes_of(back));
}

TEST_CASE("training_state: what is cut short or of another version is refused",
          "[network][errors]") {
  std::string bytes = bytes_of(some_state());
  for (std::size_t length = 0; length < bytes.size(); ++length)
    CHECK_THROWS_AS(state_from(bytes.substr(0, length)), std::runtime_error);
  bytes[0] = 99;
  CHECK_THROWS_WITH(
      state_from(bytes),
      ContainsSubstring("the state of a training has version 99, this program reads"));
}

TEST_CASE("training_state: a training goes on from the bytes with the same bits",
          "[network][repro]") {
  const auto method = GENERATE(Method::sgd, Method::nesterov, Method::adam);
  TeacherConfig teacher;
  teacher.train_samples = 203;
  teacher.test_samples = 1;
  teacher.input_dimension = 20;
  teacher.classes = 4;
  const Dataset data = make_teacher(teacher, core::Stream(1)).train;
  TrainingConfig config;
  config.epochs = 6;
  config.dropout = 0.2;
  config.optimizer.method = method;
  config.optimizer.learning_rate = 0.01;
  config.optimizer.spectral_penalty = 0.01;
  config.schedule.course = Course::cosine;
  config.schedule.warmup_epochs = 2;
  const auto make_network = [] {
    DenseNetwork<float> network({20, 16, 4});
    initialize(network, Initialization::glorot_normal, core::Stream(2));
    return network;
  };
  DenseNetwork<float> network = make_network();
  Trainer whole(network, data, config, core::Stream(3));
  std::string kept;
  EpochReport last;
  while (!whole.finished()) {
    last = *whole.run_epoch();
    if (whole.epoch() == 3) kept = bytes_of(whole.state());
  }
  const auto resume = [&](const TrainingState& state) {
    DenseNetwork<float> other = make_network();
    Trainer trainer(other, data, config, core::Stream(3));
    trainer.restore(state);
    EpochReport report;
    while (!trainer.finished()) report = *trainer.run_epoch();
    CHECK(report.steps == last.steps);
    CHECK(report.sgd_time == last.sgd_time);
    return other.parameters().flat();
  };
  CHECK(resume(state_from(kept)) == network.parameters().flat());
  // Negative control: the smallest change of one velocity is seen in the end.
  TrainingState wrong = state_from(kept);
  wrong.velocity[5] = std::nextafter(wrong.velocity[5], 1.0F) + 1e-6F;
  CHECK(resume(wrong) != network.parameters().flat());
}

TEST_CASE("training_state: early stopping remembers what it waited for", "[network]") {
  EarlyStopping stopping(3);
  for (const double loss : {1.0, 0.5, 0.6}) CHECK_FALSE(stopping.update(loss));
  core::ByteWriter writer;
  write(writer, stopping.state());
  const std::string bytes = writer.take();
  core::ByteReader reader(bytes);
  EarlyStopping other(3);
  other.restore(read_early_stopping_state(reader));
  CHECK(other.state().lowest == 0.5);
  CHECK_FALSE(other.update(0.5));
  CHECK(other.update(0.5));
  // Negative control: one that starts anew waits longer.
  EarlyStopping fresh(3);
  CHECK_FALSE(fresh.update(0.5));
  CHECK_FALSE(fresh.update(0.5));
}

}  // namespace
}  // namespace rmtlab::network
