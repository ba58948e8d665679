// SPDX-License-Identifier: MIT
// rmtlab fit phase-classifier, rmtlab fit mechanism-classifier
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "sim/commands/commands.hpp"
#include "sim/commands/input_error.hpp"
#include "sim/core/atomic_file.hpp"
#include "sim/core/runner.hpp"
#include "sim/experiments/phase_comparison.hpp"
#include "sim/experiments/phase_records.hpp"

namespace rmtlab::commands {
namespace {

struct Arguments {
  std::string training, test, output;
};

core::Table records_of(const std::string& run) {
  const auto path = std::filesystem::path(run) / "records.csv";
  if (!std::filesystem::exists(path))
    throw InputError(fmt::format(
        "{}: there is no such file; make it by: rmtlab run configs/phase_training.yaml --output {}",
        path.string(), run));
  return core::Table::read_csv(path);
}

// What is wrong with a run of another experiment is a column that it lacks.
template <class F>
auto reading(const std::string& run, F read) {
  try {
    return read();
  } catch (const std::exception& error) {
    throw InputError(fmt::format("{}: {}; runs of phase_benchmark are needed", run, error.what()));
  }
}

void write_table(const std::string& csv, const std::string& output) {
  if (output.empty())
    fmt::print("{}", csv);
  else
    core::write_atomically(output, csv);
}

int fit_phases(const Arguments& a) {
  const core::Table training = records_of(a.training);
  if (!a.test.empty()) {
    const core::Table test = records_of(a.test);
    fmt::print("{}",
               reading(a.test, [&] { return experiments::phase_comparison(test, training); }));
    if (a.output.empty()) return core::exit_complete;
  }
  const auto classifier = reading(a.training, [&] {
    return inference::PhaseClassifier::train(
        experiments::samples_of(training, experiments::scored_rows(training)));
  });
  write_table(classifier.csv(), a.output);
  return core::exit_complete;
}

int fit_mechanisms(const Arguments& a) {
  const core::Table training = records_of(a.training);
  const auto classifier = reading(a.training, [&] {
    return inference::MechanismClassifier::train(experiments::mechanism_samples_of(training));
  });
  write_table(classifier.csv(), a.output);
  return core::exit_complete;
}

CLI::App* add_command(CLI::App& fit, const char* name, const char* help,
                      const std::shared_ptr<Arguments>& arguments) {
  CLI::App* command = fit.add_subcommand(name, help);
  command->add_option("RUN", arguments->training, "Run directory of phase_benchmark to train on")
      ->required();
  command->add_option("-o,--output", arguments->output,
                      "Write the table there instead of printing it");
  return command;
}

}  // namespace

void add_fit_classifier(CLI::App& fit, Action& action) {
  const auto phases = std::make_shared<Arguments>(), mechanisms = std::make_shared<Arguments>();
  CLI::App* command = add_command(fit, "phase-classifier",
                                  "Train the classifier of the phases on matrices of known phase; "
                                  "with --test, score it against "
                                  "simpler rules and leave every family out once",
                                  phases);
  command->add_option("--test", phases->test, "Run directory of phase_benchmark to score on");
  command->callback([=, &action] { action = [=] { return fit_phases(*phases); }; });
  command = add_command(fit, "mechanism-classifier",
                        "Train the classifier of the mechanisms behind a heavy tail", mechanisms);
  command->callback([=, &action] { action = [=] { return fit_mechanisms(*mechanisms); }; });
}

}  // namespace rmtlab::commands
