// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 32: spectra of FC1 against SGD time, by the way that led there.
///
/// If SGD time alone set the spectrum, all ways would lie on one curve. Where batch sizes differ,
/// the ways are smaller batches, larger learning rates and more epochs from a common start; else
/// there is one line for each learning rate, which at one batch size is the noise of the gradient.
/// Symbols are the ways, their colour is the most frequent phase; points are hollow where most
/// replicates abstained. Lines join medians over replicates, bands span them all.
///
/// Reads   RUN/records.csv
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig32_sgd_time results/sgd_time paper/figures/fig32_sgd_time_sgd_time
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/plot.hpp"
#include "figures/training_path.hpp"
#include "figures/training_run.hpp"

namespace {

using namespace rmtlab;
using figures::Panel;
using figures::Rows;
using figures::Way;

struct Shape {
  int filled, hollow;
  figures::Dash dash;
};

constexpr std::array<Shape, 4> shapes{{{7, 6, figures::Dash::solid},
                                       {5, 4, figures::Dash::dashed},
                                       {9, 8, figures::Dash::dotted},
                                       {13, 12, figures::Dash::solid}}};

struct Series {
  std::string name;
  Rows rows;
};

std::vector<Series> ways(const core::Run& run, const Rows& rows) {
  const auto start = figures::start_of(run, rows);
  std::vector<Series> list;
  for (const Way way : {Way::batch, Way::rate, Way::epochs}) {
    Series series{figures::name_of(way), {}};
    for (const std::size_t row : rows) {
      const Way its = figures::way_of(run, row, start);
      if (its == way || its == Way::none) series.rows.push_back(row);  // the start is of all ways
    }
    list.push_back(std::move(series));
  }
  return list;
}

std::vector<Series> learning_rates(const core::Run& run, const Rows& rows) {
  const core::Table& records = run.records();
  std::vector<Series> list;
  for (const double rate : figures::distinct_numbers(records, rows, "training.learning_rate")) {
    Series series{fmt::format("learning rate {:g}", rate), {}};
    for (const std::size_t row : rows)
      if (records.number(row, "training.learning_rate") == rate) series.rows.push_back(row);
    list.push_back(std::move(series));
  }
  return list;
}

std::vector<Series> series_of(const core::Run& run, const std::filesystem::path& folder) {
  const Rows rows = figures::layer_rows(run, "fc1");
  const core::Table& records = run.records();
  if (!records.has_column("training.learning_rate"))
    throw std::runtime_error(
        fmt::format("{} does not sweep training.learning_rate, this figure needs a run such as "
                    "configs/sgd_time.yaml",
                    folder.string()));
  const bool one_batch = !records.has_column("training.batch_size") ||
                         records.distinct("training.batch_size").size() == 1;
  auto list = one_batch ? learning_rates(run, rows) : ways(run, rows);
  if (list.size() > shapes.size())
    throw std::runtime_error(fmt::format("{} has {} learning rates, this figure has symbols for {}",
                                         folder.string(), list.size(), shapes.size()));
  return list;
}

// SGD times of one place differ by rounding alone.
std::vector<std::pair<double, Rows>> by_time(const core::Table& records, const Rows& rows) {
  std::vector<std::pair<double, Rows>> places;
  for (const double time : figures::distinct_numbers(records, rows, "sgd_time")) {
    if (places.empty() || time > places.back().first * (1 + 1e-6)) places.push_back({time, {}});
    for (const std::size_t row : rows)
      if (records.number(row, "sgd_time") == time) places.back().second.push_back(row);
  }
  return places;
}

void draw_statistic(Panel& panel, const core::Table& records, const std::vector<Series>& list,
                    const std::string& column) {
  double top = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    std::vector<double> x, middle, low, high;
    std::vector<figures::Vote> votes;
    for (const auto& [time, rows] : by_time(records, list[i].rows)) {
      const auto values = figures::column(records, rows, column);
      if (values.empty()) continue;
      x.push_back(time);
      middle.push_back(figures::median(values));
      low.push_back(*std::min_element(values.begin(), values.end()));
      high.push_back(*std::max_element(values.begin(), values.end()));
      votes.push_back(figures::vote(records, rows));
      top = std::max(top, high.back());
    }
    panel.band(list[i].name, x, low, high, figures::colour::grey);
    panel.line(list[i].name, x, middle, figures::colour::grey, 2.2, shapes[i].dash);
    for (std::size_t k = 0; k < x.size(); ++k)
      panel.points(list[i].name + ": " + votes[k].phase, {x[k]}, {middle[k]},
                   figures::phase_colour(votes[k].phase), 1.2,
                   votes[k].open() ? shapes[i].hollow : shapes[i].filled);
  }
  panel.y_range(0, top > 0 ? 1.12 * top : 1);
}

void time_axis(Panel& panel, const core::Table& records, const std::vector<Series>& list) {
  std::vector<double> times;
  for (const Series& series : list)
    for (const auto& place : by_time(records, series.rows))
      if (std::none_of(times.begin(), times.end(),
                       [&](double t) { return std::abs(t - place.first) <= 1e-6 * place.first; }))
        times.push_back(place.first);
  for (double& time : times) time = std::round(time * 1e6) / 1e6;
  const auto axis = figures::axis_of(times);
  if (axis.logarithmic) panel.log_x();
  panel.x_ticks(axis.ticks);
  panel.x_range(axis.left, axis.right);
}

void draw_legend(Panel& panel, const core::Table& records, const std::vector<Series>& list) {
  panel.legend_only();
  panel.x_range(0, 1);
  panel.y_range(0, 1);
  panel.key("top left Left reverse");
  for (std::size_t i = 0; i < list.size(); ++i)
    panel.points(list[i].name, {-2}, {-2}, figures::colour::grey, 1.2, shapes[i].filled);
  const auto phases = records.distinct("phase");
  for (const std::string& phase : figures::phase_names())
    if (std::find(phases.begin(), phases.end(), phase) != phases.end())
      panel.points(phase, {-2}, {-2}, figures::phase_colour(phase), 1.2, 7);
  panel.note("hollow: most abstained", 0.02, 0.0);
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_training(folder);
  const core::Table& records = run.records();
  const auto list = series_of(run, folder);
  const std::size_t replicates = records.distinct("replicate").size();
  figures::Figure figure(2, 2, 3.4, 2.4);
  figure.headline(fmt::format("FC1 against SGD time: median and range of {} replicate{}, seed {}",
                              replicates, replicates == 1 ? "" : "s",
                              run.manifest().at("seed").get<std::uint64_t>()));
  struct Item {
    const char *column, *title, *label;
  };
  const Item items[] = {{"ks_all", "distance to noise", "KS"},
                        {"outlier_trace_fraction", "trace in outliers", "share"},
                        {"stable_rank", "stable rank", "Σ λ / λ_{max}"}};
  for (std::size_t i = 0; i < std::size(items); ++i) {
    Panel& panel = figure.panel(i / 2, i % 2, items[i].title);
    panel.title(items[i].title);
    panel.labels("SGD time", items[i].label);
    draw_statistic(panel, records, list, items[i].column);
    time_axis(panel, records, list);
  }
  draw_legend(figure.panel(1, 1, "key"), records, list);
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
