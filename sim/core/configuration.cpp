// SPDX-License-Identifier: MIT
#include "sim/core/configuration.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/core/configuration_reader.hpp"
#include "sim/core/number_format.hpp"
#include "sim/core/sha256.hpp"

namespace rmtlab::core {
namespace {

// A value as it stands in YAML and in a point's name.
std::string value_text(const nlohmann::json& value, bool is_text) {
  if (value.is_string() && !is_text) return value.get<std::string>();
  if (value.is_number_float()) return shortest(value.get<double>());
  if (value.is_array()) {
    std::vector<std::string> items;
    for (const auto& item : value) items.push_back(value_text(item, item.is_string()));
    return fmt::format("[{}]", fmt::join(items, ", "));
  }
  return value.dump();  // quotes texts the way YAML also reads them
}

// Sets `path` (dotted) in nested objects.
void set_nested(nlohmann::ordered_json& object, const std::string& path, nlohmann::json value) {
  const auto dot = path.find('.');
  if (dot == std::string::npos)
    object[path] = std::move(value);
  else
    set_nested(object[path.substr(0, dot)], path.substr(dot + 1), std::move(value));
}

std::string origin_of(const std::map<std::string, Node>& given, const std::string& path) {
  const auto at = given.find(path);
  if (at == given.end()) return "default";
  const Place& place = at->second.place;
  if (!place.source->is_file) return place.source->name;
  return fmt::format("{}:{}", place.source->name, place.line);
}

}  // namespace

std::string parameter_text(const Parameter& parameter) {
  return value_text(parameter.value(), false);
}

Configuration Configuration::load(const std::string& path,
                                  const std::vector<std::string>& overrides, Registry registry,
                                  Strictness strictness) {
  Configuration configuration;
  ConfigurationReader(configuration, registry, strictness).read(path, overrides);
  return configuration;
}

std::string Configuration::stem() const { return std::filesystem::path(file_).stem().string(); }

std::vector<std::string> Configuration::swept_paths() const {
  std::vector<std::string> paths;
  for (const Axis& axis : axes_) paths.insert(paths.end(), axis.paths.begin(), axis.paths.end());
  return paths;
}

std::unique_ptr<Experiment> Configuration::experiment_at(std::size_t index) const {
  auto experiment = entry_->make();
  Schema schema;
  experiment->declare(schema);
  Report ignored;  // every value was validated when the configuration was read
  for (const auto& [path, node] : given_) assign(*schema.find(path), node, ignored);
  for (auto axis = axes_.rbegin(); axis != axes_.rend(); ++axis) {
    const auto& step = axis->steps[index % axis->steps.size()];
    for (std::size_t i = 0; i < step.size(); ++i)
      assign(*schema.find(axis->paths[i]), step[i], ignored);
    index /= axis->steps.size();
  }
  return experiment;
}

std::vector<InputFile> Configuration::inputs() const {
  std::vector<InputFile> all;
  for (std::size_t point = 0; point < points_.size(); ++point)
    for (InputFile& input : experiment_at(point)->inputs()) {
      const bool known = std::any_of(all.begin(), all.end(), [&](const InputFile& other) {
        return other.parameter == input.parameter && other.file == input.file;
      });
      if (!known) all.push_back(std::move(input));
    }
  return all;
}

nlohmann::ordered_json Configuration::resolved() const {
  nlohmann::ordered_json document;
  document["experiment"] = entry_->name;
  document["seed"] = seed_;
  document["replicates"] = replicates_;
  auto experiment = entry_->make();
  Schema schema;
  experiment->declare(schema);
  Report ignored;
  for (const auto& [path, node] : given_) assign(*schema.find(path), node, ignored);
  document["parameters"] = nlohmann::ordered_json::object();
  for (const Parameter& p : schema.parameters())
    set_nested(document["parameters"], p.path, p.value());

  nlohmann::ordered_json sweep = nlohmann::ordered_json::object();
  for (const Axis& axis : axes_) {
    nlohmann::ordered_json& target = axis.paths.size() > 1 ? sweep["zip"] : sweep;
    for (std::size_t i = 0; i < axis.paths.size(); ++i) {
      nlohmann::json values = nlohmann::json::array();
      for (const auto& step : axis.steps) {
        const Parameter& parameter = *schema.find(axis.paths[i]);
        assign(parameter, step[i], ignored);
        values.push_back(parameter.value());
      }
      target[axis.paths[i]] = values;
    }
  }
  if (!sweep.empty()) document["sweep"] = sweep;
  document["outputs"] = outputs_;
  return document;
}

std::string Configuration::resolved_yaml(bool origins) const {
  const auto document = resolved();
  std::string text;
  const auto comment = [&](std::string line, const std::string& origin) {
    text += origins ? fmt::format("{:<44} # {}\n", line, origin) : line + '\n';
  };
  const auto top = [&](const char* key, const std::string& value) {
    const auto at = top_places_.find(key);
    std::string origin = "default";
    if (at != top_places_.end())
      origin = at->second.source->is_file
                   ? fmt::format("{}:{}", at->second.source->name, at->second.line)
                   : at->second.source->name;
    comment(fmt::format("{}: {}", key, value), origin);
  };
  top("experiment", std::string(entry_->name));
  top("seed", std::to_string(seed_));
  top("replicates", std::to_string(replicates_));

  auto experiment = entry_->make();
  Schema schema;
  experiment->declare(schema);
  Report ignored;
  for (const auto& [path, node] : given_) assign(*schema.find(path), node, ignored);
  text += "parameters:\n";
  std::string section;
  for (const Parameter& p : schema.parameters()) {
    const auto dot = p.path.rfind('.');
    const std::string parent = dot == std::string::npos ? "" : p.path.substr(0, dot);
    if (parent != section && !parent.empty()) text += fmt::format("  {}:\n", parent);
    section = parent;
    comment(fmt::format("{}{}: {}", parent.empty() ? "  " : "    ",
                        parent.empty() ? p.path : p.path.substr(dot + 1),
                        value_text(p.value(), p.is_text)),
            origin_of(given_, p.path));
  }
  if (document.contains("sweep")) {
    text += "sweep:\n";
    for (const auto& [key, value] : document["sweep"].items()) {
      if (key != "zip") {
        text += fmt::format("  {}: {}\n", key, value_text(value, false));
        continue;
      }
      text += "  zip:\n";
      for (const auto& [path, values] : value.items())
        text += fmt::format("    {}: {}\n", path, value_text(values, false));
    }
  }
  top("outputs", fmt::format("[{}]", fmt::join(outputs_, ", ")));
  return text;
}

std::string Configuration::hash() const {
  auto document = resolved();
  document.erase("replicates");
  // Input files count by their contents (the manifest has their hashes), not by where they lie.
  for (const InputFile& input : inputs())
    set_nested(document["parameters"], input.parameter, nullptr);
  return sha256_hex(document.dump());
}

}  // namespace rmtlab::core
