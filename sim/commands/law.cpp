// SPDX-License-Identifier: MIT
// rmtlab law
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "sim/commands/commands.hpp"
#include "sim/commands/input_error.hpp"
#include "sim/commands/named_parameters_text.hpp"
#include "sim/core/runner.hpp"
#include "theory/law_catalogue.hpp"

namespace rmtlab::commands {
namespace {

struct Arguments {
  std::string name;
  std::vector<std::string> settings, values;
  std::string function;
  bool moments = false, help = false;
};

// What can be evaluated: the flag and where the law keeps it.
struct Function {
  const char* name;
  std::function<double(double)> theory::Law::*member;
  const char* help;
};
const std::vector<Function> functions{
    {"pdf", &theory::Law::pdf, "density at each X"},
    {"cdf", &theory::Law::cdf, "probability of at most X"},
    {"sf", &theory::Law::sf, "probability of more than X, to full relative accuracy"},
    {"log-cdf", &theory::Law::log_cdf, "its logarithm"},
    {"log-sf", &theory::Law::log_sf, "its logarithm, for the far tail"},
    {"quantile", &theory::Law::quantile, "the value with probability X below it"},
    {"quantile-sf", &theory::Law::quantile_sf, "the value with probability X above it"},
    {"z", &theory::Law::z, "standardised value of X and its p-value (laws of an extreme)"}};

double number_from(std::string text) {
  if (!text.empty() && text.front() == ' ') text.erase(0, 1);  // see shield_negative_number
  std::size_t used = 0;
  try {
    const double value = std::stod(text, &used);
    if (used == text.size()) return value;
  } catch (const std::exception&) {
    used = 0;
  }
  throw InputError(fmt::format("'{}' is not a number", text));
}

void list_laws() {
  for (const auto& entry : theory::law_catalogue()) list_line(entry.name, entry.parameters);
  fmt::print("\n`rmtlab law NAME --help` gives formula and parameters of one.\n");
}

void print_moments(const theory::Law& law, const std::string& name) {
  const std::pair<const char*, std::optional<double>> moments[] = {
      {"mean", law.mean},
      {"variance", law.variance},
      {"skewness", law.skewness},
      {"kurtosis_excess", law.kurtosis_excess}};
  bool any = false;
  for (const auto& [label, value] : moments) {
    if (!value) continue;
    any = true;
    fmt::print("{} {:.17g}\n", label, *value);
  }
  if (!any) throw InputError(fmt::format("the law '{}' has no moments here", name));
}

int evaluate(const Arguments& arguments) {
  if (arguments.name.empty()) {
    list_laws();
    return core::exit_complete;
  }
  const auto& entry = theory::find_law(arguments.name);
  if (arguments.help) {
    explain(entry.name, entry.help, entry.parameters);
    return core::exit_complete;
  }
  const theory::Law law = theory::make_law(arguments.name, parameters_from(arguments.settings));
  if (arguments.moments) {
    print_moments(law, arguments.name);
    return core::exit_complete;
  }
  if (arguments.function.empty() || arguments.values.empty()) {
    explain(entry.name, entry.help, entry.parameters);
    fmt::print("\nto evaluate it: rmtlab law {} --cdf X [X ...]\n", entry.name);
    return core::exit_complete;
  }
  for (const Function& function : functions) {
    if (arguments.function != function.name) continue;
    const auto& f = law.*function.member;
    if (!f)
      throw InputError(fmt::format("the law '{}' has no --{}", arguments.name, function.name));
    for (const std::string& text : arguments.values) {
      const double x = number_from(text);
      if (arguments.function == "z")
        fmt::print("{:.17g} {:.17g}\n", law.z(x), law.sf(x));
      else
        fmt::print("{:.17g}\n", f(x));
    }
  }
  return core::exit_complete;
}

int execute(const Arguments& arguments) {
  try {
    return evaluate(arguments);
  } catch (const std::domain_error& error) {
    throw InputError(error.what());
  }
}

}  // namespace

void add_law(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("law", "Evaluate a law of random-matrix theory");
  command->add_option("NAME", arguments->name, "the law; without it, all are listed");
  command->add_option("--set", arguments->settings, "a parameter: name=value (repeat for more)")
      ->expected(1)
      ->take_all();
  for (const Function& function : functions)
    command
        ->add_option_function<std::vector<std::string>>(
            fmt::format("--{}", function.name),
            [arguments, name = std::string(function.name)](const std::vector<std::string>& xs) {
              if (!arguments->function.empty())
                throw CLI::ValidationError("give one of --pdf, --cdf, ... at a time");
              arguments->function = name;
              arguments->values = xs;
            },
            function.help)
        ->type_name("X ...");
  command->add_flag("--moments", arguments->moments, "mean, variance, skewness, excess kurtosis");
  command->set_help_flag();  // ours: with a NAME it explains that law
  command->add_flag("-h,--help", arguments->help,
                    "this text; with a NAME: formula, parameters and meaning of that law");
  command->footer(
      "Values are printed with 17 digits, one a line. Examples:\n"
      "  rmtlab law tracy-widom --sf 2.0234492813\n"
      "  rmtlab law marchenko-pastur --set Q=4 --quantile 0.5\n"
      "  rmtlab law wishart-edge --set N=4096 --set M=384 --set sigma2=1.4346 --z 2.556");
  command->callback([=, &action] {
    action = [=] {
      if (!arguments->help || !arguments->name.empty()) return execute(*arguments);
      fmt::print("{}", command->help());
      return static_cast<int>(core::exit_complete);
    };
  });
}

}  // namespace rmtlab::commands
