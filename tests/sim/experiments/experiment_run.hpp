// SPDX-License-Identifier: MIT
/// \file
/// \brief Running one task of an experiment in a test, and finding what it recorded.
#pragma once

#include <algorithm>
#include <string>

#include "sim/core/configuration.hpp"
#include "sim/experiments/registry.hpp"
#include "tests/temporary_folder.hpp"

namespace rmtlab::tests {

/// A configuration from the text below `experiment` and `seed: 1`.
inline core::Configuration load_experiment(const std::string& experiment, const std::string& yaml) {
  const TemporaryFolder folder;
  return core::Configuration::load(
      folder.write("t.yaml", "experiment: " + experiment + "\nseed: 1\n" + yaml), {},
      experiments::registry(), core::Strictness::run);
}

inline core::TaskResult run_task(const core::Configuration& c, std::size_t point,
                                 std::size_t replicate) {
  const core::StopSignal stop;
  const core::Task task(std::string(c.entry().name), c.seed(), c.points()[point], replicate,
                        c.outputs(), stop);
  return c.experiment_at(point)->run(task);
}

inline const core::Value& cell(const core::Row& row, const std::string& column) {
  return std::find_if(row.begin(), row.end(), [&](const auto& c) { return c.first == column; })
      ->second;
}

inline double number(const core::Row& row, const std::string& column) {
  return std::get<double>(cell(row, column));
}

inline const core::Array& array(const core::TaskResult& result, const std::string& name) {
  return *std::find_if(result.arrays.begin(), result.arrays.end(),
                       [&](const auto& a) { return a.name == name; });
}

}  // namespace rmtlab::tests
