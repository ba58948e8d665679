// SPDX-License-Identifier: MIT
/// \file
/// \brief Reads the comma-separated tables of reference values.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/shared_data.hpp"

namespace rmtlab::tests {

/// One row: the fields by the name of their column.
struct ReferenceRow {
  std::map<std::string, std::string> fields;

  [[nodiscard]] const std::string& text(const std::string& column) const {
    return fields.at(column);
  }
  [[nodiscard]] double number(const std::string& column) const {
    return std::stod(fields.at(column));
  }
};

inline std::vector<std::string> split_at_commas(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, ',');) fields.push_back(field);
  if (line.ends_with(',')) fields.emplace_back();  // an empty last field
  return fields;
}

/// Rows of `relative` below the folder of shared data; none (and a warning) when it is absent.
inline std::vector<ReferenceRow> reference_rows(const std::filesystem::path& relative) {
  std::vector<ReferenceRow> rows;
  const auto path = shared_file(relative);
  if (!path) return rows;
  std::ifstream file(*path);
  std::string line;
  std::getline(file, line);
  const auto columns = split_at_commas(line);
  while (std::getline(file, line)) {
    const auto fields = split_at_commas(line);
    REQUIRE(fields.size() == columns.size());
    auto& row = rows.emplace_back();
    for (std::size_t i = 0; i < columns.size(); ++i) row.fields[columns[i]] = fields[i];
  }
  REQUIRE(!rows.empty());
  return rows;
}

}  // namespace rmtlab::tests
