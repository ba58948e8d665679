// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 28: a map of the phases of FC1 over two swept parameters.
///
/// The colour of a cell is the most frequent phase of its replicates. Pale cells are those where
/// most replicates abstained, a black triangle marks cells whose replicates disagree. The labels
/// cut continua, so each panel prints a statistic in the cells, the median over replicates: stable
/// rank, exponent of the fitted tail, lambda_max / lambda_plus. The last panel draws the boundary
/// between bleeding-out and bulk+spikes at lambda_max = 1.2 lambda_plus instead of 1.5.
///
/// Reads   RUN/records.csv
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn, by cell from 0;
///         OUTPUT_cells.csv, the map as a table with the values of the parameters
///
/// Usage   fig28_phase_map results/batch_decay_map paper/figures/fig28_phase_map_batch_decay_map
#include <algorithm>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/plot.hpp"
#include "figures/training_path.hpp"
#include "figures/training_run.hpp"
#include "sim/core/atomic_file.hpp"
#include "sim/core/number_format.hpp"

namespace {

using namespace rmtlab;
using figures::Panel;
using figures::Rows;

// The last panel's cut between bleeding-out and bulk+spikes.
constexpr double low_spike_ratio = 1.2;

struct Cell {
  std::size_t column, row;  // from the left, from below
  Rows rows;
};

struct Map {
  std::string x_path, y_path;
  std::vector<double> x, y;
  std::vector<Cell> cells;
};

// Batch sizes fall from left to right, as along the path of figure 26; all else rises.
std::vector<double> axis_values(const core::Table& records, const Rows& rows,
                                const std::string& path) {
  auto values = figures::distinct_numbers(records, rows, path);
  if (path == "training.batch_size") std::reverse(values.begin(), values.end());
  return values;
}

Map map_of(const core::Run& run, const std::filesystem::path& folder) {
  if (run.swept().size() != 2)
    throw std::runtime_error(
        fmt::format("{} sweeps {} parameters, this figure needs a sweep of two such as "
                    "configs/batch_decay_map.yaml",
                    folder.string(), run.swept().size()));
  const core::Table& records = run.records();
  const Rows rows = figures::final_rows(run, "fc1");
  Map map{run.swept()[0], run.swept()[1], {}, {}, {}};
  map.x = axis_values(records, rows, map.x_path);
  map.y = axis_values(records, rows, map.y_path);
  for (std::size_t i = 0; i < map.x.size(); ++i)
    for (std::size_t j = 0; j < map.y.size(); ++j) {
      Cell cell{i, j, {}};
      for (const std::size_t row : rows)
        if (records.number(row, map.x_path) == map.x[i] &&
            records.number(row, map.y_path) == map.y[j])
          cell.rows.push_back(row);
      if (!cell.rows.empty()) map.cells.push_back(std::move(cell));
    }
  return map;
}

std::vector<std::pair<double, std::string>> cell_ticks(const std::vector<double>& values) {
  std::vector<std::pair<double, std::string>> ticks;
  for (std::size_t i = 0; i < values.size(); ++i)
    ticks.emplace_back(static_cast<double>(i) + 0.5, figures::short_text(values[i]));
  return ticks;
}

// Median over the replicates that have the statistic, as the text of a cell.
std::string median_text(const core::Table& records, const Rows& rows, const std::string& column) {
  const auto values = figures::column(records, rows, column);
  if (values.empty()) return "–";
  const double m = figures::median(values);
  if (m >= 10000) return figures::short_text(m);
  return m >= 10 ? fmt::format("{:.0f}", m) : fmt::format("{:.2g}", m);
}

// The phase of a cell, with the strongest outlier of a spiked spectrum judged by the lower ratio.
std::string phase_at_low_ratio(const core::Table& records, const Rows& rows,
                               const std::string& phase) {
  if (phase != "bleeding-out") return phase;
  const auto ratios = figures::column(records, rows, "lambda_max_over_lambda_plus");
  return !ratios.empty() && figures::median(ratios) >= low_spike_ratio ? "bulk+spikes" : phase;
}

void draw_cells(Panel& panel, const core::Table& records, const Map& map, bool low_ratio) {
  std::vector<double> mark_x, mark_y;
  for (const Cell& cell : map.cells) {
    const auto v = figures::vote(records, cell.rows);
    const std::string phase = low_ratio ? phase_at_low_ratio(records, cell.rows, v.phase) : v.phase;
    const auto x = static_cast<double>(cell.column), y = static_cast<double>(cell.row);
    panel.rectangles(phase, {x + 0.03}, {x + 0.97}, {y + 0.03}, {y + 0.97},
                     figures::phase_colour(phase), v.open() ? 0.12 : 0.55);
    panel.unlisted();
    if (!v.unanimous()) {
      mark_x.push_back(x + 0.87);
      mark_y.push_back(y + 0.83);
    }
  }
  panel.points("replicates disagree", mark_x, mark_y, figures::colour::black, 0.5, 9);
  panel.unlisted();
}

void draw_panel(Panel& panel, const core::Table& records, const Map& map, const std::string& column,
                const std::string& title, bool low_ratio) {
  panel.title(title);
  panel.labels(figures::parameter_label(map.x_path), figures::parameter_label(map.y_path));
  const auto columns = static_cast<double>(map.x.size()), rows = static_cast<double>(map.y.size());
  panel.x_range(0, columns);
  panel.y_range(0, rows);
  panel.x_ticks(cell_ticks(map.x));
  panel.y_ticks(cell_ticks(map.y));
  draw_cells(panel, records, map, low_ratio);
  for (const Cell& cell : map.cells)
    panel.note(median_text(records, cell.rows, column),
               (static_cast<double>(cell.column) + 0.5) / columns,
               (static_cast<double>(cell.row) + 0.5) / rows, "center");
}

void draw_legend(Panel& panel) {
  panel.legend_only();
  panel.x_range(0, 1);
  panel.y_range(0, 1);
  panel.key("top left Left reverse");
  for (const std::string& phase : figures::phase_names())
    panel.rectangles(phase, {-2}, {-1}, {-2}, {-1}, figures::phase_colour(phase), 0.55);
  panel.points("replicates disagree", {-2}, {-2}, figures::colour::black, 0.8, 9);
  panel.rectangles("pale: most abstained", {-2}, {-1}, {-2}, {-1}, figures::colour::grey, 0.12);
}

void write_cells(const core::Table& records, const Map& map, std::filesystem::path stem) {
  core::Table table({map.x_path, map.y_path, "phase", "replicates_of_phase", "replicates",
                     "replicates_abstained", "phase_at_ratio_1.2", "stable_rank", "ks_all",
                     "outlier_trace_fraction", "lambda_max_over_lambda_plus", "tail_exponent"});
  for (const Cell& cell : map.cells) {
    const auto v = figures::vote(records, cell.rows);
    const auto middle = [&](const char* column) {
      const auto values = figures::column(records, cell.rows, column);
      return values.empty() ? std::string() : core::shortest(figures::median(values));
    };
    table.add({core::shortest(map.x[cell.column]), core::shortest(map.y[cell.row]), v.phase,
               std::to_string(v.count), std::to_string(v.total), std::to_string(v.abstained),
               phase_at_low_ratio(records, cell.rows, v.phase), middle("stable_rank"),
               middle("ks_all"), middle("outlier_trace_fraction"),
               middle("lambda_max_over_lambda_plus"), middle("alpha")});
  }
  core::write_atomically(stem += "_cells.csv", table.csv());
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_training(folder);
  const core::Table& records = run.records();
  const Map map = map_of(run, folder);
  const double width = std::max(2.6, 0.44 * static_cast<double>(map.x.size()));
  const double height = std::max(2.2, 0.3 * static_cast<double>(map.y.size()));
  figures::Figure figure(2, 2, width, height);
  const std::size_t replicates = figures::vote(records, map.cells.front().rows).total;
  figure.headline(fmt::format("Phases of FC1, {} replicate{}, seed {}", replicates,
                              replicates == 1 ? "" : "s",
                              run.manifest().at("seed").get<std::uint64_t>()));
  draw_panel(figure.panel(0, 0, "stable rank"), records, map, "stable_rank", "number: stable rank",
             false);
  draw_panel(figure.panel(0, 1, "alpha"), records, map, "alpha",
             "number: tail exponent {/:Italic α}", false);
  draw_panel(figure.panel(1, 0, "ratio"), records, map, "lambda_max_over_lambda_plus",
             "number: λ_{max}/λ_+, spikes from 1.2", true);
  draw_legend(figure.panel(1, 1, "key"));
  figure.save(output);
  write_cells(records, map, output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
