// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 26: spectra of FC1 as the batch size falls, each with its phase.
///
/// Upper panels: histogram of the eigenvalues in units of the fitted bulk's upper edge, the
/// Marchenko-Pastur bulk (carrying the share of eigenvalues it was fitted to), outliers as ticks
/// below the axis. Lower panels: the share of eigenvalues above a value, on logarithmic axes, with
/// the fitted power law of each replicate. Replicates are pooled after division by their own edge.
///
/// Reads   RUN/records.csv and the recorded eigenvalues
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig26_batch_size_esd results/batch_size paper/figures/fig26_batch_size_esd
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/plot.hpp"
#include "figures/training_run.hpp"
#include "theory/marchenko_pastur.hpp"

namespace {

using namespace rmtlab;
using figures::BatchGroup;
using figures::Panel;

constexpr const char* layer = "fc1";
constexpr std::size_t panels_per_row = 6;

// What is drawn of one batch size, eigenvalues in units of lambda_plus.
struct Spectra {
  std::vector<double> eigenvalues;  // pooled, ascending
  std::vector<double> outliers;
  double aspect_ratio = 1;
  double bulk_share = 1;
};

Spectra pooled(const core::Run& run, const BatchGroup& group) {
  const core::Table& records = run.records();
  Spectra s;
  double outliers = 0;
  for (const std::size_t row : group.rows) {
    const auto values =
        run.array(row, fmt::format("{}/epoch={}/eigenvalues", layer, records.text(row, "epoch")))
            .values;
    const double unit = records.number(row, "lambda_plus");
    const auto count = static_cast<std::size_t>(records.number(row, "outlier_count"));
    for (std::size_t i = 0; i < values.size(); ++i) {
      s.eigenvalues.push_back(values[i] / unit);
      if (i + count >= values.size()) s.outliers.push_back(values[i] / unit);
    }
    outliers += static_cast<double>(count);
    s.aspect_ratio = records.number(row, "rows") / records.number(row, "cols");
  }
  s.bulk_share = 1 - outliers / static_cast<double>(s.eigenvalues.size());
  std::sort(s.eigenvalues.begin(), s.eigenvalues.end());
  return s;
}

theory::MarchenkoPastur bulk_law(const Spectra& s) {
  const double edge = std::pow(1 + 1 / std::sqrt(s.aspect_ratio), 2);
  return theory::MarchenkoPastur(s.aspect_ratio, 1 / edge);  // upper edge at 1
}

void draw_density(Panel& panel, const Spectra& s, std::size_t replicates) {
  // Bins as wide as a fraction of the bulk, so that the bulk looks alike in every panel.
  const double width = (replicates > 1 ? 0.04 : 0.07) * std::max(1.0, s.eigenvalues.back() / 4);
  const auto bins = static_cast<std::size_t>(std::ceil(s.eigenvalues.back() / width)) + 1;
  std::vector<double> edges, heights(bins, 0.0);
  for (std::size_t i = 0; i <= bins; ++i) edges.push_back(width * static_cast<double>(i));
  for (const double x : s.eigenvalues)
    heights[static_cast<std::size_t>(x / width)] +=
        1 / (width * static_cast<double>(s.eigenvalues.size()));
  panel.bars("eigenvalues", edges, heights, figures::colour::sky);

  const auto law = bulk_law(s);
  std::vector<double> x, y;
  constexpr int points = 200;
  for (int i = 0; i <= points; ++i) {  // dense near the edges, where the density turns
    const double t = 0.5 - 0.5 * std::cos(std::acos(-1.0) * i / points);
    x.push_back(law.lower_edge() + t * (law.upper_edge() - law.lower_edge()));
    y.push_back(s.bulk_share * pdf(law, x.back()));
  }
  panel.line("Marchenko-Pastur bulk", x, y, figures::colour::black, 1.6);
  panel.rug("outliers", s.outliers, figures::colour::black);
  const double top = std::max(*std::max_element(heights.begin(), heights.end()),
                              *std::max_element(y.begin(), y.end()));
  panel.y_range(0, 1.12 * top);
  panel.x_range(0, 1.04 * std::max(1.2, edges.back()));
}

void draw_tail(Panel& panel, const Spectra& s, const core::Run& run, const BatchGroup& group) {
  const auto n = static_cast<double>(s.eigenvalues.size());
  std::vector<double> x, y;
  for (std::size_t i = 0; i < s.eigenvalues.size(); ++i) {
    if (!(s.eigenvalues[i] > 0)) continue;
    x.push_back(s.eigenvalues[i]);
    y.push_back((n - static_cast<double>(i)) / n);  // share at or above
  }
  panel.points("eigenvalues", x, y, figures::colour::blue, 0.35);

  const auto law = bulk_law(s);
  std::vector<double> bulk_x, bulk_y;
  for (int i = 0; i <= 300; ++i) {
    const double lambda = law.lower_edge() + (law.upper_edge() - law.lower_edge()) *
                                                 std::sin(std::acos(-1.0) * i / 600);
    const double share = s.bulk_share * sf(law, lambda);
    if (share < 0.2 / n) break;
    bulk_x.push_back(std::max(lambda, 1e-3));
    bulk_y.push_back(share);
  }
  panel.line("Marchenko-Pastur bulk", bulk_x, bulk_y, figures::colour::black, 1.6);

  const core::Table& records = run.records();
  for (const std::size_t row : group.rows) {
    if (records.text(row, "alpha").empty()) continue;
    const double unit = records.number(row, "lambda_plus"), alpha = records.number(row, "alpha");
    const double xmin = records.number(row, "xmin") / unit;
    const double share = records.number(row, "n_tail") / records.number(row, "cols");
    const double xmax = records.number(row, "lambda_max") / unit;
    panel.line("power-law fit", {xmin, xmax}, {share, share * std::pow(xmax / xmin, 1 - alpha)},
               figures::colour::vermillion, 2.2);
  }
  const auto alphas = figures::column(records, group.rows, "alpha");
  if (!alphas.empty())
    panel.note(fmt::format("{{/:Italic α}} = {:.2f}", figures::median(alphas)), 0.06, 0.22);
  const auto distances = figures::column(records, group.rows, "tail_ks");
  if (!distances.empty())
    panel.note(fmt::format("KS {:.3f}", figures::median(distances)), 0.06, 0.09);
  panel.log_x();
  panel.log_y();
  panel.x_range(0.08, 20);
  panel.x_ticks({{0.1, "0.1"}, {1, "1"}, {10, "10"}});
  panel.y_range(0.4 / n, 1.6);
}

// The key stands in the free place of the last block, or inside the first panel if all are taken.
void draw_legend(figures::Figure& figure, std::size_t row, std::size_t columns, std::size_t used) {
  if (used == 0) {
    figure.panel(0, 0, "").key("top right");
    return;
  }
  Panel& legend = figure.panel(row, columns - 1, "key");
  legend.legend_only();
  legend.x_range(0, 1);
  legend.y_range(0, 1);
  legend.key("center left Left reverse");
  legend.bars("eigenvalues", {-2, -1}, {1}, figures::colour::sky);
  legend.line("Marchenko-Pastur bulk", {-2, -1}, {1, 1}, figures::colour::black, 1.6);
  legend.points("eigenvalues (share above)", {-2}, {1}, figures::colour::blue, 0.5);
  legend.line("power-law fit", {-2, -1}, {1, 1}, figures::colour::vermillion, 2.2);
  legend.note("ticks below an axis: outliers", 0.02, 0.12);
  legend.note("λ_+: upper edge of the fitted bulk", 0.02, 0.0);
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_batch_sweep(folder);
  const core::Table& records = run.records();
  auto groups = figures::batch_groups(run, layer);
  // A spectrum without a bulk has no edge to be measured by (rank collapse): it has no panel here.
  std::erase_if(groups, [&](const BatchGroup& group) {
    return figures::column(records, group.rows, "lambda_plus").size() != group.rows.size();
  });
  const std::size_t columns = std::min(panels_per_row, groups.size());
  const std::size_t blocks = (groups.size() + columns - 1) / columns;
  figures::Figure figure(2 * blocks, columns, 2.35, 1.75);
  const auto first = groups.front().rows.front();
  figure.headline(fmt::format(
      "Spectrum of FC1 ({} x {}) after {} epochs, by batch size: seed {}, {} replicate{}",
      records.text(first, "rows"), records.text(first, "cols"), records.text(first, "epoch"),
      run.manifest().at("seed").get<std::uint64_t>(), groups.front().rows.size(),
      groups.front().rows.size() == 1 ? "" : "s pooled"));
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::size_t row = 2 * (i / columns), column = i % columns;
    const std::string name = fmt::format("batch {}", groups[i].batch_size);
    const Spectra s = pooled(run, groups[i]);
    Panel& density = figure.panel(row, column, name + " density");
    const std::string phase = figures::phase_text(records, groups[i].rows);
    density.title(name, phase,
                  figures::phase_colour(figures::leading_phase(records, groups[i].rows)));
    density.labels("", column == 0 ? "density" : "");
    draw_density(density, s, groups[i].rows.size());
    Panel& tail = figure.panel(row + 1, column, name + " tail");
    figure.untitled_row(row + 1);
    tail.labels("λ / λ_+", column == 0 ? "share above" : "");
    draw_tail(tail, s, run, groups[i]);
  }
  draw_legend(figure, 2 * blocks - 2, columns, groups.size() % columns);
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
