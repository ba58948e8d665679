// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 12: how fast spectra reach the limit of their class, against the size N.
///
/// Left: mean Kolmogorov-Smirnov distance of one spectrum to the Marchenko-Pastur law of the true
/// variance, for symmetrised Pareto entries with mu > 2. Middle: mean share of eigenvalues beyond its
/// edge. Right: distance to the heavy-tailed law at mu = 1.5, of one spectrum and of all matrices of a
/// size pooled: Pareto entries keep a bias of order N^(-(2 - mu)/mu) that pooling does not remove,
/// entries with exactly stable squares have none. Bars are 95 % intervals of the mean, for pooled
/// spectra of the jackknife over matrices. Slopes are those of the three largest sizes.
///
/// Reads   RUN/records.csv and the recorded eigenvalues
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig12_universality results/universality paper/figures/fig12_universality
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"
#include "theory/heavy_tailed_mp.hpp"

namespace {

using namespace rmtlab;
using figures::Panel;

struct Style {
  const char* colour;
  int shape;
};
constexpr Style styles[] = {{figures::colour::vermillion, 7},
                            {figures::colour::orange, 9},
                            {figures::colour::green, 5},
                            {figures::colour::blue, 13}};

// Slope of the last three points, with the half-width of its 95 % interval.
std::string slope_text(const figures::MeanCurve& curve) {
  const std::size_t first = curve.x.size() - std::min<std::size_t>(3, curve.x.size());
  std::vector<double> x, y, error;
  for (std::size_t i = first; i < curve.x.size(); ++i) {
    x.push_back(curve.x[i]);
    y.push_back(curve.mean[i]);
    error.push_back(curve.standard_error[i] / curve.mean[i]);
  }
  const auto fit = figures::log_log_slope(x, y, error);
  return fmt::format("{:.2f} ± {:.2f}", fit.slope, 1.96 * fit.standard_error);
}

// A power of N through the last point.
void draw_power(Panel& panel, const figures::MeanCurve& curve, double power) {
  std::vector<double> y;
  for (const double x : curve.x)
    y.push_back(curve.mean.back() * std::pow(x / curve.x.back(), power));
  panel.line(fmt::format("power {:.2f}", power), curve.x, y, figures::colour::black, 1.1,
             figures::Dash::dotted);
  panel.unlisted();
}

void draw_curve(Panel& panel, const std::string& series, const figures::MeanCurve& curve,
                const Style& style, figures::Dash dash = figures::Dash::solid) {
  panel.line(series, curve.x, curve.mean, style.colour, 1.4, dash);
  panel.unlisted();
  std::vector<double> low;  // an interval that reaches 0 leaves the logarithmic axis
  for (const double l : curve.low) low.push_back(std::max(l, 1e-8));
  panel.error_points(series, curve.x, curve.mean, low, curve.high, style.colour, 0.7, style.shape);
}

void size_axis(Panel& panel, const core::Table& records) {
  panel.labels("rows N", "");
  panel.log_x();
  panel.log_y();
  std::vector<std::pair<double, std::string>> ticks;
  figures::Rows all(records.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  const auto sizes = figures::distinct_numbers(records, all, "rows");
  for (const double n : sizes) ticks.emplace_back(n, fmt::format("{:.0f}", n));
  panel.x_ticks(ticks);
  panel.x_range(sizes.front() / 1.3, sizes.back() * 1.3);
}

// Distances of heavy-tailed spectra at one size.
struct Pooled {
  double distance = 0, standard_error = 0;
};

// Kolmogorov-Smirnov distance of all matrices but `left_out` pooled; values of the law's distribution
// function, ascending, with the matrix that each belongs to.
double pooled_distance(const std::vector<std::pair<double, std::size_t>>& values,
                       std::size_t left_out) {
  double count = 0;
  for (const auto& v : values) count += v.second != left_out;
  double below = 0, distance = 0;
  for (const auto& [p, matrix] : values) {
    if (matrix == left_out) continue;
    distance = std::max({distance, (below + 1) / count - p, p - below / count});
    ++below;
  }
  return distance;
}

Pooled pooled_at(const core::Run& run, const figures::Rows& rows) {
  const core::Table& records = run.records();
  std::vector<std::pair<double, std::size_t>> values;
  const double mu = records.number(rows.front(), "ensemble.mu");
  const double q = records.number(rows.front(), "rows") / records.number(rows.front(), "cols");
  const theory::HeavyTailedMp law(mu, q);
  // The law on a grid of log lambda, interpolated linearly to about 1e-5.
  constexpr int nodes = 1500;
  const double start = std::log(1e-3), end = std::log(1e9);
  std::vector<double> grid;
  for (int i = 0; i <= nodes; ++i)
    grid.push_back(cdf(law, std::exp(start + (end - start) * i / nodes)));
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (const double lambda : run.array(rows[r], "eigenvalues").values) {
      const double t =
          std::clamp((std::log(lambda) - start) / (end - start) * nodes, 0.0, nodes - 1e-9);
      const auto i = static_cast<std::size_t>(t);
      values.emplace_back(grid[i] + (t - static_cast<double>(i)) * (grid[i + 1] - grid[i]), r);
    }
  std::sort(values.begin(), values.end());
  Pooled result{pooled_distance(values, rows.size()), 0};
  std::vector<double> jackknife;
  for (std::size_t r = 0; r < rows.size(); ++r) jackknife.push_back(pooled_distance(values, r));
  const auto e = figures::estimate(jackknife);
  result.standard_error = e.standard_error * static_cast<double>(rows.size() - 1);
  return result;
}

figures::MeanCurve pooled_curve(const core::Run& run, const std::string& name) {
  const core::Table& records = run.records();
  figures::MeanCurve curve;
  for (const std::string& cols : records.distinct("shape.cols")) {
    const auto rows = figures::rows_where(
        records, {{"ensemble.name", name}, {"ensemble.mu", "1.5"}, {"shape.cols", cols}});
    const Pooled p = pooled_at(run, rows);
    curve.x.push_back(records.number(rows.front(), "rows"));
    curve.mean.push_back(p.distance);
    curve.standard_error.push_back(p.standard_error);
    curve.low.push_back(p.distance - 1.96 * p.standard_error);
    curve.high.push_back(p.distance + 1.96 * p.standard_error);
  }
  return curve;
}

void draw_marchenko_pastur(Panel& distance, Panel& beyond, const core::Table& records) {
  std::size_t used = 0;
  for (const std::string& mu : records.distinct("ensemble.mu")) {
    const auto rows = figures::rows_where(records, {{"ensemble.mu", mu}});
    const double index = records.number(rows.front(), "ensemble.mu");
    if (index < 2) continue;
    const Style& style = styles[used++ % std::size(styles)];
    const double power = std::max(1 - index / 2, -1.0);
    for (Panel* panel : {&distance, &beyond}) {
      const auto curve = figures::mean_curve(
          records, rows, "rows", panel == &distance ? "ks_limit" : "fraction_beyond_edge");
      draw_power(*panel, curve, power);
      draw_curve(*panel, fmt::format("μ = {}: {} ({:.2f})", mu, slope_text(curve), power), curve,
                 style);
    }
  }
}

void draw_heavy(Panel& panel, const core::Run& run) {
  const core::Table& records = run.records();
  const std::pair<const char*, const char*> ensembles[] = {{"pareto", "Pareto"},
                                                           {"root-stable", "root-stable"}};
  constexpr Style single[] = {{figures::colour::vermillion, 7}, {figures::colour::blue, 5}};
  constexpr Style all[] = {{figures::colour::vermillion, 6}, {figures::colour::blue, 4}};
  for (std::size_t i = 0; i < 2; ++i) {
    const auto rows = figures::rows_where(
        records, {{"ensemble.name", ensembles[i].first}, {"ensemble.mu", "1.5"}});
    const auto one = figures::mean_curve(records, rows, "rows", "ks_limit");
    draw_curve(
        panel,
        fmt::format("{}: {}{}", ensembles[i].second, slope_text(one), i == 0 ? "" : " (-0.50)"),
        one, single[i]);
    const auto pooled = pooled_curve(run, ensembles[i].first);
    draw_curve(panel,
               fmt::format("{}, pooled: {}{}", ensembles[i].second, slope_text(pooled),
                           i == 0 ? " (-0.33)" : ""),
               pooled, all[i], figures::Dash::dashed);
    draw_power(panel, i == 0 ? pooled : one, i == 0 ? -(2 - 1.5) / 1.5 : -0.5);
  }
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run =
      figures::open_sweep(folder, "universality", {"ensemble.name", "ensemble.mu", "shape.cols"},
                          "configs/universality.yaml");
  const core::Table& records = run.records();
  figures::Figure figure(1, 3, 3.6, 3.2);
  Panel& distance = figure.panel(0, 0, "distance to Marchenko-Pastur");
  Panel& beyond = figure.panel(0, 1, "share beyond the edge");
  Panel& heavy = figure.panel(0, 2, "distance to the heavy-tailed law");
  for (Panel* panel : {&distance, &beyond, &heavy}) size_axis(*panel, records);
  distance.title("μ > 2: distance to Marchenko-Pastur");
  distance.labels("rows N", "mean KS distance");
  beyond.title("μ > 2: outliers");
  beyond.labels("rows N", "mean share of eigenvalues beyond λ_+");
  heavy.title("μ = 1.5: distance to the heavy-tailed law");
  heavy.labels("rows N", "KS distance");
  draw_marchenko_pastur(distance, beyond, records);
  draw_heavy(heavy, run);
  for (Panel* panel : {&distance, &beyond, &heavy}) panel->key("top right Left reverse");
  distance.y_range(2e-3, 1.5);
  beyond.y_range(2e-5, 2);
  heavy.y_range(8e-4, 1);
  figure.headline(fmt::format(
      "Rates of convergence, {} matrices of Q = {:g} at each size: the limit for 2 < μ < 4 is "
      "Marchenko-Pastur and no power law. Slopes with 95 % interval, theory in brackets",
      records.distinct("replicate").size(), run.parameter(0, "shape.aspect_ratio")));
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
