// SPDX-License-Identifier: MIT
/// \file
/// \brief A validated configuration: which experiment, with what parameters, swept over what.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "sim/core/config_document.hpp"
#include "sim/core/experiment.hpp"

namespace rmtlab::core {

/// One axis of a sweep: one path, or several under `zip:` that advance together.
struct Axis {
  std::vector<std::string> paths;
  std::vector<std::vector<Node>> steps;  ///< steps[k][i] is the k-th value of paths[i]
};

/// Checking a file by itself leaves room for values that are to come from the command line.
enum class Strictness { check, run };

/// A configuration file with its overrides, valid once constructed.
class Configuration {
public:
  /// Reads and validates everything; reports all problems at once.
  /// \param overrides `key=value` arguments: a parameter path (with or without `parameters.`), a
  ///        top-level key, or `sweep.path=[...]`.
  /// \throws ConfigError
  static Configuration load(const std::string& path, const std::vector<std::string>& overrides,
                            Registry registry, Strictness strictness);

  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] std::string stem() const;
  [[nodiscard]] const std::vector<std::string>& overrides() const { return overrides_; }
  [[nodiscard]] const ExperimentEntry& entry() const { return *entry_; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  [[nodiscard]] std::size_t replicates() const { return replicates_; }
  [[nodiscard]] const std::set<std::string>& outputs() const { return outputs_; }

  /// Paths of the swept parameters, in sweep order: the first columns of `records.csv`.
  [[nodiscard]] std::vector<std::string> swept_paths() const;
  /// Sweep points, the first axis varying slowest; one empty point without a sweep.
  [[nodiscard]] const std::vector<Point>& points() const { return points_; }
  /// The experiment with the parameters of point `index`.
  [[nodiscard]] std::unique_ptr<Experiment> experiment_at(std::size_t index) const;

  /// Input files of all points, each once.
  [[nodiscard]] std::vector<InputFile> inputs() const;

  /// Complete configuration as JSON (manifest) and as YAML that loads to the same configuration;
  /// with `origins`, each line says where its value comes from.
  [[nodiscard]] nlohmann::ordered_json resolved() const;
  [[nodiscard]] std::string resolved_yaml(bool origins) const;

  /// SHA-256 of everything that decides the numbers. `replicates` is left out: raising it adds
  /// tasks and changes none.
  [[nodiscard]] std::string hash() const;

  /// Complaints put off by `Strictness::check`, as notes for the user.
  [[nodiscard]] const std::vector<std::string>& deferred() const { return deferred_; }

private:
  friend class ConfigurationReader;

  std::string file_;
  std::vector<std::string> overrides_;
  const ExperimentEntry* entry_ = nullptr;
  std::uint64_t seed_ = 0;
  std::size_t replicates_ = 1;
  std::set<std::string> outputs_;
  std::map<std::string, Node> given_;  // parameter path -> value from file or command line
  std::vector<Axis> axes_;
  std::vector<Point> points_;
  std::vector<std::string> deferred_;
  std::map<std::string, Place> top_places_;
};

}  // namespace rmtlab::core
