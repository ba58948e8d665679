// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 36: how often noise and one spike are mistaken for each other across the critical window.
///
/// Mean of the shares of wrong decisions on noise and on noise with one covariance spike, against
/// w = (h/h_c - 1) M^(1/3) / (1 + Q^-1/2)^(2/3), one panel for each M: by the exact likelihood of the
/// eigenvalues (variance and strength known: nobody who does not know the direction can be wrong less
/// often), by the best threshold on the largest eigenvalue, and by the classifier, whose phase counts as
/// right on noise if it is random-like and on the others if it is anything else. Dotted grey: share of
/// which the classifier says that it is not certain. Bars are +-2 standard errors. Vertical line: w = 4,
/// the project's end of the window; dotted: guessing.
///
/// Reads   RUN/records.csv of experiment critical_window
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig36_critical_window results/critical_window paper/figures/fig36_critical_window
#include <algorithm>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"

namespace {

using namespace rmtlab;
using figures::Dash;
using figures::Panel;
using figures::Rows;
namespace colour = figures::colour;

constexpr const char* window_column = "critical_window";

struct Decision {
  const char *column, *name, *colour;
  int shape;
};
constexpr Decision decisions[] = {
    {"classifier_error", "classifier", colour::vermillion, 9},
    {"edge_error", "best threshold on λ_{max}", colour::blue, 5},
    {"bayes_error", "likelihood: the least possible", colour::black, 7}};

void draw_errors(Panel& panel, const core::Table& records, Rows rows) {
  std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
    return records.number(a, window_column) < records.number(b, window_column);
  });
  const auto x = figures::column(records, rows, window_column);
  const double left = x.front() - 0.5, right = x.back() + 0.5;
  panel.line("w = 4", {4, 4}, {0, 0.6}, colour::grey, 1.2);
  panel.unlisted();
  panel.line("guessing", {left, right}, {0.5, 0.5}, colour::black, 0.8, Dash::dotted);
  panel.unlisted();
  panel.line("classifier abstains", x, figures::column(records, rows, "classifier_abstained"),
             colour::grey, 1.5, Dash::dotted);
  for (const Decision& d : decisions) {
    const auto y = figures::column(records, rows, d.column);
    const auto error = figures::column(records, rows, std::string(d.column) + "_se");
    std::vector<double> low, high;
    for (std::size_t i = 0; i < y.size(); ++i) {
      low.push_back(std::max(0.0, y[i] - 2 * error[i]));
      high.push_back(std::min(1.0, y[i] + 2 * error[i]));
    }
    panel.error_points(d.name, x, y, low, high, d.colour, 0.7, d.shape);
    panel.line(d.name, x, y, d.colour, 1.5);
    panel.unlisted();
  }
  panel.x_range(left, right);
  panel.y_range(0, 0.6);
  panel.title(
      fmt::format("M = {:.0f}, Q = {:.3g}", records.number(rows.front(), "cols"),
                  records.number(rows.front(), "rows") / records.number(rows.front(), "cols")));
  panel.labels("critical window w", "share of wrong decisions");
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_sweep(folder, "critical_window", {"shape.cols", "spike.window"},
                                       "configs/critical_window.yaml");
  const core::Table& records = run.records();
  const auto sizes = records.distinct("cols");
  figures::Figure figure(1, sizes.size(), 4.0, 3.0);
  figure.headline(
      fmt::format("Noise or one Gaussian spike? {:.0f} matrices of either kind a point, bars of "
                  "two standard errors",
                  records.number(0, "matrices")));
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    Panel& panel = figure.panel(0, i, "M=" + sizes[i]);
    draw_errors(panel, records, records.where("cols", sizes[i]));
    if (i == 0) panel.key("top right Left reverse");
  }
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
