// SPDX-License-Identifier: MIT
#include "sim/commands/report_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/core/number_format.hpp"

namespace rmtlab::commands {
namespace {

using core::Table;
using Rows = std::vector<std::size_t>;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

// "training.batch_size" as people say it in a small place.
std::string last_name(const std::string& path) { return path.substr(path.rfind('.') + 1); }

// "batch_size 16", or the bare value where it is a text.
std::string spoken(const std::string& column, const std::string& value) {
  if (value == "true" || value == "false" || core::parse_number(value))
    return last_name(column) + ' ' + value;
  return value;
}

std::string label_of(const Table& records, std::size_t row,
                     const std::vector<std::string>& columns) {
  if (columns.size() == 1) return records.text(row, columns.front());
  std::vector<std::string> parts;
  for (const std::string& column : columns)
    if (!records.text(row, column).empty())
      parts.push_back(spoken(column, records.text(row, column)));
  return fmt::format("{}", fmt::join(parts, ", "));
}

// Puts the labels of an axis in the order of their numbers.
void sort_by_place(Axis& axis) {
  std::vector<std::size_t> order(axis.labels.size()), rank(axis.labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return axis.places[i]; });
  Axis sorted = axis;
  for (std::size_t i = 0; i < order.size(); ++i) {
    sorted.labels[i] = axis.labels[order[i]];
    sorted.places[i] = axis.places[order[i]];
    rank[order[i]] = i;
  }
  for (std::size_t& i : sorted.index) i = rank[i];
  axis = std::move(sorted);
}

// Values of `columns` together over `rows`, in order of first appearance.
Axis categories(const Table& records, const Rows& rows, const std::vector<std::string>& columns) {
  Axis axis;
  axis.name = fmt::format("{}", fmt::join(columns, ", "));
  std::map<std::string, std::size_t> known;
  for (const std::size_t row : rows) {
    const std::string label = label_of(records, row, columns);
    const auto [at, is_new] = known.emplace(label, axis.labels.size());
    if (is_new) {
      axis.labels.push_back(label);
      axis.places.push_back(static_cast<double>(axis.labels.size()));
    }
    axis.index.push_back(at->second);
  }
  return axis;
}

std::optional<Axis> number_axis(const Table& records, const Rows& rows, const std::string& column) {
  Axis axis = categories(records, rows, {column});
  for (std::size_t i = 0; i < axis.labels.size(); ++i) {
    const auto value = core::parse_number(axis.labels[i]);
    if (!value) return std::nullopt;
    axis.places[i] = *value;
  }
  axis.numeric = true;
  sort_by_place(axis);
  return axis;
}

// An axis of the sweep. Parameters of a zip advance together: one of them that differs at every step
// stands for all.
Axis sweep_axis(const Table& records, const Rows& rows, const std::vector<std::string>& paths) {
  Axis together = categories(records, rows, paths);
  for (const std::string& path : paths) {
    const auto axis = number_axis(records, rows, path);
    if (axis && axis->labels.size() == together.labels.size()) return *axis;
  }
  return together;
}

// Which task each row belongs to.
std::vector<std::size_t> tasks_of(const Table& records) {
  std::vector<std::string> columns;
  for (const std::string& column : records.columns()) {
    columns.push_back(column);
    if (column == "replicate") break;
  }
  Rows all(records.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return categories(records, all, columns).index;
}

std::vector<std::string> recorded_columns(const Table& records) {
  const auto& columns = records.columns();
  const auto replicate = std::ranges::find(columns, "replicate");
  return {replicate == columns.end() ? columns.begin() : replicate + 1, columns.end()};
}

// Whole numbers that grow within tasks, never fall, and are much the same in every task (training may
// stop early): a result that happens to grow is none.
bool is_progress(const std::vector<double>& values, const std::vector<std::size_t>& tasks) {
  std::set<double> distinct;
  std::size_t of_task = 0, most = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] != std::floor(values[i])) return false;
    distinct.insert(values[i]);
    const bool starts = i == 0 || tasks[i] != tasks[i - 1];
    if (!starts && values[i] < values[i - 1]) return false;
    if (starts) of_task = 1;
    if (!starts && values[i] > values[i - 1]) ++of_task;
    most = std::max(most, of_task);
  }
  return most > 1 && distinct.size() <= 2 * most;
}

