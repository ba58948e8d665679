// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 2: spectra of Gaussian matrices against the Marchenko-Pastur law, and the rate.
///
/// Left: eigenvalues of all replicates at the largest M, pooled, beside the law with the true
/// variance (nothing is fitted). Right: Kolmogorov-Smirnov distance of single spectra, mean and 95 %
/// interval over replicates. Eigenvalues repel, so the distance falls as log(M)/M, the counting
/// function being a log-correlated field with maximum (sqrt(2)/pi) log M for real matrices
/// \cite Claeys2021, and not as the 0.87 / sqrt(M) of independent points. The maximum of any such field
/// has the second term -(3/4) log log M beside log M; the constants c are set at the largest M.
///
/// Reads   RUN/records.csv and the recorded eigenvalues
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig02_gaussian_esd results/gaussian_esd paper/figures/fig02_gaussian_esd
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"
#include "theory/marchenko_pastur.hpp"

namespace {

using namespace rmtlab;
using figures::Panel;
using figures::Rows;

constexpr const char* ratio_column = "shape.aspect_ratio";
constexpr const char* cols_column = "shape.cols";
constexpr const char* colours[] = {figures::colour::blue, figures::colour::orange,
                                   figures::colour::green, figures::colour::vermillion};
constexpr int shapes[] = {7, 5, 9, 13};

const double pi = std::acos(-1.0);

void draw_spectrum(Panel& panel, const core::Run& run, const Rows& rows) {
  const double q = run.records().number(rows.front(), ratio_column);
  const theory::MarchenkoPastur law(q);
  const double margin = 0.05 * (law.upper_edge() - law.lower_edge());
  const double left = std::max(0.0, law.lower_edge() - margin), right = law.upper_edge() + margin;
  constexpr std::size_t bins = 50;
  const double width = (right - left) / bins;
  std::vector<double> edges, heights(bins, 0.0);
  for (std::size_t i = 0; i <= bins; ++i) edges.push_back(left + width * static_cast<double>(i));
  double count = 0;
  std::vector<double> values;
  for (const std::size_t row : rows) {
    values = run.array(row, "eigenvalues").values;
    count += static_cast<double>(values.size());
    for (const double x : values) {
      const double bin = std::floor((x - left) / width);
      if (bin >= 0 && bin < bins) heights[static_cast<std::size_t>(bin)] += 1;
    }
  }
  for (double& h : heights) h /= count * width;
  panel.bars("eigenvalues", edges, heights, figures::colour::sky);
  std::vector<double> x, y;
  for (int i = 0; i <= 400; ++i) {
    const double s = std::sin(0.5 * pi * i / 400);
    x.push_back(law.lower_edge() + s * s * (law.upper_edge() - law.lower_edge()));
    y.push_back(pdf(law, x.back()));
  }
  if (q == 1) y.front() = 1e3;  // no bound at the hard edge
  panel.line("Marchenko-Pastur", x, y, figures::colour::black, 1.8);
  panel.x_range(left, right);
  panel.y_range(0, 1.15 * *std::max_element(heights.begin(), heights.end()));
}

// The distances of every aspect ratio against M, drawn as they are and multiplied by M.
void draw_rate(Panel& distance, Panel& scaled, const core::Table& records,
               const std::vector<std::string>& ratios) {
  double least = 1e9, most = 0, at_most = 0;
  for (std::size_t k = 0; k < ratios.size(); ++k) {
    const Rows rows = figures::rows_where(records, {{ratio_column, ratios[k]}});
    auto curve = figures::mean_curve(records, rows, cols_column, "ks_limit");
    least = std::min(least, curve.x.front());
    most = std::max(most, curve.x.back());
    at_most += curve.x.back() * curve.mean.back() / static_cast<double>(ratios.size());
    // Side by side: the same M for all aspect ratios.
    const double shift = std::pow(1.05, static_cast<double>(k) - 1.5);
    auto product = curve;
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      for (auto* values : {&product.mean, &product.low, &product.high}) (*values)[i] *= curve.x[i];
      curve.x[i] *= shift;
    }
    const std::string name = "Q = " + ratios[k];
    distance.error_points(name, curve.x, curve.mean, curve.low, curve.high, colours[k % 4], 0.8,
                          shapes[k % 4]);
    scaled.error_points(name, curve.x, product.mean, product.low, product.high, colours[k % 4], 0.8,
                        shapes[k % 4]);
  }
  std::vector<double> m, rate, independent, growth, slower;
  for (int i = 0; i <= 60; ++i) {
    m.push_back(least / 1.25 * std::pow(1.5625 * most / least, i / 60.0));
    rate.push_back(std::sqrt(2) / pi * std::log(m.back()) / m.back());
    independent.push_back(std::sqrt(pi / 2) * std::log(2) / std::sqrt(m.back()));
    growth.push_back(at_most + std::sqrt(2) / pi * std::log(m.back() / most));
    slower.push_back(growth.back() -
                     0.75 * std::sqrt(2) / pi * std::log(std::log(m.back()) / std::log(most)));
  }
  distance.line("(√2/π) log M / M", m, rate, figures::colour::black, 1.6);
  distance.line("0.87/√M (independent points)", m, independent, figures::colour::grey, 1.6,
                figures::Dash::dashed);
  scaled.line("(√2/π) log M + c", m, growth, figures::colour::black, 1.6);
  scaled.line("(√2/π) (log M - ¾ log log M) + c", m, slower, figures::colour::grey, 1.6,
              figures::Dash::dashed);
  for (Panel* panel : {&distance, &scaled}) {
    panel->log_x();
    panel->x_range(least / 1.25, most * 1.25);
    panel->x_ticks({{62, "62"}, {125, "125"}, {250, "250"}, {500, "500"}, {1000, "1000"}});
  }
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_sweep(folder, "universality", {ratio_column, cols_column},
                                       "configs/gaussian_esd.yaml");
  figures::require_parameter(run, "ensemble.name", "gaussian");
  const core::Table& records = run.records();
  const auto ratios = records.distinct(ratio_column);
  if (ratios.size() != 4)
    throw std::runtime_error(fmt::format("{} has {} values of {}, this figure has room for 4",
                                         folder.string(), ratios.size(), ratio_column));
  Rows all(records.size());
  std::iota(all.begin(), all.end(), 0);
  const auto largest =
      fmt::format("{:.0f}", figures::distinct_numbers(records, all, cols_column).back());
  figures::Figure figure(2, 3, 2.9, 2.05);
  std::size_t replicates = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    const Rows rows =
        figures::rows_where(records, {{ratio_column, ratios[k]}, {cols_column, largest}});
    replicates = rows.size();
    Panel& panel = figure.panel(k / 2, k % 2, "Q = " + ratios[k]);
    panel.title("Q = " + ratios[k]);
    panel.labels(k < 2 ? "" : "λ", k % 2 == 0 ? "density" : "");
    draw_spectrum(panel, run, rows);
    if (k == 0) panel.key("top right");
  }
  figure.headline(
      fmt::format("Gaussian W, true variance: pooled spectra at M = {} and distance to the law at "
                  "every M; mean and 95 % interval of {} matrices",
                  largest, replicates));
  Panel& distance = figure.panel(0, 2, "distance");
  distance.title("distance of one spectrum to its law");
  distance.labels("", "Kolmogorov-Smirnov");
  distance.log_y();
  distance.y_range(0.002, 0.3);
  distance.key("bottom left Left reverse");
  Panel& scaled = figure.panel(1, 2, "distance times M");
  scaled.title("the same, multiplied by M");
  scaled.labels("M", "M × Kolmogorov-Smirnov");
  draw_rate(distance, scaled, records, ratios);
  scaled.y_range(1.8, 4.4);
  scaled.key("top left Left reverse");
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
