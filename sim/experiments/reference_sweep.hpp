// SPDX-License-Identifier: MIT
/// \file
/// \brief Experiment `reference_sweep`: published largest eigenvalues against the law of noise.
#pragma once

#include <string>

#include "sim/core/experiment.hpp"

namespace rmtlab::experiments {

/**
 * \brief Judges "this layer looks random" from a published row: shape, variance and largest eigenvalue.
 *
 * Nothing is simulated. z is theory::edge_z of the largest eigenvalue (constants of Ma), once with the
 * variance at initialisation (`z_raw`) and once with the mean eigenvalue of the row, which is the
 * variance of the entries that training left (`z`). The published eigenvalue is the maximum over R runs,
 * so \f$p=1-F_1(z)^R\f$. Reading errors of the eigenvalue and of the mean give intervals of z and p by
 * their extreme combinations. The verdict is about the interval:
 * - `refuted`: all of it has p < level;
 * - `compatible`: none of it has;
 * - `cannot tell`: the reading error decides.
 *
 * A row without a mean eigenvalue is judged by z_raw; that is wrong by as much as training changed the
 * variance, so its verdict says `raw` in the column `variance`. The estimated variance is taken as known:
 * with 10 runs of 4096 x 384 it spreads z by 0.07.
 */
class ReferenceSweep : public core::Experiment {
public:
  void declare(core::Schema& schema) override;
  [[nodiscard]] std::vector<core::Complaint> complaints() const override;
  [[nodiscard]] double cost() const override { return 1e-4; }
  [[nodiscard]] core::TaskResult run(const core::Task& task) const override;
  [[nodiscard]] std::string summary(const core::Table& records) const override;

private:
  std::string label_;
  std::size_t rows_ = 4096, cols_ = 384, runs_ = 1;
  double sigma2_ = 1, mean_ratio_ = 0, mean_ratio_error_ = 0;
  double lambda_max_ = 2, lambda_max_error_ = 0, level_ = 0.01;
};

}  // namespace rmtlab::experiments
