// SPDX-License-Identifier: MIT
#include "sim/experiments/spectral_tail_calibration.hpp"

#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "sim/experiments/group_summary.hpp"
#include "sim/inference/power_law_bootstrap.hpp"
#include "sim/inference/power_law_diagnosis.hpp"

namespace rmtlab::experiments {
namespace {

using inference::SpectralTailCalibration;

// Tasks of one class and shape share their map: it depends on nothing else, so who makes it first
// changes no number.
class Maps {
public:
  std::shared_ptr<const SpectralTailCalibration> get(
      const std::string& key, const std::function<SpectralTailCalibration()>& make) {
    const std::lock_guard lock(mutex_);
    auto& map = maps_[key];
    if (!map) map = std::make_shared<const SpectralTailCalibration>(make());
    return map;
  }

private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const SpectralTailCalibration>> maps_;
};

Maps& maps() {
  static Maps all;
  return all;
}

// As the class `covariance`, but for the levels: the quantiles of the law.
std::vector<double> quantile_spectrum(double alpha, std::size_t rows, std::size_t cols,
                                      core::Stream& stream) {
  const auto ensemble =
      ensembles::make_ensemble("power-law-covariance", {{"alpha", fmt::format("{}", alpha)}});
  const arma::vec x = sample_spectrum(ensemble, rows, cols, stream);
  return {x.begin(), x.end()};
}

double share(std::size_t count, std::size_t of) {
  return static_cast<double>(count) / static_cast<double>(of);
}

}  // namespace

void SpectralTailExperiment::declare(core::Schema& schema) {
  schema.section("spectrum", "of known exponent", [&] {
    schema.choice<inference::SpectralTail>(
        "class", tail_,
        {{"covariance", inference::SpectralTail::covariance},
         {"heavy-entries", inference::SpectralTail::heavy_entries}},
        "power-law covariance with random levels, or Pareto entries of tail index 2 (alpha - 1)");
    schema.number("alpha", alpha_, core::Bounds{.lower = 1, .open_lower = true},
                  "exponent of the density's tail");
    schema.choice<bool>(
        "levels", quantile_levels_, {{"random", false}, {"quantiles", true}},
        "covariance: independent draws of the law, as in the map, or its quantiles");
  });
  shape_.declare(schema);
  schema.section("calibration", "what is simulated", [&] {
    schema.integer("spectra", spectra_, core::at_least(20), "spectra per task to be judged");
    schema.integer("points", map_.points, core::at_least(4), "exponents of the map");
    schema.integer("draws", map_.draws, core::at_least(40), "spectra per exponent of the map");
    schema.integer("min_tail", min_tail_, core::at_least(2), "fewest eigenvalues in the tail");
  });
}

std::vector<core::Complaint> SpectralTailExperiment::complaints() const {
  if (quantile_levels_ && tail_ != inference::SpectralTail::covariance)
    return {{"spectrum.levels", "is quantiles, but heavy-entries has no levels", {}}};
  const auto [low, high] = inference::exponent_range(tail_);
  if (alpha_ >= low && alpha_ <= high) return {};
  return {
      {"spectrum.alpha",
       fmt::format("is {}, outside what is simulated for this class ({} to {})", alpha_, low, high),
       {}}};
}

double SpectralTailExperiment::cost() const {
  const auto m = static_cast<double>(shape_.cols), n = static_cast<double>(shape_.rows());
  return static_cast<double>(spectra_) * (1e-4 + m * m * (n + 4 * m) * 2.5e-10);
}

core::TaskResult SpectralTailExperiment::run(const core::Task& task) const {
  const std::size_t rows = shape_.rows(), cols = shape_.cols;
  const inference::PowerLawOptions options{.min_tail = min_tail_};
  const std::string key = fmt::format("{}/{}x{}/points={}/draws={}/min_tail={}", name(tail_), rows,
                                      cols, map_.points, map_.draws, min_tail_);
  // Not the run's seed: a map is a table of the class, the spectra it judges are the run's.
  const auto map = maps().get(key, [&] {
    return SpectralTailCalibration(tail_, rows, cols, options, map_,
                                   core::Stream(1810).child("spectral tail map").child(key));
  });
  const core::Stream stream = task.own_stream("spectra");
  std::size_t covered = 0, sigma_covered = 0, open = 0, warned = 0;
  double width = 0;
  std::vector<double> fitted;
  for (std::size_t i = 0; i < spectra_; ++i) {
    core::Stream own = stream.child(i);
    const auto spectrum = quantile_levels_
                              ? quantile_spectrum(alpha_, rows, cols, own)
                              : inference::draw_spectrum(tail_, alpha_, rows, cols, own);
    const auto fit = inference::fit_power_law(std::span<const double>(spectrum), options);
    const auto calibrated = map->invert(fit.alpha);
    const bool below = calibrated.open_below || calibrated.lower <= alpha_;
    const bool above = calibrated.open_above || alpha_ <= calibrated.upper;
    covered += below && above;
    open += calibrated.open_below || calibrated.open_above;
    sigma_covered += std::abs(fit.alpha - alpha_) <= 1.96 * fit.sigma_alpha;
    width += calibrated.upper - calibrated.lower;
    for (const auto& warning : inference::diagnose(fit))
      warned += warning.kind == inference::WarningKind::edge_like;
    fitted.push_back(fit.alpha);
    task.check_stop();
  }
  double mean = 0, square = 0;
  for (const double a : fitted) mean += a / static_cast<double>(spectra_);
  for (const double a : fitted) square += (a - mean) * (a - mean);
  core::TaskResult result;
  result.rows.push_back(
      {{"rows", static_cast<std::int64_t>(rows)},
       {"cols", static_cast<std::int64_t>(cols)},
       {"spectra", static_cast<std::int64_t>(spectra_)},
       {"fitted_mean", mean},
       {"fitted_deviation", std::sqrt(square / static_cast<double>(spectra_ - 1))},
       {"coverage", share(covered, spectra_)},
       {"coverage_sigma", share(sigma_covered, spectra_)},
       {"mean_width", width / static_cast<double>(spectra_)},
       {"open_share", share(open, spectra_)},
       {"warned_as_edge", share(warned, spectra_)}});
  return result;
}

std::string SpectralTailExperiment::summary(const core::Table& records) const {
  return group_summary(records, {{"fitted_mean", "fitted", 3},
                                 {"fitted_deviation", "s.d.", 2},
                                 {"coverage", "coverage", 3},
                                 {"coverage_sigma", "of 1.96 sigma", 3},
                                 {"mean_width", "width", 2},
                                 {"open_share", "open", 2},
                                 {"warned_as_edge", "warned", 2}});
}

}  // namespace rmtlab::experiments
