// SPDX-License-Identifier: MIT
/// \file
/// \brief Experiment `spike_detection`: how often a spike is found, and whether its interval is right.
#pragma once

#include "sim/core/experiment.hpp"
#include "sim/experiments/ensemble_choice.hpp"
#include "theory/spiked.hpp"

namespace rmtlab::experiments {

/**
 * \brief Draws spectra of Gaussian noise with one spike and puts them through the fit.
 *
 * Shares of matrices in which the spike is found: by the sequential test at familywise 5 and 1 %, by the
 * same test with the variance known, and by the edge
 * \f$\lambda_++\sqrt{\text{scale}}\f$, "square-root edge", which a widely used program takes for the upper end of
 * noise (\cite MartinPengMahoney2021): 8 scales beyond it at M = 1000. Then the coverage of the
 * strength's interval under either declared kind, and of the number of spikes.
 *
 * Spectra come from the spiked bidiagonal model, exact in law: O(M^2) each.
 */
class SpikeDetection : public core::Experiment {
public:
  void declare(core::Schema& schema) override;
  [[nodiscard]] std::vector<core::OutputKind> output_kinds() const override;
  [[nodiscard]] double cost() const override;
  [[nodiscard]] core::TaskResult run(const core::Task& task) const override;
  [[nodiscard]] std::string summary(const core::Table& records) const override;

private:
  MatrixShape shape_;
  theory::SpikeKind kind_ = theory::SpikeKind::additive;
  double strength_ = 1.25;
  std::size_t draws_ = 1000;
};

}  // namespace rmtlab::experiments
