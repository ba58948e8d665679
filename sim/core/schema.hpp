// SPDX-License-Identifier: MIT
/// \file
/// \brief Declarations of parameters: name, type, range, default and meaning, said once.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "sim/core/config_document.hpp"

namespace rmtlab::core {

/// Why a node was not accepted for a parameter.
struct Rejection {
  std::string got;                 ///< "a list", "'1e3'"
  std::vector<std::string> notes;  ///< the way out
};

/// One declared parameter, bound to a member of the experiment's configuration struct: what the
/// member holds at the declaration is the default.
struct Parameter {
  std::string path;        ///< "training.batch_size"
  std::string constraint;  ///< completes "must be ...": "an integer >= 1"
  std::string help;
  bool is_list = false;
  bool is_text = false;  ///< command-line values are taken literally
  std::function<std::optional<Rejection>(const Node&)> assign;
  std::function<nlohmann::json()> value;
};

/// Bounds of a number; open bounds exclude the bound itself.
struct Bounds {
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
  bool open_lower = false;
  bool open_upper = false;

  [[nodiscard]] bool contain(double x) const {
    return (open_lower ? x > lower : x >= lower) && (open_upper ? x < upper : x <= upper);
  }
  /// "> 0", ">= 0 and < 1", or empty.
  [[nodiscard]] std::string describe() const;
};

inline Bounds at_least(double lower) { return {.lower = lower}; }
inline Bounds positive() { return {.lower = 0, .open_lower = true}; }
inline Bounds non_negative() { return {.lower = 0}; }
inline Bounds between(double lower, double upper) { return {.lower = lower, .upper = upper}; }
inline Bounds fraction_below_one() { return {.lower = 0, .upper = 1, .open_upper = true}; }

/// The parameters of an experiment. The parser, the validator, `rmtlab describe`, the resolved
/// configuration and the manifest all come from these declarations.
class Schema {
public:
  /// Open a section; the parameters declared by `body` are below it.
  template <class Body>
  void section(std::string_view name, std::string help, Body body) {
    const std::string outer = prefix_;
    prefix_ += std::string(name) + '.';
    sections_.push_back({prefix_.substr(0, prefix_.size() - 1), std::move(help)});
    body();
    prefix_ = outer;
  }

  void integer(std::string_view name, std::size_t& target, Bounds bounds, std::string help);
  void number(std::string_view name, double& target, Bounds bounds, std::string help);
  void boolean(std::string_view name, bool& target, std::string help);
  void text(std::string_view name, std::string& target, std::string constraint, std::string help);
  void integers(std::string_view name, std::vector<std::size_t>& target, Bounds bounds,
                std::string help);
  void texts(std::string_view name, std::vector<std::string>& target, std::string constraint,
             std::string help);

  /// A choice among the names of an enumeration, `names[i]` naming `values[i]`.
  template <class Enum>
  void choice(std::string_view name, Enum& target,
              std::vector<std::pair<std::string, Enum>> options, std::string help) {
    std::vector<std::string> names;
    for (const auto& option : options) names.push_back(option.first);
    add_choice(
        name, names, std::move(help),
        [&target, options](std::size_t i) { target = options[i].second; },
        [&target, options] {
          for (const auto& option : options)
            if (option.second == target) return option.first;
          return std::string();
        });
  }

  struct Section {
    std::string path;
    std::string help;
  };

  [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }
  [[nodiscard]] const std::vector<Section>& sections() const { return sections_; }
  [[nodiscard]] const Parameter* find(std::string_view path) const;
  [[nodiscard]] bool has_section(std::string_view path) const;
  /// Names allowed directly below a section ("" for the top).
  [[nodiscard]] std::vector<std::string> names_below(std::string_view section) const;
  /// Paths of all parameters.
  [[nodiscard]] std::vector<std::string> paths() const;

private:
  void add(std::string_view name, Parameter parameter);
  void add_choice(std::string_view name, const std::vector<std::string>& names, std::string help,
                  std::function<void(std::size_t)> set, std::function<std::string()> get);

  std::string prefix_;
  std::vector<Parameter> parameters_;
  std::vector<Section> sections_;
};

/// Give `node` to the parameter; a refusal becomes a problem "'parameters.path' must be ..., got ...".
bool assign(const Parameter& parameter, const Node& node, Report& report);

}  // namespace rmtlab::core
