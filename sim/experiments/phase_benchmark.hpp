// SPDX-License-Identifier: MIT
/// \file
/// \brief Experiment `phase_benchmark`: matrices of known phase, and what classifiers say of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/core/experiment.hpp"
#include "sim/ensembles/probe_families.hpp"
#include "sim/experiments/ensemble_choice.hpp"

namespace rmtlab::experiments {

/**
 * \brief Draws every family of a set at one shape, `benchmark.draws` matrices each of random strength.
 *
 * One row a matrix: the declared phase (`truth`, empty where no definition covers it), what the classifier
 * says with its probabilities, what the baselines say, and all statistics, from which classifiers can
 * be trained (`rmtlab fit phase-classifier`).
 */
class PhaseBenchmark : public core::Experiment {
public:
  void declare(core::Schema& schema) override;
  [[nodiscard]] std::vector<core::Complaint> complaints() const override;
  [[nodiscard]] double cost() const override;
  [[nodiscard]] core::TaskResult run(const core::Task& task) const override;
  /// Confusion matrix and scores, the share right of each family, and which classifier it was.
  [[nodiscard]] std::string summary(const core::Table& records) const override;

private:
  [[nodiscard]] std::vector<ensembles::PhaseFamily> families() const;

  MatrixShape shape_;
  std::optional<ensembles::Probe> probe_;  ///< none: the families of the phases
  std::size_t draws_ = 10;
  bool hard_ = true;
};

}  // namespace rmtlab::experiments
