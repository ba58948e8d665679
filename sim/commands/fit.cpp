// SPDX-License-Identifier: MIT
// rmtlab fit: the laws are in fit_power_law.cpp and fit_marchenko_pastur.cpp, the classifiers in fit_classifier.cpp
#include "sim/commands/commands.hpp"

namespace rmtlab::commands {

void add_fit(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("fit", "Fit a law to numbers in a file");
  command->require_subcommand(1);
  add_fit_power_law(*command, action);
  add_fit_marchenko_pastur(*command, action);
  add_fit_classifier(*command, action);
}

}  // namespace rmtlab::commands
