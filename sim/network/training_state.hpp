// SPDX-License-Identifier: MIT
/// \file
/// \brief The state of a training as bytes: what a checkpoint stores.
#pragma once

#include "sim/core/bytes.hpp"
#include "sim/network/training.hpp"

namespace rmtlab::network {

/// Appends a version, then every member in the order of its declaration: integers as 64 bits, lists
/// with their length, little endian.
void write(core::ByteWriter& bytes, const TrainingState& state);
void write(core::ByteWriter& bytes, const EarlyStopping::State& state);

/// The inverse, bit for bit (infinities and not-a-number included).
/// \throws std::runtime_error if the bytes end too early or are of another version.
TrainingState read_training_state(core::ByteReader& bytes);
EarlyStopping::State read_early_stopping_state(core::ByteReader& bytes);

}  // namespace rmtlab::network
