// SPDX-License-Identifier: MIT
/// \file
/// \brief A finished run as figures and reports read it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "sim/core/array_file.hpp"
#include "sim/core/table.hpp"

namespace rmtlab::core {

/// Group of a task in `arrays.h5`: "training.batch_size=16/replicate=0".
std::string task_group(const std::vector<std::pair<std::string, std::string>>& point,
                       std::size_t replicate);

/// A complete run: manifest, records and arrays.
class Run {
public:
  /// \throws std::runtime_error if the folder is not a run, is of another experiment, or is not
  ///         complete; the message says which command completes it.
  static Run open(const std::filesystem::path& folder, std::string_view experiment);

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] const nlohmann::ordered_json& manifest() const { return manifest_; }
  [[nodiscard]] const Table& records() const { return records_; }

  /// Paths of the swept parameters.
  [[nodiscard]] const std::vector<std::string>& swept() const { return swept_; }
  /// A parameter (dotted path) as it was for a row of the records: swept value or fixed value.
  [[nodiscard]] double parameter(std::size_t row, const std::string& path) const;
  /// An array of the task that `row` belongs to.
  [[nodiscard]] LoadedArray array(std::size_t row, const std::string& name) const;

private:
  std::filesystem::path folder_;
  nlohmann::ordered_json manifest_;
  Table records_;
  std::vector<std::string> swept_;
};

}  // namespace rmtlab::core
