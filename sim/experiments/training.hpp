// SPDX-License-Identifier: MIT
/// \file
/// \brief Experiment `training`: a dense network is trained and the spectra of its weights analysed.
#pragma once

#include <memory>
#include <utility>

#include "sim/core/experiment.hpp"
#include "sim/experiments/training_config.hpp"

namespace rmtlab::experiments {

/**
 * \brief Trains one network per task and records, per recorded epoch and layer, accuracies, shape
 * metrics, Marchenko-Pastur and power-law fits and the phase.
 *
 * Data and initial weights depend on seed and replicate only, so they are the same along a sweep of
 * training parameters: comparisons are paired. The order of the samples also depends on the sweep
 * point. A training that diverges fails with a message; it does not pose as heavy-tailed.
 */
class Training : public core::Experiment {
public:
  void declare(core::Schema& schema) override { experiments::declare(schema, parameters_); }
  [[nodiscard]] std::vector<core::Complaint> complaints() const override {
    return experiments::complaints(parameters_);
  }
  [[nodiscard]] std::vector<core::OutputKind> output_kinds() const override;
  [[nodiscard]] std::vector<core::InputFile> inputs() const override;
  void check_inputs() const override;
  [[nodiscard]] double cost() const override { return training_cost(parameters_); }
  [[nodiscard]] core::TaskResult run(const core::Task& task) const override;
  /// Batch (or whatever is swept) -> phase -> evidence, from the last recorded epoch.
  [[nodiscard]] std::string summary(const core::Table& records) const override;

private:
  TrainingParameters parameters_;
};

}  // namespace rmtlab::experiments
