// SPDX-License-Identifier: MIT
/// \file
/// \brief The published data sets and reference fits, if they are on this machine.
#pragma once

#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "sim/inference/power_law_values.hpp"
#include "sim/io/values.hpp"
#include "tests/shared_data.hpp"

namespace rmtlab::tests {

/// Rows of a comma-separated reference table, without its header; empty if the table is absent.
inline std::vector<std::vector<std::string>> published_rows(const std::string& table) {
  std::vector<std::vector<std::string>> rows;
  const auto path = shared_file("reference/powerlaw/" + table);
  if (!path) return rows;
  std::ifstream file(*path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::vector<std::string>& row = rows.emplace_back();
    for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
  }
  return rows;
}

/// One of the data sets, by its name in the tables; raw or as value,count.
inline std::optional<inference::CountedValues> published_sample(const std::string& name) {
  const std::string folder = "data/powerlaw/" + name;
  const auto path = shared_file(folder + (name == "clauset_continuous" ? ".npy" : ".hist.csv"));
  if (!path) return std::nullopt;
  const io::ValueList list = io::read_values(path->string());
  return list.counts.empty() ? inference::count_values(list.values)
                             : inference::count_values(list.values, list.counts);
}

}  // namespace rmtlab::tests
