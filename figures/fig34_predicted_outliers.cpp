// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 34: the largest eigenvalue predicted from what training added, against what is seen.
///
/// Of W = a W_0 + Delta everything is known: W_0, the share a that the optimiser leaves of it, the law of
/// its entries. Left: the strongest singular value of Delta taken as a spike beside a W_0 that is independent
/// of it. Right: with what W_0 has along all spikes. Nothing is fitted. Lower panels: observed over predicted,
/// minus 1; the band is +-5 %. One point a training, one symbol a batch size.
///
/// Reads   RUN/records.csv
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig34_predicted_outliers results/batch_size paper/figures/fig34_predicted_outliers
#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/plot.hpp"
#include "figures/training_run.hpp"

namespace {

using namespace rmtlab;
using figures::BatchGroup;
using figures::Panel;

struct Prediction {
  const char *column, *ratio, *title;
};
constexpr std::array<Prediction, 2> predictions{
    {{"delta_lambda_max", "delta_lambda_ratio", "W_0 taken as independent"},
     {"delta_aligned_lambda_max", "delta_aligned_lambda_ratio",
      "with what W_0 has along the spikes"}}};

constexpr std::array<const char*, 7> colours{figures::colour::grey,   figures::colour::sky,
                                             figures::colour::blue,   figures::colour::green,
                                             figures::colour::orange, figures::colour::vermillion,
                                             figures::colour::purple};
// gnuplot's filled square, circle, triangles and diamond.
constexpr std::array<int, 5> shapes{5, 7, 9, 11, 13};

struct Points {
  std::vector<double> predicted, observed, residual;  // residual in percent
};

Points points_of(const core::Table& records, const BatchGroup& group, const Prediction& p) {
  Points points;
  for (const std::size_t row : group.rows) {
    if (records.text(row, p.column).empty()) continue;
    points.predicted.push_back(records.number(row, p.column));
    points.observed.push_back(records.number(row, "lambda_max"));
    points.residual.push_back(100 * (records.number(row, p.ratio) - 1));
  }
  return points;
}

struct Range {
  double low = 0, high = 0;
};

// Of all predictions and observations, with room at both ends.
Range range_of(const core::Table& records, const std::vector<BatchGroup>& groups) {
  std::vector<double> all;
  for (const BatchGroup& group : groups)
    for (const Prediction& p : predictions) {
      const Points points = points_of(records, group, p);
      all.insert(all.end(), points.predicted.begin(), points.predicted.end());
      all.insert(all.end(), points.observed.begin(), points.observed.end());
    }
  if (all.empty())
    throw std::runtime_error("the run predicts no outlier (no initial_share in its records)");
  const auto [low, high] = std::minmax_element(all.begin(), all.end());
  return {*low / 1.3, *high * 1.3};
}

// 1, 2 and 5 in every decade.
std::vector<std::pair<double, std::string>> ticks_in(const Range& range) {
  std::vector<std::pair<double, std::string>> ticks;
  for (double decade = std::pow(10, std::floor(std::log10(range.low))); decade < range.high;
       decade *= 10)
    for (const int digit : {1, 2, 5})
      ticks.emplace_back(digit * decade, fmt::format("{:.1g}", digit * decade));
  return ticks;
}

// Largest residual, rounded up to fives.
double residual_range(const core::Table& records, const std::vector<BatchGroup>& groups) {
  double largest = 10;
  for (const BatchGroup& group : groups)
    for (const Prediction& p : predictions)
      for (const double r : points_of(records, group, p).residual)
        largest = std::max(largest, std::abs(r));
  return 5 * std::ceil(1.05 * largest / 5);
}

void draw_frames(Panel& main, Panel& rest, const Range& range, double residuals) {
  main.band("", {range.low, range.high}, {0.95 * range.low, 0.95 * range.high},
            {1.05 * range.low, 1.05 * range.high}, figures::colour::light_grey);
  main.line("", {range.low, range.high}, {range.low, range.high}, figures::colour::black, 1);
  rest.band("", {range.low, range.high}, {-5, -5}, {5, 5}, figures::colour::light_grey);
  rest.line("", {range.low, range.high}, {0, 0}, figures::colour::black, 1);
  for (Panel* panel : {&main, &rest}) {
    panel->log_x();
    panel->x_range(range.low, range.high);
    panel->x_ticks(ticks_in(range));
  }
  main.log_y();
  main.y_range(range.low, range.high);
  main.y_ticks(ticks_in(range));
  rest.y_range(-residuals, residuals);
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_batch_sweep(folder);
  const core::Table& records = run.records();
  const auto groups = figures::batch_groups(run, "fc1");
  const Range range = range_of(records, groups);
  const double residuals = residual_range(records, groups);
  figures::Figure figure(2, predictions.size() + 1, 3.1, 2.3);
  figure.untitled_row(1);
  figure.headline(fmt::format(
      "Largest eigenvalue of FC1, from W - a W_0 without a fit: {} replicate{}, seed {}",
      groups.front().rows.size(), groups.front().rows.size() == 1 ? "" : "s",
      run.manifest().at("seed").get<std::uint64_t>()));
  Panel& legend = figure.panel(0, predictions.size(), "key");
  legend.legend_only();
  legend.x_range(0, 1);
  legend.y_range(0, 1);
  legend.key("center left Left reverse");
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const Prediction& p = predictions[i];
    Panel& main = figure.panel(0, i, p.title);
    Panel& rest = figure.panel(1, i, fmt::format("{}, residual", p.title));
    draw_frames(main, rest, range, residuals);
    main.title(p.title);
    main.labels("", i == 0 ? "λ_{max} observed" : "");
    rest.labels("λ_{max} predicted", i == 0 ? "observed / predicted - 1 in %" : "");
    for (std::size_t b = 0; b < groups.size(); ++b) {
      const Points points = points_of(records, groups[b], p);
      const auto name = fmt::format("batch {}", groups[b].batch_size);
      const char* colour = colours[b % colours.size()];
      const int shape = shapes[b % shapes.size()];
      main.points(name, points.predicted, points.observed, colour, 0.8, shape);
      rest.points(name, points.predicted, points.residual, colour, 0.8, shape);
      if (i == 0) legend.points(name, {-2}, {1}, colour, 0.8, shape);
    }
  }
  legend.note("band: within 5 %", 0.02, 0.02);
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
