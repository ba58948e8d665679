// SPDX-License-Identifier: MIT
/// \file
/// \brief How the learning rate changes along a training.
#pragma once

#include <cstddef>

namespace rmtlab::network {

/// Course of the learning rate after the warm-up. A new one is a value here and a case in
/// `Schedule::factor`.
enum class Course { constant, step, cosine };

struct ScheduleConfig {
  Course course = Course::constant;
  std::size_t warmup_epochs = 0;    ///< of linear growth from 0
  std::size_t step_epochs = 10;     ///< step: epochs between two drops, >= 1
  double step_factor = 0.1;         ///< step: what a drop multiplies by, in (0, 1]
  double final_fraction = 0;        ///< cosine: of the rate at the end, in [0, 1]
  std::size_t reference_batch = 0;  ///< > 0: the rate is that of this batch, scaled in proportion
};

/**
 * \brief The factor of the learning rate in step t = 0, 1, ... of T = epochs * steps_per_epoch.
 *
 * With r = batch/reference_batch (1 if there is no reference) and W the steps of the warm-up:
 *   - t < W: r (t + 1)/W
 *   - constant: r
 *   - step: r step_factor^k with k = floor((t - W)/(step_epochs * steps_per_epoch))
 *   - cosine: r (f + (1 - f)(1 + cos(pi (t - W)/(T - W)))/2), f = final_fraction; f is approached
 *     and, T being no step, not reached \cite LoshchilovHutter2017
 */
class Schedule {
public:
  /// \throws std::domain_error naming a setting outside its range.
  Schedule(const ScheduleConfig& config, std::size_t batch, std::size_t steps_per_epoch,
           std::size_t epochs);

  [[nodiscard]] double factor(std::size_t step) const;

  /// Sum of the factors over the steps before `last`, given that over those before `first`: exactly
  /// proportional to `last` for a constant course without warm-up, else added up step by step.
  [[nodiscard]] double extend(double sum, std::size_t first, std::size_t last) const;

private:
  ScheduleConfig config_;
  double batch_ratio_;
  std::size_t warmup_, step_length_, total_;  // in steps
};

}  // namespace rmtlab::network
