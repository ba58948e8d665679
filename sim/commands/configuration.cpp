// SPDX-License-Identifier: MIT
// rmtlab check, list, describe: what can be configured, and whether a configuration is right
#include "sim/core/configuration.hpp"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "sim/commands/commands.hpp"
#include "sim/commands/named_parameters_text.hpp"
#include "sim/core/configuration_reader.hpp"
#include "sim/core/plan.hpp"
#include "sim/core/runner.hpp"
#include "sim/ensembles/ensemble_catalogue.hpp"
#include "sim/ensembles/phase_families.hpp"
#include "sim/experiments/registry.hpp"

namespace rmtlab::commands {
namespace {

int check(const std::vector<std::string>& files, bool resolved) {
  int code = core::exit_complete;
  for (const std::string& file : files) {
    try {
      const auto configuration =
          core::Configuration::load(file, {}, experiments::registry(), core::Strictness::check);
      if (resolved) {
        fmt::print("{}", configuration.resolved_yaml(true));
        continue;
      }
      fmt::print("{}: good; {} tasks of '{}'\n", file, core::make_plan(configuration).size(),
                 configuration.entry().name);
      for (const auto& note : configuration.deferred())
        fmt::print("  to be given on the command line: {}\n", note);
    } catch (const core::ConfigError& error) {
      fmt::print(stderr, "{}\n", error.what());
      code = core::exit_usage;
    }
  }
  return code;
}

// Up to where an explanation begins.
std::string_view first_clause(std::string_view text) {
  return text.substr(0, std::min({text.find(": "), text.find("; "), text.find(". "), text.size()}));
}

// "mu from 1.8 to 0.7": weak to strong.
std::string strength_range(const ensembles::PhaseFamily& family) {
  return fmt::format("{} from {} to {}{}", family.strength, family.weak, family.strong,
                     family.logarithmic ? ", evenly in the logarithm" : "");
}

int list() {
  fmt::print("experiments, for `rmtlab run`:\n");
  for (const auto& entry : experiments::registry())
    fmt::print("{:<18} {}\n", entry.name, entry.question);
  fmt::print("\nensembles, for `rmtlab sample` and for experiments on matrices of known class:\n");
  for (const auto& entry : ensembles::ensemble_catalogue())
    fmt::print("{:<26} {}\n", entry.name, first_clause(entry.help));
  fmt::print("\nphase families, ensembles of a declared phase with one strength:\n");
  for (const auto& family : ensembles::phase_families())
    fmt::print("{:<33} {}, {}{}\n", family.name, family.ensemble, strength_range(family),
               family.is_hard ? "; hard" : "");
  fmt::print("\n`rmtlab describe NAME` shows the parameters of one.\n");
  return core::exit_complete;
}

[[noreturn]] void refuse_name(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& e : experiments::registry()) names.emplace_back(e.name);
  for (const auto& e : ensembles::ensemble_catalogue()) names.emplace_back(e.name);
  for (const auto& f : ensembles::phase_families()) names.emplace_back(f.name);
  std::string text = fmt::format("no experiment, ensemble or phase family '{}'", name);
  for (const auto& note : core::suggest(name, names)) text += "\n  = " + note;
  throw core::RunRefused(text);
}

int describe_experiment(const core::ExperimentEntry& entry) {
  const auto experiment = entry.make();
  core::Schema schema;
  experiment->declare(schema);
  fmt::print("{}: {}\n\nparameters (type, default, meaning):\n", entry.name, entry.question);
  std::string section;
  for (const auto& p : schema.parameters()) {
    const auto dot = p.path.rfind('.');
    const std::string parent = dot == std::string::npos ? "" : p.path.substr(0, dot);
    if (parent != section && !parent.empty()) {
      const auto& sections = schema.sections();
      const auto at = std::find_if(sections.begin(), sections.end(),
                                   [&](const auto& s) { return s.path == parent; });
      fmt::print("\n  {}: {}\n", parent, at->help);
    }
    section = parent;
    const std::string value = core::parameter_text(p);
    fmt::print("    {:<34} {}; default {}\n        {}\n", p.path, p.constraint,
               value.empty() ? "(none)" : value, p.help);
  }
  fmt::print("\noutputs (arrays kept in arrays.h5):\n");
  for (const auto& kind : experiment->output_kinds())
    fmt::print("    {:<18} {}{}\n", kind.name, kind.help, kind.by_default ? " (by default)" : "");
  return core::exit_complete;
}

int describe_family(const ensembles::PhaseFamily& family) {
  const auto& ensemble = ensembles::find_ensemble(family.ensemble);
  const auto strength = std::find_if(ensemble.parameters.begin(), ensemble.parameters.end(),
                                     [&](const auto& p) { return p.name == family.strength; });
  fmt::print("{}: a family of phase {}\n\n{}: {}\n", family.name, theory::name(family.phase),
             ensemble.name, ensemble.help);
  fmt::print("\nstrength, weak to strong:\n  {}\n      {}; {}\n", strength_range(family),
             strength->help, strength->domain);
  fmt::print("fixed:\n  {}\n", family.fixed.empty() ? "(nothing: defaults)" : family.fixed);
  if (family.is_hard)
    fmt::print("hard: made to be mistaken for another phase; for testing, not for tuning\n");
  std::string settings;
  for (const auto& [key, value] : parameters_at(family, strength_at(family, 0.5)))
    settings += fmt::format(" --set {}={}", key, value);
  fmt::print(
      "\nThe label is declared by strength and shape; `rmtlab sample` writes it beside the matrix. "
      "In the middle of the range:\n  rmtlab sample {}{} --rows 784 --cols 128 -o W.npy\n",
      family.ensemble, settings);
  return core::exit_complete;
}

int describe(const std::string& name) {
  for (const auto& entry : experiments::registry())
    if (entry.name == name) return describe_experiment(entry);
  for (const auto& entry : ensembles::ensemble_catalogue())
    if (entry.name == name) {
      explain(entry.name, entry.help, entry.parameters);
      return core::exit_complete;
    }
  for (const auto& family : ensembles::phase_families())
    if (family.name == name) return describe_family(family);
  refuse_name(name);
}

}  // namespace

void add_configuration(CLI::App& app, Action& action) {
  auto files = std::make_shared<std::vector<std::string>>();
  auto resolved = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("check", "Validate configurations without running them");
  command->add_option("CONFIG", *files, "one or more configurations")->required();
  command->add_flag("--resolved", *resolved,
                    "print the complete configuration and where each value comes from");
  command->callback([=, &action] { action = [=] { return check(*files, *resolved); }; });

  command = app.add_subcommand("list", "List the experiments, ensembles and phase families");
  command->callback([&action] { action = list; });

  auto name = std::make_shared<std::string>();
  command = app.add_subcommand(
      "describe", "Explain an experiment, an ensemble or a phase family: every parameter");
  command->add_option("NAME", *name, "its name, as `rmtlab list` shows it")->required();
  command->callback([=, &action] { action = [=] { return describe(*name); }; });
}

}  // namespace rmtlab::commands
