// SPDX-License-Identifier: MIT
// rmtlab status, merge
#include <memory>

#include <fmt/format.h>

#include "sim/commands/commands.hpp"
#include "sim/core/runner.hpp"
#include "sim/experiments/registry.hpp"

namespace rmtlab::commands {

void add_run_directory(CLI::App& app, Action& action) {
  auto folder = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("status", "Say what of a run is done, failed or left");
  command->add_option("DIR", *folder, "a run directory")->required();
  command->callback([=, &action] {
    action = [=] {
      fmt::print("{}", core::status_text(*folder, experiments::registry()));
      return static_cast<int>(core::exit_complete);
    };
  });

  command =
      app.add_subcommand("merge", "Join the shards of a run; refuses while tasks are missing");
  command->add_option("DIR", *folder, "the run directory that the shards wrote to")->required();
  command->callback(
      [=, &action] { action = [=] { return core::merge(*folder, experiments::registry()); }; });
}

}  // namespace rmtlab::commands
