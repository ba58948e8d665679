// SPDX-License-Identifier: MIT
/// \file
/// \brief Catalogue rows of matrices of independent entries.
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/ensembles/ensemble_rows.hpp"
#include "sim/ensembles/entry_matrix.hpp"
#include "sim/ensembles/ground_truth.hpp"
#include "sim/ensembles/laguerre_spectrum.hpp"
#include "sim/ensembles/mean_outlier.hpp"

namespace rmtlab::ensembles {
namespace {

using theory::NamedParameters;
using theory::ParameterDeclaration;
using theory::ParameterReader;

constexpr ParameterDeclaration sigma2{"sigma2", "1", "> 0", "variance of the entries"};
constexpr ParameterDeclaration mu{"mu", "3", ">= 0.1", "tail index: P(|w| > t) ~ t^-mu"};
constexpr ParameterDeclaration stable_mu{"mu", "1.5", "from 0.1 to 1.99",
                                         "tail index: P(|w| > t) ~ t^-mu"};
constexpr ParameterDeclaration centring{"centring", "symmetrised", "raw, centred or symmetrised",
                                        "raw entries are positive and their mean makes an outlier; "
                                        "the mean subtracted; or a random sign"};
constexpr ParameterDeclaration limit{"limit", "inf", "> 0 or inf",
                                     "entries are conditioned on |w| <= limit"};
constexpr ParameterDeclaration scaling{
    "scaling", "auto", "auto, none, variance or tail",
    "divide by the standard deviation, or by a_N / sqrt(N) with P(|w| > a_N) = 1/N; auto: by "
    "whichever exists"};
constexpr ParameterDeclaration mantissa{"mantissa_bits", "53", "from 2 to 53",
                                        "W is rounded to this precision: 24 is single, 8 bfloat16"};

// A law with its scaling, sigma^2 included.
struct ScaledEntries {
  EntryLaw law;
  Scaling scaling = Scaling::variance;
  double variance = 1;  // of the entries when they are scaled by variance
  int mantissa_bits = 53;

