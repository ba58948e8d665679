// SPDX-License-Identifier: MIT
/// \file
/// \brief Stopping in time: signals and time limits.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>

namespace rmtlab::core {

/// Asks a run to stop. The first request lets the tasks in hand finish, or keep a checkpoint and stop
/// where they can be taken up again; the second abandons them.
class StopSignal {
public:
  void request() { requests_.fetch_add(1); }
  void set_deadline(std::chrono::steady_clock::time_point deadline) { deadline_ = deadline; }

  /// No new task should start.
  [[nodiscard]] bool requested() const {
    return requests_.load() > 0 || (deadline_ && std::chrono::steady_clock::now() >= *deadline_);
  }
  /// Tasks in hand should give up.
  [[nodiscard]] bool abandon() const { return requests_.load() > 1; }

private:
  std::atomic<int> requests_{0};
  static_assert(std::atomic<int>::is_always_lock_free, "requests come from signal handlers");
  std::optional<std::chrono::steady_clock::time_point> deadline_;
};

/// Routes SIGINT, SIGTERM and SIGUSR1 to a StopSignal for as long as it lives.
class SignalRouter {
public:
  explicit SignalRouter(StopSignal& target);
  ~SignalRouter();
  SignalRouter(const SignalRouter&) = delete;
  SignalRouter& operator=(const SignalRouter&) = delete;
};

}  // namespace rmtlab::core
