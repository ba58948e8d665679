// SPDX-License-Identifier: MIT
#include "sim/network/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::network {
namespace {

void check(const ScheduleConfig& c) {
  if (c.step_epochs == 0) throw std::domain_error("Schedule: step_epochs = 0 (must be >= 1)");
  if (!(c.step_factor > 0 && c.step_factor <= 1))
    throw std::domain_error(
        fmt::format("Schedule: step_factor = {} (must be > 0 and <= 1)", c.step_factor));
  if (!(c.final_fraction >= 0 && c.final_fraction <= 1))
    throw std::domain_error(
        fmt::format("Schedule: final_fraction = {} (must be >= 0 and <= 1)", c.final_fraction));
}

}  // namespace

Schedule::Schedule(const ScheduleConfig& config, std::size_t batch, std::size_t steps_per_epoch,
                   std::size_t epochs)
    : config_(config),
      batch_ratio_(config.reference_batch == 0
                       ? 1
                       : static_cast<double>(batch) / static_cast<double>(config.reference_batch)),
      warmup_(config.warmup_epochs * steps_per_epoch),
      step_length_(std::max<std::size_t>(config.step_epochs * steps_per_epoch, 1)),
      total_(epochs * steps_per_epoch) {
  check(config);
}

double Schedule::factor(std::size_t step) const {
  if (step < warmup_)
    return batch_ratio_ * static_cast<double>(step + 1) / static_cast<double>(warmup_);
  const std::size_t t = step - warmup_;
  switch (config_.course) {
    case Course::constant:
      break;
    case Course::step:
      return batch_ratio_ * std::pow(config_.step_factor, static_cast<double>(t / step_length_));
    case Course::cosine: {
      const auto length = static_cast<double>(std::max(total_, step + 1) - warmup_);
      const double half = (1 + std::cos(std::numbers::pi * static_cast<double>(t) / length)) / 2;
      return batch_ratio_ * (config_.final_fraction + (1 - config_.final_fraction) * half);
    }
  }
  return batch_ratio_;
}

double Schedule::extend(double sum, std::size_t first, std::size_t last) const {
  if (config_.course == Course::constant && warmup_ == 0)
    return batch_ratio_ * static_cast<double>(last);
  for (std::size_t t = first; t < last; ++t) sum += factor(t);
  return sum;
}

}  // namespace rmtlab::network
