// SPDX-License-Identifier: MIT
// rmtlab report
#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "sim/commands/commands.hpp"
#include "sim/commands/html_report.hpp"
#include "sim/commands/input_error.hpp"
#include "sim/commands/report_run.hpp"
#include "sim/core/atomic_file.hpp"
#include "sim/core/runner.hpp"
#include "sim/experiments/registry.hpp"

namespace rmtlab::commands {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string run, output;
};

int execute(const Arguments& arguments) {
  const auto run = ReportedRun::open(arguments.run, experiments::registry());
  const fs::path output = arguments.output.empty() ? fs::path(arguments.run) / "report.html"
                                                   : fs::path(arguments.output);
  if (fs::is_directory(output))
    throw InputError(fmt::format("{} is a directory; name the file: -o {}", output.string(),
                                 (output / "report.html").string()));
  const std::string page = html_report(run);
  if (output.has_parent_path()) fs::create_directories(output.parent_path());
  core::write_atomically(output, page);
  if (!run.finished())
    fmt::print(stderr, "rmtlab: {} is not finished: the report is about {} of {} tasks\n",
               arguments.run, run.complete(), run.planned());
  fmt::print("{}\n", output.string());
  return core::exit_complete;
}

}  // namespace

void add_report(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "report", "Write a self-contained HTML page of a run, to read and to send");
  command->add_option("DIR", arguments->run, "a run directory, finished or not")->required();
  command->add_option("-o,--output", arguments->output, "file to write (default: DIR/report.html)");
  command->footer(
      "The page answers, in this order: what was asked; whether the run is complete; what was "
      "swept;\n"
      "the experiment's own table; pictures of what changes along the sweep (median and range "
      "over\n"
      "replicates) and of the spectra that were kept, over the Marchenko-Pastur law; every "
      "parameter;\n"
      "seed, commit and libraries; the records. The pictures are inside: the file can be mailed "
      "or\n"
      "printed and needs no network. The same run gives the same bytes. A run that is not finished "
      "is\n"
      "reported as far as it is. Examples:\n"
      "  rmtlab run configs/demo.yaml && rmtlab report results/demo\n"
      "  rmtlab report results/demo -o demo.html");
  command->callback([=, &action] { action = [=] { return execute(*arguments); }; });
}

}  // namespace rmtlab::commands
