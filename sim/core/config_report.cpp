// SPDX-License-Identifier: MIT
#include "sim/core/config_report.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rmtlab::core {
namespace {

// Optimal string alignment distance: insertions, deletions, substitutions, neighbour swaps.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min(
          {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

std::string format_problem(const Problem& problem) {
  const Place& place = problem.place;
  const std::string name = place.source ? place.source->name : "configuration";
  std::string text = name;
  const bool shown = place.source && place.line > 0;
  if (shown && place.source->is_file) text += fmt::format(":{}:{}", place.line, place.column);
  text += ": error: " + problem.message + '\n';
  if (shown && static_cast<std::size_t>(place.line) <= place.source->lines.size()) {
    const std::string& line = place.source->lines[static_cast<std::size_t>(place.line - 1)];
    const std::string number = place.source->is_file ? std::to_string(place.line) : "";
    text += fmt::format("{:>4} | {}\n", number, line);
    // Tabs are kept so that the caret stands below its character.
    std::string indent;
    for (int i = 0; i + 1 < place.column; ++i)
      indent +=
          static_cast<std::size_t>(i) < line.size() && line[static_cast<std::size_t>(i)] == '\t'
              ? '\t'
              : ' ';
    const int room = static_cast<int>(line.size()) - (place.column - 1);
    const int length = std::clamp(place.length, 1, std::max(1, room));
    text += fmt::format("     | {}^{}\n", indent,
                        std::string(static_cast<std::size_t>(length - 1), '~'));
  }
  for (const std::string& note : problem.notes) text += "     = " + note + '\n';
  return text;
}

}  // namespace

void Report::throw_if_any() const {
  if (problems_.empty()) return;
  std::vector<Problem> sorted = problems_;
  // By place within a source; problems of the source as a whole (missing keys) come after the rest.
  std::stable_sort(sorted.begin(), sorted.end(), [](const Problem& a, const Problem& b) {
    const auto key = [](const Problem& p) {
      const bool whole = p.place.line == 0;
      return std::tuple(p.place.source && !p.place.source->is_file, whole, p.place.line,
                        p.place.column);
    };
    return key(a) < key(b);
  });
  throw ConfigError(std::move(sorted));
}

std::string format_problems(std::span<const Problem> problems) {
  std::string text;
  for (const Problem& problem : problems) text += format_problem(problem);
  text +=
      fmt::format("{} error{}; nothing was run.", problems.size(), problems.size() == 1 ? "" : "s");
  return text;
}

std::vector<std::string> similar_names(std::string_view word, std::span<const std::string> names) {
  const std::size_t limit = word.size() <= 4 ? 1 : 2;
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const std::string& name : names) {
    const std::size_t distance = edit_distance(word, name);
    if (distance <= limit) found.emplace_back(distance, name);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> result;
  for (auto& [distance, name] : found) result.push_back(std::move(name));
  return result;
}

std::vector<std::string> suggest(std::string_view word, std::span<const std::string> names) {
  const auto similar = similar_names(word, names);
  std::vector<std::string> notes;
  if (!similar.empty()) notes.push_back(fmt::format("did you mean '{}'?", similar.front()));
  std::vector<std::string> sorted(names.begin(), names.end());
  std::sort(sorted.begin(), sorted.end());
  notes.push_back(fmt::format("allowed here: {}", fmt::join(sorted, ", ")));
  return notes;
}

}  // namespace rmtlab::core
