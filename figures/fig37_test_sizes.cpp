// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 37: the size of every test of a Marchenko-Pastur fit on noise.
///
/// One point per shape: share of matrices of noise that the test rejects at 5 % (upper panels) and at 1 %
/// (lower panels). Grey: where such a share stays with probability 95 %, each by itself, and, outlined,
/// where all of them stay at once with probability 99 % (Bonferroni). Last column: the textbook
/// Kolmogorov-Smirnov test for independent values.
///
/// Reads   RUN/records.csv of experiment mp_calibration on Gaussian noise
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig37_test_sizes results/mp_calibration paper/figures/fig37_test_sizes
#include <array>
#include <cmath>

#include <boost/math/distributions/binomial.hpp>
#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"

namespace {

using namespace rmtlab;
using figures::Panel;
namespace colour = figures::colour;

constexpr const char* cols_column = "shape.cols";
constexpr const char* ratio_column = "shape.aspect_ratio";

struct Test {
  const char *name, *title;
};
constexpr Test tests[] = {{"outliers", "outliers"},
                          {"lower_edge", "lower edge"},
                          {"ks", "Kolmogorov-Smirnov"},
                          {"cramer_von_mises", "Cramér-von Mises"},
                          {"chebyshev", "Chebyshev sums"},
                          {"gap_ratio", "spacing ratio"},
                          {"number_variance", "number variance"},
                          {"textbook_ks", "textbook KS"}};
constexpr const char* colours[] = {colour::blue,   colour::sky,        colour::green,
                                   colour::orange, colour::vermillion, colour::purple};

// Rounded up, both bounds are the smallest count whose cumulative probability passes the tail: the band
// that the run's own table judges by.
std::pair<double, double> band(double n, double rate, double coverage) {
  using boost::math::policies::discrete_quantile;
  using Policy =
      boost::math::policies::policy<discrete_quantile<boost::math::policies::integer_round_up>>;
  const boost::math::binomial_distribution<double, Policy> law(n, rate);
  const double tail = (1 - coverage) / 2;
  return {quantile(law, tail) / n, quantile(complement(law, tail)) / n};
}

void draw_panel(Panel& panel, const core::Table& records, const std::string& test,
                const std::string& column, double level, double n, std::size_t rates) {
  const double left = 40, right = 1400;
  const auto single = band(n, level, 0.95);
  const auto joint = band(n, level, 1 - 0.01 / static_cast<double>(rates));
  panel.band("95 %, each", {left, right}, {single.first, single.first},
             {single.second, single.second}, colour::light_grey);
  panel.line("99 %, all", {left, right}, {joint.first, joint.first}, colour::grey, 1);
  panel.line("99 %, all", {left, right}, {joint.second, joint.second}, colour::grey, 1);
  panel.unlisted();
  panel.line("level", {left, right}, {level, level}, colour::black, 1);
  panel.unlisted();
  const auto ratios = records.distinct(ratio_column);
  for (std::size_t i = 0; i < ratios.size(); ++i) {
    std::vector<double> x, y;
    for (const std::size_t row :
         figures::rows_where(records, {{"test", test}, {ratio_column, ratios[i]}})) {
      // Side by side, not on top of each other.
      const double shift = 1 + 0.05 * (static_cast<double>(i) - 2);
      x.push_back(shift * records.number(row, cols_column));
      y.push_back(records.number(row, column));
    }
    panel.points("Q = " + ratios[i], x, y, colours[i % std::size(colours)], 0.6);
  }
  panel.log_x();
  panel.x_range(left, right);
  panel.x_ticks({{50, "50"}, {100, "100"}, {200, "200"}, {500, "500"}, {1000, "1000"}});
  panel.y_range(0, 1.8 * joint.second);
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_sweep(folder, "mp_calibration", {cols_column, ratio_column},
                                       "configs/mp_calibration.yaml");
  const core::Table& records = run.records();
  const double n = records.number(0, "matrices");
  const std::size_t kinds = records.distinct("test").size();  // all but the textbook test are gated
  const std::size_t rates = 2 * records.size() * (kinds - 1) / kinds;
  figures::Figure figure(2, std::size(tests), 1.45, 1.7);
  figure.untitled_row(1);
  figure.headline(fmt::format(
      "Tests of a Marchenko-Pastur fit on Gaussian noise: share of {:.0f} matrices rejected at 5 % "
      "and at 1 %, variance estimated",
      n));
  for (std::size_t t = 0; t < std::size(tests); ++t) {
    Panel& five = figure.panel(0, t, fmt::format("{} at 5 %", tests[t].title));
    Panel& one = figure.panel(1, t, fmt::format("{} at 1 %", tests[t].title));
    five.title(tests[t].title);
    five.labels("", t == 0 ? "rejected at 5 %" : "");
    one.labels("M", t == 0 ? "rejected at 1 %" : "");
    draw_panel(five, records, tests[t].name, "rejected_at_5", 0.05, n, rates);
    draw_panel(one, records, tests[t].name, "rejected_at_1", 0.01, n, rates);
    if (t + 1 == std::size(tests)) five.key("top right");
  }
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
