// SPDX-License-Identifier: MIT
/// \file
/// \brief How a Configuration is read and validated (internal to sim/core).
#pragma once

#include <string>
#include <vector>

#include "sim/core/configuration.hpp"

namespace rmtlab::core {

/// A parameter's present value as text: how sweep values appear in columns and point names.
std::string parameter_text(const Parameter& parameter);

/// A key as a parameter path: the prefix "parameters." may be left out.
std::string parameter_path(std::string key);

/// Fills a Configuration, collecting every problem on the way.
class ConfigurationReader {
public:
  ConfigurationReader(Configuration& target, Registry registry, Strictness strictness)
      : target_(target), registry_(registry), strictness_(strictness) {}

  /// \throws ConfigError if anything is wrong.
  void read(const std::string& path, const std::vector<std::string>& overrides);

private:
  void find_duplicates(const Node& node, const std::string& prefix);
  void read_top(const Node& root);
  void read_experiment(const Node& root);
  void read_count(const Node& value, const char* key, double lower);
  void read_section(const Node& node, const std::string& section);
  bool is_swept(const std::string& path, const Entry& entry);
  void read_sweep(const Node& node);
  void read_zip(const Node& node);
  std::vector<Node> read_values(const Entry& entry, const std::string& path);
  void read_outputs(const Node& node);
  void read_override(const std::string& argument);
  void override_parameter(const std::string& path, const Node& value, const Place& key_place);
  bool override_sweep(const std::string& path, const Node& value);
  void report_missing(const Node& root);
  void unknown_parameter(const Place& place, const std::string& path, const std::string& section);
  void expand_points();
  void check_points();

  Configuration& target_;
  Registry registry_;
  Strictness strictness_;
  Report report_;
  std::unique_ptr<Experiment> scratch_;  // validates values; its parameters are overwritten freely
  Schema schema_;
  std::vector<OutputKind> output_kinds_;
  std::vector<std::string> suggested_;  // names offered for unknown top-level keys
  Place file_place_;
};

}  // namespace rmtlab::core
