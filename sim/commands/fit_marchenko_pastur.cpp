// SPDX-License-Identifier: MIT
// rmtlab fit marchenko-pastur
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "sim/commands/commands.hpp"
#include "sim/commands/input_error.hpp"
#include "sim/commands/json_report.hpp"
#include "sim/commands/marchenko_pastur_plot.hpp"
#include "sim/core/runner.hpp"
#include "sim/io/values.hpp"

namespace rmtlab::commands {
namespace {

struct Arguments {
  std::string file, plot, spike = "additive";
  std::size_t rows = 0, cols = 0;
  inference::MarchenkoPasturOptions options;
  bool json = false;
};

io::ValueList read_eigenvalues(const Arguments& a) {
  try {
    auto list = io::read_values(a.file);
    if (!list.counts.empty())
      throw InputError(fmt::format("{}: two columns; eigenvalues are one column", list.source));
    return list;
  } catch (const std::runtime_error& error) {
    throw InputError(error.what());
  }
}

void print_outliers(const inference::MarchenkoPasturFit& fit, const Arguments& a) {
  fmt::print("outliers      {} (family-wise {:g} %), holding {:.1f} % of the trace; spikes: {}\n",
             fit.outliers.size(), 100 * a.options.familywise_level,
             100 * fit.outlier_trace_fraction,
             fit.fewest_spikes == fit.most_spikes
                 ? fmt::format("{}", fit.fewest_spikes)
                 : fmt::format("{} to {}", fit.fewest_spikes, fit.most_spikes));
  const std::size_t shown = std::min<std::size_t>(fit.outliers.size(), 20);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& o = fit.outliers[i];
    fmt::print("  lambda {:<10.6g} z {:<8.4g} p {:<9.3g} {} in [{:.4g}, {:.4g}]{}\n", o.lambda, o.z,
               o.p_value, a.spike == "additive" ? "S" : "l", o.spike.strength_ci.lower,
               o.spike.strength_ci.upper,
               o.spike.cannot_tell ? "  critical window: cannot tell" : "");
  }
  if (shown < fit.outliers.size())
    fmt::print("  ... and {} more (--json lists all)\n", fit.outliers.size() - shown);
  if (!fit.lower_outliers.empty())
    fmt::print("below         {} eigenvalues under the lower edge, from {:.4g} (p {:.3g})\n",
               fit.lower_outliers.size(), fit.lower_outliers.front().lambda,
               fit.lower_outliers.front().p_value);
}

void print(const inference::MarchenkoPasturFit& fit, const Arguments& a) {
  fmt::print("sigma2        {:.6g} in [{:.6g}, {:.6g}] ({:g} % interval)\n", fit.sigma2,
             fit.sigma2_ci.lower, fit.sigma2_ci.upper, 100 * a.options.coverage);
  if (a.options.effective_aspect_ratio)
    fmt::print("effective N   {:.0f} of {} (fitted to the width of the bulk)\n", fit.effective_rows,
               a.rows);
  fmt::print("bulk edges    {:.6g} to {:.6g}\n", fit.lambda_minus, fit.lambda_plus);
  fmt::print("edge          z {:.4g}, p {:.3g} (largest eigenvalue against noise)\n", fit.edge_z,
             fit.edge_p_value);
  print_outliers(fit, a);
  fmt::print("is the bulk noise? small p says no\n");
  for (const auto& test : fit.tests)
    fmt::print("  {:<17} {:<9.4g} p {:.3g}\n", name(test.test), test.statistic, test.p_value);
  fmt::print("  (ks: {:.4g} = {:.4g} / {})\n", fit.ks_bulk, fit.tests.front().statistic,
             fit.bulk_count);
}

int execute(const Arguments& a) {
  const auto list = read_eigenvalues(a);
  if (a.rows < a.cols)
    throw InputError(fmt::format(
        "--rows {} is less than --cols {}: give the longer side as --rows, and the eigenvalues of "
        "W^T W / N for that N",
        a.rows, a.cols));
  try {
    const arma::vec eigenvalues(list.values);
    const auto fit = inference::fit_marchenko_pastur(eigenvalues, a.rows, a.cols, a.options);
    if (!a.plot.empty())
      plot_marchenko_pastur(eigenvalues, fit, a.rows, a.options.excess_kurtosis, a.plot);
    if (a.json)
      fmt::print("{}\n", to_json(fit, a.options).dump(2));
    else
      print(fit, a);
  } catch (const std::logic_error& error) {
    throw InputError(fmt::format("{}: {}", list.source, error.what()));
  } catch (const inference::FitError& error) {
    throw InputError(fmt::format("{}: no fit: {}", list.source, error.what()));
  }
  return core::exit_complete;
}

}  // namespace

void add_fit_marchenko_pastur(CLI::App& fit, Action& action) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command =
      fit.add_subcommand("marchenko-pastur", "Fit noise plus outliers to a spectrum, with tests");
  command->add_option("FILE", a->file, "eigenvalues of W^T W / N; .npy; - for stdin")->required();
  command->add_option("--rows", a->rows, "N, the longer side of W")->required();
  command->add_option("--cols", a->cols, "M, the shorter side of W")->required();
  command->add_option("--level", a->options.familywise_level,
                      "family-wise level of the outlier test (default 0.01)");
  command->add_option("--coverage", a->options.coverage, "of the intervals (default 0.95)");
  command
      ->add_option(
          "--spike", a->spike,
          "what an outlier stands for: additive (a fixed matrix; strength S in sigma "
          "sqrt(N)) or covariance (strength l, a population eigenvalue). One matrix cannot "
          "tell, and the interval depends on it")
      ->check(CLI::IsMember({"additive", "covariance"}));
  command->add_option("--entry-kurtosis", a->options.excess_kurtosis,
                      "excess kurtosis of the entries of W, which moves the edge (default 0; "
                      "`rmtlab analyze` estimates it from W)");
  command->add_flag(
      "--effective-q", a->options.effective_aspect_ratio,
      "fit N too, from the width of the bulk: for rows or columns that are correlated");
  command->add_option("--plot", a->plot, "draw the spectrum and the fit: F.png or F.pdf");
  command->add_flag("--json", a->json, "one JSON document on standard output");
  command->footer(
      "Example:\n  rmtlab sample additive-spikes --set strengths=1.3,2 --spectrum --rows 800 "
      "--cols "
      "400 --seed 1 -o spectrum.npy\n"
      "  rmtlab fit marchenko-pastur spectrum.npy --rows 800 --cols 400 --plot fit.png");
  command->callback([=, &action] {
    a->options.spike_kind =
        a->spike == "additive" ? theory::SpikeKind::additive : theory::SpikeKind::covariance;
    action = [=] { return execute(*a); };
  });
}

}  // namespace rmtlab::commands
