// SPDX-License-Identifier: MIT
// rmtlab fit power-law
#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "sim/commands/commands.hpp"
#include "sim/commands/input_error.hpp"
#include "sim/commands/json_report.hpp"
#include "sim/commands/power_law_plot.hpp"
#include "sim/core/progress.hpp"
#include "sim/core/runner.hpp"
#include "sim/inference/power_law_bootstrap.hpp"
#include "sim/inference/power_law_diagnosis.hpp"
#include "sim/inference/spectral_tail.hpp"
#include "sim/io/values.hpp"

namespace rmtlab::commands {
namespace {

struct Arguments {
  std::string file, ks = "csn", plot, calibrate;
  double xmin = 0, xmax = 0;
  std::size_t min_tail = 2, bootstrap = 1000, threads = 0, rows = 0, cols = 0;
  std::uint64_t seed = 0;
  bool has_xmin = false, has_xmax = false, compare = false, fast = false, json = false,
       eigenvalues = false;
};

// Everything that is known of the tail.
struct Report {
  inference::CountedValues sample;
  inference::PowerLawFit fit{};
  std::optional<inference::GoodnessOfFit> goodness;
  std::optional<inference::ExponentInterval> interval;
  std::optional<inference::CalibratedExponent> calibrated;
  std::vector<inference::Alternative> alternatives;
  std::vector<inference::TailWarning> warnings;
};

// The message of a refused value, with the line of the file it stands on.
std::string with_line(const inference::InvalidValue& error, const io::ValueList& list) {
  if (error.index() < list.lines.size())
    return fmt::format("{}:{}: {}", list.source, list.lines[error.index()], error.what());
  return fmt::format("{}: {}", list.source, error.what());
}

inference::PowerLawOptions options_of(const Arguments& a) {
  inference::PowerLawOptions options;
  options.ks = a.ks == "csn" ? inference::KsConvention::csn : inference::KsConvention::two_sided;
  options.min_tail = a.min_tail;
  if (a.has_xmin) options.xmin = a.xmin;
  if (a.has_xmax) options.xmax = a.xmax;
  return options;
}

inference::CalibratedExponent calibrate(const Arguments& a, double alpha) {
  const auto tail = a.calibrate == "covariance" ? inference::SpectralTail::covariance
                                                : inference::SpectralTail::heavy_entries;
  inference::SpectralTailOptions options;
  options.threads = a.threads;
  const std::size_t spectra = options.draws * options.points;
  core::Progress progress(spectra, static_cast<double>(spectra));
  std::mutex showing;
  const inference::SpectralTailCalibration map(
      tail, a.rows, a.cols, options_of(a), options,
      core::Stream(a.seed).child("calibrate").child(name(tail)), [&](std::size_t done) {
        const std::lock_guard lock(showing);
        progress.update(done, 0, static_cast<double>(done));
      });
  return map.invert(alpha);
}

Report make_report(const Arguments& a, const io::ValueList& list) {
  const auto options = options_of(a);
  Report r;
  r.sample = list.counts.empty() ? inference::count_values(list.values)
                                 : inference::count_values(list.values, list.counts);
  r.fit = inference::fit_power_law(r.sample, options);
  // The alternatives have no end: they are not compared with a law that was cut off.
  if (a.compare && !a.has_xmax) r.alternatives = inference::compare_alternatives(r.sample, r.fit);
  if (!a.fast && a.bootstrap > 0) {
    const inference::BootstrapOptions bootstrap{.replicates = a.bootstrap, .threads = a.threads};
    const core::Stream stream = core::Stream(a.seed).child("fit power-law");
    r.goodness = inference::goodness_of_fit(r.sample, options, bootstrap, stream);
    r.interval = inference::exponent_interval(r.sample, options, bootstrap, stream);
  }
  if (!a.calibrate.empty()) r.calibrated = calibrate(a, r.fit.alpha);
  inference::FitContext context;
  context.values_are_eigenvalues = a.eigenvalues || !a.calibrate.empty();
  context.goodness = r.goodness;
  context.alternatives = r.alternatives;
  r.warnings = inference::diagnose(r.fit, context);
  return r;
}

const char* why_no_bootstrap(const Arguments& a) {
  return a.fast ? "--fast leaves the bootstrap out" : "--bootstrap 0 leaves the bootstrap out";
}

Json to_json(const Report& r, const Arguments& a) {
  Json j = commands::to_json(r.fit);
  if (r.goodness) {
    j["p_value"] = r.goodness->p_value;
    j["p_value_conservative"] = r.goodness->p_value_conservative;
    j["alpha_median"] = r.interval->alpha_median;
    j["alpha_ci"] = {r.interval->lower, r.interval->upper};
    j["alpha_ci_level"] = r.interval->level;
    j["bootstrap"] = r.goodness->replicates;
  } else {
    for (const char* key : {"p_value", "p_value_conservative", "alpha_median", "alpha_ci"}) {
      j[key] = nullptr;
      j[std::string(key) + "_reason"] = why_no_bootstrap(a);
    }
  }
  if (r.calibrated)
    j["calibrated"] = {{"class", a.calibrate},
                       {"alpha", r.calibrated->estimate},
                       {"alpha_ci", {r.calibrated->lower, r.calibrated->upper}},
                       {"open_below", r.calibrated->open_below},
                       {"open_above", r.calibrated->open_above},
                       {"level", r.calibrated->level}};
  j["warnings"] = Json::array();
  for (const auto& warning : r.warnings) j["warnings"].push_back(full_text(warning));
  if (a.compare) {
    j["alternatives"] = Json::object();
    for (const auto& x : r.alternatives) j["alternatives"][x.name] = commands::to_json(x);
    if (a.has_xmax) j["alternatives_reason"] = "not compared with a law that is cut off at --xmax";
  }
  return j;
}

void print_interval(const Report& r, const Arguments& a) {
  if (!r.goodness) {
    fmt::print("p        not computed: {}\n", why_no_bootstrap(a));
    return;
  }
  fmt::print(
      "alpha    {:.6g} in [{:.4g}, {:.4g}] (bootstrap median, {:.0f} % interval, {} resamples, "
      "xmin chosen in each)\n",
      r.interval->alpha_median, r.interval->lower, r.interval->upper, 100 * r.interval->level,
      r.interval->replicates);
  fmt::print(
      "p        {:.3g} +- {:.1g} (share of {} simulated power-law samples that lie farther from "
      "their fit; small refuses the law)\n",
      r.goodness->p_value, r.goodness->standard_error, r.goodness->replicates);
}

void print(const Report& r, const Arguments& a) {
  const auto& fit = r.fit;
  fmt::print("alpha    {:.6g} +- {:.2g} (maximum likelihood at this xmin, taken as known)\n",
             fit.alpha, fit.sigma_alpha);
  print_interval(r, a);
  if (r.calibrated)
    fmt::print("alpha    {:.4g} in {}{:.4g}, {:.4g}{} (calibrated for {} spectra of {} x {})\n",
               r.calibrated->estimate, r.calibrated->open_below ? "(-inf; range starts at " : "[",
               r.calibrated->lower, r.calibrated->upper, r.calibrated->open_above ? "...)" : "]",
               a.calibrate, a.rows, a.cols);
  fmt::print("xmin     {:.8g}\nxmax     {:.8g} ({:.2f} decades)\nks       {:.6g} ({})\n", fit.xmin,
             fit.xmax, fit.decades, fit.ks, a.ks);
  fmt::print("n_tail   {} of {}\n", fit.n_tail, fit.n);
  if (!r.alternatives.empty())
    fmt::print("\n{:<22} {:>10} {:>10} {:>9}  (ratio > 0: the power law fits better)\n", "against",
               "ratio", "normalised", "p");
  for (const auto& x : r.alternatives)
    fmt::print("{:<22} {:>10.4g} {:>10.3g} {:>9.3g}{}\n", x.name, x.ratio, x.ratio_normalised,
               x.p_value, x.is_power_law ? "  best at the power law itself" : "");
  if (a.compare && a.has_xmax)
    fmt::print("alternatives are not compared with a law that is cut off at --xmax\n");
  for (const auto& warning : r.warnings) fmt::print("warning: {}\n", full_text(warning));
}

void check(const Arguments& a) {
  if (!a.calibrate.empty() && (a.rows < 1 || a.cols < 1))
    throw InputError("fit power-law: --calibrate needs the shape: --rows N --cols M");
  if (a.calibrate.empty() && (a.rows > 0 || a.cols > 0))
    throw InputError("fit power-law: --rows and --cols are for --calibrate CLASS");
}

int execute(const Arguments& a) {
  check(a);
  io::ValueList list;
  try {
    list = io::read_values(a.file);
  } catch (const std::runtime_error& error) {
    throw InputError(error.what());
  }
  try {
    const Report report = make_report(a, list);
    if (!a.plot.empty())
      plot_power_law(report.sample, options_of(a), report.fit, report.alternatives, a.plot);
    if (a.json)
      fmt::print("{}\n", to_json(report, a).dump(2));
    else
      print(report, a);
  } catch (const inference::InvalidValue& error) {
    throw InputError(with_line(error, list));
  } catch (const std::logic_error& error) {  // domain_error, invalid_argument
    throw InputError(fmt::format("{}: {}", list.source, error.what()));
  }
  return core::exit_complete;
}

}  // namespace

void add_fit_power_law(CLI::App& fit, Action& action) {
  auto a = std::make_shared<Arguments>();
  a->threads = std::max(1U, std::thread::hardware_concurrency());
  CLI::App* command = fit.add_subcommand("power-law", "Fit a power-law tail (least KS distance)");
  command->add_option("FILE", a->file, "one value a line, or value,count; .npy; - for stdin")
      ->required();
  auto* xmin = command->add_option("--xmin", a->xmin, "take this xmin, do not search")
                   ->check(CLI::PositiveNumber);
  auto* xmax =
      command->add_option("--xmax", a->xmax, "the law ends here (right-truncated likelihood)")
          ->check(CLI::PositiveNumber);
  command->add_option("--ks", a->ks, "KS convention: csn (default) or two-sided")
      ->check(CLI::IsMember({"csn", "two-sided"}));
  command->add_option("--min-tail", a->min_tail, "fewest values a tail may have (default 2)");
  command->add_option("--bootstrap", a->bootstrap,
                      "replicates for the p-value and for the interval (default 1000)");
  command->add_flag("--fast", a->fast, "no bootstrap: no p-value, no interval");
  command->add_flag(
      "--compare", a->compare,
      "compare with exponential, lognormal, stretched exponential, truncated power law");
  command->add_flag("--eigenvalues", a->eigenvalues,
                    "the values are eigenvalues: warn about what assumes independence");
  command
      ->add_option("--calibrate", a->calibrate,
                   "interval by simulated spectra of a declared class: covariance or heavy-entries")
      ->check(CLI::IsMember({"covariance", "heavy-entries"}));
  command->add_option("--rows", a->rows, "N, for --calibrate");
  command->add_option("--cols", a->cols, "M, for --calibrate");
  command->add_option("--plot", a->plot,
                      "draw the tail, the fits and the KS curve: F.png or F.pdf");
  command->add_option("--seed", a->seed, "of the simulations (default 0)");
  command->add_option("--threads", a->threads, "results do not depend on it (default: all cores)")
      ->check(CLI::PositiveNumber);
  command->add_flag("--json", a->json, "one JSON document on standard output");
  command->footer(
      "Examples:\n  rmtlab fit power-law values.txt --compare --plot tail.png\n"
      "  rmtlab fit power-law eigenvalues.npy --calibrate covariance --rows 784 --cols 128");
  command->callback([=, &action] {
    a->has_xmin = xmin->count() > 0;
    a->has_xmax = xmax->count() > 0;
    action = [=] { return execute(*a); };
  });
}

}  // namespace rmtlab::commands
