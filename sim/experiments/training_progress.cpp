// SPDX-License-Identifier: MIT
#include "sim/experiments/training_progress.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "sim/core/bytes.hpp"
#include "sim/core/journal.hpp"
#include "sim/network/training_state.hpp"

namespace rmtlab::experiments {
namespace {

constexpr std::uint32_t version = 1;

}  // namespace

std::string encode(const TrainingProgress& progress) {
  core::ByteWriter bytes;
  bytes.number(version);
  network::write(bytes, progress.state);
  network::write(bytes, progress.stopping);
  bytes.list(progress.history);
  bytes.text(core::encode_result(progress.result));
  return bytes.take();
}

TrainingProgress decode_training_progress(std::string_view text) {
  core::ByteReader bytes(text);
  if (const auto found = bytes.number<std::uint32_t>(); found != version)
    throw std::runtime_error(fmt::format(
        "the progress of a training has version {}, this program reads {}", found, version));
  TrainingProgress progress;
  progress.state = network::read_training_state(bytes);
  progress.stopping = network::read_early_stopping_state(bytes);
  progress.history = bytes.list<double>();
  progress.result = core::decode_result(bytes.text());
  bytes.expect_end();
  return progress;
}

}  // namespace rmtlab::experiments
