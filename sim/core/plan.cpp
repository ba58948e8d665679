// SPDX-License-Identifier: MIT
#include "sim/core/plan.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace rmtlab::core {

std::vector<PlannedTask> make_plan(const Configuration& configuration) {
  std::vector<PlannedTask> plan;
  for (std::size_t point = 0; point < configuration.points().size(); ++point) {
    const double cost = configuration.experiment_at(point)->cost();
    for (std::size_t replicate = 0; replicate < configuration.replicates(); ++replicate)
      plan.push_back({plan.size(), {point, replicate}, cost});
  }
  return plan;
}

std::string duration_text(double seconds) {
  if (seconds < 1) return fmt::format("{:.0f} ms", 1000 * seconds);
  const auto whole = static_cast<long>(std::lround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string describe_plan(const Configuration& configuration, const Selection& selection,
                          unsigned threads) {
  std::string text =
      fmt::format("{}: {}\n", configuration.entry().name, configuration.entry().question);
  double total = 0, longest = 0;
  std::size_t tasks = 0;
  std::optional<std::size_t> shown;
  const auto plan = make_plan(configuration);
  for (const PlannedTask& task : plan) {
    if (!selection.contains(task)) continue;
    ++tasks;
    total += task.cost;
    longest = std::max(longest, task.cost);
    if (shown == task.id.first) continue;
    shown = task.id.first;
    const std::string name = point_name(configuration.points()[task.id.first]);
    text += fmt::format("  task {:>5}  {}  about {} each\n", task.index,
                        name.empty() ? "(no sweep)" : name, duration_text(task.cost));
  }
  text += fmt::format("{} sweep point{} x {} replicate{} = {} tasks", configuration.points().size(),
                      configuration.points().size() == 1 ? "" : "s", configuration.replicates(),
                      configuration.replicates() == 1 ? "" : "s", plan.size());
  if (selection.only_task) text += fmt::format("; only task {}", *selection.only_task);
  if (selection.shard_count > 1)
    text += fmt::format("; {} in shard {}/{}", tasks, selection.shard_index, selection.shard_count);
  text +=
      fmt::format("; about {} on {} thread{}\n", duration_text(std::max(longest, total / threads)),
                  threads, threads == 1 ? "" : "s");
  return text;
}

}  // namespace rmtlab::core
