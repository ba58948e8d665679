// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 33: the effective rank of FC1 against batch_size / (learning_rate weight_decay).
///
/// Small batches, large steps and strong decay force a low rank, of the order of the abscissa
/// B (1 - momentum) / (learning_rate weight_decay) for SGD with momentum. The bound says something
/// only left of half the width, once the start is forgotten, weight_decay sgd_time >= 5, and if the
/// network has learnt at all: those points are filled, the others hollow. The dashed line has
/// slope 1; a factor of order one is left open.
///
/// Reads   RUN/records.csv
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig33_effective_rank results/effective_rank paper/figures/fig33_effective_rank
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/plot.hpp"
#include "figures/training_path.hpp"
#include "figures/training_run.hpp"

namespace {

using namespace rmtlab;
using figures::Panel;

struct Points {
  std::vector<double> x, y;
};

struct Drawn {
  std::string phase;
  Points active, inactive;
};

std::vector<Drawn> by_phase(const core::Run& run, const figures::Rows& rows) {
  std::vector<Drawn> list;
  for (const std::string& phase : figures::phase_names()) {
    Drawn d{phase, {}, {}};
    for (const std::size_t row : rows) {
      const auto bound = figures::rank_bound(run, row);
      if (run.records().text(row, "phase") != phase || !std::isfinite(bound.scale)) continue;
      Points& points = bound.active ? d.active : d.inactive;
      points.x.push_back(std::round(1e6 * bound.scale) / 1e6);  // rounding makes no new place
      points.y.push_back(figures::effective_rank(run.records(), row));
    }
    if (!d.active.x.empty() || !d.inactive.x.empty()) list.push_back(std::move(d));
  }
  return list;
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_training(folder);
  const core::Table& records = run.records();
  const auto rows = figures::final_rows(run, "fc1");
  const auto drawn = by_phase(run, rows);
  Points all;
  for (const Drawn& d : drawn)
    for (const Points* points : {&d.active, &d.inactive}) {
      all.x.insert(all.x.end(), points->x.begin(), points->x.end());
      all.y.insert(all.y.end(), points->y.begin(), points->y.end());
    }
  if (all.x.empty())
    throw std::runtime_error(
        fmt::format("{} has no training with weight decay, this figure needs a run such as "
                    "configs/effective_rank.yaml",
                    folder.string()));
  const auto axis = figures::axis_of(all.x);
  const double half = records.number(rows.front(), "cols") / 2;
  const double low = std::max(1.0, *std::min_element(all.y.begin(), all.y.end())) / 1.5;
  const double high = 1.5 * std::max(half, *std::max_element(all.y.begin(), all.y.end()));
  figures::Figure figure(1, 2, 3.6, 2.8);
  const std::size_t replicates = records.distinct("replicate").size();
  figure.headline(fmt::format("Effective rank of FC1, {} replicate{}, seed {}", replicates,
                              replicates == 1 ? "" : "s",
                              run.manifest().at("seed").get<std::uint64_t>()));
  Panel& panel = figure.panel(0, 0, "effective rank");
  panel.labels("{/:Italic B} (1 - μ) / (η λ)", "effective rank");
  panel.log_x();
  panel.log_y();
  panel.x_range(axis.left, axis.right);
  panel.x_ticks(axis.ticks);
  panel.y_range(low, high);
  panel.y_ticks({{1, "1"},
                 {2, "2"},
                 {5, "5"},
                 {10, "10"},
                 {20, "20"},
                 {50, "50"},
                 {100, "100"},
                 {200, "200"},
                 {500, "500"}});
  panel.line("half the width", {half, half}, {low, high}, figures::colour::black, 1.4,
             figures::Dash::dotted);
  panel.line("slope 1", {axis.left, axis.right}, {axis.left, axis.right}, figures::colour::black,
             1.4, figures::Dash::dashed);
  for (const Drawn& d : drawn) {
    panel.points(d.phase + ", bound active", d.active.x, d.active.y, figures::phase_colour(d.phase),
                 0.9, 7);
    panel.points(d.phase + ", bound inactive", d.inactive.x, d.inactive.y,
                 figures::phase_colour(d.phase), 0.9, 6);
  }
  Panel& legend = figure.panel(0, 1, "key");
  legend.legend_only();
  legend.x_range(0, 1);
  legend.y_range(0, 1);
  legend.key("top left Left reverse");
  for (const Drawn& d : drawn)
    legend.points(d.phase, {-2}, {-2}, figures::phase_colour(d.phase), 0.9, 7);
  legend.points("hollow: bound inactive", {-2}, {-2}, figures::colour::black, 0.9, 6);
  legend.line("slope 1", {-2, -1}, {-2, -2}, figures::colour::black, 1.4, figures::Dash::dashed);
  legend.line("half the width", {-2, -1}, {-2, -2}, figures::colour::black, 1,
              figures::Dash::dotted);
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
