// SPDX-License-Identifier: MIT
/// \file
/// \brief Figure 8: single spectra of Lomax entries with the power law that a fit finds in each.
///
/// Upper panels: density on logarithmic axes. Lower panels: share of eigenvalues at or above a value.
/// One matrix of either convention (replicate 0) with its limit law and its minimum-KS fit, drawn from
/// xmin to the largest eigenvalue; its exponent, and mean and standard deviation over all replicates.
///
/// Reads   RUN/records.csv and the recorded eigenvalues
/// Writes  OUTPUT.pdf, OUTPUT.png and OUTPUT.csv, the numbers that are drawn
///
/// Usage   fig08_heavy_esd_fits results/heavy_esd_fits paper/figures/fig08_heavy_esd_fits
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
};
constexpr Convention conventions[] = {{"raw", figures::colour::vermillion, 5},
                                      {"symmetrised", figures::colour::blue, 7}};

// What the published fits to one raw matrix each say \cite MartinMahoney2021.
struct Published {
  double mu, alpha;
};
constexpr Published published[] = {
    {0.4, 1.204}, {1.2, 1.641}, {2.5, 3.078}, {3.5, 3.371}, {5, 3.822}};

// One matrix and its fit.
struct Spectrum {
  figures::LomaxMatrix matrix;
  std::vector<double> eigenvalues;
  double alpha = 0, xmin = 0, tail_share = 0;
  figures::Estimate all;  // alpha of all replicates
};

Spectrum spectrum_of(const core::Run& run, const std::string& convention, const std::string& mu) {
  const core::Table& records = run.records();
  const auto rows =
      figures::rows_where(records, {{"ensemble.centring", convention}, {"ensemble.mu", mu}});
  const std::size_t row = rows.front();
  Spectrum s;
  s.matrix = {records.number(row, "ensemble.mu"), records.number(row, "rows"),
              records.number(row, "cols"), convention == "symmetrised"};
  s.eigenvalues = run.array(row, "eigenvalues").values;
  s.alpha = records.number(row, "alpha");
  s.xmin = records.number(row, "xmin");
  s.tail_share = records.number(row, "n_tail") / s.matrix.cols;
  s.all = figures::estimate(figures::column(records, rows, "alpha"));
  return s;
}

double deviation(const figures::Estimate& e) {
  return e.standard_error * std::sqrt(static_cast<double>(e.count));
}

// The fit at the ends of its range; `density` or the share above.
void draw_fit(Panel& panel, const Spectrum& s, const char* colour, bool density) {
  const double top = s.eigenvalues.back();
  const double at_xmin = s.tail_share * (density ? (s.alpha - 1) / s.xmin : 1);
  const double at_top = at_xmin * std::pow(top / s.xmin, density ? -s.alpha : 1 - s.alpha);
  panel.line(s.matrix.symmetrised ? "fit, symmetrised" : "fit, raw", {s.xmin, top},
             {at_xmin, at_top}, colour, 2.4);
}

struct Ends {
  double low = 1e300, high = 0;
};

Ends ends_of(const std::vector<Spectrum>& both) {
  Ends e;
  for (const Spectrum& s : both) {
    e.low = std::min(e.low, s.eigenvalues.front());
    e.high = std::max(e.high, s.eigenvalues.back());
  }
  return e;
}

void draw_density(Panel& panel, const std::vector<Spectrum>& both) {
  const Ends ends = ends_of(both);
  const double decades = std::log10(ends.high / ends.low);
  double top = 0, bottom = 1e300;
  for (std::size_t i = 0; i < both.size(); ++i) {
    const auto h = figures::log_histogram({both[i].eigenvalues}, 32 / decades);
    panel.points(conventions[i].name, h.center, h.density, conventions[i].colour, 0.5,
                 conventions[i].shape);
    top = std::max(top, *std::max_element(h.density.begin(), h.density.end()));
    bottom = std::min(bottom, *std::min_element(h.density.begin(), h.density.end()));
  }
  const auto law = figures::limit_curve(both[1].matrix, ends.low, ends.high);
  panel.line("limit law, symmetrised", law.x, law.density, figures::colour::black, 1.4,
             figures::Dash::dashed);
  for (std::size_t i = 0; i < both.size(); ++i)
    draw_fit(panel, both[i], conventions[i].colour, true);
  panel.log_x();
  panel.log_y();
  const double margin = std::pow(10, 0.05 * decades);
  panel.x_range(ends.low / margin, ends.high * margin);
  const double height = std::pow(top / bottom, 0.08);
  panel.y_range(bottom / height, top * height);
  double y = 0.93;
  for (std::size_t i = 0; i < both.size(); ++i, y -= 0.09)
    panel.note(fmt::format("α = {:.2f}", both[i].alpha), 0.96, y, "right", conventions[i].colour);
  for (const Published& p : published)
    if (p.mu == both[0].matrix.mu)
      panel.note(fmt::format("published {:.2f}", p.alpha), 0.96, y, "right");
}

