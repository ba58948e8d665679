// SPDX-License-Identifier: MIT
// Overrides of a configuration: `key=value` arguments of the command line.
#include <algorithm>

#include <fmt/format.h>

#include "sim/core/configuration_reader.hpp"

namespace rmtlab::core {
void ConfigurationReader::read_override(const std::string& argument) {
  auto source = std::make_shared<Source>();
  source->name = "command line";
  source->lines = {argument};
  source->is_file = false;
  const auto equals = argument.find('=');
  const Place whole{source, 1, 1, static_cast<int>(argument.size())};
  if (equals == std::string::npos || equals == 0) {
    report_.add(whole, fmt::format("'{}' is not of the form key=value", argument),
                {"for example: training.batch_size=8"});
    return;
  }
  const std::string key = argument.substr(0, equals);
  const std::string text = argument.substr(equals + 1);
  const Place key_place{source, 1, 1, static_cast<int>(equals)};
  const int column = static_cast<int>(equals) + 2;
  if (!scratch_ && key != "seed" && key != "replicates") return;  // nothing to check it against

  const Parameter* parameter = scratch_ ? schema_.find(parameter_path(key)) : nullptr;
  const auto value = parameter != nullptr && parameter->is_text
                         ? literal_scalar(text, source, column)
                         : parse_yaml_value(text, source, column, report_);
  if (!value) return;
  target_.top_places_[key] = key_place;
  if (parameter != nullptr) {
    override_parameter(parameter_path(key), *value, key_place);
  } else if (key == "seed" || key == "replicates") {
    read_count(*value, key.c_str(), key == "seed" ? 0 : 1);
  } else if (key == "outputs") {
    read_outputs(*value);
  } else if (key.starts_with("sweep.")) {
    const std::string path = parameter_path(key.substr(6));
    if (schema_.find(path) != nullptr && override_sweep(path, *value)) return;
    Node sweep;
    sweep.kind = Node::Kind::mapping;
    sweep.entries.push_back({path, key_place, *value});
    read_sweep(sweep);
  } else if (key == "experiment") {
    report_.add(key_place, "'experiment' cannot be overridden",
                {"each experiment has its own configuration; `rmtlab list` shows them"});
  } else {
    const std::string path = parameter_path(key);
    if (schema_.has_section(path)) {
      report_.add(key_place, fmt::format("'{}' is a section, not a parameter", path),
                  {fmt::format("name one of its parameters, such as {}.{}", path,
                               schema_.names_below(path).front())});
      return;
    }
    const auto dot = path.rfind('.');
    const std::string section = dot == std::string::npos ? "" : path.substr(0, dot);
    if (schema_.has_section(section) || section.empty())
      unknown_parameter(key_place, path, section);
    else
      report_.add(key_place, fmt::format("unknown key 'parameters.{}'", path),
                  suggest(section, schema_.names_below("")));
  }
}

void ConfigurationReader::override_parameter(const std::string& path, const Node& value,
                                             const Place& key_place) {
  if (override_sweep(path, value)) return;
  const Parameter& parameter = *schema_.find(path);
  Node placed = value;
  if (placed.place.line == 0) placed.place = key_place;
  if (assign(parameter, placed, report_)) target_.given_[path] = placed;
}

// An override of a swept parameter replaces its values: one value, or a list of them. The column
// stays, so that records of such runs line up with those of the whole sweep.
bool ConfigurationReader::override_sweep(const std::string& path, const Node& value) {
  for (Axis& axis : target_.axes_) {
    const auto at = std::find(axis.paths.begin(), axis.paths.end(), path);
    if (at == axis.paths.end()) continue;
    const auto i = static_cast<std::size_t>(at - axis.paths.begin());
    const Parameter& parameter = *schema_.find(path);
    const bool is_list = value.kind == Node::Kind::list && !parameter.is_list;
    std::vector<Node> values = is_list ? value.items : std::vector<Node>{value};
    if (values.empty()) {
      report_.add(value.place,
                  fmt::format("'sweep.{}' must be a list of values, got an empty list", path));
      return true;
    }
    for (const Node& v : values)
      if (!assign(parameter, v, report_)) return true;
    if (axis.paths.size() == 1) {
      axis.steps.clear();
      for (Node& v : values) axis.steps.push_back({std::move(v)});
      return true;
    }
    if (values.size() != 1 && values.size() != axis.steps.size()) {
      report_.add(value.place,
                  fmt::format("'{}' is zipped with {} values of another parameter, got {}", path,
                              axis.steps.size(), values.size()));
      return true;
    }
    for (std::size_t k = 0; k < axis.steps.size(); ++k)
      axis.steps[k][i] = values[values.size() == 1 ? 0 : k];
    return true;
  }
  return false;
}

}  // namespace rmtlab::core
