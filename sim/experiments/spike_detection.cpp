// SPDX-License-Identifier: MIT
#include "sim/experiments/spike_detection.hpp"

#include <cmath>
#include <vector>

#include "sim/ensembles/laguerre_spectrum.hpp"
#include "sim/experiments/group_summary.hpp"
#include "sim/inference/marchenko_pastur_fit.hpp"
#include "theory/wishart_edge.hpp"

namespace rmtlab::experiments {

void SpikeDetection::declare(core::Schema& schema) {
  shape_.declare(schema);
  schema.section("spike", "what is planted in Gaussian noise of variance 1", [&] {
    schema.choice<theory::SpikeKind>(
        "kind", kind_,
        {{"additive", theory::SpikeKind::additive}, {"covariance", theory::SpikeKind::covariance}},
        "a fixed matrix of rank one, or one other population eigenvalue");
    schema.number("strength", strength_, core::Bounds{.lower = 0},
                  "additive: S / Q^(-1/4); covariance: (l - 1) / Q^(-1/2). 1 is the threshold");
    schema.integer("draws", draws_, core::at_least(20), "matrices per task");
  });
}

std::vector<core::OutputKind> SpikeDetection::output_kinds() const {
  return {{"p_values", true, "per draw: p-value of the largest eigenvalue"}};
}

double SpikeDetection::cost() const {
  const auto m = static_cast<double>(shape_.cols);
  return static_cast<double>(draws_) * (1.6e-8 * m * m + 3e-7 * m);
}

core::TaskResult SpikeDetection::run(const core::Task& task) const {
  const std::size_t rows = shape_.rows(), cols = shape_.cols;
  const auto n = static_cast<double>(rows), m = static_cast<double>(cols);
  const double threshold = theory::bbp_threshold(n / m);
  const bool additive = kind_ == theory::SpikeKind::additive;
  const double excess = threshold * (additive ? strength_ * strength_ : strength_);
  const ensembles::Laguerre model{.rows = n, .cols = cols, .spike = kind_, .excess = excess};
  const auto edge = theory::upper_edge_scaling(n, m);
  const double square_root_edge = std::pow(1 + std::sqrt(m / n), 2) + std::sqrt(edge.scale);
  const bool supercritical = excess > threshold;

  const core::Stream stream = task.own_stream("matrices");
  std::size_t at5 = 0, at1 = 0, known5 = 0, by_root = 0, too_many = 0, unsure = 0;
  std::size_t covered_additive = 0, covered_covariance = 0, judged = 0, count_covered = 0;
  double width = 0, count_width = 0;
  std::vector<double> p_values;
  for (std::size_t r = 0; r < draws_; ++r) {
    core::Stream own = stream.child(r);
    const arma::vec spectrum = ensembles::laguerre_spectrum(model, own);
    const std::span<const double> view(spectrum.memptr(), spectrum.n_elem);
    inference::MarchenkoPasturOptions options;
    options.spike_kind = kind_;
    const auto fit = inference::fit_marchenko_pastur(spectrum, rows, cols, options);
    p_values.push_back(fit.edge_p_value);
    at1 += !fit.outliers.empty();
    at5 += inference::count_outliers(view, rows, {.level = 0.05}).count > 0;
    too_many += fit.outliers.size() > 1;
    known5 += theory::edge_p_value(edge_z(edge, spectrum.back())) < 0.05;
    by_root += spectrum.back() > square_root_edge * fit.sigma2;
    const std::size_t truly = supercritical ? 1 : 0;
    count_covered += fit.fewest_spikes <= truly && truly <= fit.most_spikes;
    count_width += static_cast<double>(fit.most_spikes - fit.fewest_spikes);
    if (!fit.outliers.empty()) {
      ++judged;
      const double lambda = fit.outliers.front().lambda;
      const double error = std::sqrt(2 / (n * m));
      const auto covers = [&](theory::SpikeKind kind) {
        const auto s = inference::estimate_spike(kind, lambda, fit.sigma2, error, rows, cols, 0.95);
        return s.excess_ci.lower <= excess && excess <= s.excess_ci.upper;
      };
      covered_additive += covers(theory::SpikeKind::additive);
      covered_covariance += covers(theory::SpikeKind::covariance);
      const auto& spike = fit.outliers.front().spike;
      unsure += spike.cannot_tell;
      width += spike.strength_ci.upper - spike.strength_ci.lower;
    }
    task.check_stop();
  }
  const auto share = [](std::size_t count, std::size_t of) {
    core::Value value;
    if (of > 0) value = static_cast<double>(count) / static_cast<double>(of);
    return value;
  };
  const theory::Spike spike = additive ? theory::Spike::additive(n / m, std::sqrt(excess))
                                       : theory::Spike::covariance(n / m, 1 + excess);
  core::Value mean_width;
  if (judged > 0) mean_width = width / static_cast<double>(judged);
  core::TaskResult result;
  result.rows.push_back({{"rows", static_cast<std::int64_t>(rows)},
                         {"cols", static_cast<std::int64_t>(cols)},
                         {"excess", excess},
                         {"critical_window", theory::critical_window(spike, m)},
                         {"matrices", static_cast<std::int64_t>(draws_)},
                         {"found_at_5", share(at5, draws_)},
                         {"found_at_1", share(at1, draws_)},
                         {"found_variance_known", share(known5, draws_)},
                         {"found_by_square_root_edge", share(by_root, draws_)},
                         {"too_many", share(too_many, draws_)},
                         {"judged", static_cast<std::int64_t>(judged)},
                         {"covered_additive", share(covered_additive, judged)},
                         {"covered_covariance", share(covered_covariance, judged)},
                         {"cannot_tell", share(unsure, judged)},
                         {"strength_width", mean_width},
                         {"count_coverage", share(count_covered, draws_)},
                         {"count_width", count_width / static_cast<double>(draws_)}});
  if (task.wants("p_values")) result.arrays.push_back({"p_values", {draws_}, std::move(p_values)});
  return result;
}

std::string SpikeDetection::summary(const core::Table& records) const {
  return group_summary(records, {{"critical_window", "window", 3},
                                 {"found_at_5", "5 %", 3},
                                 {"found_at_1", "1 %", 3},
                                 {"found_variance_known", "5 %, known", 3},
                                 {"found_by_square_root_edge", "root edge", 3},
                                 {"covered_additive", "cov. add.", 3},
                                 {"covered_covariance", "cov. cov.", 3},
                                 {"cannot_tell", "cannot tell", 3},
                                 {"count_coverage", "count cov.", 3},
                                 {"count_width", "width", 2}});
}

}  // namespace rmtlab::experiments
