// SPDX-License-Identifier: MIT
#include "sim/network/training_state.hpp"

#include <fmt/format.h>

namespace rmtlab::network {
namespace {

constexpr std::uint32_t version = 1;  // of the layout of both states

}  // namespace

void write(core::ByteWriter& bytes, const TrainingState& state) {
  // All members by name: whoever adds one is stopped here, and raises the version.
  const auto& [epoch, lowest_loss, initial_norms, parameters, velocity, second_moment,
               spectral_vectors] = state;
  bytes.number(version);
  bytes.number(std::uint64_t{epoch});
  bytes.number(lowest_loss);
  bytes.list(initial_norms);
  bytes.list(parameters);
  bytes.list(velocity);
  bytes.list(second_moment);
  bytes.list(spectral_vectors);
}

TrainingState read_training_state(core::ByteReader& bytes) {
  if (const auto found = bytes.number<std::uint32_t>(); found != version)
    throw std::runtime_error(fmt::format(
        "the state of a training has version {}, this program reads {}", found, version));
  TrainingState state;
  state.epoch = bytes.number<std::uint64_t>();
  state.lowest_loss = bytes.number<double>();
  state.initial_norms = bytes.list<double>();
  state.parameters = bytes.list<float>();
  state.velocity = bytes.list<float>();
  state.second_moment = bytes.list<float>();
  state.spectral_vectors = bytes.list<float>();
  return state;
}

void write(core::ByteWriter& bytes, const EarlyStopping::State& state) {
  bytes.number(state.lowest);
  bytes.number(std::uint64_t{state.waited});
}

EarlyStopping::State read_early_stopping_state(core::ByteReader& bytes) {
  EarlyStopping::State state;
  state.lowest = bytes.number<double>();
  state.waited = bytes.number<std::uint64_t>();
  return state;
}

}  // namespace rmtlab::network
