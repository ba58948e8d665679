// SPDX-License-Identifier: MIT
#include "sim/commands/report_columns.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <string_view>

namespace rmtlab::commands {
namespace {

// Ranks from 1, equal values sharing the mean of theirs.
std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> result(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t k = i; k < end; ++k) result[order[k]] = (static_cast<double>(i + end) + 1) / 2;
    i = end;
  }
  return result;
}

struct Sum {
  std::size_t count = 0;
  double sum = 0, squares = 0;

  void add(double x) {
    ++count;
    sum += x;
    squares += x * x;
  }
  [[nodiscard]] double mean() const { return sum / static_cast<double>(count); }
  // Sum of the squared distances from the mean.
  [[nodiscard]] double scatter() const { return std::max(0.0, squares - sum * mean()); }
};

template <class Key>
double scatter(const std::map<Key, Sum>& groups) {
  double total = 0;
  for (const auto& [key, group] : groups) total += group.scatter();
  return total;
}

using Cells = std::map<std::pair<std::size_t, std::size_t>, Sum>;

// Mean square of successive differences along the lines, halved.
double roughness(const Cells& cells) {
  Sum steps;
  for (auto at = cells.begin(); at != cells.end(); ++at) {
    const auto next = std::next(at);
    if (next == cells.end() || next->first.first != at->first.first) continue;
    const double step = next->second.mean() - at->second.mean();
    steps.add(step * step / 2);
  }
  return steps.count == 0 ? 0 : steps.mean();
}

// The cells of a column, ranked: by (line, place) and by line.
struct Ranked {
  Cells cells;
  std::map<std::size_t, Sum> lines;
  std::size_t count = 0;
};

Ranked ranked(const View& view, const std::vector<double>& values) {
  std::vector<double> present;
  std::vector<std::size_t> where;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isnan(values[i])) {
      present.push_back(values[i]);
      where.push_back(i);
    }
  const auto r = ranks(present);
  Ranked result;
  result.count = present.size();
  for (std::size_t k = 0; k < where.size(); ++k) {
    result.cells[{view.lines.index[where[k]], view.x.index[where[k]]}].add(r[k]);
    result.lines[view.lines.index[where[k]]].add(r[k]);
  }
  return result;
}

// Replicates agree exactly everywhere: a function of the settings.
bool is_fixed_by_settings(const View& view, const std::vector<double>& values) {
  const Ranked r = ranked(view, values);
  return r.count > r.cells.size() && scatter(r.cells) < 1e-9;
}

double spearman(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> x, y;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!std::isnan(a[i]) && !std::isnan(b[i])) {
      x.push_back(a[i]);
      y.push_back(b[i]);
    }
  if (x.size() < 16) return 0;
  const auto u = ranks(x), v = ranks(y);
  const double mean = (static_cast<double>(x.size()) + 1) / 2;
  double uv = 0, uu = 0, vv = 0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    uv += (u[i] - mean) * (v[i] - mean);
    uu += (u[i] - mean) * (u[i] - mean);
    vv += (v[i] - mean) * (v[i] - mean);
  }
  return uu > 0 && vv > 0 ? uv / std::sqrt(uu * vv) : 0;
}

// Small letters, and blanks for everything that is neither letter nor digit, also at both ends.
std::string words(const std::string& text) {
  std::string result = " ";
  for (const char c : text)
    result += std::isalnum(static_cast<unsigned char>(c))
                  ? static_cast<char>(std::tolower(static_cast<unsigned char>(c)))
                  : ' ';
  return result + ' ';
}

// Order parameters of the phases: wherever they are recorded, they say most.
constexpr std::array<std::string_view, 6> order_parameters{"lambda_max_over_lambda_plus",
                                                           "outlier_trace_fraction",
                                                           "alpha",
                                                           "stable_rank",
                                                           "ks_all",
                                                           "test_accuracy"};

struct Candidate {
  std::string name;
  std::vector<double> values;
  // 0, 1, ...: order parameters; what the summary names; the others; what the settings fix.
  std::size_t order;
  double share;
};

