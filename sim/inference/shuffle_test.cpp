// SPDX-License-Identifier: MIT
#include "sim/inference/shuffle_test.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "sim/ensembles/wishart_spectrum.hpp"
#include "sim/inference/replicates.hpp"
#include "sim/spectra/level_statistics.hpp"
#include "sim/spectra/spectrum.hpp"
#include "theory/marchenko_pastur.hpp"

namespace rmtlab::inference {
namespace {

constexpr std::array<std::pair<ShuffleMode, std::string_view>, 3> mode_names{
    {{ShuffleMode::entries, "entries"},
     {ShuffleMode::columns, "columns"},
     {ShuffleMode::signs, "signs"}}};

void permute(std::span<double> values, core::Stream& stream) {
  for (std::size_t left = values.size(); left > 1; --left)
    std::swap(values[left - 1], values[stream.below(left)]);
}

void flip_signs(std::span<double> values, core::Stream& stream) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < values.size(); ++i, bits >>= 1) {
    if (i % 64 == 0) bits = stream.bits();
    if (bits & 1) values[i] = -values[i];
  }
}

double evaluate(const SpectrumStatistic& statistic, const arma::vec& eigenvalues,
                const std::string& of) {
  const double value = statistic.value(eigenvalues);
  if (std::isnan(value))
    throw std::domain_error(
        fmt::format("shuffle_test: {} of {} = {} (must be a number)", statistic.name, of, value));
  return value;
}

void check(const ShuffleOptions& options) {
  if (options.replicates == 0 || options.threads == 0)
    throw std::domain_error(
        fmt::format("shuffle_test: replicates = {}, threads = {} (must be >= 1)",
                    options.replicates, options.threads));
}

double p_value(double observed, const std::vector<double>& ascending) {
  const auto reached =
      ascending.end() - std::lower_bound(ascending.begin(), ascending.end(), observed);
  return static_cast<double>(1 + reached) / static_cast<double>(ascending.size() + 1);
}

