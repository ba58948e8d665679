// SPDX-License-Identifier: MIT
/// \file
/// \brief Experiment `critical_window`: how often any decision about one spike must be wrong.
#pragma once

#include <cstddef>

#include "sim/core/experiment.hpp"
#include "sim/experiments/ensemble_choice.hpp"

namespace rmtlab::experiments {

/**
 * \brief Noise or one covariance spike at a given place w of the critical window: three ways to decide,
 * and how often each is wrong.
 *
 * Every task draws as many spectra of Gaussian noise as of noise with a spike in a uniform direction,
 * variance 1, from the bidiagonal model, exact in law. Errors are means of the shares of wrong decisions on
 * the two kinds, so 1/2 is guessing:
 * - `bayes_error`: spike if `inference::log_likelihood_ratio` > 0, the variance and the strength known.
 *   Nothing that does not know the direction is wrong less often. `bayes_error_averaged` estimates the same
 *   number as the mean of \f$\tfrac14\min(1,p_h/p_0)\f$ on noise plus that of
 *   \f$\tfrac14\min(1,p_0/p_h)\f$ on the others, which scatters less;
 * - `edge_error`: a threshold on the largest eigenvalue, the best one on the first half of the draws, judged
 *   on the second;
 * - `classifier_error`: spike if the phase of `inference::analyze_spectrum` is anything but random-like, at
 *   whatever confidence; `classifier_abstained` is the share of all draws of which it was not certain.
 *
 * Columns ending in `_se` are binomial standard errors. The record's `critical_window` is that of the
 * excess drawn: w has a least value \f$-M^{1/3}(1+Q^{-1/2})^{-2/3}\f$, where nothing is planted.
 *
 * O(M^2) each; the fit of the classifier takes most of the time.
 */
class CriticalWindow : public core::Experiment {
public:
  void declare(core::Schema& schema) override;
  [[nodiscard]] std::vector<core::Complaint> complaints() const override;
  [[nodiscard]] double cost() const override;
  [[nodiscard]] core::TaskResult run(const core::Task& task) const override;
  [[nodiscard]] std::string summary(const core::Table& records) const override;

private:
  MatrixShape shape_;
  double window_ = 2;
  std::size_t draws_ = 500;
};

/// The excess h >= 0 of a spike at `window`: the inverse of `theory::critical_window` for h >= 0, and 0 for
/// windows below its least value.
/// \throws std::domain_error unless aspect_ratio and cols are finite and > 0, and window is finite.
double excess_at_window(double aspect_ratio, double cols, double window);

}  // namespace rmtlab::experiments
