// SPDX-License-Identifier: MIT
/// \file
/// \brief Bad input data or arguments: exit code 2.
#pragma once

#include <stdexcept>

namespace rmtlab::commands {

class InputError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

}  // namespace rmtlab::commands
