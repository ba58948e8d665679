// SPDX-License-Identifier: MIT
/// \file
/// \brief The table of all experiments.
#pragma once

#include "sim/core/experiment.hpp"

namespace rmtlab::experiments {

/// Every experiment the program knows, in the order of `rmtlab list`. A new one is one line here.
core::Registry registry();

}  // namespace rmtlab::experiments
