// SPDX-License-Identifier: MIT
/// \file
/// \brief Catalogue rows of matrices whose rows or columns differ in variance.
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "sim/ensembles/dead_units.hpp"
#include "sim/ensembles/ensemble_rows.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "sim/ensembles/ground_truth.hpp"
#include "sim/ensembles/low_rank.hpp"
#include "sim/ensembles/population_levels.hpp"
#include "sim/ensembles/row_profile.hpp"
#include "sim/ensembles/spiked_matrix.hpp"

namespace rmtlab::ensembles {
namespace {

using theory::NamedParameters;
using theory::ParameterDeclaration;
using theory::ParameterReader;
namespace definition = theory::phase_definition;

constexpr ParameterDeclaration fraction{
    "fraction", "1", "from 0 to 1", "d, share of the levels that follow the law; the others are 1"};
constexpr ParameterDeclaration scale{"scale", "1", "> 0", "s, factor on the law's levels"};
constexpr ParameterDeclaration levels_kind{
    "levels", "quantiles", "quantiles or random",
    "the law's quantiles, or independent draws (a superpopulation)"};
constexpr ParameterDeclaration basis{"basis", "haar", "haar or axes",
                                     "eigenvectors of the covariance: spread out or localised"};

enum class Levels { quantiles, random };

struct Drawn {
  Population population;
  Levels levels = Levels::quantiles;
  Basis basis = Basis::haar;
};

arma::vec levels_of(const Drawn& drawn, std::size_t count, core::Stream& stream) {
  return drawn.levels == Levels::random ? random_population_levels(drawn.population, count, stream)
                                        : population_levels(drawn.population, count);
}

Drawn read_drawn(const ParameterReader& read, Population population) {
  population.fraction = read.within("fraction", 0, 1);
  population.scale = read.positive("scale");
  return {
      population,
      read.word<Levels>("levels", {{"quantiles", Levels::quantiles}, {"random", Levels::random}}),
      read.word<Basis>("basis", {{"haar", Basis::haar}, {"axes", Basis::axes}})};
}

Ensemble covariance_ensemble(const Drawn& drawn) {
  Ensemble ensemble;
  ensemble.matrix = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
    const arma::vec levels = levels_of(drawn, cols, stream);
    return covariance_matrix(gaussian_matrix(rows, cols, 1, stream), levels, drawn.basis, stream);
  };
  // The spectrum does not know the basis.
  ensemble.fast_spectrum = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
    const arma::vec levels = levels_of(drawn, cols, stream);
    return correlation_eigenvalues(
        covariance_matrix(gaussian_matrix(rows, cols, 1, stream), levels, Basis::axes, stream));
  };
  ensemble.truth = [=](std::size_t rows, std::size_t cols) {
    GroundTruth truth = population_truth(rows, cols, drawn.population);
    if (!truth.limit && drawn.levels == Levels::quantiles)
      truth.limit = general_mp_limit(rows, cols, population_levels(drawn.population, cols));
    return truth;
  };
  return ensemble;
}

constexpr std::array power_law_parameters = {
    ParameterDeclaration{"alpha", "2.5", "> 1",
                         "exponent of the levels' density and of the spectrum"},
    ParameterDeclaration{"limit", "inf", "> 1 or inf",
                         "levels are conditioned on being at most this"},
    fraction,
    scale,
    levels_kind,
    basis};

Ensemble make_power_law(const NamedParameters& parameters) {
  const ParameterReader read("power-law-covariance", parameters);
  const double alpha = read.number("alpha");
  if (!(alpha > 1)) read.refuse("alpha", "> 1");
  Population population;
  population.law = LevelLaw::pareto;
  population.shape = alpha - 1;
  population.limit = read.size_or_infinite("limit");
  if (!(population.limit > 1)) read.refuse("limit", "> 1 or inf");
  return covariance_ensemble(read_drawn(read, population));
}

constexpr std::array power_sequence_parameters = {
    ParameterDeclaration{"exponent", "1", "> 0", "a: the i-th level is i^-a, so alpha = 1 + 1/a"},
    fraction, scale, levels_kind, basis};

Ensemble make_power_sequence(const NamedParameters& parameters) {
  const ParameterReader read("power-sequence-covariance", parameters);
  Population population;
  population.law = LevelLaw::power_sequence;
  population.shape = read.positive("exponent");
  return covariance_ensemble(read_drawn(read, population));
}

constexpr std::array gamma_parameters = {
    ParameterDeclaration{"shape", "1", "> 0", "a: levels of mean 1 and variance 1/a"}, fraction,
    scale, levels_kind, basis};

Ensemble make_gamma(const NamedParameters& parameters) {
  const ParameterReader read("gamma-covariance", parameters);
  Population population;
  population.law = LevelLaw::gamma;
  population.shape = read.positive("shape");
  return covariance_ensemble(read_drawn(read, population));
}

