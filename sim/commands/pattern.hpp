// SPDX-License-Identifier: MIT
/// \file
/// \brief A regular expression from the command line.
#pragma once

#include <string>

#include <fmt/format.h>
#include <regex.h>

#include "sim/commands/input_error.hpp"

namespace rmtlab::commands {

/// A POSIX extended regular expression (std::regex doubles the time a file takes to compile).
class Pattern {
public:
  /// "" matches everything. \throws InputError naming `option` and what is wrong with `text`.
  Pattern(const std::string& option, const std::string& text) {
    const int code =
        ::regcomp(&compiled_, text.empty() ? ".*" : text.c_str(), REG_EXTENDED | REG_NOSUB);
    if (code == 0) return;
    std::string message(256, '\0');
    message.resize(::regerror(code, &compiled_, message.data(), message.size()) - 1);
    throw InputError(fmt::format("{} '{}' is not a regular expression: {}", option, text, message));
  }
  ~Pattern() { ::regfree(&compiled_); }
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;
  [[nodiscard]] bool matches(const std::string& text) const {
    return ::regexec(&compiled_, text.c_str(), 0, nullptr, 0) == 0;
  }

private:
  regex_t compiled_{};
};

}  // namespace rmtlab::commands
