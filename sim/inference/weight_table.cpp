// SPDX-License-Identifier: MIT
#include "sim/inference/weight_table.hpp"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::inference {
namespace {

constexpr std::string_view header = "score,statistic,center,scale,coefficient";
constexpr std::string_view intercept_name = "(intercept)";

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// Reads one line after the other; knows where it is.
class TableReader {
public:
  explicit TableReader(std::string_view owner) : owner_(owner) {}

  void read(std::string_view line) {
    ++line_number_;
    if (line.empty()) return;
    if (line_number_ == 1) {
      if (line != header) refuse(fmt::format("'{}' (must be '{}')", line, header));
      return;
    }
    const auto cells = split(line, ',');
    if (cells.size() != 5)
      refuse(fmt::format("'{}' (must have the five columns {})", line, header));
    if (scores_.empty() || scores_.back().name != cells[0])
      scores_.push_back({std::string(cells[0]), 0, {}});
    const double coefficient = number(cells[4]), scale = number(cells[3]);
    if (!(scale > 0)) refuse(fmt::format("scale = {} (must be > 0)", scale));
    if (cells[1] == intercept_name)
      scores_.back().intercept = coefficient;
    else
      scores_.back().terms.push_back({std::string(cells[1]), number(cells[2]), scale, coefficient});
  }

  std::vector<Score> finish() { return std::move(scores_); }

private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw std::runtime_error(fmt::format("{}: line {}: {}", owner_, line_number_, what));
  }
  [[nodiscard]] double number(std::string_view text) const {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
      refuse(fmt::format("'{}' is no number", text));
    return value;
  }

  std::string_view owner_;
  std::size_t line_number_ = 0;
  std::vector<Score> scores_;
};

}  // namespace

std::string weight_table_csv(const std::vector<Score>& scores) {
  std::string text = fmt::format("{}\n", header);
  for (const Score& score : scores) {
    text += fmt::format("{},{},0,1,{:.6g}\n", score.name, intercept_name, score.intercept);
    for (const ScoreTerm& term : score.terms)
      text += fmt::format("{},{},{:.6g},{:.6g},{:.6g}\n", score.name, term.statistic, term.center,
                          term.scale, term.coefficient);
  }
  return text;
}

std::vector<Score> parse_weight_table(std::string_view csv, std::string_view owner) {
  TableReader reader(owner);
  for (const std::string_view line : split(csv, '\n')) reader.read(line);
  return reader.finish();
}

}  // namespace rmtlab::inference
