// SPDX-License-Identifier: MIT
/// \file
/// \brief Experiment `sigma_bakeoff`: which estimator of the noise's variance to trust, and when.
#pragma once

#include "sim/core/experiment.hpp"
#include "sim/experiments/ensemble_choice.hpp"

namespace rmtlab::experiments {

/**
 * \brief Fits matrices of known noise variance and known number of spikes with every estimator.
 *
 * One record per inference::VarianceEstimator: bias and root mean square error of sigma2, with the number
 * of outliers found by the test and with the true one given; coverage of the interval; and what the
 * number of outliers comes out as. Errors are relative; the smallest possible root mean square error,
 * without spikes, is \f$(2/NM)^{1/2}\f$, so `efficiency` is the error over that.
 */
class SigmaBakeoff : public core::Experiment {
public:
  void declare(core::Schema& schema) override;
  [[nodiscard]] std::vector<core::Complaint> complaints() const override;
  [[nodiscard]] double cost() const override;
  [[nodiscard]] core::TaskResult run(const core::Task& task) const override;
  [[nodiscard]] std::string summary(const core::Table& records) const override;

private:
  EnsembleChoice ensemble_;
  MatrixShape shape_;
  std::size_t draws_ = 500;
};

}  // namespace rmtlab::experiments