constexpr std::array exponential_parameters = {fraction, scale, levels_kind, basis};

Ensemble make_exponential(const NamedParameters& parameters) {
  Population population;
  population.law = LevelLaw::exponential;
  return covariance_ensemble(
      read_drawn(ParameterReader("exponential-covariance", parameters), population));
}

constexpr std::array lognormal_parameters = {
    ParameterDeclaration{"sigma", "1", "> 0", "standard deviation of the levels' logarithm"},
    fraction, scale, levels_kind, basis};

Ensemble make_lognormal(const NamedParameters& parameters) {
  const ParameterReader read("lognormal-covariance", parameters);
  Population population;
  population.law = LevelLaw::lognormal;
  population.shape = read.positive("sigma");
  return covariance_ensemble(read_drawn(read, population));
}

constexpr std::array two_point_parameters = {
    ParameterDeclaration{"value", "4", "> 0", "the other level"},
    ParameterDeclaration{"fraction", "0.5", "from 0 to 1", "share of columns that have it"}, basis};

Ensemble make_two_point(const NamedParameters& parameters) {
  const ParameterReader read("two-point-covariance", parameters);
  Drawn drawn;
  drawn.population.scale = read.positive("value");
  drawn.population.fraction = read.within("fraction", 0, 1);
  drawn.basis = read.word<Basis>("basis", {{"haar", Basis::haar}, {"axes", Basis::axes}});
  return covariance_ensemble(drawn);
}

constexpr std::array toeplitz_parameters = {
    ParameterDeclaration{"correlation", "0.5", "above -1 and below 1",
                         "a: columns i and j have correlation a^|i - j|"},
    basis};

Ensemble make_toeplitz(const NamedParameters& parameters) {
  const ParameterReader read("toeplitz-covariance", parameters);
  Drawn drawn;
  drawn.population.law = LevelLaw::toeplitz;
  drawn.population.shape = read.number("correlation");
  if (!(std::abs(drawn.population.shape) < 1)) read.refuse("correlation", "above -1 and below 1");
  drawn.basis = read.word<Basis>("basis", {{"haar", Basis::haar}, {"axes", Basis::axes}});
  return covariance_ensemble(drawn);
}

constexpr std::array row_parameters = {ParameterDeclaration{
    "shape", "2", "> 0",
    "a: row variances are the quantiles of a gamma law of mean 1, variance 1/a"}};

Ensemble make_row_profile(const NamedParameters& parameters) {
  const ParameterReader read("row-profile", parameters);
  Population population;
  population.law = LevelLaw::gamma;
  population.shape = read.positive("shape");
  Ensemble ensemble;
  ensemble.matrix = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
    return row_profile(gaussian_matrix(rows, cols, 1, stream), population_levels(population, rows));
  };
  ensemble.truth = [=](std::size_t rows, std::size_t cols) {
    GroundTruth truth = population_truth(rows, cols, population);
    truth.reason = "rows of different variance: an extensive deformation with a light tail";
    return truth;
  };
  return ensemble;
}

constexpr std::array dead_parameters = {
    ParameterDeclaration{"fraction", "0.3", "from 0 to 1", "share of the units that died"},
    ParameterDeclaration{"axis", "columns", "columns or rows", "which vectors belong to a unit"},
    ParameterDeclaration{"scale", "0.001", ">= 0", "factor on their weights"}};

Ensemble make_dead_units(const NamedParameters& parameters) {
  const ParameterReader read("dead-units", parameters);
  DeadUnits units;
  units.fraction = read.within("fraction", 0, 1);
  units.axis =
      read.word<UnitAxis>("axis", {{"columns", UnitAxis::columns}, {"rows", UnitAxis::rows}});
  units.scale = read.number("scale");
  if (units.scale < 0) read.refuse("scale", ">= 0");
  Ensemble ensemble;
  ensemble.matrix = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
    return with_dead_units(gaussian_matrix(rows, cols, 1, stream), units, stream).W;
  };
  ensemble.truth = [=](std::size_t rows, std::size_t cols) {
    GroundTruth truth;
    const double q = static_cast<double>(rows) / static_cast<double>(cols);
    const double alive = 1 - units.fraction;
    if (units.axis == UnitAxis::rows && units.scale == 0 && alive * q > 1) {
      const auto living =
          rows - static_cast<std::size_t>(std::lround(units.fraction * static_cast<double>(rows)));
      truth = noise_truth(living, cols, 1);
      truth.reason = "the rows that live are noise";
      truth.limit->unit = truth.largest->unit =
          static_cast<double>(living) / static_cast<double>(rows);
      return truth;
    }
    truth.mechanism = Mechanism::low_rank;
    truth.reason = "dead units, but too few or not dead enough for a collapse";
    if (units.axis == UnitAxis::rows) return truth;
    arma::vec levels(cols, arma::fill::ones);
    levels.head(static_cast<arma::uword>(std::lround(units.fraction * static_cast<double>(cols))))
        .fill(units.scale * units.scale);
    if (units.scale > 0) truth.limit = general_mp_limit(rows, cols, levels);
    if (collapsed_share_in_limit(rows, cols, levels) >= definition::collapsed_share) {
      truth.phase = theory::Phase::rank_collapse;
      truth.reason = fmt::format("{:.3g} of the columns are dead", units.fraction);
    }
    return truth;
  };
  return ensemble;
}

