// SPDX-License-Identifier: MIT
// rmtlab fit power-law, rmtlab fit marchenko-pastur
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

struct PowerLawArguments {
  std::string file, ks = "csn";
  double xmin = 0;
  std::size_t min_tail = 2;
  bool compare = false, json = false;
};

struct MarchenkoPasturArguments {
  std::string file;
  std::size_t rows = 0, cols = 0;
  bool json = false;
};

// The message of a refused value, with the line of the file it stands on.
std::string with_line(const std::string& message, const io::ValueList& list) {
  for (std::size_t i = 0; i < list.values.size() && i < list.lines.size(); ++i)
    if (!(list.values[i] > 0) || !std::isfinite(list.values[i]))
      return fmt::format("{}:{}: {}", list.source, list.lines[i], message);
  return fmt::format("{}: {}", list.source, message);
}

io::ValueList read_values(const std::string& file) {
  try {
    return io::read_values(file);
  } catch (const std::runtime_error& error) {
    throw InputError(error.what());
  }
}

int fit_power_law(const PowerLawArguments& arguments, bool has_xmin) {
  const auto list = read_values(arguments.file);
  inference::PowerLawOptions options;
  options.ks =
      arguments.ks == "csn" ? inference::KsConvention::csn : inference::KsConvention::two_sided;
  options.min_tail = arguments.min_tail;
  if (has_xmin) options.xmin = arguments.xmin;
  inference::CountedValues sample;
  inference::PowerLawFit fit{};
  std::optional<inference::Alternative> exponential;
  try {
    sample = list.counts.empty() ? inference::count_values(list.values)
                                 : inference::count_values(list.values, list.counts);
    fit = inference::fit_power_law(sample, options);
    if (arguments.compare) exponential = inference::exponential_alternative(sample, fit);
  } catch (const std::logic_error& error) {  // domain_error, invalid_argument
    throw InputError(with_line(error.what(), list));
  }
  if (arguments.json) {
    Json j = to_json(fit);
    j["p_value"] = nullptr;
    j["p_value_reason"] = "the bootstrap is not part of this version";
    if (exponential) j["alternatives"]["exponential"] = to_json(*exponential);
    fmt::print("{}\n", j.dump(2));
    return core::exit_complete;
  }
  fmt::print("alpha    {:.6g} +- {:.2g} (at fixed xmin; the choice of xmin adds to it)\n",
             fit.alpha, fit.sigma_alpha);
  fmt::print("xmin     {:.8g}\nxmax     {:.8g} ({:.2f} decades)\nks       {:.6g} ({})\n", fit.xmin,
             fit.xmax, fit.decades, fit.ks, arguments.ks);
  fmt::print("n_tail   {} of {}\n", fit.n_tail, fit.n);
  if (exponential)
    fmt::print("exponential: ratio {:.4g}, normalised {:.3g}, p {:.3g} ({} fits better)\n",
               exponential->ratio, exponential->ratio_normalised, exponential->p_value,
               exponential->ratio > 0 ? "the power law" : "the exponential");
  for (const auto& warning : fit.warnings) fmt::print("warning: {}\n", warning);
  return core::exit_complete;
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

void add_power_law(CLI::App& fit, Action& action) {
  auto arguments = std::make_shared<PowerLawArguments>();
  CLI::App* command = fit.add_subcommand("power-law", "Fit a power-law tail (least KS distance)");
  command
      ->add_option("FILE", arguments->file, "one value a line, or value,count; .npy; - for stdin")
      ->required();
  auto* xmin = command->add_option("--xmin", arguments->xmin, "take this xmin, do not search")
                   ->check(CLI::PositiveNumber);
  command->add_option("--ks", arguments->ks, "KS convention: csn (default) or two-sided")
      ->check(CLI::IsMember({"csn", "two-sided"}));
  command->add_option("--min-tail", arguments->min_tail,
                      "fewest values a tail may have (default 2)");
  command->add_flag("--compare", arguments->compare, "compare with an exponential tail");
  command->add_flag("--json", arguments->json, "one JSON document on standard output");
  command->callback(
      [=, &action] { action = [=] { return fit_power_law(*arguments, xmin->count() > 0); }; });
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
  add_power_law(*command, action);
  add_marchenko_pastur(*command, action);
}

}  // namespace rmtlab::commands
