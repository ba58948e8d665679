// SPDX-License-Identifier: MIT
/// \file
/// \brief Experiment `alpha_mu`: the exponent that a fit finds against the tail index of the entries.
#pragma once

#include "sim/core/experiment.hpp"
#include "sim/experiments/ensemble_choice.hpp"

namespace rmtlab::experiments {

/**
 * \brief Draws one matrix per task and fits a power law to its spectrum.
 *
 * What is learned is the finite-size map mu -> alpha of the *estimator*: with theory only for
 * \f$\mu<2\f$ (alpha = 1 + mu/2), where the spectrum has a power law to find. Raw positive entries
 * carry a mean, and for \f$\mu>1\f$ the eigenvalue it makes dominates the fit: sweep
 * `ensemble.centring` to see it.
 */
class AlphaMu : public core::Experiment {
public:
  void declare(core::Schema& schema) override;
  [[nodiscard]] std::vector<core::Complaint> complaints() const override;
  [[nodiscard]] double cost() const override;
  [[nodiscard]] core::TaskResult run(const core::Task& task) const override;
  [[nodiscard]] std::string summary(const core::Table& records) const override;

private:
  EnsembleChoice ensemble_;
  MatrixShape shape_;
  std::size_t min_tail_ = 10;
};

}  // namespace rmtlab::experiments
