// SPDX-License-Identifier: MIT
#include "sim/experiments/edge_fluctuations.hpp"

#include <algorithm>
#include <cmath>

#include "sim/experiments/group_summary.hpp"
#include "sim/experiments/limit_law.hpp"
#include "sim/spectra/level_statistics.hpp"

namespace rmtlab::experiments {
namespace {

using core::Row;
using core::Value;

// Distance of the draws beyond `start` to the law conditioned on being there.
double distance_beyond(const ScaledLaw& law, std::span<const double> ascending, double start) {
  const auto first = std::upper_bound(ascending.begin(), ascending.end(), start);
  const double below = law.cdf(start);
  return spectra::ks_distance(
      ascending.subspan(static_cast<std::size_t>(first - ascending.begin())),
      [&](double x) { return (law.cdf(x) - below) / (1 - below); });
}

double size_below(std::span<const double> ascending, double x) {
  return static_cast<double>(std::upper_bound(ascending.begin(), ascending.end(), x) -
                             ascending.begin()) /
         static_cast<double>(ascending.size());
}

}  // namespace

void EdgeFluctuations::declare(core::Schema& schema) {
  ensemble_.declare(schema);
  shape_.declare(schema);
  schema.section("edge", "what is drawn and compared", [&] {
    schema.integer("draws", draws_, core::at_least(20), "largest eigenvalues per task");
    schema.number("beyond", beyond_, core::at_least(1),
                  "the part of the law beyond this multiple of lambda_plus is compared alone");
  });
}

std::vector<core::Complaint> EdgeFluctuations::complaints() const { return ensemble_.complaints(); }

std::vector<core::OutputKind> EdgeFluctuations::output_kinds() const {
  return {{"largest", true, "largest eigenvalue of every draw, ascending"}};
}

double EdgeFluctuations::cost() const {
  const auto m = static_cast<double>(shape_.cols), n = static_cast<double>(shape_.rows());
  const double one = ensemble_.name == "gaussian" ? 5e-5 : m * m * (n + 4 * m) * 2.5e-10;
  return static_cast<double>(draws_) * one;
}

core::TaskResult EdgeFluctuations::run(const core::Task& task) const {
  const ensembles::Ensemble ensemble = ensemble_.make();
  const core::Stream stream = task.own_stream("matrices");
  const std::size_t rows = shape_.rows(), cols = shape_.cols;
  std::vector<double> largest(draws_);
  for (std::size_t i = 0; i < draws_; ++i) {
    core::Stream own = stream.child(i);
    largest[i] = sample_largest(ensemble, rows, cols, own);
    task.check_stop();
  }
  std::sort(largest.begin(), largest.end());
  const auto truth = ensemble.truth(rows, cols);
  const arma::vec values(largest);
  Row row{{"rows", static_cast<std::int64_t>(rows)},    {"cols", static_cast<std::int64_t>(cols)},
          {"draws", static_cast<std::int64_t>(draws_)}, {"mean", arma::mean(values)},
          {"standard_deviation", arma::stddev(values)}, {"median", arma::median(values)}};
  Value law_name, ks, beyond_share, beyond_law, beyond_ks, rejected;
  if (truth.largest) {
    const ScaledLaw law(*truth.largest);
    law_name = truth.largest->name;
    ks = law.distance(largest);
    // The size of the 5 % test that takes the law at its word.
    rejected = 1 - size_below(largest, law.quantile(0.95));
    if (truth.limit && std::isfinite(ScaledLaw(*truth.limit).quantile(1))) {
      const double start = beyond_ * ScaledLaw(*truth.limit).quantile(1);
      beyond_share = 1 - size_below(largest, start);
      beyond_law = 1 - law.cdf(start);
      if (largest.back() > start && law.cdf(start) < 1 - 1e-9)
        beyond_ks = distance_beyond(law, largest, start);
    }
  }
  row.emplace_back("law", law_name);
  row.emplace_back("ks_law", ks);
  row.emplace_back("rejected_at_5_percent", rejected);
  row.emplace_back("share_beyond", beyond_share);
  row.emplace_back("share_beyond_law", beyond_law);
  row.emplace_back("ks_beyond", beyond_ks);
  core::TaskResult result;
  result.rows.push_back(std::move(row));
  if (task.wants("largest")) result.arrays.push_back({"largest", {draws_}, largest});
  return result;
}

std::string EdgeFluctuations::summary(const core::Table& records) const {
  return group_summary(records, {{"median", "median", 4},
                                 {"standard_deviation", "s.d.", 3},
                                 {"ks_law", "KS to law", 3},
                                 {"rejected_at_5_percent", "size at 5 %", 3},
                                 {"share_beyond", "beyond edge", 3},
                                 {"share_beyond_law", "its law", 3},
                                 {"ks_beyond", "KS there", 3}});
}

}  // namespace rmtlab::experiments
