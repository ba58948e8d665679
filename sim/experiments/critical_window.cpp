// SPDX-License-Identifier: MIT
#include "sim/experiments/critical_window.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/ensembles/laguerre_spectrum.hpp"
#include "sim/experiments/group_summary.hpp"
#include "sim/inference/matrix_analysis.hpp"
#include "sim/inference/spike_likelihood.hpp"
#include "theory/domain_check.hpp"
#include "theory/spiked.hpp"

namespace rmtlab::experiments {
namespace {

// What one spectrum says, each statistic the larger the more like a spike.
struct Verdicts {
  std::vector<double> log_ratio, largest;
  std::size_t called_spike = 0, abstained = 0;  // by the classifier
};

void judge(Verdicts& verdicts, arma::vec eigenvalues, std::size_t rows, double excess) {
  verdicts.log_ratio.push_back(inference::log_likelihood_ratio(
      std::span<const double>(eigenvalues.memptr(), eigenvalues.n_elem), rows, excess));
  verdicts.largest.push_back(eigenvalues.back());
  spectra::Spectrum spectrum;
  spectrum.rows = rows;
  spectrum.cols = eigenvalues.n_elem;
  spectrum.eigenvalues = std::move(eigenvalues);
  spectrum.epsilon = std::numeric_limits<double>::epsilon();
  const auto decision = inference::analyze_spectrum(std::move(spectrum)).decision;
  verdicts.called_spike += decision.phase != theory::Phase::random_like;
  verdicts.abstained += decision.abstained;
}

struct ErrorRate {
  double share, standard_error;
};

// Mean of the shares of noise taken for a spike and of spikes taken for noise, of `count` each.
ErrorRate error_rate(std::size_t false_alarms, std::size_t misses, std::size_t count) {
  const auto n = static_cast<double>(count);
  const double alarm = static_cast<double>(false_alarms) / n,
               miss = static_cast<double>(misses) / n;
  return {(alarm + miss) / 2, std::sqrt((alarm * (1 - alarm) + miss * (1 - miss)) / n) / 2};
}

std::size_t count_above(std::span<const double> values, double threshold) {
  return static_cast<std::size_t>(
      std::count_if(values.begin(), values.end(), [&](double x) { return x > threshold; }));
}

ErrorRate threshold_error(std::span<const double> noise, std::span<const double> spiked,
                          double threshold) {
  return error_rate(count_above(noise, threshold), spiked.size() - count_above(spiked, threshold),
                    noise.size());
}

// The threshold with the fewest wrong decisions on these draws, half-way between two of them; the lowest of
// several.
double best_threshold(std::span<const double> noise, std::span<const double> spiked) {
  std::vector<std::pair<double, int>> sorted;  // what a decision loses by rising above the value
  for (const double x : noise) sorted.emplace_back(x, -1);
  for (const double x : spiked) sorted.emplace_back(x, 1);
  std::sort(sorted.begin(), sorted.end());
  int wrong = 0, fewest = 0;  // relative to calling everything a spike
  double best = sorted.front().first - 1;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    wrong += sorted[i].second;
    if (wrong >= fewest) continue;
    fewest = wrong;
    best =
        i + 1 < sorted.size() ? (sorted[i].first + sorted[i + 1].first) / 2 : sorted[i].first + 1;
  }
  return best;
}

ErrorRate edge_error(const std::vector<double>& noise, const std::vector<double>& spiked) {
  const std::size_t half = noise.size() / 2;
  const std::span<const double> n(noise), s(spiked);
  return threshold_error(n.subspan(half), s.subspan(half),
                         best_threshold(n.first(half), s.first(half)));
}

// Mean of min(1, e^(sign * x)).
double mean_of_lesser(const std::vector<double>& log_ratios, double sign) {
  double sum = 0;
  for (const double x : log_ratios) sum += std::exp(std::min(0.0, sign * x));
  return sum / static_cast<double>(log_ratios.size());
}

}  // namespace

