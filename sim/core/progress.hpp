// SPDX-License-Identifier: MIT
/// \file
/// \brief Progress of long work: a bar with rate and time left on a terminal, plain lines elsewhere.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace rmtlab::core {

/// Shown on standard error. Work is weighed by cost, so that the time left is honest when tasks
/// differ by factors of ten. Not thread-safe: one thread shows it.
class Progress {
public:
  Progress(std::size_t tasks, double total_cost);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Tell where things stand; redraws when there is something new to see.
  void update(std::size_t done, std::size_t failed, double done_cost);

private:
  [[nodiscard]] std::string status(std::size_t done, std::size_t failed, double done_cost) const;

  std::size_t tasks_;
  double total_cost_;
  bool on_terminal_;
  std::chrono::steady_clock::time_point start_, last_line_;
  std::size_t last_done_ = 0;
};

}  // namespace rmtlab::core
