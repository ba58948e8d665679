// SPDX-License-Identifier: MIT
#include "sim/experiments/registry.hpp"

#include <array>

#include "sim/experiments/training.hpp"

namespace rmtlab::experiments {

core::Registry registry() {
  static const std::array<core::ExperimentEntry, 1> table{{
      {"training", "Which phase do a dense network's weights reach, and what takes them there?",
       [null = std::make_shared<const inference::BulkNull>()] {
         return std::make_unique<Training>(null);
       }},
  }};
  return table;
}

}  // namespace rmtlab::experiments