  [[nodiscard]] double factor(std::size_t rows) const {
    return std::sqrt(variance) * scale_factor(law, scaling, rows);
  }
};

double rounded(double x, int bits) {
  int exponent = 0;
  const double fraction = std::frexp(x, &exponent);
  return std::ldexp(std::nearbyint(std::ldexp(fraction, bits)), exponent - bits);
}

arma::mat draw_matrix(const ScaledEntries& entries, std::size_t rows, std::size_t cols,
                      core::Stream& stream) {
  arma::mat W = entry_matrix(rows, cols, entries.law, entries.scaling, stream);
  if (entries.variance != 1) W *= std::sqrt(entries.variance);
  if (entries.mantissa_bits < 53)
    for (double& w : W) w = rounded(w, entries.mantissa_bits);
  return W;
}

// The law of the largest eigenvalue where theory has one for these entries.
std::optional<LimitLaw> largest_law(const ScaledEntries& entries, std::size_t rows,
                                    std::size_t cols) {
  const double index = tail_index(entries.law);
  const double n = static_cast<double>(rows), m = static_cast<double>(cols);
  const double factor = entries.factor(rows);
  if (index < 2) {
    const double level = factor * tail_scale(entries.law, n * m);
    return LimitLaw{"frechet", {{"shape", fmt::format("{}", index / 2)}}, level * level / n};
  }
  const bool pareto = entries.law.kind == EntryKind::pareto && is_symmetric(entries.law);
  if (index > 2 && index <= 4 && pareto)
    return LimitLaw{"spike-mapped",
                    {{"mu", fmt::format("{}", index)},
                     {"N", fmt::format("{}", rows)},
                     {"M", fmt::format("{}", cols)}},
                    factor * factor * ensembles::variance(entries.law)};
  return std::nullopt;
}

GroundTruth entries_truth(const ScaledEntries& entries, std::size_t rows, std::size_t cols) {
  const double factor = entries.factor(rows);
  const double index = tail_index(entries.law);
  const double spread = factor * factor * ensembles::variance(entries.law);
  double unit = 1;
  if (index < 2) {
    const double level = factor * tail_scale(entries.law, static_cast<double>(rows));
    unit = level * level / static_cast<double>(rows);
  }
  GroundTruth truth = heavy_entries_truth(rows, cols, index, spread, unit);
  if (index <= 4) truth.largest = largest_law(entries, rows, cols);
  const auto center = ensembles::mean(entries.law);
  if (!center || *center == 0 || entries.law.centring == Centring::centred) return truth;
  // The mean is one more direction, whatever else there is.
  const double outlier = factor * *center;
  truth.largest.reset();
  if (!(index > 2)) {
    truth.outliers = {outlier * outlier * static_cast<double>(cols)};
    return truth;
  }
  GroundTruth with_mean = spikes_truth(cols, spread, {mean_outlier(rows, cols, outlier, spread)});
  with_mean.entry_tail_index = truth.entry_tail_index;
  if (index <= 4) {
    with_mean.phase.reset();
    with_mean.reason = truth.reason + ", and the mean's outlier";
    with_mean.mechanism = Mechanism::mixture;
    with_mean.largest.reset();
  }
  return with_mean;
}

Ensemble entries_ensemble(const ScaledEntries& entries) {
  validate(entries.law);
  scale_factor(entries.law, entries.scaling, 1000);  // refuses a scaling that does not exist
  Ensemble ensemble;
  ensemble.matrix = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
    return draw_matrix(entries, rows, cols, stream);
  };
  ensemble.truth = [=](std::size_t rows, std::size_t cols) {
    return entries_truth(entries, rows, cols);
  };
  return ensemble;
}

constexpr std::array gaussian_parameters = {sigma2, mantissa};

Ensemble make_gaussian(const NamedParameters& parameters) {
  const ParameterReader read("gaussian", parameters);
  ScaledEntries entries;
  entries.variance = read.positive("sigma2");
  entries.mantissa_bits = static_cast<int>(read.within("mantissa_bits", 2, 53));
  Ensemble ensemble = entries_ensemble(entries);
  if (entries.mantissa_bits == 53) {
    const auto bidiagonal = [=](std::size_t rows, std::size_t cols) {
      Laguerre shaped;
      shaped.rows = static_cast<double>(rows);
      shaped.cols = cols;
      shaped.variance = entries.variance;
      return shaped;
    };
    ensemble.fast_spectrum = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
      return laguerre_spectrum(bidiagonal(rows, cols), stream);
    };
    ensemble.fast_largest = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
      return laguerre_largest(bidiagonal(rows, cols), stream);
    };
  }
  return ensemble;
}

Ensemble light_ensemble(const ParameterReader& read, EntryLaw law) {
  ScaledEntries entries;
  entries.law = law;
  entries.variance = read.positive("sigma2");
  return entries_ensemble(entries);
}

constexpr std::array light_parameters = {sigma2};

Ensemble make_uniform(const NamedParameters& parameters) {
  return light_ensemble(ParameterReader("uniform", parameters), {.kind = EntryKind::uniform});
}

Ensemble make_rademacher(const NamedParameters& parameters) {
  return light_ensemble(ParameterReader("rademacher", parameters), {.kind = EntryKind::rademacher});
}

constexpr std::array truncated_parameters = {
    ParameterDeclaration{"limit", "2", "> 0",
                         "largest |w| in standard deviations of the normal law before truncation"},
    sigma2};

Ensemble make_truncated(const NamedParameters& parameters) {
  const ParameterReader read("truncated-gaussian", parameters);
  return light_ensemble(read,
                        {.kind = EntryKind::truncated_gaussian, .limit = read.positive("limit")});
}

constexpr std::array sparse_parameters = {
    ParameterDeclaration{"density", "0.1", "above 0, to 1", "share of the entries that are not 0"},
    sigma2};

Ensemble make_sparse(const NamedParameters& parameters) {
  const ParameterReader read("sparse", parameters);
  return light_ensemble(read, {.kind = EntryKind::sparse, .density = read.positive("density")});
}

