// SPDX-License-Identifier: MIT
#include "sim/core/table.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/core/atomic_file.hpp"
#include "sim/core/number_format.hpp"

namespace rmtlab::core {
namespace {

std::string quoted(const std::string& cell) {
  if (cell.find_first_of(",\"\n\r") == std::string::npos) return cell;
  std::string text = "\"";
  for (const char c : cell) {
    if (c == '"') text.push_back('"');
    text.push_back(c);
  }
  return text + '"';
}

// Splits CSV text into rows of cells; quoted cells may hold commas, doubled quotes and line ends.
std::vector<std::vector<std::string>> split_csv(const std::string& text, const std::string& path) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> cells;
  std::string cell;
  bool in_quotes = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_quotes && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      cell.push_back('"');
      ++i;
    } else if (c == '"') {
      in_quotes = !in_quotes;
    } else if (!in_quotes && (c == ',' || c == '\n')) {
      cells.push_back(std::move(cell));
      cell.clear();
      if (c == '\n') {
        rows.push_back(std::move(cells));
        cells.clear();
      }
    } else {
      cell.push_back(c);
    }
  }
  if (in_quotes || !cell.empty() || !cells.empty())
    throw std::runtime_error(fmt::format("{}:{}: the last row is not complete (truncated file?)",
                                         path, rows.size() + 1));
  return rows;
}

}  // namespace

bool Table::has_column(std::string_view column) const {
  return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
}

std::size_t Table::column_index(std::string_view column) const {
  const auto at = std::find(columns_.begin(), columns_.end(), column);
  if (at == columns_.end())
    throw std::out_of_range(
        fmt::format("no column '{}' (there are: {})", column, fmt::join(columns_, ", ")));
  return static_cast<std::size_t>(at - columns_.begin());
}

void Table::add(std::vector<std::string> cells) {
  if (cells.size() != columns_.size())
    throw std::invalid_argument(
        fmt::format("a row of {} cells for {} columns", cells.size(), columns_.size()));
  rows_.push_back(std::move(cells));
}

const std::string& Table::text(std::size_t row, std::string_view column) const {
  return rows_.at(row)[column_index(column)];
}

double Table::number(std::size_t row, std::string_view column) const {
  const std::string& cell = text(row, column);
  const auto value = parse_number(cell);
  if (!value)
    throw std::runtime_error(
        fmt::format("row {}, column '{}': '{}' is not a number", row + 1, column, cell));
  return *value;
}

std::vector<std::string> Table::distinct(std::string_view column) const {
  const std::size_t index = column_index(column);
  std::vector<std::string> values;
  for (const auto& row : rows_)
    if (std::find(values.begin(), values.end(), row[index]) == values.end())
      values.push_back(row[index]);
  return values;
}

std::vector<std::size_t> Table::where(std::string_view column, std::string_view value) const {
  const std::size_t index = column_index(column);
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (rows_[i][index] == value) rows.push_back(i);
  return rows;
}

std::string Table::csv() const {
  std::string text;
  const auto line = [&](const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) text += (i ? "," : "") + quoted(cells[i]);
    text += '\n';
  };
  line(columns_);
  for (const auto& row : rows_) line(row);
  return text;
}

Table Table::read_csv(const std::filesystem::path& path) {
  auto rows = split_csv(read_file(path), path.string());
  if (rows.empty()) throw std::runtime_error(path.string() + ": empty, expected a header line");
  Table table(std::move(rows.front()));
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].size() != table.columns_.size())
      throw std::runtime_error(fmt::format("{}:{}: {} cells, expected {}", path.string(), i + 1,
                                           rows[i].size(), table.columns_.size()));
    table.rows_.push_back(std::move(rows[i]));
  }
  return table;
}

std::string cell_text(const Value& value) {
  struct Visitor {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(double x) const { return shortest(x); }
    std::string operator()(std::int64_t x) const { return std::to_string(x); }
    std::string operator()(bool x) const { return x ? "true" : "false"; }
    std::string operator()(const std::string& x) const { return x; }
  };
  return std::visit(Visitor{}, value);
}

}  // namespace rmtlab::core
