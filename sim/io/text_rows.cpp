// SPDX-License-Identifier: MIT
#include "sim/io/text_rows.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace rmtlab::io {
namespace {

constexpr std::string_view blanks = " \t\r\v\f";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_unprintable(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

/// Neither empty nor the beginning of a number, so that `abc` can be a title but `1.2.3` cannot.
bool is_word(std::string_view field) {
  constexpr std::string_view number_starts = "+-.0123456789";
  return !field.empty() && number_starts.find(field.front()) == std::string_view::npos &&
         std::none_of(field.begin(), field.end(), is_unprintable);
}

struct Parsed {
  double value = 0;
  std::errc error{};
};

Parsed parse(std::string_view field) {
  // from_chars takes no plus sign, which Fortran and some spreadsheets print.
  if (field.size() > 1 && field.front() == '+' && field[1] != '-') field.remove_prefix(1);
  Parsed parsed;
  const char* end = field.data() + field.size();
  const auto [stop, error] = std::from_chars(field.data(), end, parsed.value);
  parsed.error = stop == end ? error : std::errc::invalid_argument;
  return parsed;
}

}  // namespace

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string result = "'";
  for (const char c : text.substr(0, longest)) {
    if (is_unprintable(c)) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      result += c;
    }
  }
  return result + (text.size() > longest ? "...'" : "'");
}

TextRows::TextRows(std::string name, std::string_view text) : name_(std::move(name)), rest_(text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (rest_.substr(0, byte_order_mark.size()) == byte_order_mark) {
    rest_.remove_prefix(byte_order_mark.size());
  }
}

bool TextRows::next() {
  if (!next_line()) return false;
  if (std::exchange(first_row_, false) && is_header()) return next_line();
  return true;
}

bool TextRows::next_line() {
  while (!rest_.empty()) {
    const std::size_t length = std::min(rest_.find('\n'), rest_.size());
    std::string_view text = rest_.substr(0, length);
    rest_.remove_prefix(std::min(length + 1, rest_.size()));
    ++line_;
    text = trimmed(text.substr(0, text.find('#')));
    if (text.empty()) continue;
    split(text);
    return true;
  }
  return false;
}

void TextRows::split(std::string_view text) {
  fields_.clear();
  row_ = text;
  const bool commas = text.find(',') != std::string_view::npos;
  const std::string_view separators = commas ? std::string_view(",") : blanks;
  while (true) {
    const std::size_t end = text.find_first_of(separators);
    fields_.push_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
    if (!commas) text = trimmed(text);  // a run of blanks separates once
  }
}

bool TextRows::is_header() const {
  return std::all_of(fields_.begin(), fields_.end(), [](std::string_view field) {
    return is_word(field) && parse(field).error == std::errc::invalid_argument;
  });
}

double TextRows::number(std::size_t column, std::string_view expected) const {
  const Parsed parsed = parse(fields_[column]);
  if (parsed.error == std::errc::result_out_of_range) {
    fail(quoted(fields_[column]), "a number in the range of double (5e-324 to 1.79e308)");
  }
  if (parsed.error != std::errc{}) fail(quoted(fields_[column]), expected);
  return parsed.value;
}

void TextRows::fail(std::string_view found, std::string_view expected) const {
  throw std::runtime_error(
      fmt::format("{}:{}: found {}, expected {}", name_, line_, found, expected));
}

std::string TextRows::described_columns() const {
  return fmt::format("{} column{} ({})", size(), size() == 1 ? "" : "s", quoted(row_));
}

}  // namespace rmtlab::io
