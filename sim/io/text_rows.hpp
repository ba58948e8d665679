// SPDX-License-Identifier: MIT
/// \file
/// \brief Rows of numbers in a text file: what counts as a row, a field, a number and a comment.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rmtlab::io {

/**
 * \brief The rows of a text of numbers, one after the other.
 *
 * A row is a line; `#` begins a comment; blank lines do not count. Fields are separated by commas
 * if the line has one (blanks around them are ignored), else by blanks and tabs. Line ends may be
 * LF or CRLF and a byte-order mark is skipped. If the first row is all words (no field begins like
 * a number) it is a header and skipped.
 *
 * The text must outlive the object.
 */
class TextRows {
public:
  /// `name` stands in front of every message.
  TextRows(std::string name, std::string_view text);

  /// Steps to the next row of data; false after the last.
  bool next();

  [[nodiscard]] std::size_t line() const { return line_; }  ///< of the row, from 1
  [[nodiscard]] std::size_t size() const { return fields_.size(); }
  [[nodiscard]] std::string_view field(std::size_t column) const { return fields_[column]; }

  /// The number in a field: decimal, as std::from_chars reads it over the whole field, one leading
  /// `+` allowed; also `inf` and `nan`.
  /// \throws std::runtime_error "name:line: found '...', expected ..." for anything else, and for a
  ///   number that overflows or underflows a double.
  [[nodiscard]] double number(std::size_t column, std::string_view expected = "a number") const;

  /// Throws std::runtime_error "name:line: found <found>, expected <expected>".
  [[noreturn]] void fail(std::string_view found, std::string_view expected) const;

  /// "3 columns ('1 2 3')", for `fail`.
  [[nodiscard]] std::string described_columns() const;

private:
  bool next_line();
  void split(std::string_view text);
  [[nodiscard]] bool is_header() const;

  std::string name_;
  std::string_view rest_, row_;
  std::vector<std::string_view> fields_;
  std::size_t line_ = 0;
  bool first_row_ = true;
};

/// `text` in quotes, cut at 40 bytes, with unprintable bytes as `\\xNN`.
std::string quoted(std::string_view text);

}  // namespace rmtlab::io
