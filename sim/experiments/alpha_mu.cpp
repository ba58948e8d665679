// SPDX-License-Identifier: MIT
#include "sim/experiments/alpha_mu.hpp"

#include <algorithm>
#include <vector>

#include "sim/experiments/group_summary.hpp"
#include "sim/inference/power_law.hpp"
#include "sim/spectra/metrics.hpp"

namespace rmtlab::experiments {

using core::Row;

void AlphaMu::declare(core::Schema& schema) {
  ensemble_.declare(schema);
  shape_.declare(schema);
  schema.section("fit", "of the power law", [&] {
    schema.integer("min_tail", min_tail_, core::at_least(2), "fewest eigenvalues in the tail");
  });
}

std::vector<core::Complaint> AlphaMu::complaints() const { return ensemble_.complaints(); }

double AlphaMu::cost() const {
  const auto m = static_cast<double>(shape_.cols), n = static_cast<double>(shape_.rows());
  return 1e-3 + m * m * (n + 4 * m) * 2.5e-10;
}

core::TaskResult AlphaMu::run(const core::Task& task) const {
  const ensembles::Ensemble ensemble = ensemble_.make();
  // Paired along the sweep: every mu meets the same uniform numbers behind its entries.
  core::Stream stream = task.paired_stream("matrix").child(ensemble_.name);
  const std::size_t rows = shape_.rows(), cols = shape_.cols;
  const arma::vec eigenvalues = sample_spectrum(ensemble, rows, cols, stream);
  const arma::vec positive = spectra::resolved_part(eigenvalues);
  const auto fit = inference::fit_power_law(
      std::span<const double>(positive.memptr(), positive.n_elem), {.min_tail = min_tail_});
  const auto truth = ensemble.truth(rows, cols);
  core::TaskResult result;
  result.rows.push_back({{"rows", static_cast<std::int64_t>(rows)},
                         {"cols", static_cast<std::int64_t>(cols)},
                         {"alpha", fit.alpha},
                         {"sigma_alpha", fit.sigma_alpha},
                         {"xmin", fit.xmin},
                         {"ks_tail", fit.ks},
                         {"n_tail", static_cast<std::int64_t>(fit.n_tail)},
                         {"decades", fit.decades},
                         {"lambda_max", eigenvalues.back()},
                         {"lambda_max_over_second", eigenvalues.back() / eigenvalues[cols - 2]},
                         {"alpha_limit", core::value_of(truth.alpha)}});
  return result;
}

std::string AlphaMu::summary(const core::Table& records) const {
  return group_summary(records, {{"alpha", "alpha", 3},
                                 {"alpha_limit", "its limit", 3},
                                 {"n_tail", "tail", 3},
                                 {"decades", "decades", 2},
                                 {"lambda_max_over_second", "lambda1/lambda2", 3}});
}

}  // namespace rmtlab::experiments