void draw_survival(Panel& panel, const std::vector<Spectrum>& both) {
  const Ends ends = ends_of(both);
  const double margin = std::pow(10, 0.05 * std::log10(ends.high / ends.low));
  const auto law = figures::limit_curve(both[1].matrix, ends.low, ends.high);
  std::vector<double> x, share;
  for (std::size_t i = 0; i < law.x.size(); ++i) {
    if (!(law.survival[i] > 1e-4)) continue;
    x.push_back(law.x[i]);
    share.push_back(law.survival[i]);
  }
  for (std::size_t i = 0; i < both.size(); ++i) {
    const auto s = figures::survival(both[i].eigenvalues);
    panel.points(conventions[i].name, s.x, s.share, conventions[i].colour, 0.35,
                 conventions[i].shape);
  }
  panel.line("limit law, symmetrised", x, share, figures::colour::black, 1.4,
             figures::Dash::dashed);
  for (std::size_t i = 0; i < both.size(); ++i)
    draw_fit(panel, both[i], conventions[i].colour, false);
  panel.log_x();
  panel.log_y();
  panel.x_range(ends.low / margin, ends.high * margin);
  panel.y_range(8e-4, 2);
  double y = 0.93;
  panel.note(fmt::format("all {}:", both[0].all.count), 0.96, y, "right");
  for (std::size_t i = 0; i < both.size(); ++i)
    panel.note(fmt::format("{:.2f} ± {:.2f}", both[i].all.mean, deviation(both[i].all)), 0.96,
               y -= 0.09, "right", conventions[i].colour);
  const double mu = both[0].matrix.mu;
  panel.note(mu < 2 ? fmt::format("limit {:g}", 1 + mu / 2) : "limit: MP", 0.96, y - 0.09, "right");
}

void draw(const std::filesystem::path& folder, const std::filesystem::path& output) {
  const auto run = figures::open_sweep(folder, "universality", {"ensemble.centring", "ensemble.mu"},
                                       "configs/heavy_esd_fits.yaml");
  figures::require_parameter(run, "ensemble.name", "lomax");
  figures::require_parameter(run, "ensemble.scaling", "none");
  const std::vector<std::string> indices = run.records().distinct("ensemble.mu");
  figures::Figure figure(2, indices.size(), 2.45, 2.1);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    std::vector<Spectrum> both;
    for (const auto& c : conventions) both.push_back(spectrum_of(run, c.name, indices[i]));
    if (i == 0)
      figure.headline(
          fmt::format("Minimum-KS fits to one {:.0f} x {:.0f} matrix of Lomax entries; all {}: "
                      "mean ± s.d. For μ > 2 "
                      "the limit has no power law: fits follow the bulk's edge, raw ones the "
                      "mean's outlier too",
                      both[0].matrix.rows, both[0].matrix.cols, both[0].all.count));
    Panel& density = figure.panel(0, i, fmt::format("mu {} density", indices[i]));
    density.title(fmt::format("μ = {}", indices[i]));
    density.labels("", i == 0 ? "density ρ(λ)" : "");
    draw_density(density, both);
    Panel& tail = figure.panel(1, i, fmt::format("mu {} share above", indices[i]));
    figure.untitled_row(1);
    tail.labels("eigenvalue λ", i == 0 ? "share above" : "");
    draw_survival(tail, both);
  }
  figure.panel(0, 0, "").key("bottom left Left reverse");
  figure.save(output);
}

}  // namespace

int main(int argc, char** argv) { return rmtlab::figures::figure_main(argc, argv, draw); }