constexpr std::array low_rank_parameters = {
    ParameterDeclaration{"rank_fraction", "0.3", "above 0, to 1", "rank over M"},
    ParameterDeclaration{"floor", "0.001", ">= 0",
                         "standard deviation of the noise under it, the product's being 1"},
    ParameterDeclaration{
        "row_shape", "0", ">= 0",
        "if not 0, the product's rows differ: their variances are quantiles of a gamma "
        "law of this shape and mean 1"}};

// The rows of the product take the place of the noise that `row_profile` is made for; the floor knows
// nothing of them.
arma::mat profiled_low_rank(std::size_t rows, std::size_t cols, const LowRank& model,
                            double row_shape, core::Stream& stream) {
  if (row_shape == 0) return low_rank_matrix(rows, cols, model, stream);
  LowRank product = model;
  product.floor_variance = 0;
  arma::mat W = row_profile(low_rank_matrix(rows, cols, product, stream),
                            population_levels({.law = LevelLaw::gamma, .shape = row_shape}, rows));
  if (model.floor_variance > 0) W += gaussian_matrix(rows, cols, model.floor_variance, stream);
  return W;
}

// The floor's directions are lost or not; what is not lost is extensive where the product stands above
// the floor.
void set_low_rank_phase(GroundTruth& truth, std::size_t rows, std::size_t cols,
                        const LowRank& model) {
  const arma::vec levels = low_rank_levels(cols, model);
  const double product_level = arma::mean(levels.tail(model.rank)) - model.floor_variance;
  const double q = static_cast<double>(rows) / static_cast<double>(cols);
  const double floor_edge = model.floor_variance * std::pow(1 + 1 / std::sqrt(q), 2);
  const double share = static_cast<double>(model.rank) / static_cast<double>(cols);
  set_light_population_phase(truth, rows, cols, levels,
                             "a product of low rank that a floor of noise fills up");
  if (*truth.phase == theory::Phase::rank_collapse) {
    truth.reason = fmt::format("{:.3g} of the directions are lost", 1 - share);
  } else if (share < definition::extensive_share || floor_edge > product_level) {
    truth.phase.reset();
    truth.reason = "a few directions, or a floor as high as the product: no definition is for it";
  }
}

Ensemble make_low_rank(const NamedParameters& parameters) {
  const ParameterReader read("low-rank", parameters);
  const double share = read.within("rank_fraction", 0, 1), floor = read.number("floor"),
               row_shape = read.number("row_shape");
  if (share == 0) read.refuse("rank_fraction", "above 0");
  if (floor < 0) read.refuse("floor", ">= 0");
  if (row_shape < 0) read.refuse("row_shape", ">= 0");
  const auto model = [=](std::size_t cols) {
    LowRank result;
    result.rank = std::max<std::size_t>(
        1, static_cast<std::size_t>(std::lround(share * static_cast<double>(cols))));
    result.floor_variance = floor * floor;
    return result;
  };
  Ensemble ensemble;
  ensemble.matrix = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
    return profiled_low_rank(rows, cols, model(cols), row_shape, stream);
  };
  ensemble.truth = [=](std::size_t rows, std::size_t cols) {
    GroundTruth truth;
    truth.mechanism = Mechanism::low_rank;
    if (floor > 0 && row_shape == 0)
      truth.limit = general_mp_limit(rows, cols, low_rank_levels(cols, model(cols)));
    set_low_rank_phase(truth, rows, cols, model(cols));
    return truth;
  };
  return ensemble;
}

constexpr std::array decaying_parameters = {
    ParameterDeclaration{"decades", "6", "> 0",
                         "the levels fall log-linearly from 1 by this many powers of ten"},
    basis};

