// SPDX-License-Identifier: MIT
/// \file
/// \brief The shared look of the figures: panels on a grid, one palette, PDF + PNG + CSV.
#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rmtlab::figures {

/// Okabe and Ito's palette: distinct for every common colour vision, and in grey.
namespace colour {
inline constexpr const char* black = "#000000";
inline constexpr const char* grey = "#7f7f7f";
inline constexpr const char* light_grey = "#c8c8c8";
inline constexpr const char* blue = "#0072B2";
inline constexpr const char* sky = "#56B4E9";
inline constexpr const char* green = "#009E73";
inline constexpr const char* orange = "#E69F00";
inline constexpr const char* vermillion = "#D55E00";
inline constexpr const char* purple = "#CC79A7";
}  // namespace colour

enum class Dash { solid, dashed, dotted };

/// One set of axes. Everything that is drawn is also written to the CSV, under the panel's and the
/// series' names.
class Panel {
public:
  explicit Panel(std::string name) : name_(std::move(name)) {}

  void title(std::string text, std::string second_line = {}, std::string second_colour = {});
  void labels(std::string x, std::string y);
  void log_x() { log_x_ = true; }
  void log_y() { log_y_ = true; }
  /// From left to right: `left` > `right` turns the axis round.
  void x_range(double left, double right) { x_range_ = {left, right}; }
  void y_range(double low, double high) { y_range_ = {low, high}; }
  /// Tick marks at these places, with these labels.
  void x_ticks(std::vector<std::pair<double, std::string>> ticks) { x_ticks_ = std::move(ticks); }
  void y_ticks(std::vector<std::pair<double, std::string>> ticks) { y_ticks_ = std::move(ticks); }
  void key(const std::string& position) { key_ = position; }  ///< gnuplot words; empty: none
  /// No axes and no data: only the key, for a free place of the grid.
  void legend_only() { legend_only_ = true; }

  /// Bars between `edges` (one more than `heights`).
  void bars(const std::string& series, const std::vector<double>& edges,
            const std::vector<double>& heights, const char* colour);
  void line(const std::string& series, const std::vector<double>& x, const std::vector<double>& y,
            const char* colour, double width = 2, Dash dash = Dash::solid);
  void points(const std::string& series, const std::vector<double>& x, const std::vector<double>& y,
              const char* colour, double size = 0.6, int shape = 7);
  /// Points with bars from `low` to `high`; the caption says what the bars are.
  void error_points(const std::string& series, const std::vector<double>& x,
                    const std::vector<double>& y, const std::vector<double>& low,
                    const std::vector<double>& high, const char* colour, double size = 0.6,
                    int shape = 7);
  /// Shaded area between `low` and `high`.
  void band(const std::string& series, const std::vector<double>& x, const std::vector<double>& low,
            const std::vector<double>& high, const char* colour);
  /// Filled areas with an edge, one per entry; `opacity` from 0 to 1 is that of the filling.
  void rectangles(const std::string& series, const std::vector<double>& left,
                  const std::vector<double>& right, const std::vector<double>& bottom,
                  const std::vector<double>& top, const char* colour, double opacity);
  /// Short ticks rising from the x axis.
  void rug(const std::string& series, const std::vector<double>& x, const char* colour);
  /// Keeps the series added last out of the key; the CSV still has its name.
  void unlisted() { series_.back().listed = false; }
  /// Text at a place in graph coordinates (0..1 in both directions), `align` left/right/center.
  void note(const std::string& text, double x, double y, const std::string& align = "left",
            const char* colour = colour::black);

private:
  friend class Figure;
  struct Series {
    std::string name, style;  // style: gnuplot's `with ...` clause
    std::vector<std::string> columns;
    std::vector<std::vector<double>> rows;
    std::string unit;  // graph coordinates for rugs
    bool listed = true;
  };
  struct Note {
    std::string text, align, colour;
    double x, y;
  };
  void add(Series series) { series_.push_back(std::move(series)); }
  [[nodiscard]] std::string script(const std::string& block_prefix) const;
  [[nodiscard]] std::string data_blocks(const std::string& block_prefix) const;

  std::string name_, title_, second_line_, second_colour_, x_label_, y_label_, key_;
  bool log_x_ = false, log_y_ = false, legend_only_ = false;
  std::optional<std::pair<double, double>> x_range_, y_range_;
  std::vector<std::pair<double, std::string>> x_ticks_, y_ticks_;
  std::vector<Series> series_;
  std::vector<Note> notes_;
};

/// A grid of panels with a caption line above.
class Figure {
public:
  /// Sizes of a panel in inches, without the room for its labels.
  Figure(std::size_t rows, std::size_t columns, double panel_width, double panel_height);

  void headline(std::string text) { headline_ = std::move(text); }
  /// Panels of this row have no title: they move up to the row above.
  void untitled_row(std::size_t row) { untitled_rows_.push_back(row); }
  /// The panel at `row`, `column`, made on first use; places without a panel stay empty.
  Panel& panel(std::size_t row, std::size_t column, const std::string& name);

  /// Writes `stem`.pdf, `stem`.png and `stem`.csv, each atomically. The PDF holds no date, so equal
  /// figures have equal bytes.
  /// \throws std::runtime_error if gnuplot is missing or refuses the figure.
  void save(const std::filesystem::path& stem) const;

private:
  struct Placed {
    std::size_t row, column;
    Panel panel;
  };
  [[nodiscard]] std::string script(const std::string& terminal, const std::string& output) const;
  [[nodiscard]] std::string csv() const;

  std::size_t rows_, columns_;
  double panel_width_, panel_height_;
  [[nodiscard]] double top_room(std::size_t row) const;
  [[nodiscard]] double top_of(std::size_t row) const;

  std::string headline_;
  std::vector<std::size_t> untitled_rows_;
  std::deque<Placed> panels_;
};

}  // namespace rmtlab::figures
