// SPDX-License-Identifier: MIT
/// \file
/// \brief Experiment `spectral_tail_calibration`: coverage of the calibrated interval on spectra.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "sim/core/experiment.hpp"
#include "sim/experiments/ensemble_choice.hpp"
#include "sim/inference/spectral_tail.hpp"

namespace rmtlab::experiments {

/**
 * \brief Draws `spectra` spectra of one class and exponent per task, fits each, and counts how often
 * the calibrated interval and the two classical ones hold the exponent that was put in.
 *
 * With `levels: quantiles` the judged covariances have the quantiles of the Pareto law as levels, which
 * hardly fluctuate, while the map is that of random levels: what the interval is not made for.
 *
 * The map is simulated once per class, shape and options, from a stream of its own that no task's
 * spectra share.
 */
class SpectralTailExperiment : public core::Experiment {
public:
  void declare(core::Schema& schema) override;
  [[nodiscard]] std::vector<core::Complaint> complaints() const override;
  [[nodiscard]] double cost() const override;
  [[nodiscard]] core::TaskResult run(const core::Task& task) const override;
  [[nodiscard]] std::string summary(const core::Table& records) const override;

private:
  inference::SpectralTail tail_ = inference::SpectralTail::covariance;
  MatrixShape shape_;
  double alpha_ = 2.5;
  bool quantile_levels_ = false;
  std::size_t spectra_ = 200;
  inference::SpectralTailOptions map_;
  std::size_t min_tail_ = 10;
};

}  // namespace rmtlab::experiments
