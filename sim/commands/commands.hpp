// SPDX-License-Identifier: MIT
/// \file
/// \brief The commands of the program `rmtlab`, one file for each group.
#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

namespace rmtlab::commands {

/// What to do once the whole command line is understood; returns the exit code.
using Action = std::function<int()>;

// Each adds its subcommands to `app`; the one that is chosen sets `action`.
void add_run(CLI::App& app, Action& action);            // run
void add_configuration(CLI::App& app, Action& action);  // check, list, describe
void add_run_directory(CLI::App& app, Action& action);  // status, merge
void add_report(CLI::App& app, Action& action);
void add_export(CLI::App& app, Action& action);
void add_sample(CLI::App& app, Action& action);
void add_law(CLI::App& app, Action& action);
void add_fit(CLI::App& app, Action& action);
void add_fit_power_law(CLI::App& fit, Action& action);         // below fit
void add_fit_classifier(CLI::App& fit, Action& action);        // below fit
void add_fit_marchenko_pastur(CLI::App& fit, Action& action);  // below fit
void add_analyze(CLI::App& app, Action& action);

}  // namespace rmtlab::commands
