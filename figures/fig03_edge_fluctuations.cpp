// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 3: the largest eigenvalue of Gaussian noise against the Tracy-Widom law.
///
/// Every draw is standardised with the constants of \cite Ma2012 (nothing is fitted). First row:
/// distribution functions. Second: their difference from the law, with the 95 % band that one
/// distribution function of that many draws keeps within everywhere (Dvoretzky-Kiefer-Wolfowitz), and
/// for the smallest M what the constants of \cite Johnstone2001 would give. Third: the rejection rate
/// of the one-sided test over its nominal level, with exact binomial 95 % intervals.
///
/// Reads   RUN/records.csv and the recorded largest eigenvalues
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig03_edge_fluctuations results/edge_fluctuations paper/figures/fig03_edge_fluctuations
#include <algorithm>
#include <cmath>

#include <boost/math/distributions/binomial.hpp>
#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"
#include "theory/tracy_widom.hpp"
#include "theory/wishart_edge.hpp"

namespace {

using namespace rmtlab;
using figures::Panel;
using theory::EdgeConstants;

constexpr const char* ratio_column = "shape.aspect_ratio";
constexpr const char* cols_column = "shape.cols";
constexpr const char* colours[] = {figures::colour::vermillion, figures::colour::sky,
                                   figures::colour::blue};
constexpr int shapes[] = {7, 5, 9};
constexpr double left = -5, right = 3;

// Largest eigenvalues of one task, standardised, ascending.
std::vector<double> standardised(const core::Run& run, std::size_t row, EdgeConstants constants) {
  const core::Table& records = run.records();
  const auto edge = theory::upper_edge_scaling(records.number(row, "rows"),
                                               records.number(row, "cols"), 1, constants);
  auto values = run.array(row, "largest").values;
  for (double& x : values) x = theory::edge_z(edge, x);
  return values;
}

double share_below(const std::vector<double>& ascending, double z) {
  return static_cast<double>(std::upper_bound(ascending.begin(), ascending.end(), z) -
                             ascending.begin()) /
         static_cast<double>(ascending.size());
}

// Half width of the band: sup |F_n - F| exceeds it in 5 % of samples at most.
double band_half_width(std::size_t n) {
  return std::sqrt(std::log(2 / 0.05) / (2 * static_cast<double>(n)));
}

// The three panels of one aspect ratio.
struct Column {
  Panel &distribution, &difference, &size;
};

void draw_distribution(Panel& panel, const std::string& name, const std::vector<double>& z,
                       std::size_t k) {
  std::vector<double> x, y;
  for (double at = left + 0.2 + 0.13 * static_cast<double>(k); at < right; at += 0.4) {
    x.push_back(at);
    y.push_back(share_below(z, at));
  }
  panel.points(name, x, y, colours[k], 0.6, shapes[k]);
}

void draw_difference(Panel& panel, const std::string& name, const std::vector<double>& z,
                     const char* colour, figures::Dash dash) {
  std::vector<double> x, y;
  for (int i = 0; i <= 400; ++i) {
    x.push_back(left + (right - left) * i / 400);
    y.push_back(share_below(z, x.back()) - cdf(theory::TracyWidom(1), x.back()));
  }
  panel.line(name, x, y, colour, 1.6, dash);
}

void draw_size(Panel& panel, const std::string& name, const std::vector<double>& z, std::size_t k) {
  using boost::math::binomial;
  const auto n = static_cast<double>(z.size());
  std::vector<double> x, y, low, high;
  for (const double level : {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5}) {
    const double threshold = quantile_sf(theory::TracyWidom(1), level);
    const double rejected = n - std::round(n * share_below(z, threshold));
    x.push_back(level * std::pow(1.13, static_cast<double>(k) - 1));
    y.push_back(rejected / n / level);
    low.push_back(binomial::find_lower_bound_on_p(n, rejected, 0.025) / level);
    high.push_back(binomial::find_upper_bound_on_p(n, rejected, 0.025) / level);
  }
  panel.error_points(name, x, y, low, high, colours[k], 0.6, shapes[k]);
}

void draw_law(const Column& column, std::size_t draws) {
  std::vector<double> x, y;
  for (int i = 0; i <= 300; ++i) {
    x.push_back(left + (right - left) * i / 300);
    y.push_back(cdf(theory::TracyWidom(1), x.back()));
  }
  column.distribution.line("Tracy-Widom", x, y, figures::colour::black, 1.8);
  const double half = band_half_width(draws);
  column.difference.band("95 % band", {left, right}, {-half, -half}, {half, half},
                         figures::colour::grey);
  column.difference.line("", {left, right}, {0, 0}, figures::colour::black, 1);
  column.size.line("", {7e-4, 0.7}, {1, 1}, figures::colour::black, 1);
}

void set_axes(const Column& column, const std::string& ratio, bool first) {
  column.distribution.title("Q = " + ratio);
  column.distribution.labels("", first ? "distribution function" : "");
  column.distribution.x_range(left, right);
  column.distribution.y_range(0, 1.03);
  column.difference.labels("z = (λ_{max} - center) / scale",
                           first ? "difference from the law" : "");
  column.difference.x_range(left, right);
  column.difference.y_range(-0.03, 0.05);
  column.difference.y_ticks({{-0.02, "-0.02"}, {0, "0"}, {0.02, "0.02"}, {0.04, "0.04"}});
  column.size.labels("nominal level of the test", first ? "rejected / nominal" : "");
  column.size.log_x();
  column.size.x_range(7e-4, 0.7);
  column.size.x_ticks({{0.001, "0.001"}, {0.01, "0.01"}, {0.1, "0.1"}});
  column.size.y_range(0, 2);
  if (!first) return;
  column.distribution.key("bottom right");
  column.difference.key("top left Left reverse");
  column.size.note("bars: exact 95 % intervals", 0.05, 0.9);
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_sweep(folder, "edge_fluctuations", {ratio_column, cols_column},
                                       "configs/edge_fluctuations.yaml");
  figures::require_parameter(run, "ensemble.name", "gaussian");
  const core::Table& records = run.records();
  const auto ratios = records.distinct(ratio_column);
  const auto sizes = records.distinct(cols_column);
  if (sizes.size() != std::size(colours))
    throw std::runtime_error(fmt::format("{} has {} values of {}, this figure has colours for {}",
                                         folder.string(), sizes.size(), cols_column,
                                         std::size(colours)));
  const auto draws = static_cast<std::size_t>(records.number(0, "draws"));
  figures::Figure figure(3, ratios.size(), 2.35, 1.75);
  figure.untitled_row(1);
  figure.untitled_row(2);
  figure.headline(
      fmt::format("Largest eigenvalue of Gaussian W^{{T}}W/N against Tracy-Widom, "
                  "centred and scaled by Ma's constants: {} draws each",
                  draws));
  for (std::size_t c = 0; c < ratios.size(); ++c) {
    const std::string name = "Q = " + ratios[c];
    const Column column{figure.panel(0, c, name + " distribution"),
                        figure.panel(1, c, name + " difference"),
                        figure.panel(2, c, name + " size")};
    set_axes(column, ratios[c], c == 0);
    draw_law(column, draws);
    for (std::size_t k = 0; k < sizes.size(); ++k) {
      const std::size_t row =
          figures::rows_where(records, {{ratio_column, ratios[c]}, {cols_column, sizes[k]}})
              .front();
      const auto z = standardised(run, row, EdgeConstants::ma);
      const std::string series = "M = " + sizes[k];
      draw_distribution(column.distribution, series, z, k);
      draw_difference(column.difference, c == 0 ? "" : series, z, colours[k], figures::Dash::solid);
      draw_size(column.size, series, z, k);
      if (k == 0)
        draw_difference(column.difference, fmt::format("{}, Johnstone's constants", series),
                        standardised(run, row, EdgeConstants::johnstone), figures::colour::black,
                        figures::Dash::dotted);
    }
  }
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
