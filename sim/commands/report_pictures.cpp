// SPDX-License-Identifier: MIT
// What was recorded along a sweep: small panels of medians, ranges and shares.
#include "sim/commands/report_pictures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "figures/training_run.hpp"
#include "sim/commands/report_columns.hpp"
#include "sim/commands/report_picture_text.hpp"
#include "theory/phase.hpp"

namespace rmtlab::commands {
namespace {

using figures::Panel;

constexpr std::size_t most_panels = 12, most_outcomes = 2, columns_of_panels = 3;
constexpr std::size_t most_bands = 4;  // more would hide each other: bars then

// Positive numbers over more than a decade. A zero among the places is allowed: it gets its own.
bool wants_log(const std::vector<double>& values, bool zero_allowed) {
  double low = std::numeric_limits<double>::infinity(), high = 0;
  for (const double x : values) {
    if (x < 0 || (x == 0 && !zero_allowed)) return false;
    if (x == 0) continue;
    low = std::min(low, x);
    high = std::max(high, x);
  }
  return high > 10 * low;
}

// Where the labels of the x axis stand in the panels.
struct Abscissa {
  std::vector<double> places;
  bool log = false;
  std::vector<std::pair<double, std::string>> ticks;  // empty: gnuplot's own
  double left = 0, right = 1;
};

// Powers of ten where there are three or more, else the values themselves, at most seven.
std::vector<std::pair<double, std::string>> log_ticks(const std::vector<double>& positive) {
  std::vector<std::pair<double, std::string>> ticks;
  const double first = std::ceil(std::log10(positive.front()) - 1e-9);
  const double last = std::floor(std::log10(positive.back()) + 1e-9);
  if (last - first < 2) {
    const std::size_t step = (positive.size() + 6) / 7;
    for (std::size_t i = 0; i < positive.size(); i += step)
      ticks.emplace_back(positive[i], fmt::format("{:.4g}", positive[i]));
    return ticks;
  }
  const double step = std::max(1.0, std::ceil((last - first) / 4));
  for (double k = first; k <= last; k += step)
    ticks.emplace_back(std::pow(10, k), fmt::format("10^{{{}}}", static_cast<int>(k)));
  return ticks;
}

// A zero on a logarithmic axis stands to the left of all others, at the distance of a typical step.
Abscissa logarithmic(const Axis& x) {
  Abscissa result;
  result.log = true;
  result.places = x.places;
  const auto positive = std::ranges::find_if(x.places, [](double p) { return p > 0; });
  const double low = *positive, high = x.places.back();
  result.ticks = log_ticks({positive, x.places.end()});
  if (positive != x.places.begin()) {
    const double step = std::max(0.12, 1.0 / static_cast<double>(x.places.size()));
    result.places.front() = low / std::pow(high / low, step);
    result.ticks.emplace_back(result.places.front(), "0");
  }
  const double margin = std::pow(result.places.back() / result.places.front(), 0.05);
  result.left = result.places.front() / margin;
  result.right = result.places.back() * margin;
  return result;
}

Abscissa abscissa(const Axis& x) {
  if (x.numeric && wants_log(x.places, true)) return logarithmic(x);
  Abscissa result;
  result.places = x.places;
  const double margin = x.numeric ? 0.05 * (x.places.back() - x.places.front()) : 0.6;
  result.left = x.places.front() - margin;
  result.right = x.places.back() + margin;
  if (x.numeric) return result;
  for (std::size_t i = 0; i < x.places.size(); ++i)
    result.ticks.emplace_back(x.places[i], std::to_string(i + 1));
  return result;
}

// The name of the swept parameter; settings are called by their number in the key.
std::string x_label(const Axis& x) { return x.numeric ? literal(x.name, 40) : "setting"; }

struct Trace {
  std::vector<double> x, median, low, high;
  std::size_t most_rows = 0;  // behind one place
};

Trace trace_of(const View& view, const std::vector<double>& values, std::size_t line,
               const Abscissa& places) {
  std::vector<std::vector<double>> cells(view.x.labels.size());
  for (std::size_t i = 0; i < view.rows.size(); ++i)
    if (view.lines.index[i] == line && !std::isnan(values[view.rows[i]]))
      cells[view.x.index[i]].push_back(values[view.rows[i]]);
  Trace trace;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    auto& cell = cells[k];
    if (cell.empty()) continue;
    std::ranges::sort(cell);
    const std::size_t n = cell.size();
    trace.x.push_back(places.places[k]);
    trace.median.push_back((cell[(n - 1) / 2] + cell[n / 2]) / 2);
    trace.low.push_back(cell.front());
    trace.high.push_back(cell.back());
    trace.most_rows = std::max(trace.most_rows, n);
  }
  return trace;
}

void set_axes(Panel& panel, const Abscissa& x, const std::string& label) {
  panel.labels(label, "");
  if (x.log) panel.log_x();
  panel.x_range(x.left, x.right);
  if (!x.ticks.empty()) panel.x_ticks(x.ticks);
}

// "stable_rank from 25.5 to 3.18": the ends of the first line.
std::string in_words(const std::string& column, const Trace& trace) {
  if (trace.median.empty()) return column;
  return fmt::format("{} from {:.3g} to {:.3g}", column, trace.median.front(), trace.median.back());
}

struct Drawing {
  const ReportedRun& run;
  const View& view;
  Abscissa x;
  std::vector<std::string> said;  // for the alternative text
  std::size_t most_rows = 0;
};

// Settings are not numbers: the lines stand beside each other there.
std::vector<double> beside(std::vector<double> x, std::size_t line, std::size_t lines) {
  const double middle = (static_cast<double>(lines) - 1) / 2;
  for (double& place : x)
    place += 0.7 * (static_cast<double>(line) - middle) / static_cast<double>(lines);
  return x;
}

void draw_column(Panel& panel, Drawing& drawing, const std::string& column) {
  const auto values = *numbers(drawing.run.records(), column);
  std::vector<Trace> traces;
  std::vector<double> drawn;
  for (std::size_t line = 0; line < drawing.view.lines.labels.size(); ++line) {
    traces.push_back(trace_of(drawing.view, values, line, drawing.x));
    drawn.insert(drawn.end(), traces.back().low.begin(), traces.back().low.end());
    drawn.insert(drawn.end(), traces.back().high.begin(), traces.back().high.end());
    drawing.most_rows = std::max(drawing.most_rows, traces.back().most_rows);
  }
  panel.title(literal(column, 34));
  set_axes(panel, drawing.x, x_label(drawing.view.x));
  if (wants_log(drawn, false)) panel.log_y();
  for (std::size_t line = 0; line < traces.size(); ++line) {
    const Trace& t = traces[line];
    const char* colour = line_colours[line].code;
    if (!drawing.view.x.numeric) {
      panel.error_points("median and range", beside(t.x, line, traces.size()), t.median, t.low,
                         t.high, colour, 0.6);
      continue;
    }
    const bool has_range = t.low != t.high;
    if (has_range && traces.size() <= most_bands) panel.band("range", t.x, t.low, t.high, colour);
    if (has_range && traces.size() > most_bands)
      panel.error_points("range", t.x, t.median, t.low, t.high, colour, 0.45);
    panel.line("median", t.x, t.median, colour, 1.6);
    panel.points("median", t.x, t.median, colour, 0.45);
  }
  drawing.said.push_back(in_words(column, traces.front()));
}

const char* outcome_colour(const std::string& column, const std::string& value, std::size_t i) {
  static constexpr std::array others{figures::colour::sky,        figures::colour::orange,
                                     figures::colour::blue,       figures::colour::green,
                                     figures::colour::vermillion, figures::colour::purple,
                                     figures::colour::grey,       figures::colour::black};
  if (column == "phase")
    for (const theory::Phase phase : theory::all_phases)
      if (value == theory::name(phase)) return figures::phase_colour(value);
  return others[i % others.size()];
}

// Distinct outcomes of the rows of a view.
Axis outcomes_of(const ReportedRun& run, const View& view, const std::string& column) {
  Axis axis{column, {}, {}, false, {}};
  for (const std::size_t row : view.rows) {
    const std::string& value = run.records().text(row, column);
    const auto at = std::ranges::find(axis.labels, value);
    axis.index.push_back(static_cast<std::size_t>(at - axis.labels.begin()));
    if (at == axis.labels.end()) axis.labels.push_back(value);
  }
  return axis;
}

struct Boxes {
  std::vector<double> left, right, bottom, top;
};

// For each outcome, its boxes: a column of unit height for each place and line, divided by shares.
std::vector<Boxes> share_boxes(const View& view, const Axis& outcomes) {
  const std::size_t places = view.x.labels.size(), lines = view.lines.labels.size();
  const std::size_t kinds = outcomes.labels.size();
  std::vector<std::size_t> counts(places * lines * kinds, 0), totals(places * lines, 0);
  for (std::size_t i = 0; i < view.rows.size(); ++i) {
    const std::size_t cell = view.lines.index[i] * places + view.x.index[i];
    ++counts[cell * kinds + outcomes.index[i]];
    ++totals[cell];
  }
  std::vector<Boxes> boxes(kinds);
  for (std::size_t cell = 0; cell < totals.size(); ++cell) {
    const auto x = static_cast<double>(cell % places), y = static_cast<double>(cell / places);
    double bottom = y + 0.54;
    for (std::size_t k = 0; k < kinds; ++k) {
      const std::size_t n = counts[cell * kinds + k];
      if (n == 0) continue;
      const double height = 0.92 * static_cast<double>(n) / static_cast<double>(totals[cell]);
      boxes[k].left.push_back(x + 0.54);
      boxes[k].right.push_back(x + 1.46);
      boxes[k].bottom.push_back(bottom);
      boxes[k].top.push_back(bottom + height);
      bottom += height;
    }
  }
  return boxes;
}

// The labels of places 1, 2, ... that fit below a panel.
std::vector<std::pair<double, std::string>> ordinal_ticks(const Axis& x) {
  std::vector<std::pair<double, std::string>> ticks;
  const std::size_t step = (x.labels.size() + 6) / 7;
  for (std::size_t i = 0; i < x.labels.size(); i += step)
    ticks.emplace_back(static_cast<double>(i + 1),
                       x.numeric ? literal(x.labels[i], 7) : std::to_string(i + 1));
  return ticks;
}

std::vector<KeyEntry> draw_outcome(Panel& panel, Drawing& drawing, const std::string& column) {
  const View& view = drawing.view;
  const Axis outcomes = outcomes_of(drawing.run, view, column);
  const auto boxes = share_boxes(view, outcomes);
  std::vector<KeyEntry> key;
  for (std::size_t k = 0; k < boxes.size(); ++k) {
    const char* colour = outcome_colour(column, outcomes.labels[k], k);
    panel.rectangles(outcomes.labels[k].empty() ? "none" : "share " + std::to_string(k + 1),
                     boxes[k].left, boxes[k].right, boxes[k].bottom, boxes[k].top, colour, 0.7);
    key.push_back({colour, outcomes.labels[k].empty() ? "not available" : outcomes.labels[k]});
  }
  panel.title(literal(column + ", share of rows", 34));
  panel.labels(x_label(view.x), view.lines.labels.size() > 1 ? "line" : "");
  panel.x_range(0.4, static_cast<double>(view.x.labels.size()) + 0.6);
  panel.x_ticks(ordinal_ticks(view.x));
  panel.y_range(0.5, static_cast<double>(view.lines.labels.size()) + 0.5);
  std::vector<std::pair<double, std::string>> ticks;
  for (std::size_t i = 0; i < view.lines.labels.size() && view.lines.labels.size() > 1; ++i)
    ticks.emplace_back(static_cast<double>(i + 1), std::to_string(i + 1));
  if (ticks.empty()) ticks = {{0.54, "0"}, {1, "0.5"}, {1.46, "1"}};
  panel.y_ticks(ticks);
  drawing.said.push_back("shares of the values of " + column);
  return key;
}

std::vector<KeyEntry> line_key(const View& view) {
  std::vector<KeyEntry> key;
  for (std::size_t i = 0; i < view.lines.labels.size(); ++i)
    key.push_back({line_colours[i].code, fmt::format("line {}: {}", i + 1, view.lines.labels[i])});
  return key;
}

std::string caption_of(const Drawing& drawing, const Columns& columns) {
  const bool has_bands = drawing.view.x.numeric && drawing.view.lines.labels.size() <= most_bands;
  std::string text =
      drawing.most_rows > 1
          ? fmt::format("Medians; {} from the smallest to the largest of up to {} rows.",
                        has_bands ? "bands reach" : "bars reach", drawing.most_rows)
          : "One row at each place.";
  if (!drawing.view.note.empty()) text += ' ' + drawing.view.note;
  if (drawing.x.log && drawing.view.x.places.front() == 0)
    text += " The zero stands at the left end of a logarithmic axis.";
  if (!columns.repeated.empty()) {
    std::vector<std::string> pairs;
    for (const auto& [column, other] : columns.repeated)
      pairs.push_back(fmt::format("{} (as {})", column, other));
    text += fmt::format(" Left out, for they order the rows as a column that is shown: {}.",
                        fmt::join(pairs, ", "));
  }
  return text;
}

}  // namespace

