// SPDX-License-Identifier: MIT
#include "sim/core/experiment.hpp"

namespace rmtlab::core {

std::string point_name(const Point& point) {
  std::string name;
  for (const auto& [path, value] : point) name += (name.empty() ? "" : ",") + path + '=' + value;
  return name;
}

Stream Task::paired_stream(std::string_view purpose) const {
  return Stream(seed_).child(experiment_).child(purpose).child(replicate_);
}

Stream Task::own_stream(std::string_view purpose) const {
  return Stream(seed_)
      .child(experiment_)
      .child(purpose)
      .child(point_name(point_))
      .child(replicate_);
}

void Task::check_stop() const {
  if (stop_->abandon()) throw TaskAbandoned();
}

bool Task::resume(const std::function<void(std::string_view payload)>& restore) const {
  return checkpoint_ != nullptr && checkpoint_->resume(restore);
}

void Task::keep(const std::string& progress, const std::function<std::string()>& payload) const {
  if (checkpoint_ == nullptr) return;
  const bool is_stop = stop_->requested();
  if (!is_stop && !checkpoint_->is_due()) return;
  if (checkpoint_->save(progress, payload()) && is_stop) throw TaskAbandoned();
}

}  // namespace rmtlab::core
