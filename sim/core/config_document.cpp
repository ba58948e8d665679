// SPDX-License-Identifier: MIT
#include "sim/core/config_document.hpp"

#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "sim/core/atomic_file.hpp"

namespace rmtlab::core {
namespace {

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(std::move(line));
  }
  return lines;
}

// yaml-cpp counts lines and columns from 0; a negative line means "unknown".
Place place_of(const YAML::Mark& mark, const std::shared_ptr<const Source>& source,
               int column_shift, std::size_t length) {
  if (mark.is_null()) return {source, 0, 0, 1};
  return {source, mark.line + 1, mark.column + 1 + column_shift, static_cast<int>(length)};
}

// An alias may contain itself, or multiply without end: both are refused by size.
struct TooLarge {};

struct Budget {
  int depth = 0;
  int nodes = 0;
};

Node convert(const YAML::Node& yaml, const std::shared_ptr<const Source>& source, int shift,
             Budget& budget) {
  if (++budget.depth > 40 || ++budget.nodes > 200000) throw TooLarge();
  Node node;
  node.place = place_of(yaml.Mark(), source, shift, 1);
  if (yaml.IsScalar()) {
    node.kind = Node::Kind::scalar;
    node.text = yaml.Scalar();
    node.quoted = yaml.Tag() == "!";  // yaml-cpp's tag for a quoted scalar; "?" for a plain one
    node.place.length = static_cast<int>(node.text.size() + (node.quoted ? 2 : 0));
  } else if (yaml.IsSequence()) {
    node.kind = Node::Kind::list;
    for (const auto& item : yaml) node.items.push_back(convert(item, source, shift, budget));
  } else if (yaml.IsMap()) {
    node.kind = Node::Kind::mapping;
    for (const auto& entry : yaml) {
      Entry converted;
      converted.key = entry.first.IsScalar() ? entry.first.Scalar() : "(a key that is not text)";
      converted.key_place = place_of(entry.first.Mark(), source, shift, converted.key.size());
      converted.value = convert(entry.second, source, shift, budget);
      // A key with no value is marked at the next line: the key's own place is the honest one.
      if (converted.value.kind == Node::Kind::empty) converted.value.place = converted.key_place;
      node.entries.push_back(std::move(converted));
    }
  }
  --budget.depth;
  return node;
}

std::optional<Node> parse(const std::string& text, const std::shared_ptr<const Source>& source,
                          int shift, Report& report) {
  try {
    const auto documents = YAML::LoadAll(text);
    if (documents.size() > 1) {
      report.add({source, 0, 0, 1}, "holds more than one YAML document",
                 {"remove the line '---' and what follows, or write two files"});
      return std::nullopt;
    }
    Budget budget;
    return documents.empty() ? Node{} : convert(documents.front(), source, shift, budget);
  } catch (const TooLarge&) {
    report.add({source, 0, 0, 1}, "is nested too deeply (does an alias contain itself?)");
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    report.add(place_of(error.mark, source, shift, 1), "not valid YAML: " + error.msg);
    return std::nullopt;
  }
}

}  // namespace

const Entry* Node::find(std::string_view key) const {
  for (const Entry& entry : entries)
    if (entry.key == key) return &entry;
  return nullptr;
}

std::string Node::describe() const {
  switch (kind) {
    case Kind::empty:
      return "nothing";
    case Kind::scalar:
      return quoted ? fmt::format("the quoted text \"{}\"", text) : fmt::format("'{}'", text);
    case Kind::list:
      return "a list";
    case Kind::mapping:
      return "a mapping";
  }
  return {};
}

std::optional<Node> parse_yaml_file(const std::string& path, Report& report) {
  auto source = std::make_shared<Source>();
  source->name = path;
  std::string text;
  try {
    text = read_file(path);
  } catch (const std::runtime_error& error) {
    report.add({source, 0, 0, 1}, error.what(),
               {"give the path of a configuration, such as "
                "configs/batch_size.yaml"});
    return std::nullopt;
  }
  source->lines = split_lines(text);
  return parse(text, source, 0, report);
}

std::optional<Node> parse_yaml_value(std::string_view text, std::shared_ptr<const Source> source,
                                     int column, Report& report) {
  auto node = parse(std::string(text), source, column - 1, report);
  if (node && node->kind == Node::Kind::empty) node->place = {std::move(source), 1, column, 1};
  return node;
}

Node literal_scalar(std::string_view text, std::shared_ptr<const Source> source, int column) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = text;
  node.quoted = true;
  node.place = {std::move(source), 1, column, static_cast<int>(text.size())};
  return node;
}

}  // namespace rmtlab::core