// Whether a text recorded before `column` says what it reads: then it is a property of that part of the
// task, such as the length of left and right vectors.
bool belongs_to_text(const Table& records, const std::string& column) {
  Rows all(records.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  for (const std::string& before : recorded_columns(records)) {
    if (before == column) return false;
    if (numbers(records, before)) continue;
    const std::size_t texts = categories(records, all, {before}).labels.size();
    if (texts > 1 && texts <= most_lines &&
        categories(records, all, {before, column}).labels.size() == texts)
      return true;
  }
  return false;
}

std::string progress_column(const Table& records, const std::vector<std::size_t>& tasks) {
  for (const std::string& column : recorded_columns(records)) {
    const auto values = numbers(records, column);
    if (values && is_progress(*values, tasks) && !belongs_to_text(records, column)) return column;
  }
  return {};
}

// Texts that subdivide every task (at every recorded progress) into the same parts.
std::vector<std::string> parts_of_tasks(const Table& records, const std::vector<std::size_t>& tasks,
                                        const std::string& progress) {
  std::vector<std::string> columns;
  Rows all(records.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  for (const std::string& column : recorded_columns(records)) {
    if (numbers(records, column)) continue;
    std::map<std::pair<std::size_t, std::string>, std::set<std::string>> parts;
    for (const std::size_t row : all)
      parts[{tasks[row], progress.empty() ? "" : records.text(row, progress)}].insert(
          records.text(row, column));
    const auto& first = parts.begin()->second;
    if (first.size() < 2 || first.size() > most_lines || first.contains("")) continue;
    if (!std::ranges::all_of(parts, [&](const auto& p) { return p.second == first; })) continue;
    auto more = columns;
    more.push_back(column);
    if (categories(records, all, more).labels.size() <= most_lines) columns = std::move(more);
  }
  return columns;
}

// Rows of the last recorded progress of every task.
Rows last_rows(const Table& records, const std::vector<std::size_t>& tasks,
               const std::string& progress) {
  std::map<std::size_t, double> last;
  const auto values = *numbers(records, progress);
  for (std::size_t i = 0; i < values.size(); ++i) last[tasks[i]] = values[i];
  Rows rows;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] == last[tasks[i]]) rows.push_back(i);
  return rows;
}

Axis lines_axis(const Table& records, const Rows& rows, const std::vector<std::string>& columns) {
  if (columns.empty()) {
    Axis one{"", {""}, {1}, false, {}};
    one.index.assign(rows.size(), 0);
    return one;
  }
  Axis axis = categories(records, rows, columns);
  if (columns.size() == 1) {
    if (auto ordered = number_axis(records, rows, columns.front())) axis = *ordered;
    for (std::string& label : axis.labels) label = spoken(columns.front(), label);
  }
  return axis;
}

// Keeps at most `most_lines` lines, from the first to the last at even distances.
void thin_out(View& view) {
  const std::size_t n = view.lines.labels.size();
  if (n <= most_lines) return;
  std::map<std::size_t, std::size_t> kept;
  Axis lines{view.lines.name, {}, {}, view.lines.numeric, {}};
  for (std::size_t i = 0; i < most_lines; ++i) {
    const std::size_t at = i * (n - 1) / (most_lines - 1);
    kept[at] = i;
    lines.labels.push_back(view.lines.labels[at]);
    lines.places.push_back(view.lines.places[at]);
  }
  Rows rows;
  std::vector<std::size_t> x;
  for (std::size_t i = 0; i < view.rows.size(); ++i) {
    const auto at = kept.find(view.lines.index[i]);
    if (at == kept.end()) continue;
    rows.push_back(view.rows[i]);
    x.push_back(view.x.index[i]);
    lines.index.push_back(at->second);
  }
  view.rows = std::move(rows);
  view.x.index = std::move(x);
  view.lines = std::move(lines);
  view.note +=
      fmt::format("{}{} of {} settings are shown.", view.note.empty() ? "" : " ", most_lines, n);
}

View make_view(const Table& records, Rows rows, Axis x, const std::vector<std::string>& lines,
               std::string note) {
  View view;
  view.lines = lines_axis(records, rows, lines);
  view.rows = std::move(rows);
  view.x = std::move(x);
  view.note = std::move(note);
  thin_out(view);
  return view;
}

