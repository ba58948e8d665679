// SPDX-License-Identifier: MIT
/// \file
/// \brief The program `rmtlab`: parses the command line, runs one command, turns errors into exit
/// codes.
#include <charconv>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gsl/gsl_errno.h>

#include "sim/commands/commands.hpp"
#include "sim/commands/input_error.hpp"
#include "sim/core/provenance.hpp"
#include "sim/core/runner.hpp"

namespace {

// "-10.5", "-.5" and "-inf" are numbers, not options: a leading blank tells CLI11 so.
std::string shield_negative_number(std::string argument) {
  if (argument.size() < 2 || argument[0] != '-') return argument;
  double value = 0;
  const char* end = argument.data() + argument.size();
  const auto result = std::from_chars(argument.data(), end, value);
  return result.ec == std::errc{} && result.ptr == end ? ' ' + argument : argument;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace rmtlab;
  gsl_set_error_handler_off();  // its default aborts the process; every status is checked instead

  CLI::App app{
      "rmtlab: random-matrix analysis of neural-network weight matrices.\n"
      "Start with: rmtlab run configs/demo.yaml"};
  app.name("rmtlab");
  app.require_subcommand(1);
  app.set_version_flag("--version", core::version_text());
  commands::Action action;
  commands::add_run(app, action);
  commands::add_configuration(app, action);
  commands::add_run_directory(app, action);
  commands::add_report(app, action);
  commands::add_export(app, action);
  commands::add_sample(app, action);
  commands::add_law(app, action);
  commands::add_fit(app, action);
  commands::add_analyze(app, action);

  std::vector<std::string> arguments;
  for (int i = argc - 1; i > 0; --i) arguments.push_back(shield_negative_number(argv[i]));
  try {
    app.parse(arguments);  // in reverse order, as CLI11 wants vectors
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? core::exit_complete : core::exit_usage;
  }

  try {
    return action();
  } catch (const core::ConfigError& error) {
    fmt::print(stderr, "{}\n", error.what());
    return core::exit_usage;
  } catch (const commands::InputError& error) {
    fmt::print(stderr, "rmtlab: {}\n", error.what());
    return core::exit_usage;
  } catch (const core::RunRefused& error) {
    fmt::print(stderr, "rmtlab: {}\n", error.what());
    return core::exit_usage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "rmtlab: {}\n", error.what());
    return core::exit_failed;
  }
}
