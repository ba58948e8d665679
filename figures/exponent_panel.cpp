// SPDX-License-Identifier: MIT
#include "figures/exponent_panel.hpp"

#include <algorithm>
#include <vector>

#include "theory/universality.hpp"

namespace rmtlab::figures {
namespace {

constexpr double smallest_mu = 0.35;

std::vector<std::pair<double, std::string>> index_ticks(double largest) {
  std::vector<std::pair<double, std::string>> ticks;
  for (int mu = 1; mu <= largest; ++mu) ticks.emplace_back(mu, std::to_string(mu));
  return ticks;
}

void decades_axes(Panel& panel, double largest_mu) {
  const double end = largest_mu + 0.15;
  panel.labels("tail index μ of the entries", "decades from x_{min} to λ_{max}");
  panel.x_range(smallest_mu, end);
  panel.x_ticks(index_ticks(end));
  panel.log_y();
  panel.y_range(0.1, 20);
  panel.y_ticks({{0.1, "0.1"}, {0.3, "0.3"}, {1, "1"}, {3, "3"}, {10, "10"}});
  panel.line("one decade", {smallest_mu, end}, {1, 1}, colour::black, 1.2, Dash::dotted);
  panel.unlisted();
}

}  // namespace

void exponent_axes(Panel& panel, double largest_mu, double top) {
  const double end = largest_mu + 0.15;
  panel.labels("tail index μ of the entries", "fitted exponent α");
  panel.x_range(smallest_mu, end);
  panel.x_ticks(index_ticks(end));
  panel.log_y();
  panel.y_range(1.1, top);
  panel.y_ticks(
      {{1.5, "1.5"}, {2, "2"}, {3, "3"}, {4, "4"}, {6, "6"}, {10, "10"}, {20, "20"}, {40, "40"}});
  const auto& limit = theory::exponent_relation("limit");
  const auto& outliers = theory::exponent_relation("outliers");
  std::vector<double> below, below_alpha, above, above_alpha;
  constexpr int points = 40;
  for (int i = 0; i < points; ++i) {  // open ends: mu = 2 belongs to neither
    const double t = (i + 0.5) / points;
    below.push_back(smallest_mu + t * (2 - smallest_mu));
    below_alpha.push_back(exponent(limit, below.back()));
    above.push_back(2 + t * (end - 2));
    above_alpha.push_back(exponent(outliers, above.back()));
  }
  panel.line("1 + μ/2, the limit (μ < 2)", below, below_alpha, colour::black, 2.4);
  panel.line("1 + μ/2, outliers only", above, above_alpha, colour::black, 1.6, Dash::dashed);
}

void draw_means(Panel& panel, const std::string& series, const MeanCurve& curve,
                const ExponentStyle& style) {
  panel.line(series, curve.x, curve.mean, style.colour, 1.2);
  panel.unlisted();
  panel.error_points(series, curve.x, curve.mean, curve.low, curve.high, style.colour, 0.7,
                     style.shape);
}

void draw_shape_panels(Figure& figure, const core::Table& records,
                       const std::vector<ShapeFamily>& families) {
  double top = 0, largest_mu = 0;
  for (std::size_t row = 0; row < records.size(); ++row)
    largest_mu = std::max(largest_mu, records.number(row, "ensemble.mu"));
  const auto curve_of = [&](const ShapeFamily& family, const char* convention,
                            const char* column_name) {
    auto conditions = family.conditions;
    conditions.emplace_back("ensemble.centring", convention);
    return mean_curve(records, rows_where(records, conditions), "ensemble.mu", column_name);
  };
  for (const auto& family : families)
    for (const double high : curve_of(family, "symmetrised", "alpha").high)
      top = std::max(top, high);
  const std::pair<const char*, const char*> conventions[] = {{"raw", "raw: positive, as published"},
                                                             {"symmetrised", "symmetrised"}};
  for (std::size_t i = 0; i < std::size(conventions); ++i) {
    Panel& panel = figure.panel(0, i, conventions[i].first);
    panel.title(conventions[i].second);
    exponent_axes(panel, largest_mu, 1.3 * top);
    for (const auto& family : families)
      draw_means(panel, family.name, curve_of(family, conventions[i].first, "alpha"), family.style);
  }
  figure.panel(0, 0, "").key("top left Left reverse");
  Panel& decades = figure.panel(0, 2, "decades");
  decades.title("length of the fitted tail, symmetrised");
  decades_axes(decades, largest_mu);
  for (const auto& family : families)
    draw_means(decades, family.name, curve_of(family, "symmetrised", "decades"), family.style);
  decades.note("one decade", 0.03, 0.47);
}

}  // namespace rmtlab::figures
