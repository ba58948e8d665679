// SPDX-License-Identifier: MIT
#include "sim/experiments/group_summary.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace rmtlab::experiments {
namespace {

using core::Table;

// Swept parameters are the columns before "replicate".
std::vector<std::string> swept_columns(const Table& records) {
  std::vector<std::string> swept;
  for (const auto& column : records.columns()) {
    if (column == "replicate") break;
    swept.push_back(column);
  }
  return swept;
}

std::string last_part(const std::string& path) { return path.substr(path.rfind('.') + 1); }

std::string mean_and_error(const Table& records, const std::vector<std::size_t>& rows,
                           const SummaryColumn& what) {
  std::vector<double> values;
  for (const std::size_t row : rows)
    if (!records.text(row, what.column).empty()) values.push_back(records.number(row, what.column));
  if (values.empty()) return "-";
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  if (values.size() == 1) return fmt::format("{:.{}g}", mean, what.digits);
  double square = 0;
  for (const double x : values) square += (x - mean) * (x - mean);
  return fmt::format("{:.{}g} +- {:.2g}", mean, what.digits, std::sqrt(square / (n - 1) / n));
}

}  // namespace

std::string group_summary(const Table& records, const std::vector<SummaryColumn>& columns,
                          const std::vector<std::string>& keys) {
  if (records.size() == 0) return "no records\n";
  auto swept = swept_columns(records);
  swept.insert(swept.end(), keys.begin(), keys.end());
  std::vector<std::pair<std::vector<std::string>, std::vector<std::size_t>>> groups;
  for (std::size_t row = 0; row < records.size(); ++row) {
    std::vector<std::string> key;
    for (const auto& column : swept) key.push_back(records.text(row, column));
    const auto at = std::find_if(groups.begin(), groups.end(),
                                 [&](const auto& group) { return group.first == key; });
    if (at == groups.end())
      groups.push_back({key, {row}});
    else
      at->second.push_back(row);
  }
  std::vector<std::vector<std::string>> lines{{}};
  for (const auto& column : swept) lines.front().push_back(last_part(column));
  lines.front().emplace_back("rows");
  for (const auto& column : columns) lines.front().push_back(column.title);
  for (const auto& [key, rows] : groups) {
    std::vector<std::string> line = key;
    line.push_back(fmt::format("{}", rows.size()));
    for (const auto& column : columns) line.push_back(mean_and_error(records, rows, column));
    lines.push_back(std::move(line));
  }
  std::vector<std::size_t> widths(lines.front().size(), 0);
  for (const auto& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  std::string text = "\nmeans +- standard errors over the replicates of each line\n";
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i)
      text += fmt::format("{:>{}}{}", line[i], widths[i], i + 1 < line.size() ? "  " : "\n");
  }
  return text;
}

}  // namespace rmtlab::experiments
