// SPDX-License-Identifier: MIT
#include "sim/core/number_format.hpp"

#include <array>
#include <cmath>
#include <system_error>

namespace rmtlab::core {
namespace {

// std::from_chars refuses a leading plus sign; people write one.
std::string_view without_plus(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return text;
}

}  // namespace

std::string shortest(double value) {
  // Everyday sizes are easier to read without an exponent; 0.0002 rather than 2e-04.
  const double size = std::abs(value);
  const bool everyday = size == 0 || (size >= 1e-5 && size < 1e15);
  std::array<char, 64> buffer{};
  const auto end = everyday || !std::isfinite(value)
                       ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                       std::chars_format::fixed)
                             .ptr
                       : std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

std::optional<double> parse_number(std::string_view text) {
  text = without_plus(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  text = without_plus(text);
  const std::string_view digits = !text.empty() && text[0] == '-' ? text.substr(1) : text;
  if (digits.size() > 1 && digits[0] == '0') return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace rmtlab::core
