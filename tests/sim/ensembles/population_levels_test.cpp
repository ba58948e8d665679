// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/population_levels.hpp.
#include "sim/ensembles/population_levels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "tests/catch.hpp"
#include "tests/sim/ensembles/sample_checks.hpp"
#include "theory/general_mp.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using rmtlab::core::Stream;
using namespace rmtlab;
using namespace rmtlab::ensembles;
using namespace rmtlab::tests;

constexpr double eps = std::numeric_limits<double>::epsilon();

theory::GeneralMp law_of(double aspect_ratio, const arma::vec& levels) {
  const auto values = arma::conv_to<std::vector<double>>::from(levels);
  return {aspect_ratio, values,
          std::vector<double>(values.size(), 1 / static_cast<double>(values.size()))};
}

/// Distribution functions written out once more, for the laws with a closed form.
double closed_cdf(const Population& population, double level) {
  const double t = level / population.scale, a = population.shape;
  switch (population.law) {
    case LevelLaw::pareto:
      return t < 1 ? 0 : 1 - std::pow(t, -a);
    case LevelLaw::gamma:  // shape 2: Erlang
      return 1 - std::exp(-a * t) * (1 + a * t);
    case LevelLaw::exponential:
      return 1 - std::exp(-t);
    case LevelLaw::lognormal:
      return std::erfc(-std::log(t) / (a * std::sqrt(2.0))) / 2;
    default:  // toeplitz: (angle of the symbol) / pi, from its largest value down
      return 1 - std::acos((1 + a * a - (1 - a * a) / t) / (2 * a)) / std::acos(-1.0);
  }
}

const std::vector<Population>& closed_forms() {
  static const std::vector<Population> list = {
      {.law = LevelLaw::pareto, .shape = 2.0, .scale = 0.5},
      {.law = LevelLaw::gamma, .shape = 2.0, .scale = 3},
      {.law = LevelLaw::exponential},
      {.law = LevelLaw::lognormal, .shape = 0.8},
  };
  return list;
}

}  // namespace

TEST_CASE("population_levels: quantiles of the stated laws", "[ensembles][accuracy]") {
  const std::size_t count = 101;
  for (const Population& population : closed_forms()) {
    CAPTURE(name(population.law));
    const arma::vec levels = population_levels(population, count);
    REQUIRE(levels.is_sorted());
    for (arma::uword j = 0; j < count; ++j)
      CHECK_THAT(closed_cdf(population, levels[j]), WithinAbs((double(j) + 0.5) / 101, 1e-13));
    // Truncated: the law conditioned on the interval.
    Population truncated = population;
    truncated.limit = 2.5;
    const double mass = closed_cdf(population, 2.5 * population.scale);
    const arma::vec lower = population_levels(truncated, count);
    CHECK(lower.back() < 2.5 * population.scale);
    for (arma::uword j = 0; j < count; j += 10)
      CHECK_THAT(closed_cdf(population, lower[j]) / mass,
                 WithinAbs((double(j) + 0.5) / 101, 1e-13));
  }
}

TEST_CASE("population_levels: points, sequences and mixtures", "[ensembles][property]") {
  const arma::vec points =
      population_levels({.law = LevelLaw::constant, .scale = 4, .fraction = 0.3}, 10);
  CHECK(arma::all(points == arma::vec{1, 1, 1, 1, 1, 1, 1, 4, 4, 4}));
  const arma::vec sequence = population_levels({.law = LevelLaw::power_sequence, .shape = 2}, 3);
  CHECK(arma::approx_equal(sequence, arma::vec{1.0 / 9, 0.25, 1}, "reldiff", 2 * eps));
  // A share d of a law beside ones: the law's own quantiles, and 1.
  const Population mixed{.law = LevelLaw::pareto, .shape = 1.5, .scale = 2, .fraction = 0.25};
  Population pure = mixed;
  pure.fraction = 1;
  const arma::vec levels = population_levels(mixed, 40);
  CHECK(arma::all(levels.head(30) == 1));
  CHECK(arma::all(levels.tail(10) == population_levels(pure, 10)));
  CHECK(arma::all(population_levels({.law = LevelLaw::gamma, .fraction = 0}, 5) == 1));
  const arma::vec one = with_mean_one(levels);
  CHECK_THAT(arma::mean(one), WithinRel(1.0, 4 * eps));
  CHECK_THAT(one[39] / one[0], WithinRel(levels[39], 4 * eps));
}

