// SPDX-License-Identifier: MIT
// rmtlab analyze
#include <memory>
#include <string>

#include <fmt/format.h>
#include <regex.h>

#include "sim/commands/commands.hpp"
#include "sim/commands/input_error.hpp"
#include "sim/commands/json_report.hpp"
#include "sim/core/provenance.hpp"
#include "sim/core/runner.hpp"
#include "sim/core/table.hpp"
#include "sim/io/weight_file.hpp"

namespace rmtlab::commands {
namespace {

/// Fewest columns for which the statistics mean something (a bulk of 20 eigenvalues).
constexpr std::size_t smallest_side = 20;

struct Arguments {
  std::vector<std::string> files;
  std::string layers;
  bool json = false, csv = false;
};

/// A POSIX extended regular expression (std::regex doubles the time this file takes to compile).
class Pattern {
public:
  explicit Pattern(const std::string& text) {
    const int code = ::regcomp(&compiled_, text.c_str(), REG_EXTENDED | REG_NOSUB);
    if (code == 0) return;
    std::string message(256, '\0');
    message.resize(::regerror(code, &compiled_, message.data(), message.size()) - 1);
    throw InputError(fmt::format("--layers '{}' is not a regular expression: {}", text, message));
  }
  ~Pattern() { ::regfree(&compiled_); }
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;
  [[nodiscard]] bool matches(const std::string& text) const {
    return ::regexec(&compiled_, text.c_str(), 0, nullptr, 0) == 0;
  }

private:
  regex_t compiled_{};
};

struct Collected {
  Json matrices = Json::array();
  Json skipped = Json::array();
  Json unreadable = Json::array();
};

spectra::Spectrum spectrum_of(const io::NamedMatrix& matrix) {
  // Single precision stays single: the noise floor of the weights is then known.
  if (matrix.source_dtype.ends_with("f4"))
    return spectra::spectrum_of(arma::conv_to<arma::fmat>::from(matrix.values));
  return spectra::spectrum_of(matrix.values);
}

void analyze_file(const std::string& file, const Pattern& layers, const inference::BulkNull& null,
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
    out.matrices.push_back(
        to_json(inference::analyze_spectrum(spectrum_of(matrix), null), file, matrix.name));
  }
}

// Flat columns of a matrix for CSV: numbers of the document and of its fits.
void print_csv(const Json& matrices) {
  core::Table table;
  for (const Json& matrix : matrices) {
    std::vector<std::string> columns, cells;
    const auto add = [&](const std::string& column, const Json& value) {
      columns.push_back(column);
      cells.push_back(value.is_string() ? value.get<std::string>()
                      : value.is_null() ? ""
                                        : value.dump());
    };
    for (const auto& [key, value] : matrix.items())
      if (!value.is_structured() && !key.ends_with("_reason") && key != "marchenko_pastur" &&
          key != "power_law")
        add(key, value);
    const auto of_fit = [&](const char* fit, const char* key, const char* column) {
      add(column, matrix[fit].is_null() ? Json(nullptr) : matrix[fit][key]);
    };
    of_fit("marchenko_pastur", "sigma2", "sigma2");
    of_fit("marchenko_pastur", "lambda_plus", "lambda_plus");
    of_fit("power_law", "alpha", "alpha");
    of_fit("power_law", "xmin", "xmin");
    of_fit("power_law", "n_tail", "n_tail");
    for (const auto& [key, value] : matrix["evidence"].items()) add(key, value);
    if (table.columns().empty()) table = core::Table(columns);
    table.add(cells);
  }
  fmt::print("{}", table.csv());
}

std::string brief(const Json& value, int digits) {
  return value.is_null() ? "-" : fmt::format("{:.{}g}", value.get<double>(), digits);
}

void print_table(const Collected& found) {
  if (!found.matrices.empty())
    fmt::print("{:<34} {:>11} {:<15} {:>9} {:>9} {:>8} {:>8} {:>8}\n", "matrix", "N x M", "phase",
               "lmax/l+", "outliers", "alpha", "entropy", "s. rank");
  for (const Json& m : found.matrices) {
    const std::string file = m["file"], matrix = m["name"];
    const std::string name = file.find(matrix) == std::string::npos ? file + ":" + matrix : file;
    fmt::print("{:<34} {:>11} {:<15} {:>9} {:>9} {:>8} {:>8} {:>8}\n", name,
               fmt::format("{} x {}", m["rows"].get<int>(), m["cols"].get<int>()),
               m["phase"].get<std::string>(),
               brief(m["evidence"]["lambda_max_over_lambda_plus"], 4),
               brief(m["evidence"]["outlier_count"], 4),
               m["power_law"].is_null() ? "-" : brief(m["power_law"]["alpha"], 3),
               brief(m["matrix_entropy"], 3), brief(m["stable_rank"], 3));
    fmt::print("    {}\n", m["reason"].get<std::string>());
  }
  for (const Json& s : found.skipped)
    fmt::print("skipped {}: {}\n", s["name"].get<std::string>(), s["reason"].get<std::string>());
}

int execute(const Arguments& arguments) {
  core::use_one_blas_thread();
  const Pattern layers(arguments.layers.empty() ? ".*" : arguments.layers);
  const inference::BulkNull null;
  Collected found;
  for (const std::string& file : arguments.files) {
    try {
      analyze_file(file, layers, null, found);
    } catch (const std::exception& error) {
      found.unreadable.push_back({{"file", file}, {"reason", error.what()}});
      fmt::print(stderr, "rmtlab: {}\n", error.what());
    }
  }
  if (arguments.json) {
    const Json document{{"format_version", 1},
                        {"matrices", found.matrices},
                        {"skipped", found.skipped},
                        {"unreadable", found.unreadable}};
    fmt::print("{}\n", document.dump(2, ' ', false, Json::error_handler_t::replace));
  } else if (arguments.csv) {
    print_csv(found.matrices);
  } else {
    print_table(found);
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
  auto* json = command->add_flag("--json", arguments->json, "one JSON document on standard output");
  command->add_flag("--csv", arguments->csv, "a table for other programs")->excludes(json);
  command->callback([=, &action] { action = [=] { return execute(*arguments); }; });
}

}  // namespace rmtlab::commands
