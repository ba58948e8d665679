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

}  // namespace rmtlab::core
