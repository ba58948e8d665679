// SPDX-License-Identifier: MIT
/// \file
/// \brief Numbers as text that reads back to the same bits.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rmtlab::core {

/// Shortest decimal text that reads back to exactly `value`: 0.0002, 16, 1e-300, inf, nan.
std::string shortest(double value);

/// Strict decimal number: the whole text, finite, `.` as separator, no blanks, no hexadecimal.
std::optional<double> parse_number(std::string_view text);

/// Strict decimal integer: optional sign and digits, no leading zeros (YAML reads those as octal).
std::optional<std::int64_t> parse_integer(std::string_view text);

}  // namespace rmtlab::core