TEST_CASE("population_levels: eigenvalues of the Toeplitz matrix", "[ensembles][accuracy]") {
  // Against LAPACK on the matrix itself, and against trace and determinant (1 - a^2)^(m - 1).
  const double a = GENERATE(-0.9, 0.0, 0.3, 0.97);
  const std::size_t m = GENERATE(1U, 2U, 7U, 60U);
  CAPTURE(a, m);
  arma::vec row(m);
  for (arma::uword i = 0; i < m; ++i) row[i] = std::pow(a, double(i));
  const arma::vec levels = population_levels({.law = LevelLaw::toeplitz, .shape = a}, m);
  CHECK(arma::approx_equal(levels, toeplitz_levels(row), "absdiff", 20 * eps * levels.back()));
  CHECK_THAT(arma::mean(levels), WithinRel(1.0, 1e-13));
  CHECK_THAT(arma::accu(arma::log(levels)),
             WithinAbs(double(m - 1) * std::log((1 - a) * (1 + a)), 1e-12 * double(m)));
}

TEST_CASE("population_levels: random levels follow the same laws", "[ensembles][statistical]") {
  // 2.3 / sqrt(n): false alarm 5e-5 for each law. Negative control: another shape.
  const std::size_t count = 4000;
  Stream stream = Stream(20240650).child("random");
  std::vector<Population> laws = closed_forms();
  laws.push_back({.law = LevelLaw::toeplitz, .shape = 0.6});
  for (const Population& population : laws) {
    CAPTURE(name(population.law));
    const arma::vec levels = random_population_levels(population, count, stream);
    CHECK(levels.is_sorted());
    const auto distance = [&](const Population& law) {
      return ks_distance(levels, [&](double x) { return closed_cdf(law, x); });
    };
    CHECK(distance(population) < 2.3 / std::sqrt(count));
    Population wrong = population;
    if (population.law == LevelLaw::exponential)
      wrong.scale *= 1.2;
    else
      wrong.shape *= population.law == LevelLaw::toeplitz ? 0.85 : 1.25;
    if (population.law != LevelLaw::gamma) CHECK(distance(wrong) > 2.3 / std::sqrt(count));
  }
  // The power sequence: i^-a is a Pareto tail of index 1/a from m^-a on.
  const arma::vec powers =
      random_population_levels({.law = LevelLaw::power_sequence, .shape = 0.5}, count, stream);
  const auto pareto = [](double x) {
    return x < 0 ? 0 : 1 - std::pow(x * std::sqrt(4000.0), -2.0);
  };
  CHECK(ks_distance(powers, pareto) < 2.3 / std::sqrt(count));
  // A share of the levels: binomial, standard deviation 0.0072.
  const arma::vec mixed = random_population_levels(
      {.law = LevelLaw::pareto, .shape = 2, .scale = 2, .fraction = 0.3}, count, stream);
  CHECK_THAT(arma::mean(arma::conv_to<arma::vec>::from(mixed > 1.5)), WithinAbs(0.3, 0.029));
}

TEST_CASE("population_levels: the spectrum approaches the general Marchenko-Pastur law",
          "[ensembles][statistical][slow]") {
  // Rigid levels: the Kolmogorov distance falls as log k / k, k = min(N, M) (in units of which 0.4 to 0.7
  // was measured, mean of 4 matrices); white noise of the same trace is at a fixed distance.
  struct Case {
    Population population;
    double aspect_ratio;
  };
  const auto c = GENERATE(
      Case{{.law = LevelLaw::constant, .scale = 6, .fraction = 0.4}, 3},
      Case{{.law = LevelLaw::pareto, .shape = 2}, 2}, Case{{.law = LevelLaw::exponential}, 1},
      Case{{.law = LevelLaw::toeplitz, .shape = 0.75}, 0.5},
      Case{{.law = LevelLaw::gamma, .shape = 2, .scale = 3, .fraction = 0.5}, 2});
  CAPTURE(name(c.population.law));
  for (const std::size_t cols : {50U, 100U, 200U}) {
    const auto rows = static_cast<std::size_t>(c.aspect_ratio * static_cast<double>(cols));
    const auto k = static_cast<double>(std::min(rows, cols));
    Stream stream = Stream(20240651).child(name(c.population.law)).child(cols);
    const arma::vec levels = population_levels(c.population, cols);
    const theory::GeneralMp law = law_of(c.aspect_ratio, levels);
    const theory::GeneralMp white = law_of(c.aspect_ratio, {arma::mean(levels)});
    double seen = 0, wrong = 0;
    const int draws = 4;
    for (int i = 0; i < draws; ++i) {
      const arma::mat W =
          covariance_matrix(gaussian_matrix(rows, cols, 1.0, stream), levels, Basis::axes, stream);
      // Without the zeros of N < M, which rounding scatters; their share is the law's atom.
      const arma::vec values = spectrum(W).tail(std::min(rows, cols));
      const auto distance = [&](const theory::GeneralMp& other) {
        const double atom = other.atom();
        return ks_distance(values, [&](double x) { return (cdf(other, x) - atom) / (1 - atom); });
      };
      seen += k / std::log(k) * distance(law) / draws;
      wrong += k / std::log(k) * distance(white) / draws;
    }
    CAPTURE(cols, seen, wrong);
    CHECK(seen < 1);
    CHECK(wrong > 1.3);
  }
}

