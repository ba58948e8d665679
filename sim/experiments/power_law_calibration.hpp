// SPDX-License-Identifier: MIT
/// \file
/// \brief Experiment `power_law_calibration`: how well the power-law fit does on samples of known tail.
#pragma once

#include "sim/core/experiment.hpp"
#include "sim/inference/power_law.hpp"

namespace rmtlab::experiments {

/// What the sample is drawn from; \f$\alpha\f$ is the exponent of the density's tail.
enum class SampleLaw {
  pareto,       ///< a power law from 1 on
  lomax,        ///< P(X > x) = (1 + x)^(1 - alpha): a power law only far out
  spliced,      ///< an exponential body on (0, 1), joined to a power law with its slope
  truncated,    ///< a power law with the exponential cut-off e^(-x/100)
  lognormal,    ///< no power law: sigma = 1
  exponential,  ///< no power law
};

/**
 * \brief Draws one sample of independent values per task and fits it, with interval, p-value and
 * alternatives.
 *
 * Bias, standard deviation, error and coverage follow from the records over replicates; with a law
 * that is no power law the p-values are its power, else its size.
 */
class PowerLawCalibration : public core::Experiment {
public:
  void declare(core::Schema& schema) override;
  [[nodiscard]] double cost() const override;
  [[nodiscard]] core::TaskResult run(const core::Task& task) const override;
  [[nodiscard]] std::string summary(const core::Table& records) const override;

private:
  SampleLaw law_ = SampleLaw::pareto;
  double alpha_ = 2.5;
  std::size_t size_ = 1000;
  inference::KsConvention ks_ = inference::KsConvention::csn;
  std::size_t min_tail_ = 2;
  std::size_t bootstrap_ = 200;
};

}  // namespace rmtlab::experiments
