// SPDX-License-Identifier: MIT
/// \file
/// \brief Parameters by name, for everything that is made from names and text: laws and ensembles.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rmtlab::theory {

/// Values by name, as written by the user. Text, because some are words or lists.
using NamedParameters = std::map<std::string, std::string, std::less<>>;

/// One parameter that a law or an ensemble has.
struct ParameterDeclaration {
  std::string_view name;
  std::string_view default_value;  ///< empty: must be given
  std::string_view domain;         ///< in words
  std::string_view help;
};

/// "one of a, b, c; did you mean b?" for a name that is none of them.
std::string one_of(std::string_view name, const std::vector<std::string_view>& allowed);

/// The declared parameters, defaults filled in.
/// \param owner the law or ensemble, for messages
/// \throws std::domain_error "owner: parameter = x (must be one of ...)" for an undeclared one,
///         "owner: x is missing (must be given: help, domain)".
NamedParameters complete(std::string_view owner, std::span<const ParameterDeclaration> declared,
                         const NamedParameters& given);

/// Reads complete parameters; every message is "owner: parameter = value (must be ...)".
class ParameterReader {
public:
  /// Keeps references to both.
  ParameterReader(std::string_view owner, const NamedParameters& values)
      : owner_(owner), values_(values) {}

  /// \throws std::domain_error always.
  [[noreturn]] void refuse(std::string_view name, std::string_view constraint) const;

  /// \name Values, each refused with std::domain_error outside its domain
  /// \{
  [[nodiscard]] double number(std::string_view name) const;  ///< finite
  [[nodiscard]] double positive(std::string_view name) const;
  [[nodiscard]] double at_least_one(std::string_view name) const;
  [[nodiscard]] double within(std::string_view name, double low, double high) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;  ///< an integer >= 0
  /// A size >= 1, which may be written inf for the limit.
  [[nodiscard]] double size_or_infinite(std::string_view name) const;
  /// Positive numbers separated by commas.
  [[nodiscard]] std::vector<double> positive_list(std::string_view name) const;

  template <class T>
  [[nodiscard]] T word(std::string_view name,
                       std::initializer_list<std::pair<std::string_view, T>> words) const {
    std::vector<std::string_view> allowed;
    for (const auto& [word, value] : words) {
      if (word == text(name)) return value;
      allowed.push_back(word);
    }
    refuse(name, fmt::format("one of {}", fmt::join(allowed, ", ")));
  }
  /// \}

  /// As written. \pre the parameter is declared.
  [[nodiscard]] const std::string& text(std::string_view name) const {
    return values_.find(name)->second;
  }

private:
  std::string_view owner_;
  const NamedParameters& values_;
};

}  // namespace rmtlab::theory
