// SPDX-License-Identifier: MIT
#include "sim/core/schema.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/core/number_format.hpp"

namespace rmtlab::core {
namespace {

std::string with_bounds(std::string_view noun, const Bounds& bounds) {
  const std::string text = bounds.describe();
  return text.empty() ? std::string(noun) : fmt::format("{} {}", noun, text);
}

std::string quantity(std::string_view noun, const Bounds& bounds) {
  return fmt::format("{} {}", noun == "integer" ? "an" : "a", with_bounds(noun, bounds));
}

std::optional<Rejection> reject(const Node& node, std::vector<std::string> notes = {}) {
  return Rejection{node.describe(), std::move(notes)};
}

// What people write instead of an integer, and how to write it here.
std::vector<std::string> integer_notes(const std::string& text) {
  if (!text.empty() && text[0] == '0' && text.size() > 1 &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return {"write integers without leading zeros (YAML would read this one as octal)"};
  const auto number = parse_number(text);
  if (number && *number == std::floor(*number) && std::abs(*number) < 1e15)
    return {fmt::format("write integers in full: {}", static_cast<std::int64_t>(*number))};
  return {};
}

std::optional<Rejection> read_integer(const Node& node, const Bounds& bounds, std::size_t& value) {
  if (node.kind != Node::Kind::scalar || node.quoted) return reject(node);
  const auto parsed = parse_integer(node.text);
  if (!parsed) return reject(node, integer_notes(node.text));
  if (*parsed < 0 || !bounds.contain(static_cast<double>(*parsed))) return reject(node);
  value = static_cast<std::size_t>(*parsed);
  return std::nullopt;
}

std::optional<Rejection> read_number(const Node& node, const Bounds& bounds, double& value) {
  if (node.kind != Node::Kind::scalar || node.quoted) return reject(node);
  const auto parsed = parse_number(node.text);
  if (!parsed) {
    if (node.text.find(',') != std::string::npos)
      return reject(node, {"write decimals with a point"});
    return reject(node);
  }
  if (!bounds.contain(*parsed)) return reject(node);
  value = *parsed;
  return std::nullopt;
}

template <class T, class ReadItem>
std::optional<Rejection> read_list(const Node& node, std::vector<T>& target, ReadItem read_item) {
  if (node.kind != Node::Kind::list)
    return reject(node, {"write a list in brackets, such as [1, 2]; [] for none"});
  std::vector<T> values;
  for (const Node& item : node.items) {
    T value{};
    if (auto rejection = read_item(item, value)) {
      rejection->got = "a list that holds " + rejection->got;
      return rejection;
    }
    values.push_back(std::move(value));
  }
  target = std::move(values);
  return std::nullopt;
}

}  // namespace

std::string Bounds::describe() const {
  std::string text;
  if (std::isfinite(lower)) text = fmt::format("{} {}", open_lower ? ">" : ">=", shortest(lower));
  if (std::isfinite(upper))
    text += fmt::format("{}{} {}", text.empty() ? "" : " and ",
                        open_upper ? "<" : "<=", shortest(upper));
  return text;
}

void Schema::add(std::string_view name, Parameter parameter) {
  parameter.path = prefix_ + std::string(name);
  parameters_.push_back(std::move(parameter));
}

void Schema::integer(std::string_view name, std::size_t& target, Bounds bounds, std::string help) {
  Parameter p;
  p.constraint = quantity("integer", bounds);
  p.help = std::move(help);
  p.assign = [&target, bounds](const Node& node) { return read_integer(node, bounds, target); };
  p.value = [&target] { return nlohmann::json(target); };
  add(name, std::move(p));
}

void Schema::number(std::string_view name, double& target, Bounds bounds, std::string help) {
  Parameter p;
  p.constraint = quantity("number", bounds);
  p.help = std::move(help);
  p.assign = [&target, bounds](const Node& node) { return read_number(node, bounds, target); };
  p.value = [&target] { return nlohmann::json(target); };
  add(name, std::move(p));
}

void Schema::boolean(std::string_view name, bool& target, std::string help) {
  Parameter p;
  p.constraint = "true or false";
  p.help = std::move(help);
  p.assign = [&target](const Node& node) -> std::optional<Rejection> {
    if (node.kind != Node::Kind::scalar || node.quoted ||
        (node.text != "true" && node.text != "false"))
      return reject(node);
    target = node.text == "true";
    return std::nullopt;
  };
  p.value = [&target] { return nlohmann::json(target); };
  add(name, std::move(p));
}

void Schema::text(std::string_view name, std::string& target, std::string constraint,
                  std::string help) {
  Parameter p;
  p.constraint = std::move(constraint);
  p.help = std::move(help);
  p.is_text = true;
  p.assign = [&target](const Node& node) -> std::optional<Rejection> {
    if (node.kind != Node::Kind::scalar) return reject(node);
    target = node.text;
    return std::nullopt;
  };
  p.value = [&target] { return nlohmann::json(target); };
  add(name, std::move(p));
}

void Schema::integers(std::string_view name, std::vector<std::size_t>& target, Bounds bounds,
                      std::string help) {
  Parameter p;
  p.constraint = fmt::format("a list of {}", with_bounds("integers", bounds));
  p.help = std::move(help);
  p.is_list = true;
  p.assign = [&target, bounds](const Node& node) {
    return read_list(node, target, [&bounds](const Node& item, std::size_t& value) {
      return read_integer(item, bounds, value);
    });
  };
  p.value = [&target] { return nlohmann::json(target); };
  add(name, std::move(p));
}

void Schema::texts(std::string_view name, std::vector<std::string>& target, std::string constraint,
                   std::string help) {
  Parameter p;
  p.constraint = std::move(constraint);
  p.help = std::move(help);
  p.is_list = true;
  p.assign = [&target](const Node& node) {
    return read_list(node, target,
                     [](const Node& item, std::string& value) -> std::optional<Rejection> {
                       if (item.kind != Node::Kind::scalar) return reject(item);
                       value = item.text;
                       return std::nullopt;
                     });
  };
  p.value = [&target] { return nlohmann::json(target); };
  add(name, std::move(p));
}

void Schema::add_choice(std::string_view name, const std::vector<std::string>& names,
                        std::string help, std::function<void(std::size_t)> set,
                        std::function<std::string()> get) {
  Parameter p;
  p.constraint =
      names.size() == 1 ? names.front() : fmt::format("one of {}", fmt::join(names, ", "));
  p.help = std::move(help);
  p.assign = [names, set = std::move(set)](const Node& node) -> std::optional<Rejection> {
    if (node.kind != Node::Kind::scalar) return reject(node);
    const auto at = std::find(names.begin(), names.end(), node.text);
    if (at == names.end()) {
      const auto similar = similar_names(node.text, names);
      if (similar.empty()) return reject(node);
      return reject(node, {fmt::format("did you mean '{}'?", similar.front())});
    }
    set(static_cast<std::size_t>(at - names.begin()));
    return std::nullopt;
  };
  p.value = [get = std::move(get)] { return nlohmann::json(get()); };
  add(name, std::move(p));
}

const Parameter* Schema::find(std::string_view path) const {
  for (const Parameter& parameter : parameters_)
    if (parameter.path == path) return &parameter;
  return nullptr;
}

bool Schema::has_section(std::string_view path) const {
  return std::any_of(sections_.begin(), sections_.end(),
                     [&](const Section& section) { return section.path == path; });
}

std::vector<std::string> Schema::names_below(std::string_view section) const {
  const std::string prefix = section.empty() ? std::string() : std::string(section) + '.';
  std::vector<std::string> names;
  const auto consider = [&](const std::string& path) {
    if (path.starts_with(prefix) && path.find('.', prefix.size()) == std::string::npos)
      names.push_back(path.substr(prefix.size()));
  };
  for (const Section& s : sections_) consider(s.path);
  for (const Parameter& p : parameters_) consider(p.path);
  return names;
}

std::vector<std::string> Schema::paths() const {
  std::vector<std::string> result;
  for (const Parameter& parameter : parameters_) result.push_back(parameter.path);
  return result;
}

bool assign(const Parameter& parameter, const Node& node, Report& report) {
  const auto rejection = parameter.assign(node);
  if (!rejection) return true;
  std::vector<std::string> notes = rejection->notes;
  if (node.kind == Node::Kind::list && !parameter.is_list)
    notes.push_back(fmt::format("to run several values, list them under 'sweep:' as {}: [...]",
                                parameter.path));
  report.add(node.place,
             fmt::format("'parameters.{}' must be {}, got {}", parameter.path, parameter.constraint,
                         rejection->got),
             std::move(notes));
  return false;
}

}  // namespace rmtlab::core
