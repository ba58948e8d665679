// SPDX-License-Identifier: MIT
// rmtlab sample
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "sim/commands/commands.hpp"
#include "sim/commands/input_error.hpp"
#include "sim/commands/named_parameters_text.hpp"
#include "sim/core/atomic_file.hpp"
#include "sim/core/provenance.hpp"
#include "sim/core/runner.hpp"
#include "sim/ensembles/ensemble_catalogue.hpp"
#include "sim/io/npy.hpp"

namespace rmtlab::commands {
namespace {

using nlohmann::ordered_json;

struct Arguments {
  std::string name, output;
  std::vector<std::string> settings;
  std::size_t rows = 0, cols = 0;
  std::uint64_t seed = 0;
  bool spectrum = false, help = false;
};

void list_ensembles() {
  for (const auto& entry : ensembles::ensemble_catalogue()) list_line(entry.name, entry.parameters);
  fmt::print("\n`rmtlab describe NAME` gives formula and parameters of one.\n");
}

ordered_json number_or_null(const std::optional<double>& x) {
  return x && std::isfinite(*x) ? ordered_json(*x) : ordered_json();
}

ordered_json truth_json(const ensembles::GroundTruth& truth) {
  ordered_json limit;
  if (truth.limit)
    limit = {{"law", truth.limit->name},
             {"parameters", truth.limit->parameters},
             {"unit", truth.limit->unit}};
  return {{"phase", truth.phase ? ordered_json(name(*truth.phase)) : ordered_json()},
          {"reason", truth.reason},
          {"mechanism", name(truth.mechanism)},
          {"alpha", number_or_null(truth.alpha)},
          {"entry_tail_index", number_or_null(truth.entry_tail_index)},
          {"outliers", truth.outliers},
          {"outlier_ratio", number_or_null(truth.outlier_ratio)},
          {"critical_window", number_or_null(truth.critical_window)},
          {"limit", limit}};
}

// What was drawn, beside the numbers: enough to draw them again.
std::string sidecar(const Arguments& a, const ensembles::EnsembleEntry& entry,
                    const theory::NamedParameters& parameters,
                    const ensembles::GroundTruth& truth) {
  const ordered_json document = {{"format_version", 1},
                                 {"ensemble", entry.name},
                                 {"parameters", parameters},
                                 {"rows", a.rows},
                                 {"cols", a.cols},
                                 {"seed", a.seed},
                                 {"contents", a.spectrum ? "spectrum" : "matrix"},
                                 {"truth", truth_json(truth)},
                                 {"provenance", core::provenance()}};
  return document.dump(2) + "\n";
}

void check(const Arguments& a) {
  if (a.rows < 1 || a.cols < 1) throw InputError("sample: --rows and --cols must be given, >= 1");
  if (a.output.empty())
    throw InputError(
        "sample: say where it goes: -o W.npy, or with --spectrum -o - for text on stdout");
  if (a.output == "-" && !a.spectrum)
    throw InputError("sample: a matrix is not text; give a file, -o W.npy, or add --spectrum");
}

int draw(const Arguments& a) {
  if (a.name.empty()) {
    list_ensembles();
    return core::exit_complete;
  }
  const auto& entry = ensembles::find_ensemble(a.name);
  if (a.help) {
    explain(entry.name, entry.help, entry.parameters);
    return core::exit_complete;
  }
  check(a);
  const auto parameters =
      theory::complete(entry.name, entry.parameters, parameters_from(a.settings));
  const ensembles::Ensemble ensemble = entry.make(parameters);
  // Not the parameters: two strengths with one seed are two signals in the same noise.
  core::Stream stream = core::Stream(a.seed)
                            .child("sample")
                            .child(entry.name)
                            .child(fmt::format("{}x{}", a.rows, a.cols));
  const auto truth = ensemble.truth(a.rows, a.cols);
  if (a.spectrum) {
    const arma::vec eigenvalues = sample_spectrum(ensemble, a.rows, a.cols, stream);
    if (a.output == "-") {
      for (const double x : eigenvalues) fmt::print("{:.17g}\n", x);
      return core::exit_complete;
    }
    io::write_npy(a.output, arma::mat(eigenvalues));
  } else {
    io::write_npy(a.output, ensemble.matrix(a.rows, a.cols, stream));
  }
  core::write_atomically(a.output + ".json", sidecar(a, entry, parameters, truth));
  fmt::print("{} and {}.json: {}\n", a.output, a.output,
             truth.phase ? fmt::format("{} ({})", name(*truth.phase), truth.reason)
                         : fmt::format("no phase: {}", truth.reason));
  return core::exit_complete;
}

int execute(const Arguments& arguments) {
  try {
    return draw(arguments);
  } catch (const std::domain_error& error) {
    throw InputError(error.what());
  }
}

}  // namespace

void add_sample(CLI::App& app, Action& action) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("sample", "Draw a matrix or spectrum of known class");
  command->add_option("ENSEMBLE", a->name, "the ensemble; without it, all are listed");
  command->add_option("--set", a->settings, "a parameter: name=value (repeat for more)")
      ->expected(1)
      ->take_all();
  command->add_option("--rows", a->rows, "N");
  command->add_option("--cols", a->cols, "M");
  command->add_option("--seed", a->seed, "the same seed gives the same numbers; default 0");
  command->add_flag("--spectrum", a->spectrum, "eigenvalues of W^T W / N instead of W");
  command->add_option("-o,--output", a->output, "a .npy file; - with --spectrum is text on stdout");
  command->set_help_flag();  // ours: with a NAME it explains that ensemble
  command->add_flag("-h,--help", a->help,
                    "this text; with an ENSEMBLE: its formula and parameters");
  command->footer(
      "Beside W.npy, W.npy.json says what it is: class, phase, parameters, seed. Examples:\n"
      "  rmtlab sample additive-spikes --set strengths=2,1.3 --rows 784 --cols 128 -o W.npy\n"
      "  rmtlab sample gaussian --rows 500 --cols 250 --spectrum -o - | rmtlab fit "
      "marchenko-pastur - "
      "--rows 500 --cols 250");
  command->callback([=, &action] {
    action = [=] {
      if (!a->help || !a->name.empty()) return execute(*a);
      fmt::print("{}", command->help());
      return static_cast<int>(core::exit_complete);
    };
  });
}

}  // namespace rmtlab::commands
