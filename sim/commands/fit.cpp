// SPDX-License-Identifier: MIT
// rmtlab fit marchenko-pastur; rmtlab fit power-law is in fit_power_law.cpp
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "sim/commands/commands.hpp"
#include "sim/commands/input_error.hpp"
#include "sim/commands/json_report.hpp"
#include "sim/core/runner.hpp"
#include "sim/io/values.hpp"

namespace rmtlab::commands {
namespace {

struct MarchenkoPasturArguments {
  std::string file;
  std::size_t rows = 0, cols = 0;
  bool json = false;
};

io::ValueList read_values(const std::string& file) {
  try {
    return io::read_values(file);
  } catch (const std::runtime_error& error) {
    throw InputError(error.what());
  }
}

void print(const inference::MarchenkoPasturFit& fit) {
  fmt::print("sigma2        {:.6g}\nbulk edges    {:.6g} to {:.6g}\n", fit.sigma2, fit.lambda_minus,
             fit.lambda_plus);
  fmt::print("bulk          ks {:.4g}, p {:.3g} (simulated null)\n", fit.ks_bulk, fit.p_value);
  fmt::print("edge          z {:.4g}, p {:.3g} (Tracy-Widom)\n", fit.edge_z, fit.edge_p_value);
  fmt::print("outliers      {} (family-wise 1 %), holding {:.1f} % of the trace\n",
             fit.outliers.size(), 100 * fit.outlier_trace_fraction);
  const std::size_t shown = std::min<std::size_t>(fit.outliers.size(), 20);
  for (std::size_t i = 0; i < shown; ++i)
    fmt::print("  lambda {:<12.6g} z {:<10.4g} p {:.3g}\n", fit.outliers[i].lambda,
               fit.outliers[i].z, fit.outliers[i].p_value);
  if (shown < fit.outliers.size())
    fmt::print("  ... and {} more (--json lists all)\n", fit.outliers.size() - shown);
}

int fit_marchenko_pastur(const MarchenkoPasturArguments& arguments) {
  const auto list = read_values(arguments.file);
  if (!list.counts.empty())
    throw InputError(fmt::format("{}: two columns; eigenvalues are one column", list.source));
  if (arguments.rows < arguments.cols)
    throw InputError(fmt::format(
        "--rows {} is less than --cols {}: give the longer side as --rows, and the eigenvalues of "
        "W^T W / N for that N",
        arguments.rows, arguments.cols));
  try {
    const auto fit = inference::fit_marchenko_pastur(arma::vec(list.values), arguments.rows,
                                                     arguments.cols, inference::BulkNull());
    if (arguments.json)
      fmt::print("{}\n", to_json(fit).dump(2));
    else
      print(fit);
  } catch (const std::logic_error& error) {
    throw InputError(fmt::format("{}: {}", list.source, error.what()));
  } catch (const inference::FitError& error) {
    throw InputError(fmt::format("{}: no fit: {}", list.source, error.what()));
  }
  return core::exit_complete;
}

void add_marchenko_pastur(CLI::App& fit, Action& action) {
  auto arguments = std::make_shared<MarchenkoPasturArguments>();
  CLI::App* command =
      fit.add_subcommand("marchenko-pastur", "Fit noise plus outliers to a spectrum");
  command->add_option("FILE", arguments->file, "eigenvalues of W^T W / N; .npy; - for stdin")
      ->required();
  command->add_option("--rows", arguments->rows, "N, the longer side of W")->required();
  command->add_option("--cols", arguments->cols, "M, the shorter side of W")->required();
  command->add_flag("--json", arguments->json, "one JSON document on standard output");
  command->callback([=, &action] { action = [=] { return fit_marchenko_pastur(*arguments); }; });
}

}  // namespace

void add_fit(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("fit", "Fit a law to numbers in a file");
  command->require_subcommand(1);
  add_fit_power_law(*command, action);
  add_marchenko_pastur(*command, action);
}

}  // namespace rmtlab::commands
