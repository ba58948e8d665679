// SPDX-License-Identifier: MIT
// The table that `rmtlab run` prints after a training run.
#include <algorithm>
#include <map>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/experiments/delta_records.hpp"
#include "sim/experiments/training.hpp"

namespace rmtlab::experiments {
namespace {

using core::Table;

// Whether two rows agree in the swept parameters and the replicate.
bool is_same_task(const Table& records, std::size_t a, std::size_t b) {
  for (const auto& column : records.columns()) {
    if (records.text(a, column) != records.text(b, column)) return false;
    if (column == "replicate") break;
  }
  return true;
}

// Rows of the last recorded epoch of each task. Rows are in the order of tasks, and in a task in that
// of epochs: one whose epoch is not followed by a later one of the same task belongs to the last.
std::vector<std::size_t> final_rows(const Table& records) {
  std::vector<std::size_t> rows;
  for (std::size_t i = records.size(), next = i; i-- > 0;) {
    const bool same_task = next < records.size() && is_same_task(records, i, next);
    if (same_task && records.number(i, "epoch") < records.number(next, "epoch")) continue;
    rows.push_back(i);
    next = i;
  }
  std::ranges::reverse(rows);
  return rows;
}

// "0.93" or, over replicates, "0.91..0.95"; "-" where nothing is available.
std::string range_of(const Table& records, const std::vector<std::size_t>& rows,
                     const std::string& column, int digits) {
  std::vector<double> values;
  for (const std::size_t row : rows)
    if (!records.text(row, column).empty()) values.push_back(records.number(row, column));
  if (values.empty()) return "-";
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const auto a = fmt::format("{:.{}f}", *low, digits), b = fmt::format("{:.{}f}", *high, digits);
  return a == b ? a : fmt::format("{}..{}", a, b);
}

// "heavy-tailed" or "bulk-decay 2, heavy-tailed 1".
std::string phases_of(const Table& records, const std::vector<std::size_t>& rows) {
  std::map<std::string, int> votes;
  for (const std::size_t row : rows) ++votes[records.text(row, "phase")];
  if (votes.size() == 1) return votes.begin()->first;
  std::vector<std::string> parts;
  for (const auto& [phase, n] : votes) parts.push_back(fmt::format("{} {}", phase, n));
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

std::string Training::summary(const Table& records) const {
  const auto rows = final_rows(records);
  if (rows.empty()) return "no records\n";
  // Swept parameters are the columns before "replicate".
  std::vector<std::string> swept;
  for (const auto& column : records.columns()) {
    if (column == "replicate") break;
    swept.push_back(column);
  }
  std::vector<std::pair<std::string, std::vector<std::size_t>>> groups;
  for (const std::size_t row : rows) {
    std::string key;
    for (const auto& column : swept) key += fmt::format("{:<14} ", records.text(row, column));
    key += fmt::format("{:<5}", records.text(row, "layer"));
    const auto at = std::find_if(groups.begin(), groups.end(),
                                 [&](const auto& group) { return group.first == key; });
    if (at == groups.end())
      groups.push_back({key, {row}});
    else
      at->second.push_back(row);
  }
  std::string header;
  for (const auto& column : swept) {
    const auto dot = column.rfind('.');
    header += fmt::format("{:<14} ", dot == std::string::npos ? column : column.substr(dot + 1));
  }
  std::string text = fmt::format(
      "\nepoch {}; {} replicate(s); ranges are over replicates\n"
      "{}{:<5} {:<30} {:>13} {:>13} {:>9} {:>13} {:>11} {:>13} {:>13}\n",
      range_of(records, rows, "epoch", 0), records.distinct("replicate").size(), header, "layer",
      "phase", "lmax/l+", "edge z", "outliers", "trace outside", "alpha", "stable rank",
      "test accuracy");
  for (const auto& [key, members] : groups)
    text += fmt::format(
        "{} {:<30} {:>13} {:>13} {:>9} {:>13} {:>11} {:>13} {:>13}\n", key,
        phases_of(records, members), range_of(records, members, "lambda_max_over_lambda_plus", 2),
        range_of(records, members, "edge_z", 1), range_of(records, members, "outlier_count", 0),
        range_of(records, members, "outlier_trace_fraction", 2),
        range_of(records, members, "alpha", 2), range_of(records, members, "stable_rank", 1),
        range_of(records, members, "test_accuracy", 3));
  return text + delta_agreement(records, rows);
}

}  // namespace rmtlab::experiments