TEST_CASE("population_levels: the basis turns vectors, not values", "[ensembles][property]") {
  const arma::vec levels = population_levels({.law = LevelLaw::pareto, .shape = 0.7}, 60);
  Stream stream = Stream(20240652).child("basis");
  const arma::mat noise = gaussian_matrix(120, 60, 1.0, stream);
  const arma::mat axes = covariance_matrix(noise, levels, Basis::axes, stream);
  const arma::mat haar = covariance_matrix(noise, levels, Basis::haar, stream);
  CHECK(arma::approx_equal(axes, noise * arma::diagmat(arma::sqrt(levels)), "reldiff", 4 * eps));
  const arma::vec a = spectrum(axes), b = spectrum(haar);
  CHECK(arma::approx_equal(a, b, "absdiff", 100 * eps * a.back()));
  // Participation of the leading vector: near 1 on an axis, near 3 / M = 0.05 after the rotation
  // (standard deviation about 0.01).
  const auto participation = [](const arma::mat& W) {
    arma::vec values;
    arma::mat vectors;
    REQUIRE(arma::eig_sym(values, vectors, arma::mat(W.t() * W)));
    return arma::accu(arma::pow(vectors.tail_cols(1), 4));
  };
  CHECK(participation(axes) > 0.5);
  CHECK(participation(haar) < 0.12);
}

TEST_CASE("population_levels: refuses what does not fit", "[ensembles][errors]") {
  Stream stream(1);
  CHECK_THROWS_WITH(population_levels({}, 0),
                    ContainsSubstring("population_levels: count = 0 (must be >= 1)"));
  CHECK_THROWS_WITH(population_levels({.law = LevelLaw::toeplitz, .shape = 1}, 3),
                    ContainsSubstring("shape = 1 (must be > -1 and < 1 for toeplitz)"));
  CHECK_THROWS_WITH(population_levels({.shape = 0}, 3),
                    ContainsSubstring("shape = 0 (must be finite and > 0)"));
  CHECK_THROWS_WITH(population_levels({.fraction = 1.5}, 3),
                    ContainsSubstring("fraction = 1.5 (must be >= 0 and <= 1)"));
  CHECK_THROWS_WITH(random_population_levels({.law = LevelLaw::pareto, .limit = 1}, 3, stream),
                    ContainsSubstring("random_population_levels: limit = 1 (must be > 1)"));
  CHECK_THROWS_WITH(population_levels({.law = LevelLaw::power_sequence, .limit = 2}, 3),
                    ContainsSubstring("limit = 2 (must be infinite for power_sequence)"));
  CHECK_THROWS_WITH(toeplitz_levels({1, 2}), ContainsSubstring("smallest eigenvalue = -1"));
  CHECK_THROWS_AS(toeplitz_levels({}), std::domain_error);
  CHECK_THROWS_AS(with_mean_one({}), std::domain_error);
  CHECK_THROWS_WITH(covariance_matrix(arma::mat(3, 2), {1, 2, 3}, Basis::axes, stream),
                    ContainsSubstring("covariance_matrix: 3 levels for noise of shape 3 x 2"));
  CHECK_THROWS_WITH(covariance_matrix(arma::mat(3, 2), {1, -2}, Basis::axes, stream),
                    ContainsSubstring("level = -2 (must be finite and >= 0)"));
}
