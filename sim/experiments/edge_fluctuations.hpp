// SPDX-License-Identifier: MIT
/// \file
/// \brief Experiment `edge_fluctuations`: the largest eigenvalue of many draws against its law.
#pragma once

#include "sim/core/experiment.hpp"
#include "sim/experiments/ensemble_choice.hpp"

namespace rmtlab::experiments {

/**
 * \brief Draws `draws` largest eigenvalues per task and compares them with the law that the
 * ensemble declares: Tracy-Widom, Frechet, spike-mapped or the normal law of an outlier.
 *
 * A spike-mapped law has an atom at the edge, where the draws follow the bulk's edge on a scale of
 * their own: distances are also given for the part beyond the edge alone.
 */
class EdgeFluctuations : public core::Experiment {
public:
  void declare(core::Schema& schema) override;
  [[nodiscard]] std::vector<core::Complaint> complaints() const override;
  [[nodiscard]] std::vector<core::OutputKind> output_kinds() const override;
  [[nodiscard]] double cost() const override;
  [[nodiscard]] core::TaskResult run(const core::Task& task) const override;
  [[nodiscard]] std::string summary(const core::Table& records) const override;

private:
  EnsembleChoice ensemble_;
  MatrixShape shape_;
  std::size_t draws_ = 1000;
  double beyond_ = 1.05;
};

}  // namespace rmtlab::experiments
