// SPDX-License-Identifier: MIT
#include "sim/commands/named_parameters_text.hpp"

#include <fmt/format.h>

#include "sim/commands/input_error.hpp"

namespace rmtlab::commands {

theory::NamedParameters parameters_from(const std::vector<std::string>& settings) {
  theory::NamedParameters parameters;
  for (const std::string& setting : settings) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos)
      throw InputError(fmt::format("--set {} is not of the form name=value", setting));
    parameters[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  return parameters;
}

void explain(std::string_view name, std::string_view help,
             std::span<const theory::ParameterDeclaration> parameters) {
  fmt::print("{}\n\n{}\n", name, help);
  if (!parameters.empty()) fmt::print("\nparameters (--set name=value):\n");
  for (const auto& p : parameters)
    fmt::print(
        "  {:<14} {}; {}{}\n", p.name, p.help, p.domain,
        p.default_value.empty() ? "; must be given" : fmt::format("; default {}", p.default_value));
}

void list_line(std::string_view name, std::span<const theory::ParameterDeclaration> parameters) {
  std::string names;
  for (const auto& p : parameters) names += fmt::format("{}{}", names.empty() ? "" : ", ", p.name);
  fmt::print("{:<26} ({})\n", name, names);
}

}  // namespace rmtlab::commands
