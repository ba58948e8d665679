// SPDX-License-Identifier: MIT
/// \file
/// \brief `--set name=value` and the help of what is made from such parameters.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "theory/named_parameters.hpp"

namespace rmtlab::commands {

/// The arguments of `--set`. \throws InputError for one that is not name=value.
theory::NamedParameters parameters_from(const std::vector<std::string>& settings);

/// Prints name, meaning and parameters to stdout.
void explain(std::string_view name, std::string_view help,
             std::span<const theory::ParameterDeclaration> parameters);

/// Prints one line: the name and the names of its parameters.
void list_line(std::string_view name, std::span<const theory::ParameterDeclaration> parameters);

}  // namespace rmtlab::commands
