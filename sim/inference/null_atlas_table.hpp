// SPDX-License-Identifier: MIT
/// \file
/// \brief Internal: null_atlas.csv as text, written by CMake.
#pragma once

#include <string_view>

namespace rmtlab::inference {

extern const std::string_view null_atlas_table;

}  // namespace rmtlab::inference
