// SPDX-License-Identifier: MIT
#include "figures/plot.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "figures/gnuplot.hpp"
#include "sim/core/atomic_file.hpp"
#include "sim/core/number_format.hpp"

namespace rmtlab::figures {
namespace {

// Room around a panel for labels and titles, in inches.
constexpr double left_room = 0.68, right_room = 0.12, bottom_room = 0.48;
constexpr double titled_room = 0.52, untitled_room = 0.08;
constexpr double headline_room = 0.42;

// gnuplot's cairo terminals write the time of drawing into a PDF; a constant of the same length
// keeps equal figures equal.
void remove_date(const std::filesystem::path& pdf) {
  std::string bytes = core::read_file(pdf);
  const auto at = bytes.find("/CreationDate (");
  if (at == std::string::npos) return;
  const auto begin = at + 15;
  const auto end = bytes.find(')', begin);
  const std::string constant = "D:20000101000000Z00'00'00";
  for (std::size_t i = begin; i < end; ++i)
    bytes[i] = i - begin < constant.size() ? constant[i - begin] : ' ';
  core::write_atomically(pdf, bytes);
}

}  // namespace

Figure::Figure(std::size_t rows, std::size_t columns, double panel_width, double panel_height)
    : rows_(rows), columns_(columns), panel_width_(panel_width), panel_height_(panel_height) {}

Panel& Figure::panel(std::size_t row, std::size_t column, const std::string& name) {
  for (Placed& placed : panels_)
    if (placed.row == row && placed.column == column) return placed.panel;
  panels_.push_back({row, column, Panel(name)});
  return panels_.back().panel;
}

double Figure::top_room(std::size_t row) const {
  const bool untitled =
      std::find(untitled_rows_.begin(), untitled_rows_.end(), row) != untitled_rows_.end();
  return untitled ? untitled_room : titled_room;
}

// Inches from the top of the page to the top of the frames of a row.
double Figure::top_of(std::size_t row) const {
  double inches = headline_room;
  for (std::size_t r = 0; r < row; ++r) inches += top_room(r) + panel_height_ + bottom_room;
  return inches + top_room(row);
}

std::string Figure::script(const std::string& terminal, const std::string& output) const {
  const double cell_width = left_room + panel_width_ + right_room;
  const double width = cell_width * static_cast<double>(columns_) + 0.1;
  const double height = top_of(rows_ - 1) + panel_height_ + bottom_room;
  std::string text;
  for (std::size_t i = 0; i < panels_.size(); ++i)
    text += panels_[i].panel.data_blocks(fmt::format("p{}", i));
  const bool pdf = terminal == "pdfcairo";
  // Without an interval box next to nothing, points with error bars wipe out what lies below them.
  text += fmt::format(
      "set terminal {} size {},{} enhanced font 'DejaVu Sans,11' background rgb 'white'{}\n"
      "set output '{}'\nset border lw 0.8\nset tics scale 0.6 font ',10'\n"
      "set clip two\nset errorbars small\nset pointintervalbox 0.01\nset multiplot\n",
      terminal, pdf ? fmt::format("{}in", width) : fmt::format("{}", static_cast<int>(110 * width)),
      pdf ? fmt::format("{}in", height) : fmt::format("{}", static_cast<int>(110 * height)),
      pdf ? "" : " fontscale 0.92", output);
  text += fmt::format("set label 1000 \"{}\" at screen 0.5,screen {} center font ',13'\n",
                      headline_, 1 - 0.55 * headline_room / height);
  for (std::size_t i = 0; i < panels_.size(); ++i) {
    const auto& [row, column, panel] = panels_[i];
    const double left = static_cast<double>(column) * cell_width + left_room;
    const double top = height - top_of(row);
    text += fmt::format("set lmargin at screen {}\nset rmargin at screen {}\n", left / width,
                        (left + panel_width_) / width);
    text += fmt::format("set tmargin at screen {}\nset bmargin at screen {}\n", top / height,
                        (top - panel_height_) / height);
    // The headline belongs to the first panel's labels; later panels clear and set their own.
    std::string drawn = panel.script(fmt::format("p{}", i));
    if (i == 0) {
      const std::string clear = "unset label\n";
      drawn.erase(drawn.find(clear), clear.size());
    }
    text += drawn;
  }
  return text + "unset multiplot\nset output\n";
}

std::string Figure::csv() const {
  std::string text = "panel,series,x,y,extra,extra2\n";
  for (const Placed& placed : panels_)
    for (const auto& series : placed.panel.series_)
      for (const auto& row : series.rows) {
        text += fmt::format("\"{}\",\"{}\"", placed.panel.name_, series.name);
        for (std::size_t c = 0; c < 4; ++c)
          text += ',' + (c < row.size() ? core::shortest(row[c]) : std::string());
        text += '\n';
      }
  return text;
}

void Figure::save(const std::filesystem::path& stem) const {
  if (stem.has_parent_path()) std::filesystem::create_directories(stem.parent_path());
  const auto with = [&](const char* extension) {
    auto path = stem;
    return path += extension;
  };
  core::write_atomically(with(".csv"), csv());
  core::write_atomically(with(".pdf"), [&](const std::filesystem::path& temporary) {
    run_gnuplot(script("pdfcairo", temporary.string()), temporary);
    remove_date(temporary);
  });
  core::write_atomically(with(".png"), [&](const std::filesystem::path& temporary) {
    run_gnuplot(script("pngcairo", temporary.string()), temporary);
  });
}

}  // namespace rmtlab::figures
