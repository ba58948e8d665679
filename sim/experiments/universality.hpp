// SPDX-License-Identifier: MIT
/// \file
/// \brief Experiment `universality`: spectra of a known ensemble against the law it should have.
#pragma once

#include "sim/core/experiment.hpp"
#include "sim/experiments/ensemble_choice.hpp"

namespace rmtlab::experiments {

/**
 * \brief Draws one matrix per task and measures its spectrum: distance to the limit law of the
 * ensemble, extreme eigenvalues, repulsion, fitted exponent.
 *
 * The limit is what the generator declares, with the true variance and never a fitted one: a
 * distance that does not fall with the size refutes the declaration.
 */
class Universality : public core::Experiment {
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
};

}  // namespace rmtlab::experiments
