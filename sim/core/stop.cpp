// SPDX-License-Identifier: MIT
#include "sim/core/stop.hpp"

#include <array>
#include <csignal>
#include <string_view>

#include <unistd.h>

namespace rmtlab::core {
namespace {

// A signal handler has no argument to carry a pointer: this is the one place for it.
std::atomic<StopSignal*> signal_target{nullptr};
constexpr std::array signals{SIGINT, SIGTERM, SIGUSR1};

extern "C" void route_signal(int signal) {
  StopSignal* target = signal_target.load();
  if (target == nullptr) return;
  target->request();
  const std::string_view text =
      target->abandon()
          ? std::string_view("\nrmtlab: abandoning the tasks in hand; finished ones are kept\n")
      : signal == SIGINT
          ? std::string_view(
                "\nrmtlab: stopping when the tasks in hand are done or have kept a checkpoint "
                "(Ctrl-C "
                "again abandons them)\n")
          : std::string_view(
                "\nrmtlab: stopping when the tasks in hand are done or have kept a checkpoint\n");
  // write is safe in a handler; nothing can be done here if it fails.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

SignalRouter::SignalRouter(StopSignal& target) {
  signal_target.store(&target);
  struct sigaction action {};
  action.sa_handler = route_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : signals) sigaction(signal, &action, nullptr);
}

SignalRouter::~SignalRouter() {
  for (const int signal : signals) std::signal(signal, SIG_DFL);
  signal_target.store(nullptr);
}

}  // namespace rmtlab::core