double excess_at_window(double aspect_ratio, double cols, double window) {
  theory::check_positive("excess_at_window", "aspect_ratio", aspect_ratio);
  theory::check_positive("excess_at_window", "cols", cols);
  if (!std::isfinite(window))
    theory::throw_domain_error("excess_at_window", "window", window, "finite");
  const double threshold = theory::bbp_threshold(aspect_ratio);
  const double unit = std::pow(1 + threshold, 2.0 / 3) / std::cbrt(cols);
  return std::max(0.0, threshold * (1 + window * unit));
}

void CriticalWindow::declare(core::Schema& schema) {
  shape_.declare(schema);
  schema.section("spike", "one population eigenvalue 1 + h beside noise of variance 1", [&] {
    schema.number(
        "window", window_, core::Bounds{},
        "w = (h/h_c - 1) M^(1/3) / (1 + Q^-1/2)^(2/3); no spike where h would be negative");
    schema.integer("draws", draws_, core::at_least(20), "matrices of either kind per task");
  });
}

std::vector<core::Complaint> CriticalWindow::complaints() const {
  return shape_.complaints(inference::smallest_spectrum);
}

double CriticalWindow::cost() const {
  const auto m = static_cast<double>(shape_.cols);
  return static_cast<double>(draws_) * (6e-8 * m * m + 4e-5 * m);
}

core::TaskResult CriticalWindow::run(const core::Task& task) const {
  const std::size_t rows = shape_.rows(), cols = shape_.cols;
  const auto n = static_cast<double>(rows), m = static_cast<double>(cols);
  const double excess = excess_at_window(n / m, m, window_);
  const ensembles::Laguerre without{.rows = n, .cols = cols};
  const ensembles::Laguerre with{.rows = n, .cols = cols, .excess = excess};
  const core::Stream noise_stream = task.own_stream("noise");
  const core::Stream spiked_stream = task.own_stream("spiked");
  Verdicts noise, spiked;
  for (std::size_t r = 0; r < draws_; ++r) {
    core::Stream first = noise_stream.child(r), second = spiked_stream.child(r);
    judge(noise, ensembles::laguerre_spectrum(without, first), rows, excess);
    judge(spiked, ensembles::laguerre_spectrum(with, second), rows, excess);
    task.check_stop();
  }
  const ErrorRate bayes = threshold_error(noise.log_ratio, spiked.log_ratio, 0);
  const ErrorRate edge = edge_error(noise.largest, spiked.largest);
  const ErrorRate classifier = error_rate(noise.called_spike, draws_ - spiked.called_spike, draws_);
  const double averaged =
      (mean_of_lesser(noise.log_ratio, 1) + mean_of_lesser(spiked.log_ratio, -1)) / 4;
  const auto abstained = static_cast<double>(noise.abstained + spiked.abstained);
  core::TaskResult result;
  result.rows.push_back({{"rows", static_cast<std::int64_t>(rows)},
                         {"cols", static_cast<std::int64_t>(cols)},
                         {"excess", excess},
                         {"critical_window",
                          theory::critical_window(theory::Spike::covariance(n / m, 1 + excess), m)},
                         {"matrices", static_cast<std::int64_t>(draws_)},
                         {"bayes_error", bayes.share},
                         {"bayes_error_se", bayes.standard_error},
                         {"bayes_error_averaged", averaged},
                         {"edge_error", edge.share},
                         {"edge_error_se", edge.standard_error},
                         {"classifier_error", classifier.share},
                         {"classifier_error_se", classifier.standard_error},
                         {"classifier_false_alarms",
                          static_cast<double>(noise.called_spike) / static_cast<double>(draws_)},
                         {"classifier_abstained", abstained / static_cast<double>(2 * draws_)}});
  return result;
}

std::string CriticalWindow::summary(const core::Table& records) const {
  return group_summary(records, {{"critical_window", "window", 3},
                                 {"excess", "h", 3},
                                 {"bayes_error", "Bayes", 3},
                                 {"bayes_error_se", "s.e.", 2},
                                 {"bayes_error_averaged", "averaged", 3},
                                 {"edge_error", "edge", 3},
                                 {"edge_error_se", "s.e.", 2},
                                 {"classifier_error", "classifier", 3},
                                 {"classifier_error_se", "s.e.", 2},
                                 {"classifier_false_alarms", "false alarms", 2},
                                 {"classifier_abstained", "abstained", 2}});
}

}  // namespace rmtlab::experiments
