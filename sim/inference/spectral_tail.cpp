// SPDX-License-Identifier: MIT
#include "sim/inference/spectral_tail.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <stdexcept>

#include <armadillo>
#include <fmt/format.h>

#include "sim/ensembles/ensemble.hpp"
#include "sim/ensembles/entry_matrix.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "sim/ensembles/population_levels.hpp"
#include "sim/inference/replicates.hpp"
#include "sim/spectra/metrics.hpp"

namespace rmtlab::inference {
namespace {

void check(bool good, std::string_view what, double value, std::string_view constraint) {
  if (!good)
    throw std::domain_error(
        fmt::format("spectral_tail: {} = {} (must be {})", what, value, constraint));
}

// Definition 6 of \cite HyndmanFan1996: a new value lies below it with probability p on average, which
// is what makes an interval of simulated values cover.
double quantile(const std::vector<double>& ascending, double p) {
  const double at = std::max(0.0, p * static_cast<double>(ascending.size() + 1) - 1);
  const auto i = static_cast<std::size_t>(at);
  if (i + 1 >= ascending.size()) return ascending.back();
  return ascending[i] + (at - static_cast<double>(i)) * (ascending[i + 1] - ascending[i]);
}

// Quadratic least squares over up to five neighbours, then increasing.
std::vector<double> smoothed(const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<double> result(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    const std::size_t first = std::min(i < 2 ? 0 : i - 2, y.size() >= 5 ? y.size() - 5 : 0);
    const std::size_t last = std::min(first + 5, y.size());
    arma::mat design(last - first, 3);
    arma::vec target(last - first);
    for (std::size_t j = first; j < last; ++j) {
      const double d = x[j] - x[i];
      design.row(j - first) = arma::rowvec{1, d, d * d};
      target[j - first] = y[j];
    }
    result[i] = arma::vec(arma::solve(design, target))[0];
  }
  for (std::size_t i = 1; i < result.size(); ++i) result[i] = std::max(result[i], result[i - 1]);
  return result;
}

std::vector<double> exponents_of(std::vector<double> logarithms) {
  for (double& x : logarithms) x = 1 + std::exp(x);
  return logarithms;
}

struct Crossing {
  double at;
  bool open;
};

// Where an increasing curve reaches y, linear between logarithms of alpha - 1: the range's end, open, if it
// does not.
Crossing crossing(const std::vector<double>& x, const std::vector<double>& curve, double y) {
  if (y <= curve.front()) return {x.front(), y < curve.front()};
  if (y >= curve.back()) return {x.back(), y > curve.back()};
  const auto above = std::upper_bound(curve.begin(), curve.end(), y) - curve.begin();
  const auto i = static_cast<std::size_t>(above) - 1;
  const double t =
      std::log((y - 1) / (curve[i] - 1)) / std::log((curve[i + 1] - 1) / (curve[i] - 1));
  return {1 + (x[i] - 1) * std::pow((x[i + 1] - 1) / (x[i] - 1), t), false};
}

}  // namespace

std::string_view name(SpectralTail tail) {
  return tail == SpectralTail::covariance ? "covariance" : "heavy-entries";
}

ExponentRange exponent_range(SpectralTail tail) {
  if (tail == SpectralTail::covariance) return {1.2, 5};
  return {1.25, 1.975};
}

std::vector<double> draw_spectrum(SpectralTail tail, double alpha, std::size_t rows,
                                  std::size_t cols, core::Stream& stream) {
  const auto [low, high] = exponent_range(tail);
  check(alpha >= low && alpha <= high, "alpha", alpha, fmt::format("from {} to {}", low, high));
  arma::mat W;
  if (tail == SpectralTail::covariance) {
    ensembles::Population population;
    population.law = ensembles::LevelLaw::pareto;
    population.shape = alpha - 1;
    const arma::vec levels = ensembles::random_population_levels(population, cols, stream);
    W = ensembles::covariance_matrix(ensembles::gaussian_matrix(rows, cols, 1, stream), levels,
                                     ensembles::Basis::axes, stream);
  } else {
    ensembles::EntryLaw law;
    law.kind = ensembles::EntryKind::pareto;
    law.tail_index = 2 * (alpha - 1);
    law.centring = ensembles::Centring::symmetrised;
    W = ensembles::entry_matrix(rows, cols, law, ensembles::Scaling::tail, stream);
  }
  const arma::vec eigenvalues = spectra::resolved_part(ensembles::correlation_eigenvalues(W));
  return {eigenvalues.begin(), eigenvalues.end()};
}

SpectralTailCalibration::SpectralTailCalibration(SpectralTail tail, std::size_t rows,
                                                 std::size_t cols, const PowerLawOptions& fit,
                                                 const SpectralTailOptions& options,
                                                 const core::Stream& stream,
                                                 const std::function<void(std::size_t)>& progress)
    : level_(options.level) {
  check(cols >= 20, "cols", static_cast<double>(cols), ">= 20");
  check(rows >= cols, "rows", static_cast<double>(rows), fmt::format(">= cols = {}", cols));
  check(options.draws >= 40, "draws", static_cast<double>(options.draws), ">= 40");
  check(options.points >= 4, "points", static_cast<double>(options.points), ">= 4");
  check(options.level > 0.5 && options.level < 1, "level", options.level, "above 0.5, below 1");
  const auto [low, high] = exponent_range(tail);
  std::vector<double> grid;  // log(alpha - 1)
  for (std::size_t i = 0; i < options.points; ++i) {
    const double t = static_cast<double>(i) / static_cast<double>(options.points - 1);
    grid.push_back(std::log(low - 1) + t * std::log((high - 1) / (low - 1)));
    exponents_.push_back(std::clamp(1 + std::exp(grid.back()), low, high));
  }
  std::vector<std::vector<double>> fitted(options.points, std::vector<double>(options.draws));
  std::atomic<std::size_t> done{0};
  struct NoScratch {};
  run_replicates(
      options.points * options.draws, options.threads, [] { return NoScratch(); },
      [&](NoScratch&, std::size_t k) {
        const std::size_t i = k / options.draws, r = k % options.draws;
        core::Stream own = stream.child(i).child(r);
        const auto spectrum = draw_spectrum(tail, exponents_[i], rows, cols, own);
        fitted[i][r] = fit_power_law(std::span<const double>(spectrum), fit).alpha;
        if (progress) progress(++done);
      });
  std::array<std::vector<double>, 3> curves;
  const std::array<double, 3> levels = {(1 - level_) / 2, 0.5, (1 + level_) / 2};
  for (auto& alphas : fitted) {
    std::sort(alphas.begin(), alphas.end());
    for (std::size_t c = 0; c < 3; ++c)
      curves[c].push_back(std::log(quantile(alphas, levels[c]) - 1));
  }
  lower_ = exponents_of(smoothed(grid, curves[0]));
  median_ = exponents_of(smoothed(grid, curves[1]));
  upper_ = exponents_of(smoothed(grid, curves[2]));
}

CalibratedExponent SpectralTailCalibration::invert(double fitted_alpha) const {
  check(std::isfinite(fitted_alpha) && fitted_alpha > 1, "fitted_alpha", fitted_alpha,
        "finite and > 1");
  // The upper quantile curve reaches the observed value at the interval's lower end, and conversely.
  const Crossing low = crossing(exponents_, upper_, fitted_alpha);
  const Crossing high = crossing(exponents_, lower_, fitted_alpha);
  return {
      crossing(exponents_, median_, fitted_alpha).at, low.at, high.at, low.open, high.open, level_};
}

}  // namespace rmtlab::inference
