// SPDX-License-Identifier: MIT
/// \file
/// \brief The tasks of a run: sweep points times replicates.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/core/configuration.hpp"
#include "sim/core/journal.hpp"

namespace rmtlab::core {

struct PlannedTask {
  std::size_t index;  ///< position in the whole plan, from 0
  TaskId id;          ///< (sweep point, replicate)
  double cost;        ///< rough seconds on one core
};

/// Which part of the plan a process runs.
struct Selection {
  std::size_t shard_index = 0;
  std::size_t shard_count = 1;
  std::optional<std::size_t> only_task;  ///< index of the one task to run

  [[nodiscard]] bool contains(const PlannedTask& task) const {
    if (only_task) return task.index == *only_task;
    return task.index % shard_count == shard_index;
  }
};

/// All tasks, points in sweep order, the replicates of a point together.
std::vector<PlannedTask> make_plan(const Configuration& configuration);

/// What `--dry-run` prints: each point, the count of tasks and the estimated time.
std::string describe_plan(const Configuration& configuration, const Selection& selection,
                          unsigned threads);

/// "850 ms", "12 s", "4 min 10 s", "2 h 5 min".
std::string duration_text(double seconds);

}  // namespace rmtlab::core
