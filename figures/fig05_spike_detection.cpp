// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 5: which spikes the edge test finds, at what price, and what it says of their strength.
///
/// Upper panels: share of matrices in which the spike is found by the sequential test at familywise
/// 5 %, sigma estimated, with 95 % binomial bands; dashed, the same with sigma known; grey, the edge
/// lambda_plus + sqrt(scale) that a widely used program takes for the end of noise. Shaded: the critical
/// window w < 4 at M = 1000, where the two cannot be told apart with certainty. Lower left: share found
/// against the share of noise matrices that look at least as extreme, level by level. Lower right: coverage
/// of the 95 % interval of the strength, declared as what it is and as what it is not.
///
/// Reads   RUN/records.csv and the recorded p-values
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig05_spike_detection results/spike_detection paper/figures/fig05_spike_detection
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"
#include "theory/spiked.hpp"

namespace {

using namespace rmtlab;
using figures::Dash;
using figures::Panel;
using figures::Rows;
namespace colour = figures::colour;

constexpr const char* kind_column = "spike.kind";
constexpr const char* strength_column = "spike.strength";
constexpr const char* cols_column = "shape.cols";
constexpr const char* ratio_column = "shape.aspect_ratio";

struct Shape {
  const char *cols, *aspect_ratio, *colour;
};
constexpr Shape shapes[] = {{"1000", "2", colour::vermillion},
                            {"200", "2", colour::blue},
                            {"200", "1", colour::sky},
                            {"200", "10", colour::green}};

figures::Proportion share_of(double share, double n) {
  return figures::proportion(static_cast<std::size_t>(std::llround(share * n)),
                             static_cast<std::size_t>(n));
}

Rows rows_of(const core::Table& records, const std::string& kind, const Shape& shape) {
  return figures::rows_where(
      records,
      {{kind_column, kind}, {cols_column, shape.cols}, {ratio_column, shape.aspect_ratio}});
}

struct Shares {
  std::vector<double> strength, share, low, high;
};

Shares shares_of(const core::Table& records, const Rows& rows, const std::string& column) {
  Shares s;
  for (const std::size_t row : rows) {
    const auto p = share_of(records.number(row, column), records.number(row, "matrices"));
    s.strength.push_back(records.number(row, strength_column));
    s.share.push_back(p.share);
    s.low.push_back(p.low);
    s.high.push_back(p.high);
  }
  return s;
}

void draw_found(Panel& panel, const core::Table& records, const std::string& kind) {
  // The window of M = 1000, Q = 2 ends at h / h_c = 1 + 4 (1 + Q^-1/2)^(2/3) / M^(1/3).
  const double h = 1 + 4 * std::pow(1 + std::sqrt(0.5), 2.0 / 3) / 10;
  const double end = kind == "additive" ? std::sqrt(h) : h;
  panel.band("critical window, M = 1000", {1, end}, {0, 0}, {1, 1}, colour::light_grey);
  for (const Shape& shape : shapes) {
    const Rows rows = rows_of(records, kind, shape);
    const std::string name = fmt::format("M = {}, Q = {}", shape.cols, shape.aspect_ratio);
    const Shares found = shares_of(records, rows, "found_at_5");
    panel.error_points(name, found.strength, found.share, found.low, found.high, shape.colour, 0.5);
    panel.unlisted();
    panel.line(name, found.strength, found.share, shape.colour, 2);
    if (shape.aspect_ratio != std::string("2")) continue;
    const Shares known = shares_of(records, rows, "found_variance_known");
    panel.line(name + ", sigma known", known.strength, known.share, shape.colour, 1.2,
               Dash::dashed);
    panel.unlisted();
    const Shares root = shares_of(records, rows, "found_by_square_root_edge");
    panel.line("square-root edge, M = " + std::string(shape.cols), root.strength, root.share,
               colour::grey, 1.6, shape.cols == std::string("1000") ? Dash::solid : Dash::dotted);
  }
  panel.line("5 %", {0.75, 2.5}, {0.05, 0.05}, colour::black, 0.8, Dash::dotted);
  panel.unlisted();
  double least = 1, most = 0;
  for (const std::size_t row :
       figures::rows_where(records, {{kind_column, kind}, {strength_column, "0"}})) {
    least = std::min(least, records.number(row, "found_at_5"));
    most = std::max(most, records.number(row, "found_at_5"));
  }
  panel.note(fmt::format("no spike: {:.1f} to {:.1f} %", 100 * least, 100 * most), 0.03, 0.95);
  panel.title(kind == "additive" ? "a fixed matrix of rank one" : "one population eigenvalue");
  panel.labels(kind == "additive" ? "S / Q^{-1/4}" : "(ℓ - 1) / Q^{-1/2}", "share found");
  panel.x_range(0.75, kind == "additive" ? 2 : 2.5);
  panel.y_range(0, 1.02);
  panel.key("bottom right");
}

// Share of spiked matrices whose p-value is at most the one that a share of noise reaches.
void draw_roc(Panel& panel, const core::Run& run) {
  const core::Table& records = run.records();
  const Rows rows = rows_of(records, "covariance", shapes[0]);
  std::vector<double> noise;
  for (const std::size_t row : rows)
    if (records.number(row, strength_column) == 0) noise = run.array(row, "p_values").values;
  std::sort(noise.begin(), noise.end());
  const char* colours[] = {colour::grey, colour::sky, colour::blue, colour::orange,
                           colour::vermillion};
  const char* strengths[] = {"0.9", "1", "1.1", "1.25", "1.5"};
  for (std::size_t i = 0; i < std::size(strengths); ++i)
    for (const std::size_t row : rows) {
      if (records.text(row, strength_column) != strengths[i]) continue;
      auto p = run.array(row, "p_values").values;
      std::sort(p.begin(), p.end());
      std::vector<double> x, y;
      for (std::size_t k = 0; k < noise.size(); ++k) {
        const auto reached = std::upper_bound(p.begin(), p.end(), noise[k]) - p.begin();
        x.push_back(static_cast<double>(k + 1) / static_cast<double>(noise.size()));
        y.push_back(static_cast<double>(reached) / static_cast<double>(p.size()));
      }
      panel.line(fmt::format("(ℓ - 1) / Q^{{-1/2}} = {}", strengths[i]), x, y, colours[i], 2);
    }
  std::vector<double> chance;
  for (int i = 0; i <= 100; ++i) chance.push_back(0.002 * std::pow(500, i / 100.0));
  panel.line("chance", chance, chance, colour::black, 0.8, Dash::dotted);
  panel.unlisted();
  panel.log_x();
  panel.x_range(0.002, 1);
  panel.y_range(0, 1.02);
  panel.title("power against false alarms, M = 1000, Q = 2");
  panel.labels("share of noise rejected", "share of spikes found");
  panel.key("bottom right");
}

void draw_coverage(Panel& panel, const core::Table& records) {
  panel.band("93 to 97 %", {0, 30}, {0.93, 0.93}, {0.97, 0.97}, colour::light_grey);
  struct Case {
    const char *kind, *column, *name, *colour;
    int shape;
  };
  constexpr Case cases[] = {
      {"additive", "covered_additive", "additive, declared additive", colour::blue, 7},
      {"covariance", "covered_covariance", "covariance, declared covariance", colour::green, 5},
      {"covariance", "covered_additive", "covariance, declared additive", colour::vermillion, 4},
      {"additive", "covered_covariance", "additive, declared covariance", colour::orange, 6}};
  for (const Case& c : cases) {
    std::vector<double> x, y, low, high;
    for (const Shape& shape : shapes)
      for (const std::size_t row : rows_of(records, c.kind, shape)) {
        const double window = records.number(row, "critical_window");
        const double judged = records.number(row, "judged");
        if (window < 1.5 || judged < 100) continue;
        const auto p = share_of(records.number(row, c.column), judged);
        x.push_back(window);
        y.push_back(p.share);
        low.push_back(p.low);
        high.push_back(p.high);
      }
    panel.error_points(c.name, x, y, low, high, c.colour, 0.6, c.shape);
  }
  panel.line("", {4, 4}, {0.7, 1}, colour::black, 1, Dash::dotted);
  panel.unlisted();
  panel.log_x();
  panel.x_range(1.5, 30);
  panel.x_ticks({{2, "2"}, {4, "4"}, {8, "8"}, {16, "16"}});
  panel.y_range(0.75, 1.002);
  panel.title("95 % interval of the strength");
  panel.labels("critical window w (dotted: w = 4)", "coverage among the found");
  panel.key("bottom left Left reverse");
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_sweep(folder, "spike_detection",
                                       {kind_column, strength_column, cols_column, ratio_column},
                                       "configs/spike_detection.yaml");
  const core::Table& records = run.records();
  figures::Figure figure(2, 2, 4.2, 3.0);
  figure.headline(
      fmt::format("One spike in Gaussian noise, variance estimated: {:.0f} matrices a point, 95 % "
                  "intervals. Solid: familywise 5 % test",
                  records.number(0, "matrices")));
  draw_found(figure.panel(0, 0, "additive"), records, "additive");
  draw_found(figure.panel(0, 1, "covariance"), records, "covariance");
  draw_roc(figure.panel(1, 0, "roc"), run);
  draw_coverage(figure.panel(1, 1, "coverage"), records);
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
