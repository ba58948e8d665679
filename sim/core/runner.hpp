// SPDX-License-Identifier: MIT
/// \file
/// \brief Runs the tasks of a configuration and keeps the results.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

#include "sim/core/configuration.hpp"
#include "sim/core/plan.hpp"

namespace rmtlab::core {

/// Exit codes are an interface: schedulers and scripts act on them.
enum ExitCode : int { exit_complete = 0, exit_failed = 1, exit_usage = 2, exit_stopped = 75 };

struct RunOptions {
  std::filesystem::path output;  ///< the run directory itself
  unsigned threads = 1;
  Selection selection;
  bool resume = false;
  std::optional<double> time_limit;  ///< seconds
  double checkpoint_interval = 20;  ///< seconds between checkpoints of a task; 0: as many as it can
};

/// The run directory does not allow what was asked (a partial run without `--resume`, another
/// configuration, gaps in a merge). Nothing was changed. Exit code 2.
class RunRefused : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Runs what is missing and, when the run is whole, writes `records.csv` and `arrays.h5`.
///
/// Tasks run on `threads` threads with BLAS at one thread, the most expensive first. Each finished
/// task is appended to the journal at once, so that a killed process loses only the tasks in hand,
/// and of long ones (`Task::keep`) only what came after the last checkpoint. A signal or the end of
/// the time limit stops those at once, with a checkpoint. `checkpoints/` goes when it is empty.
/// Results are functions of the task alone: the bytes of `records.csv` do not depend on threads,
/// shards, interruptions or the order of execution. Progress goes to standard error, the summary to
/// standard output.
/// \returns an ExitCode
int run(const Configuration& configuration, const RunOptions& options);

/// Joins the journals of a sharded run into its results. \throws RunRefused if tasks are missing.
int merge(const std::filesystem::path& folder, Registry registry);

/// What `rmtlab status` prints.
std::string status_text(const std::filesystem::path& folder, Registry registry);

}  // namespace rmtlab::core
