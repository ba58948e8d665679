// SPDX-License-Identifier: MIT
/// \file
/// \brief Runs a program and keeps what it said.
#pragma once

#include <cstdlib>
#include <string>

#include <sys/wait.h>

#include "sim/core/atomic_file.hpp"
#include "tests/temporary_folder.hpp"

namespace rmtlab::tests {

struct Outcome {
  int code = 0;  ///< exit code, or 128 + signal as a shell says it
  std::string out, err;
};

/// `command` is for the shell; the root of the source tree is the working folder.
inline Outcome shell(const std::string& command) {
  const TemporaryFolder folder;
  const std::string out = folder.path() / "out", err = folder.path() / "err";
  std::string line = "cd '" RMTLAB_SOURCE_DIR "' && (";
  line += command + ") >" + out + " 2>" + err;
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), core::read_file(out),
          core::read_file(err)};
}

inline Outcome rmtlab_program(const std::string& arguments) {
  return shell(std::string(RMTLAB_PROGRAM) + ' ' + arguments);
}

}  // namespace rmtlab::tests