// The statistic on Gaussian spectra of the same mean eigenvalue, ascending.
std::vector<double> noise_values(const spectra::Spectrum& spectrum,
                                 const SpectrumStatistic& statistic, const ShuffleOptions& options,
                                 const core::Stream& stream) {
  const double mean = arma::mean(spectrum.eigenvalues);
  std::vector<double> values(options.replicates);
  run_replicates(
      options.replicates, options.threads, [] { return 0; },
      [&](int, std::size_t r) {
        core::Stream own = stream.child(r);
        arma::vec draw = ensembles::wishart_spectrum(spectrum.rows, spectrum.cols, 1.0, own);
        draw *= mean / arma::mean(draw);
        values[r] = evaluate(statistic, draw, fmt::format("Gaussian spectrum {}", r));
      });
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

std::string_view name(ShuffleMode mode) {
  for (const auto& [value, text] : mode_names)
    if (value == mode) return text;
  throw std::logic_error("name: no such shuffle mode");
}

ShuffleMode parse_shuffle_mode(std::string_view text) {
  for (const auto& [value, word] : mode_names)
    if (word == text) return value;
  throw std::domain_error(
      fmt::format("shuffle mode: name = {} (must be one of entries, columns, signs)", text));
}

arma::mat shuffled(const arma::mat& W, ShuffleMode mode, core::Stream& stream) {
  arma::mat copy = W;
  const std::span<double> all(copy.memptr(), copy.n_elem);
  switch (mode) {
    case ShuffleMode::entries:
      permute(all, stream);
      break;
    case ShuffleMode::columns:
      for (arma::uword j = 0; j < copy.n_cols; ++j)
        permute(all.subspan(j * copy.n_rows, copy.n_rows), stream);
      break;
    case ShuffleMode::signs:
      flip_signs(all, stream);
      break;
  }
  return copy;
}

SpectrumStatistic largest_over_mean() {
  return {"largest_over_mean", [](const arma::vec& eigenvalues) {
            return eigenvalues.back() / arma::mean(eigenvalues);
          }};
}

SpectrumStatistic bulk_distance(double aspect_ratio) {
  if (!(aspect_ratio >= 1 && std::isfinite(aspect_ratio)))
    throw std::domain_error(
        fmt::format("bulk_distance: aspect_ratio = {} (must be finite and >= 1)", aspect_ratio));
  return {"bulk_distance", [aspect_ratio](const arma::vec& eigenvalues) {
            const theory::MarchenkoPastur law(aspect_ratio, arma::mean(eigenvalues));
            return spectra::ks_distance({eigenvalues.memptr(), eigenvalues.n_elem},
                                        [&](double x) { return cdf(law, x); });
          }};
}

std::vector<ShuffleResult> shuffle_test(const arma::mat& W,
                                        std::span<const SpectrumStatistic> statistics,
                                        const ShuffleOptions& options, const core::Stream& stream) {
  check(options);
  if (statistics.empty())
    throw std::invalid_argument("shuffle_test: no statistics (must be at least one)");
  const arma::vec eigenvalues = spectra::spectrum_of(W).eigenvalues;
  const arma::mat oriented = W.n_rows >= W.n_cols ? W : arma::mat(W.t());
  std::vector<ShuffleResult> results;
  for (const auto& statistic : statistics)
    results.push_back({statistic.name, evaluate(statistic, eigenvalues, "W"), 0,
                       std::vector<double>(options.replicates)});
  const core::Stream root = stream.child("shuffle_test");
  run_replicates(
      options.replicates, options.threads, [] { return 0; },
      [&](int, std::size_t r) {
        core::Stream own = root.child(r);
        const arma::vec null =
            spectra::spectrum_of(shuffled(oriented, options.mode, own)).eigenvalues;
        for (std::size_t s = 0; s < statistics.size(); ++s)
          results[s].null[r] = evaluate(statistics[s], null, fmt::format("shuffle {}", r));
      });
  for (ShuffleResult& result : results) {
    std::sort(result.null.begin(), result.null.end());
    result.p_value = p_value(result.observed, result.null);
  }
  return results;
}

std::string_view name(StructureSource source) {
  switch (source) {
    case StructureSource::nothing:
      return "nothing";
    case StructureSource::entries:
      return "entries";
    case StructureSource::correlation:
      return "correlation";
    case StructureSource::entries_and_correlation:
      return "entries and correlation";
  }
  throw std::logic_error("name: no such source of structure");
}

StructureSource structure_source(double p_noise, double p_shuffle, double p_restored,
                                 double level) {
  const std::array<std::pair<const char*, double>, 3> p_values{
      {{"p_noise", p_noise}, {"p_shuffle", p_shuffle}, {"p_restored", p_restored}}};
  for (const auto& [what, p] : p_values)
    if (!(p > 0 && p <= 1))
      throw std::domain_error(
          fmt::format("structure_source: {} = {} (must be in (0, 1])", what, p));
  if (!(level > 0 && level < 1))
    throw std::domain_error(
        fmt::format("structure_source: level = {} (must be > 0 and < 1)", level));
  const bool restored = p_restored > level / 2;
  if (p_shuffle <= level / 2)
    return restored ? StructureSource::correlation : StructureSource::entries_and_correlation;
  return p_noise <= level / 2 ? StructureSource::entries : StructureSource::nothing;
}

StructureVerdict explain_structure(const arma::mat& W, const SpectrumStatistic& statistic,
                                   const ShuffleOptions& options, double level,
                                   const core::Stream& stream) {
  if (options.mode != ShuffleMode::entries)
    throw std::domain_error(
        fmt::format("explain_structure: mode = {} (must be entries)", name(options.mode)));
  if (!(level > 0 && level < 1))
    throw std::domain_error(
        fmt::format("explain_structure: level = {} (must be > 0 and < 1)", level));
  if (static_cast<double>(options.replicates + 1) * level < 2)
    throw std::domain_error(fmt::format(
        "explain_structure: replicates = {} (must be >= 2 / level - 1 = {:g}, for a p-value of "
        "level / 2)",
        options.replicates, 2 / level - 1));
  const ShuffleResult shuffles = shuffle_test(W, std::span(&statistic, 1), options, stream).front();
  const spectra::Spectrum spectrum = spectra::spectrum_of(W);
  if (!(spectrum.eigenvalues.back() > 0))
    throw std::domain_error("explain_structure: W = 0 (must have an entry that is not zero)");
  const std::vector<double> noise =
      noise_values(spectrum, statistic, options, stream.child("gaussian"));
  StructureVerdict verdict{};
  verdict.p_noise = p_value(shuffles.observed, noise);
  verdict.p_shuffle = shuffles.p_value;
  verdict.p_restored = p_value(shuffles.null[shuffles.null.size() / 2], noise);
  verdict.source = structure_source(verdict.p_noise, verdict.p_shuffle, verdict.p_restored, level);
  return verdict;
}

}  // namespace rmtlab::inference