std::size_t order_of(const std::string& column, const std::string& summary, bool fixed) {
  if (fixed) return order_parameters.size() + 2;
  const auto at = std::ranges::find(order_parameters, column);
  if (at != order_parameters.end()) return static_cast<std::size_t>(at - order_parameters.begin());
  const bool named = summary.find(words(column)) != std::string::npos;
  return order_parameters.size() + (named ? 0 : 1);
}

bool is_setting(const ReportedRun& run, const View& view, const std::string& column) {
  if (column == "replicate" || column == view.x.name) return true;
  return std::ranges::any_of(
      run.axes(), [&](const auto& axis) { return std::ranges::find(axis, column) != axis.end(); });
}

std::vector<double> shown(const View& view, const std::vector<double>& all) {
  std::vector<double> values;
  for (const std::size_t row : view.rows) values.push_back(all[row]);
  return values;
}

std::vector<Candidate> candidates(const ReportedRun& run, const View& view) {
  const std::string summary = words(run.summary());
  std::vector<Candidate> result;
  for (const std::string& column : run.records().columns()) {
    if (is_setting(run, view, column)) continue;
    const auto all = numbers(run.records(), column);
    if (!all) continue;
    const auto values = shown(view, *all);
    const auto share = explained_share(view, values);
    if (!share) continue;
    const bool fixed = is_fixed_by_settings(view, values);
    result.push_back({column, values, order_of(column, summary, fixed), *share});
  }
  std::ranges::stable_sort(result, [](const Candidate& a, const Candidate& b) {
    if (a.order != b.order) return a.order < b.order;
    if (a.order == order_parameters.size()) return false;  // in the order of the records
    return a.share > b.share;
  });
  return result;
}

}  // namespace

std::optional<double> explained_share(const View& view, const std::vector<double>& values) {
  const Ranked r = ranked(view, values);
  std::set<std::size_t> places;
  for (const auto& [cell, sum] : r.cells) places.insert(cell.second);
  if (places.size() < 2 || r.count <= r.lines.size()) return std::nullopt;
  const double total = scatter(r.lines) / static_cast<double>(r.count - r.lines.size());
  if (total <= 0) {
    // Constant along every line; a difference between lines is no effect of the place.
    return std::nullopt;
  }
  const double noise = r.count > r.cells.size()
                           ? scatter(r.cells) / static_cast<double>(r.count - r.cells.size())
                           : roughness(r.cells);
  return 1 - noise / total;
}

Columns choose_columns(const ReportedRun& run, const View& view, std::size_t most) {
  Columns columns;
  std::vector<const Candidate*> chosen;
  const auto all = candidates(run, view);
  for (const Candidate& candidate : all) {
    if (chosen.size() == most) break;
    const auto same = std::ranges::find_if(chosen, [&](const Candidate* other) {
      return std::abs(spearman(candidate.values, other->values)) > 0.995;
    });
    if (same != chosen.end())
      columns.repeated.emplace_back(candidate.name, (*same)->name);
    else
      chosen.push_back(&candidate);
  }
  for (const Candidate* candidate : chosen) columns.chosen.push_back(candidate->name);
  return columns;
}

std::vector<std::string> outcome_columns(const ReportedRun& run, const View& view,
                                         std::size_t most) {
  std::vector<std::string> columns;
  for (const std::string& column : run.records().columns()) {
    if (is_setting(run, view, column) || numbers(run.records(), column)) continue;
    std::set<std::string> values;
    std::map<std::size_t, std::set<std::string>> of_line;
    for (std::size_t i = 0; i < view.rows.size(); ++i) {
      values.insert(run.records().text(view.rows[i], column));
      of_line[view.lines.index[i]].insert(run.records().text(view.rows[i], column));
    }
    const bool varies =
        std::ranges::any_of(of_line, [](const auto& line) { return line.second.size() > 1; });
    if (varies && values.size() <= 8) columns.push_back(column);
  }
  std::stable_partition(columns.begin(), columns.end(),
                        [](const std::string& c) { return c == "phase"; });
  if (columns.size() > most) columns.resize(most);
  return columns;
}

}  // namespace rmtlab::commands
