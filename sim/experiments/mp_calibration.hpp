// SPDX-License-Identifier: MIT
/// \file
/// \brief Experiment `mp_calibration`: size, or power, of every test of a Marchenko-Pastur fit.
#pragma once

#include "sim/core/experiment.hpp"
#include "sim/experiments/ensemble_choice.hpp"

namespace rmtlab::experiments {

/// What is known of the excess kurtosis of the entries when W is judged.
enum class KurtosisKnowledge {
  estimated,  ///< inference::entry_kurtosis of W; 0 for an ensemble whose spectrum is drawn without W
  ignored,    ///< taken as 0
};

/**
 * \brief Draws matrices of an ensemble, fits each and counts, test by test, the p-values below 5 and 1 %.
 *
 * On noise that is the size, on anything else the power. One record per test:
 * - `edge`: largest eigenvalue; `outliers`: any outlier by the sequential test at familywise 5 and 1 %;
 *   `lower_edge`: smallest eigenvalue;
 * - the tests of inference::BulkTest;
 * - `textbook_ks`: the same distance with Kolmogorov's p-value for independent values, as a control;
 * - `shuffled_edge` if `noise.shuffles` > 0: largest eigenvalue against those of W with its entries
 *   permuted; at 1 % only if so many shuffles can tell.
 */
class MpCalibration : public core::Experiment {
public:
  void declare(core::Schema& schema) override;
  [[nodiscard]] std::vector<core::Complaint> complaints() const override;
  [[nodiscard]] double cost() const override;
  [[nodiscard]] core::TaskResult run(const core::Task& task) const override;
  /// Sizes by shape and test, and whether all lie inside one familywise 99 % band.
  [[nodiscard]] std::string summary(const core::Table& records) const override;

private:
  EnsembleChoice ensemble_;
  MatrixShape shape_;
  KurtosisKnowledge kurtosis_ = KurtosisKnowledge::estimated;
  std::size_t draws_ = 2000;
  std::size_t shuffles_ = 0;
};

/// Two-sided binomial band: counts of n that a rate p leaves with probability at most (1 - coverage) / 2
/// on either side.
struct BinomialBand {
  double lower, upper;
};
BinomialBand binomial_band(std::size_t n, double rate, double coverage);

}  // namespace rmtlab::experiments
