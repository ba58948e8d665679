// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 24: are singular vectors spread like random unit vectors, or localised?
///
/// Ensembles of known mechanism; upper row the right vectors (one component per column of W), lower row
/// the left ones (per row). For single vectors of the bulk, of its edge and of the outliers: median and
/// the range that holds the middle 95 % of them, all matrices together. Shaded: the middle 95 % of
/// uniformly random unit vectors of that length, dashed their median. The entropy is Shannon's of the
/// squares of the components over ln n; the published one comes from a histogram whose bins depend on the
/// data, and is in the records.
///
/// Reads   RUN/records.csv and the recorded statistics of each vector
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig24_localization results/localization paper/figures/fig24_localization
#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"

namespace {

using namespace rmtlab;
using figures::Panel;

struct Category {
  const char* label;
  std::vector<figures::Condition> conditions;
};

// From top to bottom.
const std::vector<Category>& categories() {
  static const std::vector<Category> all = {
      {"Gaussian", {{"ensemble.name", "gaussian"}}},
      {"3 spikes, Haar", {{"ensemble.name", "additive-spikes"}, {"ensemble.support", "0"}}},
      {"3 spikes on 20 units", {{"ensemble.name", "additive-spikes"}, {"ensemble.support", "20"}}},
      {"t entries, μ = 1.5", {{"ensemble.name", "student-t"}}},
      {"covariance λ^{-2.5}, rotated",
       {{"ensemble.name", "power-law-covariance"}, {"ensemble.basis", "haar"}}},
      {"covariance λ^{-2.5}, diagonal",
       {{"ensemble.name", "power-law-covariance"}, {"ensemble.basis", "axes"}}}};
  return all;
}

struct Statistic {
  std::size_t index;  // among the six of the recorded array
  const char* column;
  const char* label;
};
constexpr Statistic statistics[] = {{0, "ratio", "L = |v|_1 / |v|_∞"},
                                    {1, "participation_norm", "P = |v|_2 / |v|_4"},
                                    {2, "shannon_entropy", "S = −Σ v^2 ln v^2 / ln n"}};

struct GroupStyle {
  const char* group;
  const char* colour;
  int shape;
  double shift;  // up, so that the three do not cover each other
};
constexpr GroupStyle groups[] = {{"bulk", figures::colour::blue, 7, 0.22},
                                 {"edge", figures::colour::green, 5, 0.0},
                                 {"outlier", figures::colour::vermillion, 9, -0.22}};

// One statistic of all vectors of a group, ascending.
std::vector<double> vector_values(const core::Run& run, const figures::Rows& rows,
                                  const std::string& side, const std::string& group,
                                  std::size_t index) {
  std::vector<double> values;
  for (const std::size_t row : rows) {
    const auto array = run.array(row, side + "/" + group + "/statistics");
    for (std::size_t i = index; i < array.values.size(); i += 6) values.push_back(array.values[i]);
  }
  std::sort(values.begin(), values.end());
  return values;
}

double quantile(const std::vector<double>& ascending, double p) {
  const double position = p * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, ascending.size() - 1);
  return std::lerp(ascending[below], ascending[above], position - static_cast<double>(below));
}

double height(std::size_t category) { return static_cast<double>(categories().size() - category); }

void draw_null(Panel& panel, const core::Table& records, std::size_t row, const Statistic& s) {
  const std::string name = std::string(s.column) + "_null_";
  const double low = records.number(row, name + "low"), high = records.number(row, name + "high");
  const double median = records.number(row, name + "median");
  const double bottom = 0.4, top = static_cast<double>(categories().size()) + 0.6;
  panel.band("random vectors", {low, high}, {bottom, bottom}, {top, top}, figures::colour::black);
  panel.line("median of random vectors", {median, median}, {bottom, top}, figures::colour::black, 1,
             figures::Dash::dashed);
  panel.unlisted();
}

void draw_group(Panel& panel, const core::Run& run, const std::string& side, const Statistic& s,
                const GroupStyle& style) {
  std::vector<double> medians, heights;
  for (std::size_t c = 0; c < categories().size(); ++c) {
    auto conditions = categories()[c].conditions;
    conditions.emplace_back("side", side);
    const auto all = figures::rows_where(run.records(), conditions);
    figures::Rows rows;
    std::copy_if(all.begin(), all.end(), std::back_inserter(rows),
                 [&](std::size_t row) { return run.records().text(row, "group") == style.group; });
    if (rows.empty()) continue;  // no outliers predicted
    const auto values = vector_values(run, rows, side, style.group, s.index);
    const double y = height(c) + style.shift;
    panel.line(fmt::format("{}, {}", style.group, categories()[c].label),
               {quantile(values, 0.025), quantile(values, 0.975)}, {y, y}, style.colour, 1.6);
    panel.unlisted();
    medians.push_back(quantile(values, 0.5));
    heights.push_back(y);
  }
  panel.points(style.group, medians, heights, style.colour, 0.75, style.shape);
}

void set_axes(Panel& panel, const Statistic& s, bool with_names, double components) {
  panel.labels(s.label, "");
  std::vector<std::pair<double, std::string>> ticks;
  for (std::size_t c = 0; c < categories().size(); ++c)
    ticks.emplace_back(height(c), with_names ? categories()[c].label : "");
  panel.y_ticks(ticks);
  panel.y_range(0.4, static_cast<double>(categories().size()) + 0.6);
  if (s.index == 0) {
    panel.log_x();
    panel.x_range(1, components / 2);
  } else if (s.index == 1) {
    panel.x_range(0.9, 1.08 * std::pow(components / 3, 0.25));
  } else {
    panel.x_range(-0.03, 1.03);
  }
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_sweep(folder, "localization",
                                       {"ensemble.name", "ensemble.strengths", "ensemble.support",
                                        "ensemble.mu", "ensemble.alpha", "ensemble.basis"},
                                       "configs/localization.yaml");
  const core::Table& records = run.records();
  figures::Figure figure(2, 4, 2.6, 2.7);  // the first column has the ensembles' names
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string side = i == 0 ? "right" : "left";
    const auto rows = figures::rows_where(records, {{"side", side}});
    const double components = records.number(rows.front(), "components");
    for (std::size_t j = 0; j < std::size(statistics); ++j) {
      const Statistic& s = statistics[j];
      Panel& panel = figure.panel(i, j + 1, fmt::format("{} {}", side, s.column));
      set_axes(panel, s, j == 0, components);
      panel.title(fmt::format("{} vectors, n = {:g}", side, components));
      draw_null(panel, records, rows.front(), s);
      for (const GroupStyle& style : groups) draw_group(panel, run, side, s, style);
      if (i == 0 && j == 0) panel.key("top left Left reverse");
    }
  }
  figure.headline(fmt::format(
      "Localisation needs single units: spikes and heavy spectra alone leave vectors random. "
      "Medians and middle 95 % of single vectors, {} matrices each",
      records.distinct("replicate").size()));
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
