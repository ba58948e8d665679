// SPDX-License-Identifier: MIT
#include "theory/named_parameters.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <system_error>

namespace rmtlab::theory {
namespace {

/// Optimal-string-alignment distance would be finer; for names of a few letters this is enough.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::optional<double> finite_number(std::string_view text) {
  double result = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, result);
  if (error != std::errc() || stop != end || !std::isfinite(result)) return std::nullopt;
  return result;
}

}  // namespace

std::string one_of(std::string_view name, const std::vector<std::string_view>& allowed) {
  const auto nearest = std::min_element(allowed.begin(), allowed.end(),
                                        [name](std::string_view x, std::string_view y) {
                                          return edit_distance(name, x) < edit_distance(name, y);
                                        });
  std::string text = fmt::format("one of {}", fmt::join(allowed, ", "));
  if (nearest != allowed.end() &&
      edit_distance(name, *nearest) <= std::min<std::size_t>(2, nearest->size()))
    text += fmt::format("; did you mean {}?", *nearest);
  return text;
}

NamedParameters complete(std::string_view owner, std::span<const ParameterDeclaration> declared,
                         const NamedParameters& given) {
  std::vector<std::string_view> names;
  for (const ParameterDeclaration& parameter : declared) names.push_back(parameter.name);
  for (const auto& [key, value] : given) {
    if (std::find(names.begin(), names.end(), key) != names.end()) continue;
    if (names.empty())
      throw std::domain_error(fmt::format("{}: parameter = {} (there is none)", owner, key));
    throw std::domain_error(
        fmt::format("{}: parameter = {} (must be {})", owner, key, one_of(key, names)));
  }
  NamedParameters all = given;
  for (const ParameterDeclaration& parameter : declared) {
    if (parameter.default_value.empty() && !all.contains(parameter.name))
      throw std::domain_error(fmt::format("{}: {} is missing (must be given: {}, {})", owner,
                                          parameter.name, parameter.help, parameter.domain));
    all.try_emplace(std::string(parameter.name), parameter.default_value);
  }
  return all;
}

void ParameterReader::refuse(std::string_view name, std::string_view constraint) const {
  throw std::domain_error(
      fmt::format("{}: {} = {} (must be {})", owner_, name, text(name), constraint));
}

double ParameterReader::number(std::string_view name) const {
  const auto value = finite_number(text(name));
  if (!value) refuse(name, "a finite number");
  return *value;
}

double ParameterReader::positive(std::string_view name) const {
  const double value = number(name);
  if (!(value > 0)) refuse(name, "> 0");
  return value;
}

double ParameterReader::at_least_one(std::string_view name) const {
  const double value = number(name);
  if (!(value >= 1)) refuse(name, ">= 1");
  return value;
}

double ParameterReader::within(std::string_view name, double low, double high) const {
  const double value = number(name);
  if (!(value >= low && value <= high)) refuse(name, fmt::format("from {} to {}", low, high));
  return value;
}

std::size_t ParameterReader::count(std::string_view name) const {
  const double value = number(name);
  if (!(value >= 0 && value == std::floor(value) && value < 1e9)) refuse(name, "an integer >= 0");
  return static_cast<std::size_t>(value);
}

double ParameterReader::size_or_infinite(std::string_view name) const {
  return text(name) == "inf" ? std::numeric_limits<double>::infinity() : at_least_one(name);
}

std::vector<double> ParameterReader::positive_list(std::string_view name) const {
  std::vector<double> result;
  const std::string_view list = text(name);
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t comma = std::min(list.find(',', begin), list.size());
    const auto value = finite_number(list.substr(begin, comma - begin));
    if (!value || !(*value > 0)) refuse(name, "positive numbers separated by commas");
    result.push_back(*value);
    begin = comma + 1;
  }
  return result;
}

}  // namespace rmtlab::theory