// Heavy-tailed entries; `law` has its kind and index.
Ensemble heavy_ensemble(const ParameterReader& read, EntryLaw law) {
  ScaledEntries entries;
  entries.law = law;
  validate(law);
  enum class Choice { automatic, none, variance, tail };
  const auto choice = read.word<Choice>("scaling", {{"auto", Choice::automatic},
                                                    {"none", Choice::none},
                                                    {"variance", Choice::variance},
                                                    {"tail", Choice::tail}});
  const bool finite = std::isfinite(variance(law));
  if (choice == Choice::variance && !finite) read.refuse("scaling", "tail or none for mu <= 2");
  entries.scaling = choice == Choice::none                   ? Scaling::none
                    : choice == Choice::tail                 ? Scaling::tail
                    : choice == Choice::automatic && !finite ? Scaling::tail
                                                             : Scaling::variance;
  return entries_ensemble(entries);
}

EntryLaw read_one_sided(const ParameterReader& read, EntryKind kind) {
  EntryLaw law;
  law.kind = kind;
  law.tail_index = read.positive("mu");
  if (read.text("limit") != "inf") law.limit = read.positive("limit");
  law.centring = read.word<Centring>("centring", {{"raw", Centring::raw},
                                                  {"centred", Centring::centred},
                                                  {"symmetrised", Centring::symmetrised}});
  return law;
}

constexpr std::array one_sided_parameters = {mu, centring, limit, scaling};

Ensemble make_pareto(const NamedParameters& parameters) {
  const ParameterReader read("pareto", parameters);
  return heavy_ensemble(read, read_one_sided(read, EntryKind::pareto));
}

Ensemble make_lomax(const NamedParameters& parameters) {
  const ParameterReader read("lomax", parameters);
  return heavy_ensemble(read, read_one_sided(read, EntryKind::lomax));
}

constexpr std::array student_parameters = {mu, limit, scaling};

Ensemble make_student(const NamedParameters& parameters) {
  const ParameterReader read("student-t", parameters);
  EntryLaw law;
  law.kind = EntryKind::student_t;
  law.tail_index = read.positive("mu");
  if (read.text("limit") != "inf") law.limit = read.positive("limit");
  return heavy_ensemble(read, law);
}

constexpr std::array stable_parameters = {stable_mu, scaling};

Ensemble make_stable(const NamedParameters& parameters) {
  const ParameterReader read("stable", parameters);
  return heavy_ensemble(read,
                        {.kind = EntryKind::stable, .tail_index = read.within("mu", 0.1, 1.99)});
}

Ensemble make_root_stable(const NamedParameters& parameters) {
  const ParameterReader read("root-stable", parameters);
  return heavy_ensemble(
      read, {.kind = EntryKind::root_stable, .tail_index = read.within("mu", 0.1, 1.99)});
}

}  // namespace

std::vector<EnsembleEntry> entry_rows() {
  return {
      {"gaussian", "Independent normal entries: the null model. Random-like.", gaussian_parameters,
       make_gaussian},
      {"truncated-gaussian",
       "Normal entries conditioned on |w| <= limit, scaled to variance sigma2: how weights are "
       "often "
       "initialised.",
       truncated_parameters, make_truncated},
      {"uniform", "Uniform entries of mean 0.", light_parameters, make_uniform},
      {"rademacher", "Entries -sigma or sigma.", light_parameters, make_rademacher},
      {"sparse", "Entries that are 0 but for a share `density`, which is normal.",
       sparse_parameters, make_sparse},
      {"student-t",
       "Student's t with mu degrees of freedom. mu > 4: noise. 2 < mu < 4: a Marchenko-Pastur bulk "
       "with Poisson outliers. mu < 2: a power law with alpha = 1 + mu/2.",
       student_parameters, make_student},
      {"pareto",
       "P(|w| > u) = u^-mu, u >= 1. Raw entries have a mean, which for mu > 1 makes an outlier.",
       one_sided_parameters, make_pareto},
      {"lomax",
       "P(|w| > u) = (1 + u)^-mu, u >= 0: a Pareto variable minus 1, as numpy.random.pareto draws.",
       one_sided_parameters, make_lomax},
      {"stable", "Symmetric stable entries, E exp(itw) = exp(-|t|^mu).", stable_parameters,
       make_stable},
      {"root-stable",
       "w = +-sqrt(S) with E exp(-sS) = exp(-s^(mu/2)): squares add up to stable variables at "
       "every "
       "N, so the spectrum has no other bias than that of a finite matrix.",
       stable_parameters, make_root_stable},
  };
}

}  // namespace rmtlab::ensembles
