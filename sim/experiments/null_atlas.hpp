// SPDX-License-Identifier: MIT
/// \file
/// \brief Experiment `null_atlas`: null quantiles of the bulk statistics, cell by cell.
#pragma once

#include "sim/core/experiment.hpp"
#include "sim/experiments/ensemble_choice.hpp"
#include "sim/inference/null_simulation.hpp"

namespace rmtlab::experiments {

/**
 * \brief Draws noise of one shape, puts it through the fit and tabulates upper tail quantiles of every
 * statistic: one record per statistic.
 *
 * The records of configs/null_atlas.yaml and configs/null_atlas_entries.yaml are what
 * inference::NullAtlas interpolates in.
 */
class NullAtlasExperiment : public core::Experiment {
public:
  void declare(core::Schema& schema) override;
  [[nodiscard]] std::vector<core::Complaint> complaints() const override;
  [[nodiscard]] double cost() const override;
  [[nodiscard]] core::TaskResult run(const core::Task& task) const override;
  [[nodiscard]] std::string summary(const core::Table& records) const override;

private:
  MatrixShape shape_;
  inference::NullEntries entries_ = inference::NullEntries::gaussian;
  std::size_t draws_ = 20000;
};

}  // namespace rmtlab::experiments
