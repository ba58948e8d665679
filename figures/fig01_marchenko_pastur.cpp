// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 1: the Marchenko-Pastur density for several aspect ratios and variances.
///
/// Ticks below the axis mark the edges of the bulk. The last panel is what the published panel (b)
/// drew: its arguments were sigma while its labels said sigma^2, and its third curve had Q = 10 under
/// the label Q = 4; its axis also ended at 5, before the upper edge of the widest curve.
///
/// Reads   nothing: laws alone
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig01_marchenko_pastur paper/figures/fig01_marchenko_pastur
#include <cmath>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/plot.hpp"
#include "theory/marchenko_pastur.hpp"

namespace {

using namespace rmtlab;
using figures::Dash;
using figures::Panel;

struct Curve {
  double aspect_ratio, variance;
  const char* colour;
  Dash dash;
  std::string label;
};

void draw_density(Panel& panel, const Curve& c) {
  const theory::MarchenkoPastur law(c.aspect_ratio, c.variance);
  std::vector<double> x, y;
  constexpr int points = 600;
  for (int i = 1; i < points; ++i) {  // dense near the edges, where the density turns
    const double s = std::sin(0.5 * std::acos(-1.0) * i / points);
    x.push_back(law.lower_edge() + s * s * (law.upper_edge() - law.lower_edge()));
    y.push_back(pdf(law, x.back()));
  }
  if (law.lower_edge() > 0) {  // at Q = 1 the density grows without bound towards 0
    x.insert(x.begin(), law.lower_edge());
    y.insert(y.begin(), 0);
  }
  x.push_back(law.upper_edge());
  y.push_back(0);
  panel.line(c.label, x, y, c.colour, c.dash == Dash::dotted ? 3.2 : 2.2, c.dash);
  panel.rug(c.label + " edges", {law.lower_edge(), law.upper_edge()}, c.colour);
}

void draw_panel(Panel& panel, const std::string& title, const std::string& remark, double right,
                double top, const std::vector<Curve>& curves) {
  panel.title(title, remark, figures::colour::black);
  panel.labels("λ", "ρ(λ)");
  panel.x_range(0, right);
  panel.y_range(0, top);
  panel.key("top right Left reverse");
  for (const Curve& c : curves) draw_density(panel, c);
}

void draw(const std::filesystem::path& output) {
  using namespace figures::colour;
  figures::Figure figure(1, 3, 3.1, 2.4);
  figure.headline(
      "Marchenko-Pastur density of W^{T}W/N; the published panel (b) took σ for σ^2 and one Q "
      "for another");
  draw_panel(figure.panel(0, 0, "a"), "(a) aspect ratio Q = N/M", "σ^2 = 1", 4.4, 1.9,
             {{1, 1, blue, Dash::solid, "Q = 1"},
              {4, 1, orange, Dash::dashed, "Q = 4"},
              {10, 1, vermillion, Dash::dotted, "Q = 10"}});
  draw_panel(figure.panel(0, 1, "b"), "(b) variance of the entries", "Q = 4", 4.4, 1.9,
             {{4, 0.5, blue, Dash::solid, "σ^2 = 0.5"},
              {4, 1, orange, Dash::dashed, "σ^2 = 1"},
              {4, 1.5, vermillion, Dash::dotted, "σ^2 = 1.5"}});
  Panel& published = figure.panel(0, 2, "as published");
  draw_panel(published, "what the published (b) drew", "under the labels Q = 4, σ^2 = 0.5, 1, 1.5",
             5.5, 5,
             {{10, 0.25, blue, Dash::solid, "Q = 10, σ^2 = 0.25"},
              {4, 1, orange, Dash::dashed, "Q = 4, σ^2 = 1"},
              {4, 2.25, vermillion, Dash::dotted, "Q = 4, σ^2 = 2.25"}});
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::law_figure_main(argc, argv, draw); }
