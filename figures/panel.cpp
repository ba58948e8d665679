// SPDX-License-Identifier: MIT
// What a panel holds, and how gnuplot is told to draw it.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "figures/plot.hpp"

namespace rmtlab::figures {
namespace {

void check_sizes(const std::string& series, std::size_t x, std::size_t y) {
  if (x != y)
    throw std::invalid_argument(
        fmt::format("series '{}': {} x values and {} y values", series, x, y));
}

// Texts go between double quotes in gnuplot's language.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

const char* dash_type(Dash dash) {
  switch (dash) {
    case Dash::solid:
      return "solid";
    case Dash::dashed:
      return "(6,4)";
    case Dash::dotted:
      return "(1,3)";
  }
  return "solid";
}

// A round step that leaves three to five labels on an axis of this length: narrow panels have no
// room for more.
double tick_step(double length) {
  const double power = std::pow(10, std::floor(std::log10(length)));
  for (const double step : {0.2, 0.5, 1.0})
    if (length / (step * power) <= 5.2) return step * power;
  return 2 * power;
}

// The same for a logarithmic axis: at most six labels, at powers of ten.
std::string log_ticks(double left, double right) {
  const double low = std::log10(std::min(left, right)), high = std::log10(std::max(left, right));
  const double step = std::max(1.0, std::ceil((high - low) / 6));
  // Counted from a power of ten: gnuplot otherwise counts from the end of the axis.
  return fmt::format("set xtics 1e{:.0f}, 1e{:.0f}\n", std::ceil(low - 1e-9), step);
}

std::string ticks(const char* axis, const std::vector<std::pair<double, std::string>>& places) {
  std::string text = fmt::format("set {}tics (", axis);
  for (std::size_t i = 0; i < places.size(); ++i)
    text += fmt::format("{}{} {:.10g}", i ? ", " : "", quoted(places[i].second), places[i].first);
  return text + ")\n";
}

std::string range(const std::optional<std::pair<double, double>>& r) {
  return r ? fmt::format("[{:.10g}:{:.10g}]", r->first, r->second) : "[*:*]";
}

}  // namespace

void Panel::title(std::string text, std::string second_line, std::string second_colour) {
  title_ = std::move(text);
  second_line_ = std::move(second_line);
  second_colour_ = std::move(second_colour);
}

void Panel::labels(std::string x, std::string y) {
  x_label_ = std::move(x);
  y_label_ = std::move(y);
}

void Panel::bars(const std::string& series, const std::vector<double>& edges,
                 const std::vector<double>& heights, const char* colour) {
  check_sizes(series, edges.size(), heights.size() + 1);
  Series s{series,
           fmt::format("using (($1+$2)/2):3:1:2:(0):3 with boxxyerror lw 0.4 lc rgb '{}' fs "
                       "solid 0.55 border lc rgb '{}'",
                       colour, colour),
           {"low", "high", "height"},
           {},
           {}};
  for (std::size_t i = 0; i < heights.size(); ++i)
    s.rows.push_back({edges[i], edges[i + 1], heights[i]});
  add(std::move(s));
}

void Panel::line(const std::string& series, const std::vector<double>& x,
                 const std::vector<double>& y, const char* colour, double width, Dash dash) {
  check_sizes(series, x.size(), y.size());
  Series s{
      series,
      fmt::format("using 1:2 with lines lw {} dt {} lc rgb '{}'", width, dash_type(dash), colour),
      {"x", "y"},
      {},
      {}};
  for (std::size_t i = 0; i < x.size(); ++i) s.rows.push_back({x[i], y[i]});
  add(std::move(s));
}

void Panel::points(const std::string& series, const std::vector<double>& x,
                   const std::vector<double>& y, const char* colour, double size, int shape) {
  check_sizes(series, x.size(), y.size());
  Series s{series,
           fmt::format("using 1:2 with points pt {} ps {} lc rgb '{}'", shape, size, colour),
           {"x", "y"},
           {},
           {}};
  for (std::size_t i = 0; i < x.size(); ++i) s.rows.push_back({x[i], y[i]});
  add(std::move(s));
}

void Panel::error_points(const std::string& series, const std::vector<double>& x,
                         const std::vector<double>& y, const std::vector<double>& low,
                         const std::vector<double>& high, const char* colour, double size,
                         int shape) {
  check_sizes(series, x.size(), y.size());
  check_sizes(series, x.size(), low.size());
  check_sizes(series, x.size(), high.size());
  Series s{series,
           fmt::format("using 1:2:3:4 with yerrorbars pt {} ps {} lw 1.2 lc rgb '{}'", shape, size,
                       colour),
           {"x", "y", "low", "high"},
           {},
           {}};
  for (std::size_t i = 0; i < x.size(); ++i) s.rows.push_back({x[i], y[i], low[i], high[i]});
  add(std::move(s));
}

void Panel::band(const std::string& series, const std::vector<double>& x,
                 const std::vector<double>& low, const std::vector<double>& high,
                 const char* colour) {
  check_sizes(series, x.size(), low.size());
  check_sizes(series, x.size(), high.size());
  Series s{series,
           fmt::format("using 1:2:3 with filledcurves fs transparent solid 0.25 noborder lc "
                       "rgb '{}'",
                       colour),
           {"x", "low", "high"},
           {},
           {}};
  for (std::size_t i = 0; i < x.size(); ++i) s.rows.push_back({x[i], low[i], high[i]});
  add(std::move(s));
}

void Panel::rectangles(const std::string& series, const std::vector<double>& left,
                       const std::vector<double>& right, const std::vector<double>& bottom,
                       const std::vector<double>& top, const char* colour, double opacity) {
  check_sizes(series, left.size(), right.size());
  check_sizes(series, left.size(), bottom.size());
  check_sizes(series, left.size(), top.size());
  Series s{series,
           fmt::format("using (($1+$2)/2):(($3+$4)/2):1:2:3:4 with boxxyerror lw 1.2 lc rgb '{}' "
                       "fs transparent solid {} border lc rgb '{}'",
                       colour, opacity, colour),
           {"left", "right", "bottom", "top"},
           {},
           {}};
  for (std::size_t i = 0; i < left.size(); ++i)
    s.rows.push_back({left[i], right[i], bottom[i], top[i]});
  add(std::move(s));
}

void Panel::rug(const std::string& series, const std::vector<double>& x, const char* colour) {
  Series s{series, {}, {"x"}, {}, colour};
  for (const double value : x) s.rows.push_back({value});
  add(std::move(s));
}

void Panel::note(const std::string& text, double x, double y, const std::string& align,
                 const char* colour) {
  notes_.push_back({text, align, colour, x, y});
}

std::string Panel::data_blocks(const std::string& prefix) const {
  std::string text;
  for (std::size_t i = 0; i < series_.size(); ++i) {
    text += fmt::format("${}s{} << EOD\n", prefix, i);
    for (const auto& row : series_[i].rows) {
      for (std::size_t c = 0; c < row.size(); ++c)
        text += fmt::format("{}{:.10g}", c ? " " : "", row[c]);
      text += '\n';
    }
    text += "EOD\n";
  }
  return text;
}

std::string Panel::script(const std::string& prefix) const {
  std::string text =
      "unset label\nunset arrow\nunset logscale\nset xtics autofreq\nset ytics autofreq\n";
  if (!log_x_ && x_range_ && x_ticks_.empty())
    text += fmt::format("set xtics {}\n", tick_step(x_range_->second - x_range_->first));
  if (log_x_ && x_range_ && x_ticks_.empty()) text += log_ticks(x_range_->first, x_range_->second);
  text += fmt::format("set xlabel {} offset 0,0.5\nset ylabel {} offset 0.4,0\n", quoted(x_label_),
                      quoted(y_label_));
  text += "set format x \"%g\"\nset format y \"%g\"\n";
  if (log_x_) text += "set logscale x\nset format x \"10^{%L}\"\n";
  if (log_y_) text += "set logscale y\nset format y \"10^{%L}\"\n";
  // The first line of a title is set in bold above the frame, the second below it in its colour.
  if (!title_.empty())
    text += fmt::format("set label 1 {} at graph 0.5,graph {} center font ',12'\n",
                        quoted(fmt::format("{{/:Bold {}}}", title_)),
                        second_line_.empty() ? 1.07 : 1.16);
  if (!second_line_.empty())
    text += fmt::format("set label 2 {} at graph 0.5,graph 1.055 center font ',11' tc rgb '{}'\n",
                        quoted(second_line_), second_colour_);
  int tag = 3;
  for (const Note& n : notes_)
    text += fmt::format("set label {} {} at graph {},graph {} {} front font ',10' tc rgb '{}'\n",
                        tag++, quoted(n.text), n.x, n.y, n.align, n.colour);
  if (!x_ticks_.empty()) text += ticks("x", x_ticks_);
  if (!y_ticks_.empty()) text += ticks("y", y_ticks_);
  int arrow = 1;
  for (const Series& s : series_) {
    if (s.style.empty())
      for (const auto& row : s.rows)
        text += fmt::format(
            "set arrow {} from first {:.10g},graph 0 to first {:.10g},graph -0.035 "
            "nohead lw 1 lc rgb '{}'\n",
            arrow++, row[0], row[0], s.unit);
  }
  text += key_.empty() ? "unset key\n"
                       : fmt::format("set key {} font ',10' samplen 1.6 spacing 1.05\n", key_);
  text += fmt::format("set xrange {}\nset yrange {}\n", range(x_range_), range(y_range_));
  text += legend_only_ ? "unset border\nunset tics\n" : "set border lw 0.8\nset tics\n";
  std::string plots;
  for (std::size_t i = 0; i < series_.size(); ++i) {
    if (series_[i].style.empty() || series_[i].rows.empty()) continue;
    plots += fmt::format("{}${}s{} {} title {}", plots.empty() ? "plot " : ", ", prefix, i,
                         series_[i].style, quoted(series_[i].listed ? series_[i].name : ""));
  }
  return text + plots + '\n';
}

}  // namespace rmtlab::figures
