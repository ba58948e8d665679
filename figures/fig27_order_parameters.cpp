// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 27: order parameters against batch size, with the spread over seeds.
///
/// Per matrix and never pooled: stable rank and Marchenko-Pastur soft rank, the number of outliers
/// and their share of the trace, the distance of the whole spectrum to noise, accuracies. Lines
/// join medians over replicates, bands span them all, the colour of a point is its phase.
///
/// Reads   RUN/records.csv
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig27_order_parameters results/batch_size paper/figures/fig27_order_parameters
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/plot.hpp"
#include "figures/training_run.hpp"

namespace {

using namespace rmtlab;
using figures::BatchGroup;
using figures::Panel;

// Median and range of one column for every batch size.
struct Curve {
  std::vector<double> batch, middle, low, high;
  std::vector<std::string> phase;
};

Curve curve_of(const core::Table& records, const std::vector<BatchGroup>& groups,
               const std::string& column) {
  Curve c;
  for (const BatchGroup& group : groups) {
    const auto values = figures::column(records, group.rows, column);
    if (values.empty()) continue;
    c.batch.push_back(group.batch_size);
    c.middle.push_back(figures::median(values));
    c.low.push_back(*std::min_element(values.begin(), values.end()));
    c.high.push_back(*std::max_element(values.begin(), values.end()));
    c.phase.push_back(figures::leading_phase(records, group.rows));
  }
  return c;
}

void draw_curve(Panel& panel, const Curve& c, const std::string& series, const char* colour) {
  panel.band("", c.batch, c.low, c.high, colour);
  panel.line(series, c.batch, c.middle, colour, 2);
}

// Points in the colour of their phase; each phase is named once where `named`.
void draw_phases(Panel& panel, const Curve& c, bool named) {
  std::vector<std::string> seen;
  for (const std::string& phase : c.phase) {
    if (std::find(seen.begin(), seen.end(), phase) != seen.end()) continue;
    seen.push_back(phase);
    std::vector<double> x, y;
    for (std::size_t i = 0; i < c.phase.size(); ++i)
      if (c.phase[i] == phase) {
        x.push_back(c.batch[i]);
        y.push_back(c.middle[i]);
      }
    panel.points(named ? phase : "", x, y, figures::phase_colour(phase), 1.1);
  }
}

void batch_axis(Panel& panel, const std::vector<BatchGroup>& groups) {
  std::vector<std::pair<double, std::string>> ticks;
  for (const BatchGroup& group : groups)
    ticks.emplace_back(group.batch_size,
                       group.batch_size == 512 && groups.front().batch_size == 1000
                           ? std::string()
                           : fmt::format("{}", group.batch_size));
  panel.log_x();
  panel.x_ticks(ticks);
  panel.x_range(groups.front().batch_size * 1.4, groups.back().batch_size / 1.4);
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_batch_sweep(folder);
  const core::Table& records = run.records();
  const auto groups = figures::batch_groups(run, "fc1");
  const double cols = records.number(groups.front().rows.front(), "cols");
  figures::Figure figure(2, 3, 3.1, 2.1);
  figure.headline(
      fmt::format("Order parameters of FC1 against batch size: median and range of {} "
                  "replicate{}, seed {}",
                  groups.front().rows.size(), groups.front().rows.size() == 1 ? "" : "s",
                  run.manifest().at("seed").get<std::uint64_t>()));
  struct Item {
    const char *column, *title, *label;
    double top;
  };
  const Item items[] = {{"stable_rank", "stable rank", "Σ λ / λ_{max}", 0},
                        {"mp_soft_rank", "Marchenko-Pastur soft rank", "λ_+ / λ_{max}", 1.1},
                        {"outlier_count", "outliers", "count", 0},
                        {"outlier_trace_fraction", "trace in outliers", "share", 1},
                        {"ks_all", "distance to noise", "KS", 0}};
  for (std::size_t i = 0; i < std::size(items); ++i) {
    Panel& panel = figure.panel(i / 3, i % 3, items[i].title);
    panel.title(items[i].title);
    panel.labels("batch size", items[i].label);
    batch_axis(panel, groups);
    const Curve c = curve_of(records, groups, items[i].column);
    draw_curve(panel, c, "", figures::colour::grey);
    draw_phases(panel, c, i == 0);
    if (i == 0) panel.key("bottom left Left reverse");
    const double top = *std::max_element(c.high.begin(), c.high.end());
    panel.y_range(0, items[i].top > 0 ? std::max(items[i].top, 1.05 * top) : 1.12 * top);
    if (i == 2) {
      panel.line("", {groups.front().batch_size * 1.4, groups.back().batch_size / 1.4}, {9, 9},
                 figures::colour::black, 1, figures::Dash::dotted);
      panel.note("K - 1 = 9", 0.03, 9 / (1.12 * top) + 0.055);
      panel.note(fmt::format("of {:.0f} eigenvalues", cols), 0.04, 0.92);
    }
  }
  Panel& accuracy = figure.panel(1, 2, "accuracy");
  accuracy.title("accuracy");
  accuracy.labels("batch size", "share correct");
  batch_axis(accuracy, groups);
  draw_curve(accuracy, curve_of(records, groups, "train_accuracy"), "training",
             figures::colour::orange);
  draw_curve(accuracy, curve_of(records, groups, "test_accuracy"), "test", figures::colour::blue);
  accuracy.y_range(0, 1.05);
  accuracy.key("bottom right");
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