Picture draw_view(const ReportedRun& run, const View& view) {
  Picture picture;
  const auto outcomes = outcome_columns(run, view, most_outcomes);
  const Columns columns = choose_columns(run, view, most_panels - outcomes.size());
  const std::size_t n = outcomes.size() + columns.chosen.size();
  if (n == 0) return picture;
  figures::Figure figure((n + columns_of_panels - 1) / columns_of_panels, columns_of_panels, 2.6,
                         1.7);
  std::size_t next = 0;
  const auto panel = [&]() -> Panel& {
    const std::size_t i = next++;
    return figure.panel(i / columns_of_panels, i % columns_of_panels, "panel");
  };
  Drawing drawing{run, view, abscissa(view.x), {}, 0};
  for (const std::string& column : outcomes) {
    auto key = draw_outcome(panel(), drawing, column);
    picture.keys.emplace_back(column, std::move(key));
  }
  for (const std::string& column : columns.chosen) draw_column(panel(), drawing, column);
  if (view.lines.labels.size() > 1) picture.keys.emplace_back("Lines", line_key(view));
  if (!view.x.numeric) {
    std::vector<KeyEntry> key;
    for (std::size_t i = 0; i < view.x.labels.size(); ++i)
      key.push_back({"", fmt::format("setting {}: {}", i + 1, view.x.labels[i])});
    picture.keys.emplace_back("Settings of " + view.x.name, std::move(key));
  }
  picture.title = "Along " + view.x.name;
  picture.caption = caption_of(drawing, columns);
  picture.alt =
      fmt::format("{} panels along {}: {}{}.", n, view.x.name, fmt::join(drawing.said, "; "),
                  view.lines.labels.size() > 1 ? " (medians of the first line)" : "");
  picture.png = png_of(figure);
  return picture;
}

}  // namespace rmtlab::commands
