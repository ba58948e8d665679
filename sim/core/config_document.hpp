// SPDX-License-Identifier: MIT
/// \file
/// \brief A YAML text as a tree that remembers where everything stands.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/config_report.hpp"

namespace rmtlab::core {

struct Entry;

/// A node of a configuration. Scalars are kept as written: what they mean is decided by the
/// declaration of the parameter they are for, never guessed (YAML reads `0123` as 83, `yes` as true).
struct Node {
  enum class Kind { empty, scalar, list, mapping };
  Kind kind = Kind::empty;
  std::string text;            ///< scalar, unquoted
  bool quoted = false;         ///< the scalar stood in quotes: text, never a number
  std::vector<Node> items;     ///< list
  std::vector<Entry> entries;  ///< mapping, in order, repeated keys included
  Place place;

  /// First entry with this key, or null.
  [[nodiscard]] const Entry* find(std::string_view key) const;
  /// "a list", "a mapping", "nothing" or "'text'", for messages.
  [[nodiscard]] std::string describe() const;
};

struct Entry {
  std::string key;
  Place key_place;
  Node value;
};

/// Parse a file. A syntax error or an unreadable file becomes a problem in `report`.
std::optional<Node> parse_yaml_file(const std::string& path, Report& report);

/// Parse text that came from `source` (used for values given on the command line; `column` is where
/// the text starts in the source's only line).
std::optional<Node> parse_yaml_value(std::string_view text, std::shared_ptr<const Source> source,
                                     int column, Report& report);

/// A scalar taken literally, whatever characters it holds (a path on the command line).
Node literal_scalar(std::string_view text, std::shared_ptr<const Source> source, int column);

}  // namespace rmtlab::core
