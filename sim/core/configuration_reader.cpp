// SPDX-License-Identifier: MIT
#include "sim/core/configuration_reader.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/core/number_format.hpp"

namespace rmtlab::core {
namespace {

const std::vector<std::string> top_keys{"experiment", "seed",  "replicates",
                                        "parameters", "sweep", "outputs"};

std::string joined(const std::string& section, const std::string& key) {
  return section.empty() ? key : section + '.' + key;
}

}  // namespace

std::string parameter_path(std::string key) {
  constexpr std::string_view prefix = "parameters.";
  if (key.starts_with(prefix)) key.erase(0, prefix.size());
  return key;
}

void ConfigurationReader::read(const std::string& path, const std::vector<std::string>& overrides) {
  target_.file_ = path;
  target_.overrides_ = overrides;
  const auto root = parse_yaml_file(path, report_);
  report_.throw_if_any();  // without a tree there is nothing more to say
  file_place_ = {root->place.source, 0, 0, 1};
  if (!file_place_.source) {
    auto source = std::make_shared<Source>();
    source->name = path;
    file_place_.source = std::move(source);
  }
  if (root->kind != Node::Kind::mapping) {
    report_.add(file_place_,
                "a configuration must be a mapping with the keys experiment, seed, ...",
                {"see configs/smoke for a short example"});
    report_.throw_if_any();
  }
  find_duplicates(*root, "");
  read_top(*root);
  for (const std::string& argument : overrides) read_override(argument);
  constexpr std::size_t largest_count = 10'000'000;
  if (target_.replicates_ > largest_count)
    report_.add(file_place_, fmt::format("'replicates' = {} is more than {}", target_.replicates_,
                                         largest_count));
  if (scratch_ && report_.empty()) {
    expand_points();
    check_points();
  }
  report_missing(*root);
  report_.throw_if_any();
}

void ConfigurationReader::find_duplicates(const Node& node, const std::string& prefix) {
  for (std::size_t i = 0; i < node.entries.size(); ++i) {
    const Entry& entry = node.entries[i];
    for (std::size_t j = 0; j < i; ++j)
      if (node.entries[j].key == entry.key) {
        report_.add(entry.key_place, fmt::format("key '{}' given twice", joined(prefix, entry.key)),
                    {fmt::format("first given on line {}", node.entries[j].key_place.line)});
        break;
      }
    find_duplicates(entry.value, joined(prefix, entry.key));
  }
}

void ConfigurationReader::read_top(const Node& root) {
  read_experiment(root);
  for (const Entry& entry : root.entries) {
    if (root.find(entry.key) != &entry) continue;  // a repeated key: reported already
    const Node& value = entry.value;
    target_.top_places_[entry.key] = entry.key_place;
    if (entry.key == "seed" || entry.key == "replicates") {
      read_count(value, entry.key.c_str(), entry.key == "seed" ? 0 : 1);
    } else if (entry.key == "parameters" && scratch_) {
      if (value.kind == Node::Kind::mapping)
        read_section(value, "");
      else if (value.kind != Node::Kind::empty)
        report_.add(value.place,
                    fmt::format("'parameters' must be a mapping, got {}", value.describe()));
    } else if (entry.key == "sweep" && scratch_) {
      read_sweep(value);
    } else if (entry.key == "outputs" && scratch_) {
      read_outputs(value);
    } else if (std::find(top_keys.begin(), top_keys.end(), entry.key) == top_keys.end()) {
      auto notes = suggest(entry.key, top_keys);
      if (scratch_ && (schema_.find(entry.key) || schema_.has_section(entry.key)))
        notes.insert(notes.begin(), fmt::format("'{}' belongs below 'parameters:'", entry.key));
      for (const auto& name : similar_names(entry.key, top_keys)) suggested_.push_back(name);
      report_.add(entry.key_place, fmt::format("unknown key '{}'", entry.key), std::move(notes));
    }
  }
}

void ConfigurationReader::read_experiment(const Node& root) {
  const Entry* entry = root.find("experiment");
  if (entry == nullptr) return;
  std::vector<std::string> names;
  for (const ExperimentEntry& e : registry_) {
    names.emplace_back(e.name);
    if (entry->value.kind == Node::Kind::scalar && entry->value.text == e.name) target_.entry_ = &e;
  }
  if (target_.entry_ == nullptr) {
    report_.add(entry->value.place,
                fmt::format("'experiment' must be the name of an experiment, got {}",
                            entry->value.describe()),
                suggest(entry->value.text, names));
    return;
  }
  scratch_ = target_.entry_->make();
  scratch_->declare(schema_);
  output_kinds_ = scratch_->output_kinds();
  for (const OutputKind& kind : output_kinds_)
    if (kind.by_default) target_.outputs_.insert(kind.name);
}

void ConfigurationReader::read_count(const Node& value, const char* key, double lower) {
  std::size_t count = 0;
  Schema one;
  one.integer(key, count, at_least(lower), "");
  const auto rejection = one.parameters().front().assign(value);
  if (rejection) {
    report_.add(value.place,
                fmt::format("'{}' must be {}, got {}", key, one.parameters().front().constraint,
                            rejection->got),
                rejection->notes);
    return;
  }
  if (std::string_view(key) == "seed")
    target_.seed_ = count;
  else
    target_.replicates_ = count;
}

void ConfigurationReader::unknown_parameter(const Place& place, const std::string& path,
                                            const std::string& section) {
  const auto dot = path.rfind('.');
  const std::string name = dot == std::string::npos ? path : path.substr(dot + 1);
  const auto here = schema_.names_below(section);
  std::vector<std::string> notes;
  // The right name in the wrong section deserves the full path.
  for (const std::string& known : schema_.paths())
    if (known.ends_with('.' + name) && known != path)
      notes.push_back(fmt::format("did you mean '{}'?", known));
  if (notes.empty()) notes = suggest(name, here);
  report_.add(place, fmt::format("unknown key 'parameters.{}'", path), std::move(notes));
}

void ConfigurationReader::read_section(const Node& node, const std::string& section) {
  for (const Entry& entry : node.entries) {
    if (node.find(entry.key) != &entry) continue;
    const std::string path = joined(section, entry.key);
    if (const Parameter* parameter = schema_.find(path)) {
      if (assign(*parameter, entry.value, report_)) target_.given_[path] = entry.value;
    } else if (schema_.has_section(path)) {
      if (entry.value.kind == Node::Kind::mapping)
        read_section(entry.value, path);
      else
        report_.add(
            entry.value.place,
            fmt::format("'parameters.{}' must be a mapping, got {}", path, entry.value.describe()),
            {fmt::format("it holds: {}", fmt::join(schema_.names_below(path), ", "))});
    } else {
      unknown_parameter(entry.key_place, path, section);
    }
  }
}

// The values of one swept parameter, each validated at its own place.
std::vector<Node> ConfigurationReader::read_values(const Entry& entry, const std::string& path) {
  const Parameter* parameter = schema_.find(path);
  if (parameter == nullptr) {
    if (schema_.has_section(path)) {
      report_.add(entry.key_place, fmt::format("'sweep.{}' is a section, not a parameter", path),
                  {fmt::format("write the whole path, such as {}.{}: [...]", path,
                               schema_.names_below(path).front())});
    } else {
      const auto dot = path.rfind('.');
      unknown_parameter(entry.key_place, path, dot == std::string::npos ? "" : path.substr(0, dot));
    }
    return {};
  }
  if (entry.value.kind != Node::Kind::list || entry.value.items.empty()) {
    report_.add(entry.value.place,
                fmt::format("'sweep.{}' must be a list of values, got {}", path,
                            entry.value.kind == Node::Kind::list ? "an empty list"
                                                                 : entry.value.describe()),
                {"write at least one value in brackets: [1, 2]"});
    return {};
  }
  return entry.value.items;
}

// Reports a path that another axis sweeps already ("rows" and "parameters.rows" are one).
bool ConfigurationReader::is_swept(const std::string& path, const Entry& entry) {
  for (const Axis& axis : target_.axes_)
    if (std::find(axis.paths.begin(), axis.paths.end(), path) != axis.paths.end()) {
      report_.add(entry.key_place, fmt::format("'{}' is swept twice", path),
                  {"give all its values in one list"});
      return true;
    }
  return false;
}

void ConfigurationReader::read_sweep(const Node& node) {
  if (node.kind == Node::Kind::empty) return;
  if (node.kind != Node::Kind::mapping) {
    report_.add(node.place,
                fmt::format("'sweep' must be a mapping of parameter paths to lists, "
                            "got {}",
                            node.describe()),
                {"for example: sweep: {training.batch_size: [1, 2, 4]}"});
    return;
  }
  for (const Entry& entry : node.entries) {
    if (node.find(entry.key) != &entry) continue;
    if (entry.key == "zip") {
      read_zip(entry.value);
      continue;
    }
    const std::string path = parameter_path(entry.key);
    if (is_swept(path, entry)) continue;
    Axis axis{{path}, {}};
    for (const Node& value : read_values(entry, path))
      if (assign(*schema_.find(path), value, report_)) axis.steps.push_back({value});
    if (!axis.steps.empty()) target_.axes_.push_back(std::move(axis));
  }
}

void ConfigurationReader::read_zip(const Node& node) {
  if (node.kind != Node::Kind::mapping || node.entries.size() < 2) {
    report_.add(node.place,
                "'sweep.zip' must be a mapping of two or more parameter paths to lists of equal "
                "length");
    return;
  }
  Axis axis;
  for (const Entry& entry : node.entries) {
    const std::string path = parameter_path(entry.key);
    if (is_swept(path, entry)) return;
    if (std::find(axis.paths.begin(), axis.paths.end(), path) != axis.paths.end()) continue;
    const auto values = read_values(entry, path);
    if (values.empty()) return;
    if (axis.steps.empty()) axis.steps.resize(values.size());
    if (values.size() != axis.steps.size()) {
      report_.add(entry.value.place,
                  fmt::format("'sweep.zip' lists must have equal lengths: '{}' has {}, '{}' has {}",
                              axis.paths.front(), axis.steps.size(), path, values.size()));
      return;
    }
    axis.paths.push_back(path);
    for (std::size_t k = 0; k < values.size(); ++k) {
      assign(*schema_.find(path), values[k], report_);
      axis.steps[k].push_back(values[k]);  // also a refused one: steps stay as long as paths
    }
  }
  target_.axes_.push_back(std::move(axis));
}

void ConfigurationReader::read_outputs(const Node& node) {
  std::vector<std::string> names;
  for (const OutputKind& kind : output_kinds_) names.push_back(kind.name);
  if (node.kind != Node::Kind::list) {
    report_.add(node.place, fmt::format("'outputs' must be a list, got {}", node.describe()),
                {fmt::format("allowed: {}", fmt::join(names, ", "))});
    return;
  }
  target_.outputs_.clear();
  for (const Node& item : node.items) {
    if (std::find(names.begin(), names.end(), item.text) == names.end())
      report_.add(item.place, fmt::format("unknown output {}", item.describe()),
                  suggest(item.text, names));
    else
      target_.outputs_.insert(item.text);
  }
}

void ConfigurationReader::report_missing(const Node& root) {
  const std::array<std::pair<const char*, const char*>, 2> required{
      {{"experiment", "the name of an experiment; `rmtlab list` shows them"},
       {"seed", "an integer >= 0, root of every random number of the run"}}};
  for (const auto& [key, meaning] : required) {
    if (root.find(key) != nullptr || target_.top_places_.contains(key)) continue;
    if (std::find(suggested_.begin(), suggested_.end(), key) != suggested_.end()) continue;
    std::vector<std::string> notes;
    if (!scratch_ && std::string_view(key) == "experiment")
      notes.emplace_back("the parameters are checked once the experiment is known");
    report_.add(file_place_, fmt::format("missing required key '{}' ({})", key, meaning), notes);
  }
}

// Sweep points: the first axis varies slowest.
void ConfigurationReader::expand_points() {
  std::size_t count = 1;
  for (const Axis& axis : target_.axes_) count *= axis.steps.size();
  for (std::size_t index = 0; index < count; ++index) {
    Point point;
    std::size_t stride = count;
    for (const Axis& axis : target_.axes_) {
      stride /= axis.steps.size();
      const auto& step = axis.steps[index / stride % axis.steps.size()];
      for (std::size_t i = 0; i < step.size(); ++i) {
        const Parameter& parameter = *schema_.find(axis.paths[i]);
        assign(parameter, step[i], report_);
        point.emplace_back(axis.paths[i], parameter_text(parameter));
      }
    }
    const auto& known = target_.points_;
    if (std::find(known.begin(), known.end(), point) != known.end())
      report_.add(file_place_,
                  fmt::format("the sweep holds the point {} twice", point_name(point)));
    target_.points_.push_back(std::move(point));
  }
}

// Constraints between parameters, at every sweep point; each is reported once.
void ConfigurationReader::check_points() {
  std::set<std::string> seen;
  for (std::size_t index = 0; index < target_.points_.size(); ++index) {
    for (const Complaint& complaint : target_.experiment_at(index)->complaints()) {
      if (!seen.insert(complaint.path + complaint.message).second) continue;
      if (complaint.deferred && strictness_ == Strictness::check) {
        target_.deferred_.push_back(
            fmt::format("'parameters.{}' {}", complaint.path, complaint.message));
        continue;
      }
      Place place = file_place_;
      const auto given = target_.given_.find(complaint.path);
      if (given != target_.given_.end()) place = given->second.place;
      for (const Axis& axis : target_.axes_)
        for (std::size_t i = 0; i < axis.paths.size(); ++i)
          if (axis.paths[i] == complaint.path) place = axis.steps.front()[i].place;
      auto notes = complaint.notes;
      if (target_.points_.size() > 1)
        notes.push_back(fmt::format("at the sweep point {}", point_name(target_.points_[index])));
      report_.add(place, fmt::format("'parameters.{}' {}", complaint.path, complaint.message),
                  std::move(notes));
    }
  }
}

}  // namespace rmtlab::core
