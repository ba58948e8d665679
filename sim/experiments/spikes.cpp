// SPDX-License-Identifier: MIT
#include "sim/experiments/spikes.hpp"

#include <cmath>
#include <vector>

#include "sim/ensembles/laguerre_spectrum.hpp"
#include "sim/ensembles/spiked_matrix.hpp"
#include "sim/experiments/group_summary.hpp"

namespace rmtlab::experiments {

using core::Row;

void Spikes::declare(core::Schema& schema) {
  shape_.declare(schema);
  schema.section("spike", "what is planted in Gaussian noise of variance 1", [&] {
    schema.choice<theory::SpikeKind>(
        "kind", kind_,
        {{"additive", theory::SpikeKind::additive}, {"covariance", theory::SpikeKind::covariance}},
        "a fixed matrix of rank one, or one other population eigenvalue");
    schema.number("strength", strength_, core::positive(),
                  "S / S_c with h = S^2: 1 is the threshold h_c = Q^(-1/2)");
    schema.integer("draws", draws_, core::at_least(20), "matrices per task");
  });
}

std::vector<core::OutputKind> Spikes::output_kinds() const {
  return {{"outliers", true,
           "per draw: largest eigenvalue, squared overlap with the M-vector, with the N-vector"}};
}

double Spikes::cost() const { return static_cast<double>(draws_) * 6e-5; }

core::TaskResult Spikes::run(const core::Task& task) const {
  const std::size_t rows = shape_.rows(), cols = shape_.cols;
  const double q = static_cast<double>(rows) / static_cast<double>(cols);
  const double excess =
      ensembles::spike_excess({ensembles::StrengthScale::threshold, strength_ * strength_}, q);
  const theory::Spike spike = ensembles::spike_of_excess(kind_, excess, q, 1);
  const ensembles::Laguerre model{
      .rows = static_cast<double>(rows), .cols = cols, .spike = kind_, .excess = excess};
  const core::Stream stream = task.own_stream("matrices");
  arma::mat drawn(draws_, 3);
  for (std::size_t i = 0; i < draws_; ++i) {
    core::Stream own = stream.child(i);
    const auto outlier = ensembles::laguerre_outlier(model, own);
    drawn(i, 0) = outlier.lambda;
    drawn(i, 1) = outlier.overlap_right;
    drawn(i, 2) = outlier.overlap_left;
  }
  const arma::rowvec mean = arma::mean(drawn), deviation = arma::stddev(drawn);
  const double n = static_cast<double>(rows);
  std::optional<double> n_variance_limit;  // below the threshold fluctuations are of another order
  if (theory::is_supercritical(spike)) n_variance_limit = theory::fluctuation_variance(spike);
  core::TaskResult result;
  result.rows.push_back(
      {{"rows", static_cast<std::int64_t>(rows)},
       {"cols", static_cast<std::int64_t>(cols)},
       {"excess", excess},
       {"critical_window", theory::critical_window(spike, static_cast<double>(cols))},
       {"lambda", mean[0]},
       {"lambda_limit", theory::outlier_location(spike)},
       {"n_variance", n * deviation[0] * deviation[0]},
       {"n_variance_limit", core::value_of(n_variance_limit)},
       {"overlap_right", mean[1]},
       {"overlap_right_limit", theory::overlap_right(spike)},
       {"overlap_left", mean[2]},
       {"overlap_left_limit", theory::overlap_left(spike)}});
  if (task.wants("outliers")) {
    std::vector<double> values;
    for (std::size_t i = 0; i < draws_; ++i)
      for (std::size_t j = 0; j < 3; ++j) values.push_back(drawn(i, j));
    result.arrays.push_back({"outliers", {draws_, 3}, std::move(values)});
  }
  return result;
}

std::string Spikes::summary(const core::Table& records) const {
  return group_summary(records, {{"critical_window", "window", 3},
                                 {"lambda", "lambda", 5},
                                 {"lambda_limit", "limit", 5},
                                 {"n_variance", "N var", 4},
                                 {"n_variance_limit", "limit", 4},
                                 {"overlap_right", "overlap M", 3},
                                 {"overlap_right_limit", "limit", 3},
                                 {"overlap_left", "overlap N", 3},
                                 {"overlap_left_limit", "limit", 3}});
}

}  // namespace rmtlab::experiments
