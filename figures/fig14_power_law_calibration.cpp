// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 14: error and coverage of the power-law fit on independent samples of known tail.
///
/// Bias and root mean square error of the exponent over alpha - 1, by maximum likelihood and as median
/// of the bootstrap; coverage of the bootstrap's percentile interval and of alpha +- 1.96 sigma, which
/// knows nothing of the search for xmin; length of the fitted tail. Bars are 95 % intervals: Student's
/// of means, of root mean squares by the delta method, Clopper and Pearson's of shares; for the length
/// they span 90 % of the samples.
///
/// The published calibration took mu for alpha = mu + 1 on its axis and meant its samples, of a Lomax
/// law, for Pareto ones. Its over-estimates at small exponents come from the axis, its under-estimates
/// from the law: Lomax samples are a power law only far out. Relative errors on Pareto samples depend
/// on n alone.
///
/// Reads   RUN/records.csv
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig14_power_law_calibration results/power_law_calibration
///         paper/figures/fig14_power_law_calibration
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"

namespace {

using namespace rmtlab;
using figures::Dash;
using figures::Panel;
namespace colour = figures::colour;

// The samples of one law, exponent and size, at their place on the horizontal axis.
struct Case {
  std::string law;
  double alpha, size, place;
  figures::Rows rows;
};

std::vector<Case> cases_of(const core::Table& records) {
  std::vector<Case> cases;
  for (const std::string& law : records.distinct("sample.law")) {
    const auto of_law = figures::rows_where(records, {{"sample.law", law}});
    for (const double alpha : figures::distinct_numbers(records, of_law, "sample.alpha"))
      for (const double size : figures::distinct_numbers(records, of_law, "sample.size")) {
        Case c{law, alpha, size, static_cast<double>(cases.size()), {}};
        for (const std::size_t row : of_law)
          if (records.number(row, "sample.alpha") == alpha &&
              records.number(row, "sample.size") == size)
            c.rows.push_back(row);
        if (!c.rows.empty()) cases.push_back(std::move(c));
      }
  }
  return cases;
}

struct Interval {
  double value, low, high;
};

Interval mean(const std::vector<double>& values) {
  const auto e = figures::estimate(values);
  return {e.mean, e.low, e.high};
}

Interval root_mean_square(std::vector<double> values) {
  for (double& v : values) v *= v;
  const auto e = figures::estimate(values);
  const double root = std::sqrt(e.mean), half = 0.5 * (e.high - e.low) / (2 * root);
  return {root, root - half, root + half};
}

Interval share(const std::vector<double>& hits) {
  const auto p = figures::proportion(hits);
  return {p.share, p.low, p.high};
}

// Median, and the range of the middle 90 %.
Interval spread(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double p) {
    return values[static_cast<std::size_t>(p * static_cast<double>(values.size() - 1) + 0.5)];
  };
  return {figures::median(values), at(0.05), at(0.95)};
}

// A column in units of alpha - 1.
std::vector<double> relative(const core::Table& records, const Case& c, const std::string& column) {
  auto values = figures::column(records, c.rows, column);
  for (double& v : values) v /= c.alpha - 1;
  return values;
}

struct Style {
  const char* colour;
  int shape;
  double shift;  // sideways, so that bars do not cover each other
};
constexpr Style likelihood{colour::vermillion, 7, -0.13}, bootstrap{colour::blue, 5, 0.13};

template <class Measure>
void draw_series(Panel& panel, const std::string& series, const std::vector<Case>& cases,
                 const Style& style, const Measure& measure) {
  std::vector<double> x, y, low, high;
  for (const Case& c : cases) {
    const Interval i = measure(c);
    x.push_back(c.place + style.shift);
    y.push_back(i.value);
    low.push_back(i.low);
    high.push_back(i.high);
  }
  panel.error_points(series, x, y, low, high, style.colour, 0.8, style.shape);
}

void level(Panel& panel, const std::string& series, const std::vector<Case>& cases, double y) {
  panel.line(series, {-0.6, static_cast<double>(cases.size()) - 0.4}, {y, y}, colour::black, 1.2,
             Dash::dotted);
}

// A short horizontal line at each case that has the value.
template <class Value>
void marks(Panel& panel, const std::string& series, const std::vector<Case>& cases,
           const Value& value) {
  bool first = true;
  for (const Case& c : cases) {
    const std::optional<double> y = value(c);
    if (!y) continue;
    panel.line(series, {c.place - 0.38, c.place + 0.38}, {*y, *y}, colour::black, 2);
    if (!first) panel.unlisted();
    first = false;
  }
}

std::string law_title(const std::string& law) {
  return law == "pareto" ? "Pareto" : law == "lomax" ? "Lomax" : law;
}

