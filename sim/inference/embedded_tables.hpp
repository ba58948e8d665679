// SPDX-License-Identifier: MIT
/// \file
/// \brief Internal: the tables beside the sources as text, written by CMake.
#pragma once

#include <string_view>

namespace rmtlab::inference {

extern const std::string_view null_atlas_table;
extern const std::string_view phase_classifier_table;
extern const std::string_view tail_mechanism_table;

}  // namespace rmtlab::inference
