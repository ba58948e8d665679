// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 38: four estimators of the noise's variance beside spikes and beside what they are not for.
///
/// Left: bias in units of the smallest possible standard deviation (2/NM)^(1/2). Middle: root mean
/// square error in the same unit. Right: coverage of the 95 % interval of sigma2 (around the trace) and of the
/// number of spikes, with 95 % binomial intervals; shaded: 93 to 97 %. The number of outliers is the one
/// found by the test. Below the line the matrices are no noise with spikes: the truth is the variance of
/// the entries or of the ordinary columns, and no coverage is promised.
///
/// Reads   RUN/records.csv of experiment sigma_bakeoff
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig38_sigma_bakeoff results/sigma_bakeoff paper/figures/fig38_sigma_bakeoff
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"

namespace {

using namespace rmtlab;
using figures::Panel;
namespace colour = figures::colour;

struct Estimator {
  const char *name, *colour;
  int shape;
};
constexpr Estimator estimators[] = {{"trace", colour::vermillion, 7},
                                    {"quantile", colour::blue, 5},
                                    {"median", colour::green, 9},
                                    {"lower-edge", colour::orange, 13}};

// What a sweep point is called in the figure.
std::string scenario(const core::Table& records, std::size_t row) {
  const std::string name = records.text(row, "ensemble.name");
  const int spikes = static_cast<int>(records.number(row, "spikes"));
  if (name == "additive-spikes") return fmt::format("{} additive spikes", spikes);
  if (name == "covariance-spikes") return fmt::format("{} covariance spikes", spikes);
  if (name == "student-t") return "t entries, μ = " + records.text(row, "ensemble.mu");
  if (name == "gaussian") return "Gaussian noise";
  if (name == "rademacher") return "signs";
  if (name == "dead-units") return "a twentieth of the columns dead";
  if (name == "power-law-covariance") return "a tenth of the levels power law";
  if (name == "gamma-covariance") return "gamma levels, a = 8";
  return name;
}

void draw_coverage(Panel& panel, const std::string& series, const core::Table& records,
                   const figures::Rows& rows, const std::string& column, double draws,
                   const char* colour, int shape, double shift) {
  std::vector<double> x, low, high, y;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto p = figures::proportion(
        static_cast<std::size_t>(std::llround(records.number(rows[i], column) * draws)),
        static_cast<std::size_t>(draws));
    // Horizontal bars as short lines, one per scenario.
    panel.line(series, {p.low, p.high},
               {-static_cast<double>(i) + shift, -static_cast<double>(i) + shift}, colour, 1.5);
    panel.unlisted();
    x.push_back(p.share);
    y.push_back(-static_cast<double>(i) + shift);
  }
  panel.points(series, x, y, colour, 0.8, shape);
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_sweep(
      folder, "sigma_bakeoff",
      {"ensemble.name", "ensemble.strengths", "ensemble.mu", "ensemble.fraction", "ensemble.shape"},
      "configs/sigma_bakeoff.yaml");
  const core::Table& records = run.records();
  const double draws = run.parameter(0, "bakeoff.draws");
  const auto trace = figures::rows_where(records, {{"estimator", "trace"}});
  std::vector<std::pair<double, std::string>> names, none;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    names.emplace_back(-static_cast<double>(i), scenario(records, trace[i]));
    none.emplace_back(-static_cast<double>(i), "");
  }
  const double bottom = -static_cast<double>(trace.size()) + 0.4;
  const double n = records.number(0, "rows"), m = records.number(0, "cols");
  const double best = std::sqrt(2 / (n * m));
  figures::Figure figure(1, 4, 2.5, 3.6);  // the first place is for the names
  figure.headline(fmt::format(
      "Variance of the noise, {:.0f} x {:.0f}, {:.0f} matrices each: the corrected trace is right "
      "beside spikes; quantiles survive what is no noise",
      n, m, draws));
  Panel& bias = figure.panel(0, 1, "bias");
  Panel& error = figure.panel(0, 2, "error");
  Panel& coverage = figure.panel(0, 3, "coverage");
  bias.title("bias");
  bias.labels("bias / (2/NM)^{1/2}", "");
  error.title("root mean square error");
  error.labels("RMSE / (2/NM)^{1/2}", "");
  coverage.title("coverage");
  coverage.labels("coverage", "");
  error.log_x();
  for (Panel* panel : {&bias, &error, &coverage}) {
    panel->y_range(bottom, 0.6);
    panel->y_ticks(panel == &bias ? names : none);
  }
  bias.x_range(-6, 6);
  error.x_range(0.8, 100);
  coverage.x_range(0.8, 1.002);
  coverage.band("93 to 97 %", {0.93, 0.97}, {bottom, bottom}, {0.6, 0.6}, colour::light_grey);
  bias.line("", {0, 0}, {bottom, 0.6}, colour::black, 0.8);
  bias.unlisted();
  error.line("", {1, 1}, {bottom, 0.6}, colour::black, 0.8);
  error.unlisted();
  for (std::size_t e = 0; e < std::size(estimators); ++e) {
    const auto rows = figures::rows_where(records, {{"estimator", estimators[e].name}});
    std::vector<double> x, z, y;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      x.push_back(std::clamp(records.number(rows[i], "bias") / best, -5.9, 5.9));
      z.push_back(std::min(records.number(rows[i], "efficiency"), 95.0));
      y.push_back(-static_cast<double>(i) + 0.12 * (1.5 - static_cast<double>(e)));
    }
    bias.points(estimators[e].name, x, y, estimators[e].colour, 0.8, estimators[e].shape);
    error.points(estimators[e].name, z, y, estimators[e].colour, 0.8, estimators[e].shape);
    error.unlisted();
  }
  bias.key("top left Left reverse");
  draw_coverage(coverage, "σ^2", records, trace, "coverage", draws, colour::vermillion, 7, 0.12);
  draw_coverage(coverage, "number of spikes", records, trace, "count_coverage", draws, colour::blue,
                5, -0.12);
  coverage.key("bottom left Left reverse");
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
