// SPDX-License-Identifier: MIT
/// \file
/// \brief Arrays of a run in one HDF5 file.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sim/core/record.hpp"

namespace rmtlab::core {

/// Writes `arrays.h5`. Groups come from the slashes in the names. Arrays with equal shape, type and
/// contents are stored once and linked (the initial weights are the same along a sweep). The file
/// holds no times, so equal contents give equal bytes.
class ArrayFileWriter {
public:
  explicit ArrayFileWriter(const std::filesystem::path& path);
  ~ArrayFileWriter();
  ArrayFileWriter(const ArrayFileWriter&) = delete;
  ArrayFileWriter& operator=(const ArrayFileWriter&) = delete;

  /// Add `array` as `group/array.name`.
  void write(const std::string& group, const Array& array);
  /// Flush and close; errors surface here rather than in the destructor.
  void close();

private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Reads one array as double.
struct LoadedArray {
  std::vector<std::size_t> shape;
  std::vector<double> values;  ///< row-major
};

/// \throws std::runtime_error naming the file and the array if either is missing.
LoadedArray read_array(const std::filesystem::path& file, const std::string& name);

/// Names of all arrays with their groups, "training.batch_size=16/replicate=0/fc1/weights", in
/// alphabetical order. \throws std::runtime_error naming the file if it cannot be read.
std::vector<std::string> array_names(const std::filesystem::path& file);

/// Reads one array in the precision it was written with, bit for bit; `name` as for `read_array`.
/// \throws std::runtime_error naming the file and the array if either is missing.
Array read_stored_array(const std::filesystem::path& file, const std::string& name);

}  // namespace rmtlab::core
