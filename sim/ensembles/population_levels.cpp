// SPDX-License-Identifier: MIT
/// \file
/// \brief Population eigenvalues of known law, and matrices whose rows have that covariance.
#include "sim/ensembles/population_levels.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <utility>

#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <fmt/format.h>

#include "sim/ensembles/haar.hpp"
#include "theory/domain_check.hpp"

namespace rmtlab::ensembles {
namespace {

using std::numbers::pi;
using theory::throw_domain_error;

constexpr std::array<std::pair<LevelLaw, std::string_view>, 7> names{{
    {LevelLaw::constant, "constant"},
    {LevelLaw::pareto, "pareto"},
    {LevelLaw::power_sequence, "power_sequence"},
    {LevelLaw::gamma, "gamma"},
    {LevelLaw::exponential, "exponential"},
    {LevelLaw::lognormal, "lognormal"},
    {LevelLaw::toeplitz, "toeplitz"},
}};

bool has_quantiles(LevelLaw law) {
  return law != LevelLaw::constant && law != LevelLaw::power_sequence && law != LevelLaw::toeplitz;
}

void check(const char* function, const Population& population, std::size_t count) {
  if (count < 1) throw_domain_error(function, "count", 0.0, ">= 1");
  if (population.law == LevelLaw::toeplitz) {
    if (!(std::abs(population.shape) < 1))
      throw_domain_error(function, "shape", population.shape, "> -1 and < 1 for toeplitz");
  } else {
    theory::check_positive(function, "shape", population.shape);
  }
  theory::check_positive(function, "scale", population.scale);
  theory::check_probability(function, "fraction", population.fraction);
  const double lowest = population.law == LevelLaw::pareto ? 1 : 0;
  if (!(population.limit > lowest))
    throw_domain_error(function, "limit", population.limit, lowest > 0 ? "> 1" : "> 0");
  if (std::isfinite(population.limit) && !has_quantiles(population.law))
    throw_domain_error(function, "limit", population.limit,
                       fmt::format("infinite for {}", name(population.law)));
}

// P(tau <= t) of a law with quantiles.
double level_cdf(const Population& population, double t) {
  switch (population.law) {
    case LevelLaw::pareto:
      return -std::expm1(-population.shape * std::log(t));
    case LevelLaw::gamma:
      return boost::math::gamma_p(population.shape, population.shape * t);
    case LevelLaw::lognormal:
      return boost::math::erfc(-std::log(t) / (population.shape * std::numbers::sqrt2)) / 2;
    default:
      return -std::expm1(-t);  // exponential
  }
}

// The tau below which a share p of a law with quantiles lies, 0 < p < 1.
double level_quantile(const Population& population, double p) {
  switch (population.law) {
    case LevelLaw::pareto:
      return std::exp(-std::log1p(-p) / population.shape);
    case LevelLaw::gamma:
      return boost::math::gamma_p_inv(population.shape, p) / population.shape;
    case LevelLaw::lognormal:
      return std::exp(-population.shape * std::numbers::sqrt2 * boost::math::erfc_inv(2 * p));
    default:
      return -std::log1p(-p);  // exponential
  }
}

// Symbol of the Toeplitz matrix (a^|i - j|).
double symbol(double a, double theta) {
  const double s = std::sin(theta / 2);
  return (1 - a) * (1 + a) / ((1 - a) * (1 - a) + 4 * a * s * s);
}

// Eigenvalue k = 1..m of the Toeplitz matrix with 0 < a < 1, descending in k. With the phase
// psi = 2 atan(a sin t / (1 - a cos t)), which is increasing from 0 and back to 0 on (0, pi), the
// equation of the header is sin((m + 1) t + psi) = 0, and the k-th root has (m + 1) t + psi = k pi.
double toeplitz_level(double a, double k, double m) {
  const auto excess = [&](double t) {
    return (m + 1) * t + 2 * std::atan2(a * std::sin(t), 1 - a * std::cos(t)) - k * pi;
  };
  double lower = (k - 1) * pi / (m + 1), upper = k * pi / (m + 1);
  for (int i = 0; i < 60 && lower < upper; ++i) {
    const double middle = (lower + upper) / 2;
    (excess(middle) < 0 ? lower : upper) = middle;
  }
  return symbol(a, (lower + upper) / 2);
}

// Level j = 1..m of the law without scale.
double fixed_level(const Population& population, double j, double m, double mass) {
  switch (population.law) {
    case LevelLaw::constant:
      return 1;
    case LevelLaw::power_sequence:
      return std::pow(j, -population.shape);
    case LevelLaw::
        toeplitz:  // (a^|i - j|) and ((-a)^|i - j|) are similar: signs on every other axis
      return population.shape == 0 ? 1 : toeplitz_level(std::abs(population.shape), j, m);
    default:
      return level_quantile(population, mass * (j - 0.5) / m);
  }
}

double random_level(const Population& population, double m, double mass, core::Stream& stream) {
  switch (population.law) {
    case LevelLaw::constant:
      return 1;
    case LevelLaw::power_sequence:
      return std::pow(m * stream.uniform(), -population.shape);
    case LevelLaw::toeplitz:
      return symbol(population.shape, pi * stream.uniform());
    case LevelLaw::lognormal:
      if (mass == 1) return std::exp(population.shape * stream.normal());
      [[fallthrough]];
    default:
      return level_quantile(population, mass * stream.uniform());
  }
}

double mass_below_limit(const Population& population) {
  return std::isfinite(population.limit) ? level_cdf(population, population.limit) : 1.0;
}

}  // namespace

std::string_view name(LevelLaw law) {
  for (const auto& [value, text] : names)
    if (value == law) return text;
  return "?";
}

arma::vec population_levels(const Population& population, std::size_t count) {
  check("population_levels", population, count);
  const double m = std::round(population.fraction * static_cast<double>(count));
  const double mass = mass_below_limit(population);
  arma::vec levels(count, arma::fill::ones);
  for (arma::uword j = 0; j < static_cast<arma::uword>(m); ++j)
    levels[j] = population.scale * fixed_level(population, static_cast<double>(j + 1), m, mass);
  return arma::sort(levels);
}

arma::vec random_population_levels(const Population& population, std::size_t count,
                                   core::Stream& stream) {
  check("random_population_levels", population, count);
  const double m = std::max(1.0, std::round(population.fraction * static_cast<double>(count)));
  const double mass = mass_below_limit(population);
  arma::vec levels(count, arma::fill::ones);
  for (double& level : levels)
    if (population.fraction == 1 || stream.uniform() < population.fraction)
      level = population.scale * random_level(population, m, mass, stream);
  return arma::sort(levels);
}

arma::vec toeplitz_levels(const arma::vec& first_row) {
  if (first_row.is_empty()) throw std::domain_error("toeplitz_levels: first_row has no entries");
  if (!first_row.is_finite())
    throw std::domain_error("toeplitz_levels: first_row has entries that are not finite");
  const arma::vec levels = arma::eig_sym(arma::mat(arma::toeplitz(first_row)));
  if (!(levels.front() > 0))
    throw_domain_error("toeplitz_levels", "smallest eigenvalue", levels.front(), "> 0");
  return levels;
}

arma::vec with_mean_one(const arma::vec& levels) {
  const double mean = levels.is_empty() ? 0.0 : arma::mean(levels);
  theory::check_positive("with_mean_one", "mean", mean);
  return levels / mean;
}

arma::mat covariance_matrix(arma::mat noise, const arma::vec& levels, Basis basis,
                            core::Stream& stream) {
  if (levels.n_elem != noise.n_cols)
    throw std::invalid_argument(
        fmt::format("covariance_matrix: {} levels for noise of shape {} x {}", levels.n_elem,
                    noise.n_rows, noise.n_cols));
  for (const double level : levels)
    if (!(std::isfinite(level) && level >= 0))
      throw_domain_error("covariance_matrix", "level", level, "finite and >= 0");
  noise.each_row() %= arma::sqrt(levels).t();
  if (basis == Basis::axes) return noise;
  return noise * haar_frame(noise.n_cols, noise.n_cols, stream).t();
}

}  // namespace rmtlab::ensembles
