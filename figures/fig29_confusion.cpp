// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 29: what the phase classifier says of matrices of known phase, by shape.
///
/// One panel per shape, the last one all shapes together: rows are the declared phase, columns what the
/// classifier names, abstained answers included; a cell is the share of its row. Cases that no definition
/// covers (critical window) are not drawn. Below each panel's title the balanced accuracy, and that of the answers
/// that were not abstained.
///
/// Reads   RUN/records.csv of experiment phase_benchmark, set families
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig29_confusion results/phase_benchmark paper/figures/fig29_confusion
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"
#include "theory/phase.hpp"

namespace {

using namespace rmtlab;
using figures::Panel;
namespace colour = figures::colour;

constexpr std::size_t phases = theory::all_phases.size();
constexpr std::array<const char*, phases> short_names{"random", "bleeding", "spikes",
                                                      "decay",  "heavy",    "collapse"};
constexpr std::size_t shades = 10;

std::size_t index_of(const std::string& phase) {
  return static_cast<std::size_t>(theory::phase_named(phase));
}

// Shares of the named phases among the matrices of each declared one, and who was right.
struct Confusion {
  std::array<std::array<double, phases>, phases> counts{};
  std::array<double, phases> kept{}, kept_right{};

  void add(const core::Table& records, std::size_t row) {
    const std::size_t truth = index_of(records.text(row, "truth"));
    const std::size_t named = index_of(records.text(row, "phase"));
    counts[truth][named] += 1;
    if (records.text(row, "abstained") == "true") return;
    kept[truth] += 1;
    kept_right[truth] += truth == named;
  }
  [[nodiscard]] double total(std::size_t truth) const {
    double sum = 0;
    for (const double n : counts[truth]) sum += n;
    return sum;
  }
  [[nodiscard]] double accuracy(bool only_kept) const {
    double sum = 0, present = 0;
    for (std::size_t t = 0; t < phases; ++t) {
      const double all = only_kept ? kept[t] : total(t);
      if (all == 0) continue;
      sum += (only_kept ? kept_right[t] : counts[t][t]) / all;
      present += 1;
    }
    return present > 0 ? sum / present : 0;
  }
};

void draw_cells(Panel& panel, const Confusion& confusion) {
  // Cells of a similar share are one series.
  std::map<std::size_t, std::array<std::vector<double>, 4>> by_shade;
  for (std::size_t t = 0; t < phases; ++t) {
    const double all = confusion.total(t);
    if (all == 0) continue;
    for (std::size_t k = 0; k < phases; ++k) {
      const double share = confusion.counts[t][k] / all;
      if (share == 0) continue;
      const auto shade = static_cast<std::size_t>(std::ceil(share * shades));
      const auto x = static_cast<double>(k), y = static_cast<double>(phases - 1 - t);
      auto& cells = by_shade[shade];
      cells[0].push_back(x - 0.5);
      cells[1].push_back(x + 0.5);
      cells[2].push_back(y - 0.5);
      cells[3].push_back(y + 0.5);
      if (share >= 0.005)
        panel.note(fmt::format("{:.0f}", 100 * share), (x + 0.5) / phases, (y + 0.5) / phases,
                   "center", share > 0.55 ? "#ffffff" : colour::black);
    }
  }
  for (const auto& [shade, cells] : by_shade) {
    panel.rectangles(fmt::format("share up to {}", static_cast<double>(shade) / shades), cells[0],
                     cells[1], cells[2], cells[3], colour::blue,
                     0.08 + 0.92 * static_cast<double>(shade) / shades);
    panel.unlisted();
  }
}

void draw_panel(Panel& panel, const std::string& title, const Confusion& confusion) {
  panel.title(
      title,
      fmt::format("{:.3f}; {:.3f} if certain", confusion.accuracy(false), confusion.accuracy(true)),
      colour::black);
  std::vector<std::pair<double, std::string>> across, up;
  for (std::size_t k = 0; k < phases; ++k) {
    across.emplace_back(k, std::string(short_names[k]).substr(0, 3));
    up.emplace_back(phases - 1 - k, short_names[k]);
  }
  panel.x_ticks(across);
  panel.y_ticks(up);
  panel.x_range(-0.5, phases - 0.5);
  panel.y_range(-0.5, phases - 0.5);
  draw_cells(panel, confusion);
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const core::Run run = core::Run::open(folder, "phase_benchmark");
  const core::Table& records = run.records();
  std::vector<std::pair<std::string, Confusion>> shapes;
  Confusion all;
  for (std::size_t row = 0; row < records.size(); ++row) {
    if (records.text(row, "truth").empty()) continue;
    const std::string shape =
        fmt::format("{} x {}", records.text(row, "rows"), records.text(row, "cols"));
    if (shapes.empty() || shapes.back().first != shape) shapes.push_back({shape, {}});
    shapes.back().second.add(records, row);
    all.add(records, row);
  }
  shapes.emplace_back("all shapes", all);
  constexpr std::size_t columns = 4;
  figures::Figure figure((shapes.size() + columns - 1) / columns, columns, 2.2, 2.2);
  figure.headline(
      "What the phase classifier says (across) of matrices of known phase (up), percent of each "
      "row; "
      "balanced accuracy");
  for (std::size_t i = 0; i < shapes.size(); ++i)
    draw_panel(figure.panel(i / columns, i % columns, shapes[i].first), shapes[i].first,
               shapes[i].second);
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
