// SPDX-License-Identifier: MIT
/// \file
/// \brief A training at the end of an epoch: everything it needs to go on, as bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/core/record.hpp"
#include "sim/network/training.hpp"

namespace rmtlab::experiments {

/// Data, initial weights and random streams are functions of the task and not stored.
struct TrainingProgress {
  network::TrainingState state;
  network::EarlyStopping::State stopping;
  std::vector<double> history;  ///< four numbers an epoch
  core::TaskResult result;      ///< rows and arrays recorded so far
};

/// A version, the states as network/training_state.hpp has them, the history, and the result in the
/// journal's encoding.
std::string encode(const TrainingProgress& progress);

/// The inverse, bit for bit. \throws std::exception if the bytes are cut short, have more than they
/// should, or are of another version.
TrainingProgress decode_training_progress(std::string_view bytes);

}  // namespace rmtlab::experiments
