// SPDX-License-Identifier: MIT
/// \file
/// \brief Facts of the build, filled in by CMake (build_info.cpp is generated).
#pragma once

namespace rmtlab::core::build_info {

extern const char* const version;
extern const char* const commit;
extern const char* const dirty;  ///< "1" if the tree had local changes
extern const char* const compiler;
extern const char* const build_type;

}  // namespace rmtlab::core::build_info
