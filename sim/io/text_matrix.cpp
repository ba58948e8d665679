// SPDX-License-Identifier: MIT
#include "sim/io/text_matrix.hpp"

#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "sim/io/text_rows.hpp"

namespace rmtlab::io {

arma::mat parse_text_matrix(std::string_view content, const std::string& name) {
  TextRows rows(name, content);
  std::vector<double> row_major;
  std::size_t cols = 0, count = 0, first_line = 0;
  while (rows.next()) {
    if (count++ == 0) {
      cols = rows.size();
      first_line = rows.line();
    }
    if (rows.size() != cols) {
      rows.fail(rows.described_columns(), fmt::format("{} as on line {}", cols, first_line));
    }
    for (std::size_t column = 0; column < cols; ++column) {
      row_major.push_back(rows.number(column));
    }
  }
  if (count == 0) {
    throw std::runtime_error(fmt::format("{}: holds no rows of numbers (expected a matrix)", name));
  }
  return arma::mat(row_major.data(), cols, count, false, true).t();
}

}  // namespace rmtlab::io
