// SPDX-License-Identifier: MIT
#include "sim/experiments/sigma_bakeoff.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/experiments/group_summary.hpp"
#include "sim/inference/entry_kurtosis.hpp"
#include "sim/inference/marchenko_pastur_fit.hpp"

namespace rmtlab::experiments {
namespace {

using inference::VarianceEstimator;

constexpr std::array estimators = {VarianceEstimator::trace, VarianceEstimator::quantile,
                                   VarianceEstimator::median, VarianceEstimator::lower_edge};

struct Score {
  double bias = 0, square = 0, known_bias = 0, known_square = 0, count = 0, width = 0;
  std::size_t covered = 0, exact = 0, too_many = 0, count_covered = 0;
};

}  // namespace

void SigmaBakeoff::declare(core::Schema& schema) {
  ensemble_.declare(schema);
  shape_.declare(schema);
  schema.section("bakeoff", "how the matrices are judged",
                 [&] { schema.integer("draws", draws_, core::at_least(20), "matrices per task"); });
}

std::vector<core::Complaint> SigmaBakeoff::complaints() const {
  auto list = ensemble_.complaints();
  for (auto& complaint : shape_.complaints(inference::smallest_spectrum))
    list.push_back(std::move(complaint));
  return list;
}

double SigmaBakeoff::cost() const {
  const auto m = static_cast<double>(shape_.cols), n = static_cast<double>(shape_.rows());
  return static_cast<double>(draws_) * (n * m * 1e-8 + m * m * (n + 4 * m) * 2.5e-10 + m * 1e-6);
}

core::TaskResult SigmaBakeoff::run(const core::Task& task) const {
  const std::size_t rows = shape_.rows(), cols = shape_.cols;
  const ensembles::Ensemble ensemble = ensemble_.make();
  const auto truth = ensemble.truth(rows, cols);
  const std::string given = ensemble_.value("sigma2");
  const double sigma2 = given.empty() ? 1.0 : std::stod(given);
  const double edge =
      sigma2 * std::pow(1 + std::sqrt(static_cast<double>(cols) / static_cast<double>(rows)), 2);
  const auto spikes =
      static_cast<std::size_t>(std::count_if(truth.outliers.begin(), truth.outliers.end(),
                                             [&](double x) { return x > edge * (1 + 1e-9); }));
  const core::Stream stream = task.own_stream("matrices");
  std::array<Score, estimators.size()> scores{};
  for (std::size_t r = 0; r < draws_; ++r) {
    core::Stream own = stream.child(r);
    const arma::mat W = ensemble.matrix(rows, cols, own);
    const arma::vec spectrum = ensembles::correlation_eigenvalues(W);
    const std::span<const double> view(spectrum.memptr(), spectrum.n_elem);
    const double kurtosis = std::max(-2.0, inference::entry_kurtosis(W).excess_kurtosis);
    for (std::size_t e = 0; e < estimators.size(); ++e) {
      Score& score = scores[e];
      const auto fit = inference::fit_marchenko_pastur(
          spectrum, rows, cols, {.excess_kurtosis = kurtosis, .estimator = estimators[e]});
      const double error = fit.sigma2 / sigma2 - 1;
      const double known = inference::bulk_variance(estimators[e], view, rows, spikes) / sigma2 - 1;
      score.bias += error;
      score.square += error * error;
      score.known_bias += known;
      score.known_square += known * known;
      score.covered += fit.sigma2_ci.lower <= sigma2 && sigma2 <= fit.sigma2_ci.upper;
      score.count += static_cast<double>(fit.outliers.size());
      score.exact += fit.outliers.size() == spikes;
      score.too_many += fit.outliers.size() > spikes;
      score.count_covered += fit.fewest_spikes <= spikes && spikes <= fit.most_spikes;
      score.width += static_cast<double>(fit.most_spikes - fit.fewest_spikes);
    }
    task.check_stop();
  }
  core::TaskResult result;
  const auto n = static_cast<double>(draws_);
  const double best = std::sqrt(2 / (static_cast<double>(rows) * static_cast<double>(cols)));
  for (std::size_t e = 0; e < estimators.size(); ++e) {
    const Score& s = scores[e];
    const auto share = [&](std::size_t count) { return static_cast<double>(count) / n; };
    core::Value covered;
    if (estimators[e] == VarianceEstimator::trace) covered = share(s.covered);
    result.rows.push_back({{"rows", static_cast<std::int64_t>(rows)},
                           {"cols", static_cast<std::int64_t>(cols)},
                           {"spikes", static_cast<std::int64_t>(spikes)},
                           {"estimator", std::string(name(estimators[e]))},
                           {"bias", s.bias / n},
                           {"efficiency", std::sqrt(s.square / n) / best},
                           {"bias_known_count", s.known_bias / n},
                           {"efficiency_known_count", std::sqrt(s.known_square / n) / best},
                           {"coverage", covered},
                           {"outliers", s.count / n},
                           {"count_exact", share(s.exact)},
                           {"count_too_many", share(s.too_many)},
                           {"count_coverage", share(s.count_covered)},
                           {"count_width", s.width / n}});
  }
  return result;
}

std::string SigmaBakeoff::summary(const core::Table& records) const {
  return group_summary(records,
                       {{"bias", "bias", 2},
                        {"efficiency", "rmse/best", 3},
                        {"bias_known_count", "bias, k known", 2},
                        {"efficiency_known_count", "rmse/best, k known", 3},
                        {"coverage", "coverage", 3},
                        {"outliers", "outliers", 3},
                        {"count_exact", "exact", 3},
                        {"count_too_many", "too many", 3},
                        {"count_coverage", "count cov.", 3},
                        {"count_width", "width", 2}},
                       {"estimator"});
}

}  // namespace rmtlab::experiments
