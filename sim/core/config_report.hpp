// SPDX-License-Identifier: MIT
/// \file
/// \brief Problems in a configuration, all of them, each with its place and a way out.
#pragma once

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace rmtlab::core {

/// A text that was configured from: a file, or one argument of the command line.
struct Source {
  std::string name;                ///< path as given, or "command line"
  std::vector<std::string> lines;  ///< for showing the place
  bool is_file = true;             ///< a file has line and column numbers worth printing
};

/// Where something stands; `line` and `column` count from 1, `line` 0 means the source as a whole.
struct Place {
  std::shared_ptr<const Source> source;
  int line = 0;
  int column = 0;
  int length = 1;  ///< characters to underline
};

/// One problem: what must hold and what was found, then notes with the way out.
struct Problem {
  Place place;
  std::string message;
  std::vector<std::string> notes;
};

/// Collects problems while a configuration is read; nothing runs if there is one.
class Report {
public:
  void add(Problem problem) { problems_.push_back(std::move(problem)); }
  void add(const Place& place, std::string message, std::vector<std::string> notes = {}) {
    problems_.push_back({place, std::move(message), std::move(notes)});
  }
  [[nodiscard]] bool empty() const { return problems_.empty(); }
  [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }

  /// \throws ConfigError with all problems, in the order of their places, unless there are none.
  void throw_if_any() const;

private:
  std::vector<Problem> problems_;
};

/// What the user sees: `file:line:column: error: message`, the source line, a caret, the notes, and
/// a last line with the count.
std::string format_problems(std::span<const Problem> problems);

/// Bad configuration or command line; `what()` is the formatted report. Exit code 2.
class ConfigError : public std::runtime_error {
public:
  explicit ConfigError(std::vector<Problem> problems)
      : std::runtime_error(format_problems(problems)), problems_(std::move(problems)) {}
  [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }

private:
  std::vector<Problem> problems_;
};

/// The candidates within edit distance 2 of `word` (1 for words of up to 4 letters), nearest first.
/// A swap of neighbouring letters counts as one edit.
std::vector<std::string> similar_names(std::string_view word, std::span<const std::string> names);

/// The note that follows an unknown name: "did you mean 'x'?" or "allowed here: a, b, c".
std::vector<std::string> suggest(std::string_view word, std::span<const std::string> names);

}  // namespace rmtlab::core
