// SPDX-License-Identifier: MIT
// rmtlab run
#include <cmath>
#include <memory>
#include <thread>

#include <fmt/format.h>

#include "sim/commands/commands.hpp"
#include "sim/core/number_format.hpp"
#include "sim/core/runner.hpp"
#include "sim/experiments/registry.hpp"

namespace rmtlab::commands {
namespace {

struct Arguments {
  std::string config;
  std::vector<std::string> overrides;
  std::string output;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
  std::string shard;
  std::size_t task = 0;
  bool resume = false;
  bool dry_run = false;
  double time_limit = 0;
  double checkpoint_interval = core::RunOptions().checkpoint_interval;
};

core::Selection selection_of(const Arguments& arguments, const CLI::App& command) {
  core::Selection selection;
  if (command.count("--task") > 0) selection.only_task = arguments.task;
  if (arguments.shard.empty()) return selection;
  const auto slash = arguments.shard.find('/');
  const auto number = [&](std::size_t from, std::size_t length) {
    return core::parse_integer(arguments.shard.substr(from, length)).value_or(-1);
  };
  const auto index = slash == std::string::npos ? -1 : number(0, slash);
  const auto count = slash == std::string::npos ? -1 : number(slash + 1, std::string::npos);
  if (index < 0 || index >= count)
    throw core::RunRefused(fmt::format(
        "--shard must be i/n with 0 <= i < n (the first shard is 0), got '{}'", arguments.shard));
  selection.shard_index = static_cast<std::size_t>(index);
  selection.shard_count = static_cast<std::size_t>(count);
  return selection;
}

int execute(const Arguments& arguments, const CLI::App& command) {
  const auto configuration = core::Configuration::load(
      arguments.config, arguments.overrides, experiments::registry(), core::Strictness::run);
  core::RunOptions options;
  options.output = arguments.output.empty() ? "results/" + configuration.stem() : arguments.output;
  options.threads = arguments.threads;
  options.resume = arguments.resume;
  options.selection = selection_of(arguments, command);
  if (command.count("--time-limit") > 0) {
    if (!std::isfinite(arguments.time_limit) || arguments.time_limit > 1e9)
      throw core::RunRefused("--time-limit must be a number of seconds from 0 to 1e9");
    options.time_limit = arguments.time_limit;
  }
  if (!(arguments.checkpoint_interval <= 1e9))
    throw core::RunRefused(
        "--checkpoint-interval must be a number of seconds from 0 (at every epoch) to 1e9");
  options.checkpoint_interval = arguments.checkpoint_interval;
  const auto tasks = configuration.points().size() * configuration.replicates();
  if (options.selection.only_task && *options.selection.only_task >= tasks)
    throw core::RunRefused(fmt::format("--task {} does not exist; the plan has tasks 0 to {}",
                                       *options.selection.only_task, tasks - 1));
  if (arguments.dry_run) {
    std::fputs(core::describe_plan(configuration, options.selection, options.threads).c_str(),
               stdout);
    return core::exit_complete;
  }
  return core::run(configuration, options);
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("run", "Run an experiment from its configuration");
  command->add_option("CONFIG", arguments->config, "configuration, such as configs/demo.yaml")
      ->required();
  command->add_option("overrides", arguments->overrides,
                      "key=value: a parameter (training.batch_size=8, or a list [1,2,4] where the "
                      "file sweeps it), seed, replicates, outputs, or sweep.KEY=[...]");
  command->add_option("--output", arguments->output,
                      "the run directory itself (default: results/<name of the configuration>)");
  command->add_option("--threads", arguments->threads, "tasks at a time (default: all cores)")
      ->check(CLI::Range(1, 4096));
  command->add_option("--shard", arguments->shard,
                      "i/n: run every n-th task, starting at task i (from 0); then `rmtlab merge`");
  command->add_option("--task", arguments->task, "run this one task of the plan (see --dry-run)")
      ->excludes("--shard");
  command->add_flag("--resume", arguments->resume,
                    "go on where a run stopped; finished tasks stay");
  command->add_flag("--dry-run", arguments->dry_run,
                    "print the plan with its count of tasks and estimated time; write nothing");
  command
      ->add_option("--time-limit", arguments->time_limit,
                   "seconds after which no task is started, and a training stops after its epoch "
                   "with a checkpoint; exit code 75 if work is left")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--checkpoint-interval", arguments->checkpoint_interval,
                   "seconds between checkpoints inside a long task such as a training, from which "
                   "--resume goes on if the process is killed; 0: after every epoch")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->footer(
      "Examples:\n"
      "  rmtlab run configs/demo.yaml\n"
      "  rmtlab run configs/batch_size.yaml training.batch_size=[1,16] replicates=1 --output "
      "results/two\n"
      "Exit codes: 0 complete, 1 a task failed, 2 bad usage or configuration, 75 stopped with work "
      "left.");
  command->callback(
      [arguments, command, &action] { action = [=] { return execute(*arguments, *command); }; });
}

}  // namespace rmtlab::commands
