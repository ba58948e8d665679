// SPDX-License-Identifier: MIT
/// \file
/// \brief Experiment `localization`: are bulk, edge and outlier vectors spread or localised?
#pragma once

#include <memory>
#include <utility>

#include "sim/core/experiment.hpp"
#include "sim/experiments/ensemble_choice.hpp"
#include "sim/spectra/localization.hpp"

namespace rmtlab::experiments {

/**
 * \brief Singular vectors of one matrix of a known ensemble, in three groups on either side, against
 * uniformly random vectors.
 *
 * The groups are chosen from the ensemble's declaration, not from the picture: `outlier` are as many of
 * the strongest vectors as the ensemble predicts outliers (none: no such rows), `edge` those that
 * follow, `bulk` evenly spread indices of the middle half. One row per task, side (`right`: the M
 * columns, `left`: the N rows) and group.
 */
class LocalizationExperiment : public core::Experiment {
public:
  explicit LocalizationExperiment(std::shared_ptr<const spectra::LocalizationNull> null)
      : null_(std::move(null)) {}

  void declare(core::Schema& schema) override;
  [[nodiscard]] std::vector<core::Complaint> complaints() const override;
  [[nodiscard]] std::vector<core::OutputKind> output_kinds() const override;
  [[nodiscard]] double cost() const override;
  [[nodiscard]] core::TaskResult run(const core::Task& task) const override;
  [[nodiscard]] std::string summary(const core::Table& records) const override;

private:
  EnsembleChoice ensemble_{.name = "gaussian", .parameters = {}};
  MatrixShape shape_{.cols = 384, .aspect_ratio = 2};
  std::size_t bulk_ = 20, edge_ = 5;
  std::shared_ptr<const spectra::LocalizationNull> null_;
};

}  // namespace rmtlab::experiments