// Sizes under the axis, below them law and exponent of neighbours that share them.
void case_axis(Panel& panel, const std::vector<Case>& cases, double low, double high) {
  const double left = -0.6, right = static_cast<double>(cases.size()) - 0.4;
  panel.x_range(left, right);
  panel.y_range(low, high);
  const auto graph = [&](double place) { return (place - left) / (right - left); };
  std::vector<std::pair<double, std::string>> ticks;
  for (std::size_t first = 0; first < cases.size();) {
    std::size_t end = first;
    for (; end < cases.size() && cases[end].law == cases[first].law &&
           cases[end].alpha == cases[first].alpha;
         ++end)
      ticks.emplace_back(cases[end].place, fmt::format("{:.0f}", cases[end].size));
    panel.note(fmt::format("{} {:g}", law_title(cases[first].law), cases[first].alpha),
               graph(0.5 * (cases[first].place + cases[end - 1].place)), -0.143, "center");
    const double border = cases[end - 1].place + 0.5;
    if (end < cases.size()) panel.line("", {border, border}, {low, high}, colour::light_grey, 0.8);
    first = end;
  }
  panel.x_ticks(ticks);
  panel.note("n", -0.02, -0.056, "right");
  panel.note("law, α", -0.02, -0.143, "right");
}

// Expected number of values where the density is a power law exactly.
std::optional<double> true_tail(const Case& c) {
  if (c.law == "pareto") return c.size;
  if (c.law != "spliced") return std::nullopt;
  const double body = std::expm1(c.alpha) / c.alpha, tail = 1 / (c.alpha - 1);
  return c.size * tail / (body + tail);
}

void draw_errors(Panel& bias, Panel& error, const core::Table& records,
                 const std::vector<Case>& cases) {
  bias.title("bias");
  bias.labels("", "mean of (fit - α) / (α - 1)");
  case_axis(bias, cases, -0.4, 0.14);
  level(bias, "", cases, 0);
  error.title("root mean square error");
  error.labels("", "RMSE / (α - 1)");
  error.log_y();
  error.y_ticks({{0.02, "0.02"}, {0.05, "0.05"}, {0.1, "0.1"}, {0.2, "0.2"}, {0.5, "0.5"}});
  case_axis(error, cases, 0.018, 1.2);
  // With xmin known, the standard deviation of maximum likelihood.
  marks(error, "s.d. with x_{min} known", cases, [](const Case& c) -> std::optional<double> {
    const auto tail = true_tail(c);
    if (!tail) return std::nullopt;
    return 1 / std::sqrt(*tail);
  });
  for (const auto& [name, column, style] :
       {std::tuple{"maximum likelihood", "error", likelihood},
        std::tuple{"bootstrap median", "median_error", bootstrap}}) {
    const auto values = [&, c = std::string(column)](const Case& k) {
      return relative(records, k, c);
    };
    draw_series(bias, name, cases, style, [&](const Case& c) { return mean(values(c)); });
    draw_series(error, name, cases, style,
                [&](const Case& c) { return root_mean_square(values(c)); });
    // Open marks: without the bias.
    std::vector<double> x, y;
    for (const Case& c : cases) {
      const auto e = figures::estimate(values(c));
      x.push_back(c.place + style.shift);
      y.push_back(e.standard_error * std::sqrt(static_cast<double>(e.count)));
    }
    error.points(fmt::format("{}, s.d.", name), x, y, style.colour, 0.8, style.shape - 1);
  }
  bias.key("bottom left Left reverse");
  error.key("top left Left reverse maxrows 3 opaque");
}

void draw_coverage(Panel& panel, const core::Table& records, const std::vector<Case>& cases) {
  panel.title("coverage of nominal 95 % intervals");
  panel.labels("", "share that contains α");
  case_axis(panel, cases, 0, 1.06);
  level(panel, "", cases, 0.95);
  draw_series(panel, "α ± 1.96 σ", cases, likelihood, [&](const Case& c) {
    return share(figures::column(records, c.rows, "sigma_covered"));
  });
  draw_series(panel, "bootstrap percentiles", cases, bootstrap,
              [&](const Case& c) { return share(figures::column(records, c.rows, "covered")); });
  panel.note("0.95", 0.99, 0.93, "right");
  panel.key("bottom left Left reverse");
}

void draw_tail(Panel& panel, const core::Table& records, const std::vector<Case>& cases) {
  panel.title("length of the fitted tail");
  panel.labels("", "values n_{tail} in the tail");
  panel.log_y();
  panel.y_ticks({{100, "100"}, {1000, "1000"}, {10000, "10^4"}});
  case_axis(panel, cases, 20, 3e4);
  marks(panel, "true tail (Lomax: none)", cases, true_tail);
  draw_series(panel, "fit: median, 90 % of samples", cases, {colour::green, 9, 0},
              [&](const Case& c) { return spread(figures::column(records, c.rows, "n_tail")); });
  panel.key("top left Left reverse opaque");
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_sweep(folder, "power_law_calibration",
                                       {"sample.law", "sample.alpha", "sample.size"},
                                       "configs/power_law_calibration.yaml");
  const core::Table& records = run.records();
  const auto cases = cases_of(records);
  figures::Figure figure(2, 2, 5.7, 2.7);
  Panel& bias = figure.panel(0, 0, "bias");
  Panel& error = figure.panel(0, 1, "root mean square error");
  draw_errors(bias, error, records, cases);
  draw_coverage(figure.panel(1, 0, "coverage"), records, cases);
  draw_tail(figure.panel(1, 1, "tail"), records, cases);
  figure.headline(
      fmt::format("Power-law fit, {} samples each. Published: μ drawn as if it were α = μ + 1, and "
                  "Lomax samples taken for Pareto; the large bias is Lomax's alone",
                  records.distinct("replicate").size()));
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
