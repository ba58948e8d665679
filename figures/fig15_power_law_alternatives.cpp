// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 15: do p-value and likelihood ratios tell a power law from its alternatives?
///
/// One panel per law of the samples. From left to right: share of samples whose power-law fit the
/// bootstrap's p-value rejects; shares for which each alternative is significantly better on the
/// fitted tail; share for which the power law is significantly better than the exponential. Every test
/// at 10 %, dotted. Shaded: alternatives that contain the true law. Bars are Clopper and Pearson's 95 %
/// intervals. All tests see the tail beyond the fitted xmin only, which the fit chooses to look like a
/// power law.
///
/// Reads   RUN/records.csv
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig15_power_law_alternatives results/power_law_alternatives
///         paper/figures/fig15_power_law_alternatives
#include <string>
#include <vector>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"

namespace {

using namespace rmtlab;
using figures::Panel;

constexpr double level = 0.1;

struct Law {
  const char *name, *title;
  std::vector<const char*> contained_in;  // alternatives
};
const std::vector<Law> laws{
    {"pareto", "Pareto, α = {}: a power law", {}},
    {"truncated", "Pareto, α = {}, times e^{{-x/100}}", {"truncated_power_law"}},
    {"lognormal", "lognormal, σ = 1", {"lognormal"}},
    {"exponential",
     "exponential",
     {"exponential", "stretched_exponential", "truncated_power_law"}}};

// What a sample can be found to be.
struct Finding {
  const char *label, *alternative;
  double sign;  // of the likelihood ratio; 0: the p-value of the power law itself
};
constexpr Finding findings[] = {{"p-value", "", 0},
                                {"exponential", "exponential", -1},
                                {"lognormal", "lognormal", -1},
                                {"stretched exp.", "stretched_exponential", -1},
                                {"power × exp.", "truncated_power_law", -1},
                                {"exponential", "exponential", 1}};

bool found(const core::Table& records, std::size_t row, const Finding& finding) {
  if (finding.sign == 0) return records.number(row, "p_value") < level;
  const std::string name = finding.alternative;
  return finding.sign * records.number(row, "ratio_" + name) > 0 &&
         records.number(row, "p_value_" + name) < level;
}

struct Style {
  const char* colour;
  int shape;
};
constexpr Style styles[] = {{figures::colour::sky, 9},
                            {figures::colour::blue, 5},
                            {figures::colour::vermillion, 7},
                            {figures::colour::orange, 11}};

void axes(Panel& panel, const Law& law) {
  const double right = static_cast<double>(std::size(findings)) - 0.5;
  panel.labels("", "share of samples");
  panel.x_range(-0.5, right);
  panel.y_range(-0.03, 1.05);
  std::vector<std::pair<double, std::string>> ticks;
  for (std::size_t i = 0; i < std::size(findings); ++i) {
    const auto place = static_cast<double>(i);
    ticks.emplace_back(place, findings[i].label);
    for (const char* alternative : law.contained_in)
      if (findings[i].sign < 0 && std::string(alternative) == findings[i].alternative)
        panel.band("", {place - 0.5, place + 0.5}, {-0.03, -0.03}, {1.05, 1.05},
                   figures::colour::light_grey);
  }
  panel.x_ticks(ticks);
  for (const double border : {0.5, right - 1})
    panel.line("", {border, border}, {-0.03, 1.05}, figures::colour::grey, 0.8);
  panel.line("", {-0.5, right}, {level, level}, figures::colour::black, 1.2, figures::Dash::dotted);
  const double unit = 1 / (right + 0.5);
  panel.note("rejects", 0.5 * unit, -0.143, "center");
  panel.note("is significantly better than the power law", 3 * unit, -0.143, "center");
  panel.note("is worse", 5.5 * unit, -0.143, "center");
}

void draw_law(Panel& panel, const core::Table& records, const Law& law) {
  const auto sizes = records.distinct("sample.size");
  for (std::size_t s = 0; s < sizes.size(); ++s) {
    const auto rows =
        figures::rows_where(records, {{"sample.law", law.name}, {"sample.size", sizes[s]}});
    std::vector<double> x, y, low, high;
    for (std::size_t i = 0; i < std::size(findings); ++i) {
      std::vector<double> hits;
      for (const std::size_t row : rows) hits.push_back(found(records, row, findings[i]) ? 1 : 0);
      const auto p = figures::proportion(hits);
      x.push_back(static_cast<double>(i) +
                  0.2 * (static_cast<double>(s) - 0.5 * static_cast<double>(sizes.size() - 1)));
      y.push_back(p.share);
      low.push_back(p.low);
      high.push_back(p.high);
    }
    const Style& style = styles[s % std::size(styles)];
    panel.error_points("n = " + sizes[s], x, y, low, high, style.colour, 0.8, style.shape);
  }
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run =
      figures::open_sweep(folder, "power_law_calibration", {"sample.law", "sample.size"},
                          "configs/power_law_alternatives.yaml");
  const core::Table& records = run.records();
  figures::Figure figure(2, 2, 5.8, 2.7);
  for (std::size_t i = 0; i < laws.size(); ++i) {
    Panel& panel = figure.panel(i / 2, i % 2, laws[i].name);
    panel.title(fmt::format(fmt::runtime(laws[i].title), run.parameter(0, "sample.alpha")));
    axes(panel, laws[i]);
    draw_law(panel, records, laws[i]);
  }
  figure.panel(0, 0, "").key("top left Left reverse at graph 0.3,0.95");
  figure.headline(fmt::format(
      "Power law or not? {} samples each, tests at 10 %: likelihood ratios see more than the "
      "p-value, but hardly name the law (true one shaded)",
      records.distinct("replicate").size()));
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
