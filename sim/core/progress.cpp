// SPDX-License-Identifier: MIT
#include "sim/core/progress.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "sim/core/plan.hpp"

namespace rmtlab::core {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Progress::Progress(std::size_t tasks, double total_cost)
    : tasks_(tasks),
      total_cost_(total_cost),
      on_terminal_(::isatty(STDERR_FILENO) == 1),
      start_(std::chrono::steady_clock::now()),
      last_line_(start_) {}

Progress::~Progress() {
  if (on_terminal_ && tasks_ > 0) std::fputs("\r\033[K", stderr);  // leave no half-drawn bar
}

std::string Progress::status(std::size_t done, std::size_t failed, double done_cost) const {
  const double elapsed = seconds_since(start_);
  std::string text = fmt::format("{}/{} tasks", done, tasks_);
  if (failed > 0) text += fmt::format(", {} failed", failed);
  text += fmt::format(", {}", duration_text(elapsed));
  if (done_cost > 0) {
    const double left = elapsed * (total_cost_ - done_cost) / done_cost;
    text += fmt::format(", {:.3g} tasks/min, {} left", 60 * static_cast<double>(done) / elapsed,
                        duration_text(std::max(0.0, left)));
  }
  return text;
}

void Progress::update(std::size_t done, std::size_t failed, double done_cost) {
  if (on_terminal_) {
    constexpr int width = 24;
    const int filled =
        total_cost_ > 0 ? static_cast<int>(width * std::min(1.0, done_cost / total_cost_)) : width;
    std::fputs(fmt::format("\r\033[K[{}{}] {}", std::string(static_cast<std::size_t>(filled), '='),
                           std::string(static_cast<std::size_t>(width - filled), ' '),
                           status(done, failed, done_cost))
                   .c_str(),
               stderr);
    std::fflush(stderr);
    return;
  }
  // Elsewhere: a line when something was finished, at most every five seconds, and the last.
  if (done == last_done_ || (done < tasks_ && seconds_since(last_line_) < 5)) return;
  last_done_ = done;
  last_line_ = std::chrono::steady_clock::now();
  std::fputs((status(done, failed, done_cost) + '\n').c_str(), stderr);
}

}  // namespace rmtlab::core
