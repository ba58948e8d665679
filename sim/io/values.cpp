// SPDX-License-Identifier: MIT
#include "sim/io/values.hpp"

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/io/file_bytes.hpp"
#include "sim/io/npy.hpp"
#include "sim/io/text_rows.hpp"

namespace rmtlab::io {
namespace {

constexpr const char* count_rule = "a count (a whole number from 0 to 2^53)";

bool is_count(double number) {
  return number >= 0 && number <= 9007199254740992.0 && number == std::floor(number);
}

ValueList parse_text(std::string_view content, const std::string& name) {
  ValueList list;
  TextRows rows(name, content);
  std::size_t columns = 0;
  std::size_t first_line = 0;
  while (rows.next()) {
    if (columns == 0) {
      columns = rows.size();
      first_line = rows.line();
    }
    if (rows.size() > 2) rows.fail(rows.described_columns(), "1 (value) or 2 (value,count)");
    if (rows.size() != columns) {
      rows.fail(rows.described_columns(), fmt::format("{} as on line {}", columns, first_line));
    }
    list.values.push_back(rows.number(0));
    list.lines.push_back(rows.line());
    if (columns == 1) continue;
    const double count = rows.number(1, count_rule);
    if (!is_count(count)) rows.fail(quoted(rows.field(1)), count_rule);
    list.counts.push_back(static_cast<std::uint64_t>(count));
  }
  return list;
}

ValueList parse_npy(std::string_view content, const std::string& name) {
  const NpyHeader header = parse_npy_header(content, name);
  const bool pairs = header.shape.size() == 2 && header.shape[1] == 2;
  if (!(header.shape.size() == 1 || pairs || (header.shape.size() == 2 && header.shape[1] == 1))) {
    throw std::runtime_error(fmt::format(
        "{}: has shape {} (expected a list of values, (n,) or (n, 1), or of value,count pairs, "
        "(n, 2))",
        name, shape_text(header.shape)));
  }
  const arma::mat array = npy_matrix(content, header);
  ValueList list;
  list.values.assign(array.begin_col(0), array.end_col(0));
  for (arma::uword row = 0; pairs && row < array.n_rows; ++row) {
    if (!is_count(array(row, 1))) {
      throw std::runtime_error(fmt::format("{}: row {} (from 0): found {}, expected {}", name, row,
                                           array(row, 1), count_rule));
    }
    list.counts.push_back(static_cast<std::uint64_t>(array(row, 1)));
  }
  return list;
}

}  // namespace

ValueList parse_values(std::string_view content, const std::string& name) {
  ValueList list = is_npy(content) ? parse_npy(content, name) : parse_text(content, name);
  if (list.values.empty()) {
    throw std::runtime_error(fmt::format(
        "{}: holds no values (expected one value, or value,count, on each line)", name));
  }
  list.source = name;
  return list;
}

ValueList read_values(const std::string& path) {
  return parse_values(read_bytes(path), display_name(path));
}

}  // namespace rmtlab::io
