// SPDX-License-Identifier: MIT
/// \file
/// \brief What one task of an experiment gives back: rows of a table and arrays.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace rmtlab::core {

/// A cell of `records.csv`. `std::monostate` is "not available" (an impossible fit): an empty field
/// in CSV, `null` in JSON; never a number that stands for nothing.
using Value = std::variant<std::monostate, double, std::int64_t, bool, std::string>;

/// The number, or "not available".
inline Value value_of(const std::optional<double>& x) {
  Value value;
  if (x) value = *x;
  return value;
}

/// One row: column names and values, in the order of the columns.
using Row = std::vector<std::pair<std::string, Value>>;

/// A dense array of float or double, row-major. Its name is a path below the task's group in
/// `arrays.h5`, for example "fc1/epoch=40/eigenvalues".
struct Array {
  std::string name;
  std::vector<std::size_t> shape;
  std::variant<std::vector<double>, std::vector<float>> values;
};

/// A pure function of configuration and random stream: nothing here may depend on time or thread.
struct TaskResult {
  std::vector<Row> rows;
  std::vector<Array> arrays;
};

}  // namespace rmtlab::core
