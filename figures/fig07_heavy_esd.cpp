// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 7: spectra of Lomax entries with mu = 1, 3, 5 at Q = 3, raw and symmetrised.
///
/// Upper panels: density on logarithmic axes with the limit law, which for mu > 2 is
/// Marchenko-Pastur with the variance about the mean; dashed where the mean of raw entries puts one
/// eigenvalue. Lower panels: the tail for mu = 1, the bulk for mu = 3 and mu = 5,
/// each from its own eigenvalues (the published zoom of mu = 5 shows those of mu = 3).
///
/// Reads   RUN/records.csv and the recorded eigenvalues
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig07_heavy_esd results/heavy_esd paper/figures/fig07_heavy_esd
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "figures/arguments.hpp"
#include "figures/grouped_run.hpp"
#include "figures/heavy_spectrum.hpp"
#include "figures/plot.hpp"

namespace {

using namespace rmtlab;
using figures::Panel;

struct Convention {
  const char *name, *colour;
  int shape;
  figures::Dash law;  // of its limit, where the two conventions have different ones
};
constexpr Convention conventions[] = {
    {"raw", figures::colour::vermillion, 5, figures::Dash::dashed},
    {"symmetrised", figures::colour::blue, 7, figures::Dash::solid}};

struct Spectra {
  figures::LomaxMatrix matrix;
  std::vector<std::vector<double>> eigenvalues;  // one vector per replicate
  double largest = 0;
};

Spectra spectra_of(const core::Run& run, const std::string& convention, const std::string& mu) {
  Spectra s;
  for (const std::size_t row : figures::rows_where(
           run.records(), {{"ensemble.centring", convention}, {"ensemble.mu", mu}})) {
    s.matrix = {run.records().number(row, "ensemble.mu"), run.records().number(row, "rows"),
                run.records().number(row, "cols"), convention == "symmetrised"};
    s.eigenvalues.push_back(run.array(row, "eigenvalues").values);
    s.largest = std::max(s.largest, run.records().number(row, "lambda_max"));
  }
  return s;
}

double limit_edge(const figures::LomaxMatrix& m) {
  return m.variance() * std::pow(1 + std::sqrt(m.cols / m.rows), 2);
}

const char* law_name(const Spectra& s, std::size_t convention) {
  if (s.matrix.mu < 2) return "limit law";  // the same for both
  return convention == 0 ? "limit law, raw" : "limit law, symmetrised";
}

void draw_density(Panel& panel, const std::vector<Spectra>& both) {
  double low = both[0].largest, high = 0, top = 0, bottom = 1e300;
  for (std::size_t i = 0; i < both.size(); ++i) {
    const auto h = figures::log_histogram(both[i].eigenvalues, both[i].matrix.mu < 2 ? 4 : 14);
    panel.error_points(conventions[i].name, h.center, h.density, h.low, h.high,
                       conventions[i].colour, 0.45, conventions[i].shape);
    low = std::min(low, h.center.front());
    high = std::max(high, h.center.back());
    top = std::max(top, *std::max_element(h.density.begin(), h.density.end()));
    bottom = std::min(bottom, *std::min_element(h.low.begin(), h.low.end()));
  }
  for (std::size_t i = both.size(); i-- > 0;) {
    if (both[i].matrix.mu < 2 && i == 0) continue;
    const auto law = figures::limit_curve(both[i].matrix, low, 2 * high);
    panel.line(law_name(both[i], i), law.x, law.density, figures::colour::black, 1.6,
               conventions[i].law);
  }
  if (both[0].matrix.mu > 2) {
    const double mean = figures::mean_outlier(both[0].matrix);
    panel.line("predicted for the mean", {mean, mean}, {bottom / 3, std::sqrt(bottom * top)},
               conventions[0].colour, 1.4, figures::Dash::dashed);
  }
  panel.log_x();
  panel.log_y();
  panel.x_range(low / 2, high * 3);
  panel.y_range(bottom / 3, top * 8);
  panel.key("top right");
}

void draw_tail(Panel& panel, const std::vector<Spectra>& both) {
  double low = 0, high = 0;
  for (std::size_t i = 0; i < both.size(); ++i) {
    std::vector<double> pooled;
    for (const auto& e : both[i].eigenvalues) pooled.insert(pooled.end(), e.begin(), e.end());
    const auto s = figures::survival(pooled);
    panel.points(conventions[i].name, s.x, s.share, conventions[i].colour, 0.3,
                 conventions[i].shape);
    low = s.x.front();
    high = std::max(high, s.x.back());
  }
  const auto law = figures::limit_curve(both[1].matrix, low, 2 * high);
  panel.line(law.name, law.x, law.survival, figures::colour::black, 1.6);
  panel.log_x();
  panel.log_y();
  panel.x_range(low / 2, high * 3);
  panel.y_range(5e-5, 2);
}

void draw_bulk(Panel& panel, const std::vector<Spectra>& both) {
  const double end = 1.3 * limit_edge(both[1].matrix);
  double top = 0;
  for (std::size_t i = 0; i < both.size(); ++i) {
    const auto h = figures::linear_histogram(both[i].eigenvalues, end, 36);
    panel.error_points(conventions[i].name, h.center, h.density, h.low, h.high,
                       conventions[i].colour, 0.5, conventions[i].shape);
    const auto law = figures::limit_curve(both[i].matrix, 0, 0);
    panel.line(law_name(both[i], i), law.x, law.density, figures::colour::black, 1.6,
               conventions[i].law);
    top = std::max({top, *std::max_element(h.density.begin(), h.density.end()),
                    *std::max_element(law.density.begin(), law.density.end())});
  }
  panel.x_range(0, end);
  panel.y_range(0, 1.15 * top);
  if (both[0].matrix.mu < 4)
    panel.note("the bulk nears its limit as N^{1-μ/2}", 0.97, 0.9, "right");
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_sweep(folder, "universality", {"ensemble.centring", "ensemble.mu"},
                                       "configs/heavy_esd.yaml");
  figures::require_parameter(run, "ensemble.name", "lomax");
  figures::require_parameter(run, "ensemble.scaling", "none");
  const std::vector<std::string> indices = run.records().distinct("ensemble.mu");
  figures::Figure figure(2, indices.size(), 3.6, 2.5);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    std::vector<Spectra> both;
    for (const auto& c : conventions) both.push_back(spectra_of(run, c.name, indices[i]));
    const auto& m = both[0].matrix;
    if (i == 0)
      figure.headline(fmt::format(
          "Lomax entries, N x M = {:.0f} x {:.0f}: {} spectra pooled, 95 % Poisson intervals. "
          "The published zoom of μ = 5 shows μ = 3; here it is μ = 5.",
          m.rows, m.cols, both[0].eigenvalues.size()));
    Panel& density = figure.panel(0, i, fmt::format("mu {} density", indices[i]));
    density.title(fmt::format("μ = {}", indices[i]));
    density.labels("eigenvalue λ of W^TW / N", i == 0 ? "density ρ(λ)" : "");
    draw_density(density, both);
    const bool tail = m.mu < 2;
    Panel& zoom = figure.panel(1, i, fmt::format("mu {} {}", indices[i], tail ? "tail" : "bulk"));
    zoom.title(tail ? fmt::format("μ = {}: tail", indices[i])
                    : fmt::format("μ = {}: bulk", indices[i]));
    zoom.labels("eigenvalue λ of W^TW / N", tail ? "share above" : "density ρ(λ)");
    if (tail)
      draw_tail(zoom, both);
    else
      draw_bulk(zoom, both);
  }
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
