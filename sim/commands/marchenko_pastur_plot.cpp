// SPDX-License-Identifier: MIT
#include "sim/commands/marchenko_pastur_plot.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "figures/plot.hpp"
#include "sim/inference/null_atlas.hpp"
#include "theory/marchenko_pastur.hpp"

namespace rmtlab::commands {
namespace {

using figures::Panel;
namespace colour = figures::colour;

// Bars as wide as the bulk's interquartile range asks for (Freedman and Diaconis), over the bulk and as far
// beyond it as the picture goes.
void draw_density(Panel& panel, const arma::vec& ascending,
                  const inference::MarchenkoPasturFit& fit, const theory::MarchenkoPastur& law,
                  double right) {
  const auto m = static_cast<double>(ascending.n_elem);
  const double range = ascending[ascending.n_elem * 3 / 4] - ascending[ascending.n_elem / 4];
  const double width = std::max(range / std::cbrt(m), right / 200);
  const auto bins = static_cast<std::size_t>(std::ceil(right / width));
  std::vector<double> edges(bins + 1), heights(bins, 0.0);
  for (std::size_t i = 0; i <= bins; ++i) edges[i] = width * static_cast<double>(i);
  for (const double x : ascending)
    if (x < edges.back()) heights[static_cast<std::size_t>(x / width)] += 1 / (m * width);
  panel.bars("eigenvalues", edges, heights, colour::light_grey);
  std::vector<double> x, y;
  const double share = static_cast<double>(fit.bulk_count) / m;
  for (int i = 0; i <= 400; ++i) {
    const double t = (1 - std::cos(M_PI * i / 400)) / 2;
    x.push_back(std::lerp(law.lower_edge(), law.upper_edge(), t));
    const double density = pdf(law, x.back());
    y.push_back(std::isfinite(density) ? share * density
                                       : share * pdf(law, 1e-6 * law.upper_edge()));
  }
  panel.line("Marchenko-Pastur", x, y, colour::vermillion, 2);
  std::vector<double> seen;
  for (const auto& o : fit.outliers)
    if (o.lambda <= right) seen.push_back(o.lambda);
  if (!seen.empty()) panel.rug("outliers", seen, colour::blue);
}

void draw_deviation(Panel& panel, const arma::vec& ascending,
                    const inference::MarchenkoPasturFit& fit, double rows, double excess_kurtosis) {
  const std::size_t m = fit.bulk_count;
  const inference::BulkShape shape(static_cast<std::size_t>(rows), ascending.n_elem,
                                   ascending.n_elem - m);
  const auto levels =
      inference::unfolded_levels({ascending.memptr(), m}, shape.aspect_ratio(), excess_kurtosis);
  std::vector<double> rank, deviation;
  for (std::size_t i = 0; i < m; ++i) {
    const double middle = static_cast<double>(i) + 0.5;
    rank.push_back(middle / static_cast<double>(m));
    deviation.push_back(levels[i] - middle);
  }
  // The distance counts both corners of a step, half a level beyond its middle.
  const double limit = inference::NullAtlas::standard().quantiles(
                           inference::BulkTest::ks, shape.rows, shape.cols, excess_kurtosis)[6] -
                       0.5;
  panel.band("noise stays inside, 95 %", {0, 1}, {-limit, -limit}, {limit, limit},
             colour::light_grey);
  panel.line("bulk", rank, deviation, colour::blue, 1.5);
  panel.line("", {0, 1}, {0, 0}, colour::black, 0.8);
  panel.unlisted();
  panel.x_range(0, 1);
  const double most = std::max(
      1.15 * limit,
      1.1 * std::abs(*std::max_element(deviation.begin(), deviation.end(), [](double a, double b) {
        return std::abs(a) < std::abs(b);
      })));
  panel.y_range(-most, most);
}

}  // namespace

void plot_marchenko_pastur(const arma::vec& eigenvalues, const inference::MarchenkoPasturFit& fit,
                           std::size_t rows, double excess_kurtosis, const std::string& file) {
  const arma::vec ascending = arma::sort(eigenvalues);
  const theory::MarchenkoPastur law(fit.effective_rows / static_cast<double>(ascending.n_elem),
                                    fit.sigma2);
  figures::Figure figure(1, 2, 4.2, 3.2);
  figure.headline(fmt::format(
      "{} x {}: σ^2 = {:.4g} [{:.4g}, {:.4g}], {} outlier{}, bulk is noise: KS p = {:.2g}, "
      "Chebyshev p = {:.2g}",
      rows, ascending.n_elem, fit.sigma2, fit.sigma2_ci.lower, fit.sigma2_ci.upper,
      fit.outliers.size(), fit.outliers.size() == 1 ? "" : "s", fit.p_value,
      fit.tests[static_cast<std::size_t>(inference::BulkTest::chebyshev)].p_value));
  Panel& density = figure.panel(0, 0, "density");
  density.title("spectrum and fitted law");
  density.labels("λ", "ρ(λ)");
  const double right = std::min(1.05 * ascending.back(), 4 * law.upper_edge());
  density.x_range(0, std::max(right, 1.05 * law.upper_edge()));
  density.key("top right");
  draw_density(density, ascending, fit, law, std::max(right, 1.05 * law.upper_edge()));
  if (ascending.back() > right)
    density.note(fmt::format("λ_{{max}} = {:.4g}", ascending.back()), 0.97, 0.6, "right");
  Panel& deviation = figure.panel(0, 1, "deviation");
  deviation.title("levels against their places in noise");
  deviation.labels("rank / number in the bulk", "M F(λ) - rank");
  deviation.key("top right");
  draw_deviation(deviation, ascending, fit, fit.effective_rows, excess_kurtosis);
  std::filesystem::path stem(file);
  if (stem.extension() == ".png" || stem.extension() == ".pdf") stem.replace_extension();
  figure.save(stem);
}

}  // namespace rmtlab::commands