std::size_t distinct(const Table& records, const std::vector<std::string>& columns) {
  Rows all(records.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return categories(records, all, columns).labels.size();
}

// A zip may be a grid with gaps: then one of its numbers leaves few lines with several places each.
std::vector<std::vector<std::string>> split_zip(const Table& records,
                                                const std::vector<std::string>& paths) {
  const std::size_t total = distinct(records, paths);
  std::size_t fewest = total / 2 + 1;
  std::vector<std::vector<std::string>> best{paths};
  for (const std::string& path : paths) {
    if (!numbers(records, path)) continue;
    if (distinct(records, {path}) == total) return {paths};
    auto others = paths;
    std::erase(others, path);
    const std::size_t lines = others.empty() ? total : distinct(records, others);
    if (lines >= fewest || lines > most_lines) continue;
    fewest = lines;
    best = {{path}, others};
  }
  return best;
}

// Paths of the sweep that take several values, an entry for each axis.
std::vector<std::vector<std::string>> varied_axes(const ReportedRun& run) {
  std::vector<std::vector<std::string>> axes;
  for (const auto& paths : run.axes()) {
    std::vector<std::string> varied;
    for (const std::string& path : paths)
      if (run.records().has_column(path) && run.records().distinct(path).size() > 1)
        varied.push_back(path);
    if (varied.empty()) continue;
    const auto split = split_zip(run.records(), varied);
    axes.insert(axes.end(), split.begin(), split.end());
  }
  return axes;
}

// Index of the axis that makes the best abscissa: numbers before texts, then the most values.
std::size_t best_axis(const Table& records, const Rows& rows,
                      const std::vector<std::vector<std::string>>& axes) {
  std::size_t best = 0;
  std::pair<bool, std::size_t> most{false, 0};
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const Axis axis = sweep_axis(records, rows, axes[i]);
    const std::pair<bool, std::size_t> rank{axis.numeric, axis.labels.size()};
    if (rank > most) {
      most = rank;
      best = i;
    }
  }
  return best;
}

}  // namespace

std::optional<std::vector<double>> numbers(const Table& records, const std::string& column) {
  std::vector<double> values;
  bool any = false;
  for (std::size_t row = 0; row < records.size(); ++row) {
    const std::string& cell = records.text(row, column);
    const auto value = core::parse_number(cell);
    if (!value && !cell.empty() && cell != "inf" && cell != "-inf" && cell != "nan")
      return std::nullopt;
    any = any || value;
    values.push_back(value.value_or(none));
  }
  if (!any) return std::nullopt;
  return values;
}

std::vector<View> views_of(const ReportedRun& run) {
  std::vector<View> views;
  const Table& records = run.records();
  if (records.size() == 0) return views;
  const auto tasks = tasks_of(records);
  const auto axes = varied_axes(run);
  const std::string progress = progress_column(records, tasks);
  const auto parts = parts_of_tasks(records, tasks, progress);
  Rows all(records.size());
  std::iota(all.begin(), all.end(), std::size_t{0});

  if (!axes.empty()) {
    const Rows rows = progress.empty() ? all : last_rows(records, tasks, progress);
    const std::size_t chosen = best_axis(records, rows, axes);
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < axes.size(); ++i)
      if (i != chosen) lines.insert(lines.end(), axes[i].begin(), axes[i].end());
    lines.insert(lines.end(), parts.begin(), parts.end());
    views.push_back(make_view(
        records, rows, sweep_axis(records, rows, axes[chosen]), lines,
        progress.empty() ? "" : fmt::format("Of each task the last {} is shown.", progress)));
  }
  if (!progress.empty()) {
    std::vector<std::string> lines;
    for (const auto& paths : axes) lines.insert(lines.end(), paths.begin(), paths.end());
    lines.insert(lines.end(), parts.begin(), parts.end());
    views.push_back(make_view(records, all, *number_axis(records, all, progress), lines, ""));
  }
  if (views.empty() && !parts.empty())
    views.push_back(make_view(records, all, categories(records, all, {parts.front()}),
                              {parts.begin() + 1, parts.end()}, ""));
  std::erase_if(views, [](const View& view) { return view.x.labels.size() < 2; });
  return views;
}

}  // namespace rmtlab::commands
