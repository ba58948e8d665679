// SPDX-License-Identifier: MIT
/// \file
/// \brief Experiment `spikes`: where one spike's outlier lies, how it fluctuates, what its vectors see.
#pragma once

#include "sim/core/experiment.hpp"
#include "sim/experiments/ensemble_choice.hpp"
#include "theory/spiked.hpp"

namespace rmtlab::experiments {

/**
 * \brief Draws one spiked Gaussian matrix `draws` times per task and compares the largest
 * eigenvalue and its overlaps with their limits, through the threshold.
 *
 * Below the threshold the prediction is the edge and no overlap; in the critical window
 * (`critical_window`) neither side's law holds at a finite size, and the records show by how much.
 */
class Spikes : public core::Experiment {
public:
  void declare(core::Schema& schema) override;
  [[nodiscard]] std::vector<core::OutputKind> output_kinds() const override;
  [[nodiscard]] double cost() const override;
  [[nodiscard]] core::TaskResult run(const core::Task& task) const override;
  [[nodiscard]] std::string summary(const core::Table& records) const override;

private:
  MatrixShape shape_;
  theory::SpikeKind kind_ = theory::SpikeKind::additive;
  double strength_ = 2;
  std::size_t draws_ = 2000;
};

}  // namespace rmtlab::experiments
