// SPDX-License-Identifier: MIT
#include "sim/experiments/universality.hpp"

#include <algorithm>
#include <cmath>

#include "sim/experiments/group_summary.hpp"
#include "sim/experiments/limit_law.hpp"
#include "sim/inference/power_law.hpp"
#include "sim/spectra/level_statistics.hpp"
#include "sim/spectra/metrics.hpp"

namespace rmtlab::experiments {
namespace {

using core::Row;
using core::Value;

// Of the limit law: distance, where the bulk ends if it ends, and how many eigenvalues of W^T W / N its
// unit is (1 for a law of the eigenvalues themselves, a_N^2 / N times the scaling's square for mu < 2).
void add_limit(Row& row, const ensembles::GroundTruth& truth, const arma::vec& eigenvalues) {
  Value distance, edge, beyond, unit;
  if (truth.limit) {
    const ScaledLaw law(*truth.limit);
    unit = law.unit();
    distance = law.distance(eigenvalues);
    const double end = law.quantile(1);
    if (std::isfinite(end)) {
      edge = end;
      beyond = static_cast<double>(arma::accu(eigenvalues > end)) /
               static_cast<double>(eigenvalues.n_elem);
    }
  }
  row.emplace_back("ks_limit", distance);
  row.emplace_back("limit_edge", edge);
  row.emplace_back("fraction_beyond_edge", beyond);
  row.emplace_back("limit_unit", unit);
}

// Of the law of the largest eigenvalue: where in it this one lies, and its standardised value.
void add_largest(Row& row, const ensembles::GroundTruth& truth, double lambda_max) {
  Value probability, z;
  if (truth.largest) {
    const ScaledLaw law(*truth.largest);
    probability = law.cdf(lambda_max);
    if (law.standard().z) z = law.standard().z(lambda_max / law.unit());
  }
  row.emplace_back("largest_cdf", probability);
  row.emplace_back("largest_z", z);
}

void add_power_law(Row& row, const arma::vec& eigenvalues) {
  const arma::vec positive = spectra::resolved_part(eigenvalues);
  Value alpha, xmin, ks, n_tail;
  if (positive.n_elem >= 20) {
    const auto fit = inference::fit_power_law(
        std::span<const double>(positive.memptr(), positive.n_elem), {.min_tail = 10});
    alpha = fit.alpha;
    xmin = fit.xmin;
    ks = fit.ks;
    n_tail = static_cast<std::int64_t>(fit.n_tail);
  }
  row.emplace_back("alpha", alpha);
  row.emplace_back("xmin", xmin);
  row.emplace_back("ks_tail", ks);
  row.emplace_back("n_tail", n_tail);
}

}  // namespace

void Universality::declare(core::Schema& schema) {
  ensemble_.declare(schema);
  shape_.declare(schema);
}

std::vector<core::Complaint> Universality::complaints() const { return ensemble_.complaints(); }

std::vector<core::OutputKind> Universality::output_kinds() const {
  return {{"eigenvalues", true, "of W^T W / N, ascending"},
          {"entries", false, "the first 20000 entries of W, in column order"}};
}

double Universality::cost() const {
  const auto m = static_cast<double>(shape_.cols), n = static_cast<double>(shape_.rows());
  return 1e-3 + m * m * (n + 4 * m) * 2.5e-10;
}

core::TaskResult Universality::run(const core::Task& task) const {
  const ensembles::Ensemble ensemble = ensemble_.make();
  core::Stream stream = task.own_stream("matrix");
  const std::size_t rows = shape_.rows(), cols = shape_.cols;
  arma::mat W;  // only where it is asked for: the spectrum may be had without it
  if (task.wants("entries")) W = ensemble.matrix(rows, cols, stream);
  const arma::vec eigenvalues = W.is_empty() ? sample_spectrum(ensemble, rows, cols, stream)
                                             : ensembles::correlation_eigenvalues(W);
  const auto truth = ensemble.truth(rows, cols);
  Row row{{"rows", static_cast<std::int64_t>(rows)}, {"cols", static_cast<std::int64_t>(cols)},
          {"lambda_max", eigenvalues.back()},        {"lambda_second", eigenvalues[cols - 2]},
          {"lambda_min", eigenvalues.front()},       {"mean_eigenvalue", arma::mean(eigenvalues)}};
  add_limit(row, truth, eigenvalues);
  add_largest(row, truth, eigenvalues.back());
  row.emplace_back("gap_ratio", core::value_of(spectra::mean_gap_ratio(eigenvalues, 0, cols)));
  add_power_law(row, eigenvalues);
  row.emplace_back("alpha_limit", core::value_of(truth.alpha));
  core::TaskResult result;
  result.rows.push_back(std::move(row));
  if (task.wants("eigenvalues"))
    result.arrays.push_back(
        {"eigenvalues", {cols}, std::vector<double>(eigenvalues.begin(), eigenvalues.end())});
  if (!W.is_empty()) {
    const std::size_t kept = std::min<std::size_t>(W.n_elem, 20000);
    result.arrays.push_back(
        {"entries", {kept}, std::vector<double>(W.memptr(), W.memptr() + kept)});
  }
  return result;
}

std::string Universality::summary(const core::Table& records) const {
  return group_summary(records, {{"ks_limit", "KS to limit", 3},
                                 {"fraction_beyond_edge", "beyond edge", 3},
                                 {"lambda_max", "lambda_max", 4},
                                 {"largest_z", "z", 3},
                                 {"gap_ratio", "gap ratio", 4},
                                 {"alpha", "alpha", 3},
                                 {"alpha_limit", "its limit", 3}});
}

}  // namespace rmtlab::experiments
