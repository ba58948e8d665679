# SPDX-License-Identifier: MIT
# Run at every build (cmake -P): writes build_info.cpp, but touches it only when something changed.
execute_process(COMMAND git rev-parse --short=12 HEAD WORKING_DIRECTORY ${SOURCE_DIR}
  OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE STATUS)
set(DIRTY 0)
if(NOT STATUS EQUAL 0 OR COMMIT STREQUAL "")
  set(COMMIT "unknown")
else()
  execute_process(COMMAND git status --porcelain --untracked-files=no WORKING_DIRECTORY ${SOURCE_DIR}
    OUTPUT_VARIABLE CHANGES ERROR_QUIET)
  if(NOT CHANGES STREQUAL "")
    set(DIRTY 1)
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT [[
#include "sim/core/build_info.hpp"
namespace rmtlab::core::build_info {
const char* const version = "@VERSION@";
const char* const commit = "@COMMIT@";
const char* const dirty = "@DIRTY@";
const char* const compiler = "@COMPILER@";
const char* const build_type = "@BUILD_TYPE@";
}
]] @ONLY)
