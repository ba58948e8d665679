// SPDX-License-Identifier: MIT
// rmtlab analyze
#include <cctype>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/commands/analysis_text.hpp"
#include "sim/commands/commands.hpp"
#include "sim/commands/input_error.hpp"
#include "sim/commands/json_report.hpp"
#include "sim/commands/marchenko_pastur_plot.hpp"
#include "sim/commands/pattern.hpp"
#include "sim/commands/power_law_plot.hpp"
#include "sim/core/provenance.hpp"
#include "sim/core/runner.hpp"
#include "sim/inference/multiplicity.hpp"
#include "sim/io/weight_file.hpp"
#include "sim/spectra/metrics.hpp"

namespace rmtlab::commands {
namespace {

/// Fewest columns for which the statistics mean something (a bulk of 20 eigenvalues).
constexpr std::size_t smallest_side = 20;

struct Arguments {
  std::vector<std::string> files;
  std::string layers, plot;
  bool json = false, csv = false, brief = false;
  std::size_t shuffles = 0;
  inference::DetailOptions details;
};

struct Collected {
  Json matrices = Json::array();
  Json skipped = Json::array();
  Json unreadable = Json::array();
};

inference::MatrixAnalysis analysis_of(const io::NamedMatrix& matrix) {
  // Single precision stays single: the noise floor of the weights is then known.
  if (matrix.source_dtype.ends_with("f4"))
    return inference::analyze_matrix(arma::conv_to<arma::fmat>::from(matrix.values));
  return inference::analyze_matrix(matrix.values);
}

// DIR/<file>_<matrix>_bulk.* and ..._tail.*; what is no letter, digit, dot or dash becomes a dash.
void plot(const inference::MatrixAnalysis& a, const std::string& directory, const std::string& file,
          const std::string& matrix) {
  std::string name = std::filesystem::path(file).stem().string();
  if (name != matrix) name += '_' + matrix;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '_') c = '-';
  std::filesystem::create_directories(directory);
  const auto stem = (std::filesystem::path(directory) / name).string();
  const arma::vec& eigenvalues = a.spectrum.eigenvalues;
  if (a.marchenko_pastur)
    plot_marchenko_pastur(eigenvalues, *a.marchenko_pastur, a.spectrum.rows,
                          a.marchenko_pastur_options.excess_kurtosis, stem + "_bulk.png");
  if (a.power_law) {
    const arma::vec positive = spectra::positive_part(eigenvalues);
    inference::PowerLawOptions options;
    options.min_tail = inference::smallest_spectral_tail;
    plot_power_law(inference::count_values({positive.memptr(), positive.n_elem}), options,
                   *a.power_law, {}, stem + "_tail.png");
  }
}

void analyze_file(const std::string& file, const Pattern& layers, const Arguments& arguments,
                  Collected& out) {
  const auto skip = [&](const std::string& name, const std::string& reason) {
    out.skipped.push_back({{"file", file}, {"name", name}, {"reason", reason}});
  };
  const auto weights = io::read_weight_file(file);
  for (const auto& tensor : weights.skipped) skip(tensor.name, tensor.reason);
  for (const auto& matrix : weights.matrices) {
    if (!layers.matches(matrix.name)) {
      skip(matrix.name, "not selected by --layers");
      continue;
    }
    const auto side = std::min(matrix.values.n_rows, matrix.values.n_cols);
    if (side < smallest_side) {
      skip(matrix.name, fmt::format("too small: {} x {}, the shorter side must be >= {}",
                                    matrix.values.n_rows, matrix.values.n_cols, smallest_side));
      continue;
    }
    const auto analysis = analysis_of(matrix);
    const auto details = inference::examine_matrix(matrix.values, analysis, arguments.details);
    if (!arguments.plot.empty()) plot(analysis, arguments.plot, file, matrix.name);
    out.matrices.push_back(to_json(analysis, details, file, matrix.name));
  }
}

// Layers are tested by the dozen: p-values adjusted for the false discovery rate over all of them.
void adjust(Json& matrices) {
  for (const auto& [key, adjusted] :
       {std::pair{"edge_p_value", "edge_p_adjusted"}, std::pair{"p_value", "p_adjusted"}}) {
    std::vector<double> p;
    for (const Json& m : matrices) {
      const Json& fit = m["marchenko_pastur"];
      p.push_back(fit.is_null() ? std::numeric_limits<double>::quiet_NaN()
                                : fit[key].get<double>());
    }
    const auto values = inference::benjamini_hochberg(p);
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!matrices[i]["marchenko_pastur"].is_null())
        matrices[i]["marchenko_pastur"][adjusted] = values[i];
  }
}

int execute(const Arguments& arguments) {
  core::use_one_blas_thread();
  const Pattern layers("--layers", arguments.layers);
  Collected found;
  for (const std::string& file : arguments.files) {
    try {
      analyze_file(file, layers, arguments, found);
    } catch (const std::exception& error) {
      found.unreadable.push_back({{"file", file}, {"reason", error.what()}});
      fmt::print(stderr, "rmtlab: {}\n", error.what());
    }
  }
  if (found.matrices.size() > 1) adjust(found.matrices);
  if (arguments.json) {
    const Json document{{"format_version", 1},
                        {"matrices", found.matrices},
                        {"skipped", found.skipped},
                        {"unreadable", found.unreadable}};
    fmt::print("{}\n", document.dump(2, ' ', false, Json::error_handler_t::replace));
  } else if (arguments.csv) {
    fmt::print("{}", analysis_csv(found.matrices));
  } else {
    fmt::print("{}", analysis_text(found.matrices, !arguments.brief));
    for (const Json& skipped : found.skipped)
      fmt::print("skipped {}: {}\n", skipped["name"].get<std::string>(),
                 skipped["reason"].get<std::string>());
  }
  return found.unreadable.empty() ? core::exit_complete : core::exit_usage;
}

}  // namespace

void add_analyze(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "analyze", "Spectrum, metrics, fits and phase of every matrix in weight files");
  std::string formats;
  for (const auto& format : io::supported_weight_formats())
    formats += (formats.empty() ? "" : ", ") + format;
  command->add_option("FILE", arguments->files, "weight files: " + formats)->required();
  command->add_option("--layers", arguments->layers, "only matrices whose name matches this regex");
  command->add_option("--plot", arguments->plot,
                      "draw bulk and tail of every matrix into this directory (.pdf, .png, .csv)");
  command->add_flag("--brief", arguments->brief,
                    "one line per matrix, and no bootstrap, shuffles or singular vectors");
  command->add_option("--bootstrap", arguments->details.bootstrap,
                      "replicates for interval and p-value of the tail's exponent (default 1000)");
  auto* shuffles =
      command
          ->add_option("--shuffles", arguments->shuffles,
                       "permutations of the entries, which tell correlation from entries; at least "
                       "39, 0: none (default 39 for matrices of at most about 1000 x 350)")
          ->check(CLI::Range(std::size_t{39}, std::size_t{1000000}) | CLI::IsMember({0}));
  auto* json = command->add_flag("--json", arguments->json, "one JSON document on standard output");
  command->add_flag("--csv", arguments->csv, "a table for other programs")->excludes(json);
  command->callback([=, &action] {
    if (shuffles->count() > 0) arguments->details.shuffles = arguments->shuffles;
    if (arguments->brief) arguments->details = {.bootstrap = 0, .shuffles = 0, .vectors = 0};
    action = [=] { return execute(*arguments); };
  });
}

}  // namespace rmtlab::commands
