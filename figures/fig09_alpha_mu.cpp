// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 9: fitted exponent against the tail index of the entries, by entry convention.
///
/// Raw entries are positive and uncentred, as in the published figure, whose two straight lines are
/// drawn beside them; centred and symmetrised entries have mean 0. Points are means over matrices with
/// 95 % intervals, bands span all matrices. All mu and conventions meet the same random numbers, so
/// points of a curve vary together. The slopes are those of straight lines through the curve of each
/// matrix, over the published ranges of mu.
///
/// Reads   RUN/records.csv
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig09_alpha_mu results/alpha_mu paper/figures/fig09_alpha_mu
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/exponent_panel.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"
#include "theory/universality.hpp"

namespace {

using namespace rmtlab;
using figures::Panel;

struct Convention {
  const char *name, *title;
  figures::ExponentStyle style;
};
constexpr Convention conventions[] = {
    {"raw", "raw: positive, as published", {figures::colour::vermillion, 5}},
    {"centred", "centred (μ > 1)", {figures::colour::green, 9}},
    {"symmetrised", "symmetrised", {figures::colour::blue, 7}}};

// Where the published fit splits its points, and where they end.
constexpr double split = 1.78, largest = 3.5;

// Least-squares slope of alpha against mu in (low, high].
double slope(const core::Table& records, const figures::Rows& rows, double low, double high) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (const std::size_t row : rows) {
    const double mu = records.number(row, "ensemble.mu"), alpha = records.number(row, "alpha");
    if (!(mu > low && mu <= high)) continue;
    n += 1;
    x += mu;
    y += alpha;
    xx += mu * mu;
    xy += mu * alpha;
  }
  return (xy - x * y / n) / (xx - x * x / n);
}

// Its mean and standard deviation over the matrices.
std::string slope_text(const core::Table& records, const figures::Rows& rows, double low,
                       double high) {
  std::vector<double> slopes;
  for (const double replicate : figures::distinct_numbers(records, rows, "replicate")) {
    figures::Rows own;
    for (const std::size_t row : rows)
      if (records.number(row, "replicate") == replicate) own.push_back(row);
    slopes.push_back(slope(records, own, low, high));
  }
  const auto e = figures::estimate(slopes);
  return fmt::format("{:.2f} ± {:.2f}", e.mean,
                     e.standard_error * std::sqrt(static_cast<double>(e.count)));
}

std::string published_slope(const char* name) {
  return fmt::format(" (published {:.2f})", theory::exponent_relation(name).slope);
}

void draw_published(Panel& panel) {
  for (const char* name : {"published-small", "published-large"}) {
    const auto& relation = theory::exponent_relation(name);
    const double low = std::max(0.5, relation.mu_lower + 1e-6);
    const double high = std::min(largest, relation.mu_upper - 1e-6);
    std::vector<double> x, y;
    for (int i = 0; i <= 20; ++i) {
      x.push_back(low + (high - low) * i / 20);
      y.push_back(exponent(relation, x.back()));
    }
    panel.line("published lines", x, y, figures::colour::black, 2.4, figures::Dash::dotted);
    if (x.front() > 1) panel.unlisted();
  }
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_sweep(folder, "alpha_mu", {"ensemble.centring", "ensemble.mu"},
                                       "configs/alpha_mu.yaml");
  figures::require_parameter(run, "ensemble.name", "lomax");
  const core::Table& records = run.records();
  figures::Figure figure(1, 3, 3.5, 3.2);
  double top = 0, end = 0;
  for (std::size_t row = 0; row < records.size(); ++row) {
    top = std::max(top, records.number(row, "alpha"));
    end = std::max(end, records.number(row, "ensemble.mu"));
  }
  for (std::size_t i = 0; i < std::size(conventions); ++i) {
    const auto& convention = conventions[i];
    const auto rows = figures::rows_where(records, {{"ensemble.centring", convention.name}});
    Panel& panel = figure.panel(0, i, convention.name);
    panel.title(convention.title);
    figures::exponent_axes(panel, end, 1.3 * top);
    const auto curve = figures::mean_curve(records, rows, "ensemble.mu", "alpha");
    panel.band("all matrices", curve.x, curve.least, curve.most, convention.style.colour);
    figures::draw_means(panel, "mean, 95 % interval", curve, convention.style);
    if (i == 0) {
      draw_published(panel);
      panel.key("top left Left reverse");
      figure.headline(fmt::format(
          "Exponent fitted to {} x {} Lomax matrices, {} for each μ; slopes ± s.d. over them. "
          "Published: "
          "single raw matrices, flattened for μ > 2 by the outlier of their mean",
          records.text(0, "rows"), records.text(0, "cols"), records.distinct("replicate").size()));
    }
    // The raw curve leaves the upper right free, the others the lower right.
    const bool as_published = i == 0;
    const double from = curve.x.front() < 1 ? 0 : 1, y = as_published ? 0.68 : 0.14;
    panel.note(fmt::format("slope, μ < {}: {}{}", split, slope_text(records, rows, from, split),
                           as_published ? published_slope("published-small") : ""),
               0.97, y, "right");
    panel.note(
        fmt::format("{} to {}: {}{}", split, largest, slope_text(records, rows, split, largest),
                    as_published ? published_slope("published-large") : ""),
        0.97, y - 0.08, "right");
  }
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
