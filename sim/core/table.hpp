// SPDX-License-Identifier: MIT
/// \file
/// \brief A table with named columns, and its CSV form.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/record.hpp"

namespace rmtlab::core {

/// Rows of text cells under named columns; how `records.csv` is read and written.
class Table {
public:
  Table() = default;
  explicit Table(std::vector<std::string> columns) : columns_(std::move(columns)) {}

  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] bool has_column(std::string_view column) const;

  /// \throws std::invalid_argument if the number of cells is not the number of columns.
  void add(std::vector<std::string> cells);

  /// Cell as text; empty when not available. \throws std::out_of_range naming an unknown column.
  [[nodiscard]] const std::string& text(std::size_t row, std::string_view column) const;
  /// Cell as a number. \throws std::runtime_error naming row and column if it is not one.
  [[nodiscard]] double number(std::size_t row, std::string_view column) const;
  /// Distinct texts of a column, in order of first appearance.
  [[nodiscard]] std::vector<std::string> distinct(std::string_view column) const;
  /// Indices of the rows whose `column` reads `value`.
  [[nodiscard]] std::vector<std::size_t> where(std::string_view column,
                                               std::string_view value) const;

  /// RFC 4180 with `\n` line ends.
  [[nodiscard]] std::string csv() const;
  /// \throws std::runtime_error naming `path` and the line of a malformed row.
  static Table read_csv(const std::filesystem::path& path);

private:
  [[nodiscard]] std::size_t column_index(std::string_view column) const;

  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// A value as a CSV cell before quoting: numbers round-trip exactly, booleans are true/false.
std::string cell_text(const Value& value);

}  // namespace rmtlab::core