Ensemble make_decaying(const NamedParameters& parameters) {
  const ParameterReader read("log-linear-covariance", parameters);
  const double decades = read.positive("decades");
  const auto axes = read.word<Basis>("basis", {{"haar", Basis::haar}, {"axes", Basis::axes}});
  const auto levels = [=](std::size_t cols) {
    arma::vec tau(cols);
    for (std::size_t i = 0; i < cols; ++i)
      tau[i] = std::pow(
          10, -decades * (static_cast<double>(cols - 1 - i) + 0.5) / static_cast<double>(cols));
    return tau;
  };
  Ensemble ensemble;
  ensemble.matrix = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
    return covariance_matrix(gaussian_matrix(rows, cols, 1, stream), levels(cols), axes, stream);
  };
  ensemble.truth = [=](std::size_t rows, std::size_t cols) {
    GroundTruth truth;
    truth.mechanism = Mechanism::population;
    const arma::vec tau = levels(cols);
    truth.limit = general_mp_limit(rows, cols, tau);
    set_light_population_phase(truth, rows, cols, tau,
                               "decaying levels with a largest one, and not enough of them lost");
    return truth;
  };
  return ensemble;
}

constexpr std::array mixed_parameters = {
    ParameterDeclaration{"alpha", "2.5", "> 1", "exponent of the heavy part"},
    ParameterDeclaration{"strengths", "1.5,1.3", "positive numbers >= 1 separated by commas",
                         "spikes: multiples of the largest population level"},
    basis};

// The spikes stand out of a spectrum that is heavy already: its top levels are multiplied.
Ensemble make_mixed(const NamedParameters& parameters) {
  const ParameterReader read("spikes-on-heavy-tail", parameters);
  Drawn drawn;
  drawn.population.law = LevelLaw::pareto;
  drawn.population.shape = read.number("alpha") - 1;
  if (!(drawn.population.shape > 0)) read.refuse("alpha", "> 1");
  drawn.basis = read.word<Basis>("basis", {{"haar", Basis::haar}, {"axes", Basis::axes}});
  const std::vector<double> strengths = read.positive_list("strengths");
  const auto raised = [=](std::size_t cols) {
    arma::vec levels = population_levels(drawn.population, cols);
    const double top = levels.back();
    for (std::size_t i = 0; i < std::min(strengths.size(), cols); ++i)
      levels[cols - 1 - i] = strengths[i] * top;
    return levels;
  };
  Ensemble ensemble;
  ensemble.matrix = [=](std::size_t rows, std::size_t cols, core::Stream& stream) {
    return covariance_matrix(gaussian_matrix(rows, cols, 1, stream), raised(cols), drawn.basis,
                             stream);
  };
  ensemble.truth = [=](std::size_t rows, std::size_t cols) {
    GroundTruth truth = population_truth(rows, cols, drawn.population);
    truth.mechanism = Mechanism::mixture;
    truth.limit = general_mp_limit(rows, cols, raised(cols));
    return truth;
  };
  return ensemble;
}

}  // namespace

std::vector<EnsembleEntry> population_rows() {
  return {
      {"power-law-covariance",
       "W = Z Sigma^(1/2), the eigenvalues of Sigma a share d of Pareto levels P(tau > t) = "
       "t^(1 - alpha), t >= 1, times s, and 1 otherwise. The spectrum inherits the tail "
       "lambda^-alpha; entries and left vectors stay Gaussian.",
       power_law_parameters, make_power_law},
      {"power-sequence-covariance", "The same with levels i^-a, i = 1 .. M: alpha = 1 + 1/a.",
       power_sequence_parameters, make_power_sequence},
      {"gamma-covariance",
       "W = Z Sigma^(1/2) with gamma-distributed levels of mean 1: a bulk that decays.",
       gamma_parameters, make_gamma},
      {"exponential-covariance", "W = Z Sigma^(1/2) with levels P(tau > t) = e^(-t/s).",
       exponential_parameters, make_exponential},
      {"lognormal-covariance",
       "W = Z Sigma^(1/2) with lognormal levels: looks like a power law over any two decades and "
       "is lighter than all of them.",
       lognormal_parameters, make_lognormal},
      {"two-point-covariance", "W = Z Sigma^(1/2) with two levels: 1 and `value`.",
       two_point_parameters, make_two_point},
      {"toeplitz-covariance", "Neighbouring columns correlated as a first-order autoregression.",
       toeplitz_parameters, make_toeplitz},
      {"row-profile", "Gaussian rows that differ in variance.", row_parameters, make_row_profile},
      {"log-linear-covariance",
       "W = Z Sigma^(1/2) with levels 10^(-decades x), x even on (0, 1): directions that weight "
       "decay has all but removed.",
       decaying_parameters, make_decaying},
      {"dead-units",
       "Gaussian noise in which a share of the columns (or rows) is multiplied by `scale`.",
       dead_parameters, make_dead_units},
      {"low-rank",
       "W = A B^T / sqrt(k) + floor Z with Gaussian A (N x k), B (M x k): a bottleneck of k units "
       "above a floor of noise.",
       low_rank_parameters, make_low_rank},
      {"spikes-on-heavy-tail",
       "Power-law covariance whose largest levels are replaced by multiples of the largest: spikes "
       "on a heavy tail.",
       mixed_parameters, make_mixed},
  };
}

}  // namespace rmtlab::ensembles
