// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/law_catalogue.hpp.
#include "theory/law_catalogue.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/catch.hpp"
#include "theory/continuous_mp.hpp"
#include "theory/hard_edge.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/spiked.hpp"
#include "theory/tracy_widom.hpp"
#include "theory/wishart_edge.hpp"
#include "theory/wishart_exact.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab::theory;

namespace {

/// Every law of the catalogue in at least one variant.
const std::vector<std::pair<std::string_view, NamedParameters>>& examples() {
  static const std::vector<std::pair<std::string_view, NamedParameters>> all = {
      {"marchenko-pastur", {{"Q", "2"}}},
      {"marchenko-pastur", {{"Q", "0.5"}, {"sigma2", "3e-1"}}},
      {"tracy-widom", {}},
      {"tracy-widom", {{"beta", "2"}}},
      {"tracy-widom", {{"beta", "4"}, {"convention", "unscaled"}}},
      {"wishart-edge", {{"N", "100"}, {"M", "50"}}},
      {"wishart-edge", {{"N", "100"}, {"M", "50"}, {"edge", "lower"}, {"sigma2", "2"}}},
      {"wishart-edge", {{"N", "100"}, {"M", "50"}, {"constants", "johnstone"}}},
      {"wishart-edge", {{"N", "100"}, {"M", "50"}, {"beta", "2"}, {"edge", "lower"}}},
      {"wishart-edge", {{"N", "100"}, {"M", "50"}, {"kurtosis", "-1.2"}}},
      {"wishart-edge", {{"N", "20"}, {"M", "7"}, {"exact", "true"}, {"sigma2", "2"}}},
      {"wishart-edge",
       {{"N", "20"}, {"M", "7"}, {"beta", "2"}, {"edge", "lower"}, {"exact", "true"}}},
      {"wishart-edge", {{"N", "9"}, {"M", "9"}, {"edge", "lower"}, {"exact", "true"}}},
      {"hard-edge", {{"N", "9"}}},
      {"hard-edge", {{"N", "9"}, {"form", "limit"}}},
      {"hard-edge", {{"N", "9"}, {"beta", "2"}}},
      {"wigner-surmise", {{"beta", "2"}}},
      {"gap-ratio", {{"beta", "4"}}},
      {"porter-thomas", {}},
      {"haar-maximum", {{"n", "100"}}},
      {"porter-thomas", {{"n", "30"}, {"beta", "2"}}},
      {"semicircle", {{"sigma", "0.3"}}},
      {"frechet", {{"shape", "1.5"}, {"scale", "2"}}},
      {"spike-mapped", {{"mu", "3.5"}, {"N", "1000"}, {"M", "500"}}},
      {"bbp", {{"Q", "2"}, {"strength", "1.5"}, {"N", "400"}}},
      {"heavy-tailed-mp", {{"mu", "1"}, {"Q", "2"}}},
      {"heavy-tailed-mp", {{"mu", "1.5"}, {"Q", "0.5"}}},
      {"spacing", {{"beta", "1"}}},
      {"spacing", {{"beta", "4"}}},
      {"general-mp", {{"Q", "10"}, {"values", "1,3,10"}, {"weights", "0.2,0.4,0.4"}}},
      {"general-mp", {{"Q", "2"}, {"population", "power-law"}, {"alpha", "2.5"}}},
      {"general-mp",
       {{"Q", "3"}, {"population", "power-law"}, {"alpha", "2"}, {"min", "0.5"}, {"max", "50"}}},
      {"general-mp", {{"Q", "0.5"}, {"population", "gamma"}, {"shape", "2"}, {"scale", "0.5"}}},
      {"general-mp", {{"Q", "1"}, {"population", "lognormal"}, {"sigma", "0.7"}}},
      {"general-mp", {{"Q", "4"}, {"population", "uniform"}, {"max", "3"}}},
      {"bbp", {{"Q", "2"}, {"strength", "0.5"}, {"N", "400"}}}};
  return all;
}

}  // namespace

TEST_CASE("law_catalogue: every row is documented and has an example here", "[theory][property]") {
  std::set<std::string_view> tested;
  for (const auto& [name, parameters] : examples()) tested.insert(name);
  for (const LawEntry& entry : law_catalogue()) {
    CAPTURE(entry.name);
    CHECK(tested.count(entry.name) == 1);
    CHECK(entry.help.size() > 80);
    CHECK(entry.make != nullptr);
    CHECK(&find_law(entry.name) == &entry);
    for (const ParameterDeclaration& parameter : entry.parameters) {
      CHECK(!parameter.name.empty());
      CHECK(!parameter.domain.empty());
      CHECK(!parameter.help.empty());
    }
  }
}

TEST_CASE("law_catalogue: the members of each law belong together", "[theory][property]") {
  for (const auto& [name, parameters] : examples()) {
    const Law law = make_law(name, parameters);
    for (const double p : {0.55, 0.75, 0.9, 0.99}) {  // above the atom of the second example
      const double x = law.quantile(p);
      CAPTURE(name, p, x);
      // Rounding of x and of the standardised value: a few eps times x times the density.
      const double tolerance = 1e-14 * (1 + std::abs(x) * law.pdf(x));
      CHECK_THAT(law.cdf(x), WithinAbs(p, tolerance));
      CHECK_THAT(law.sf(x), WithinAbs(1 - p, tolerance));
      CHECK_THAT(law.log_cdf(x), WithinAbs(std::log(law.cdf(x)), tolerance));
      CHECK_THAT(law.log_sf(x), WithinAbs(std::log(law.sf(x)), 1e-12));
      CHECK_THAT(law.sf(law.quantile_sf(1 - p)), WithinAbs(1 - p, tolerance));
      // Central difference: h^2 of a density whose scale is 1/pdf.
      const double h = 1e-5 / law.pdf(x);
      CHECK_THAT((law.cdf(x + h) - law.cdf(x - h)) / (2 * h), WithinRel(law.pdf(x), 1e-4));
    }
    CHECK_THROWS_AS(law.cdf(std::numeric_limits<double>::quiet_NaN()), std::domain_error);
  }
}

TEST_CASE("law_catalogue: gives what the functions give", "[theory][property]") {
  CHECK(make_law("marchenko-pastur", {{"Q", "2"}}).cdf(1.0) == cdf(MarchenkoPastur(2), 1.0));
  CHECK(make_law("marchenko-pastur", {{"Q", "2"}}).variance == 0.5);
  CHECK(make_law("tracy-widom").log_sf(800) == log_sf(TracyWidom(1), 800));
  CHECK(make_law("tracy-widom", {{"beta", "4"}}).mean == mean(TracyWidom(4)));
  CHECK(make_law("tracy-widom", {{"beta", "2"}}).skewness == skewness(TracyWidom(2)));

  const Law edge = make_law("wishart-edge", {{"N", "100"}, {"M", "10"}, {"sigma2", "2"}});
  const EdgeScaling scaling = upper_edge_scaling(100, 10, 2);
  CHECK(edge.z(4.0) == edge_z(scaling, 4.0));
  CHECK(edge.sf(4.0) == edge_p_value(edge.z(4.0)));
  CHECK_THAT(*edge.mean, WithinRel(scaling.center - 1.2065335745820 * scaling.scale, 1e-13));

  // The smallest eigenvalue: a small value is the unlikely one, and there is nothing below zero.
  const Law lower = make_law("wishart-edge", {{"N", "100"}, {"M", "10"}, {"edge", "lower"}});
  CHECK_THAT(lower.cdf(0.3), WithinRel(edge_p_value(lower.z(0.3)), 1e-15));
  CHECK(lower.cdf(-1) == 0);
  CHECK(lower.sf(0) == 1);
  CHECK(lower.pdf(-1) == 0);
  CHECK(!lower.mean.has_value());
  CHECK(!make_law("tracy-widom").z);
}

TEST_CASE("law_catalogue: populations of the general Marchenko-Pastur law", "[theory][property]") {
  const Law power = make_law(
      "general-mp", {{"Q", "2"}, {"population", "power-law"}, {"alpha", "2.5"}, {"min", "3"}});
  const ContinuousMp expected(2, Population::power_law(2.5, 3));
  CHECK(power.pdf(7) == pdf(expected, 7));
  CHECK(power.log_sf(1e80) == std::log(sf(expected, 1e80)));
  CHECK(power.mean == mean(expected));
  CHECK(std::isinf(*power.variance));
  CHECK(std::isinf(
      *make_law("general-mp", {{"Q", "2"}, {"population", "power-law"}, {"alpha", "2"}}).mean));
  CHECK(std::isinf(*make_law("heavy-tailed-mp", {{"mu", "1.2"}, {"Q", "2"}}).mean));
  // Exponential: gamma of shape 1 and the default scale.
  CHECK(make_law("general-mp", {{"Q", "2"}, {"population", "gamma"}, {"shape", "1"}}).variance ==
        1.5);
  // The default stays discrete.
  CHECK(make_law("general-mp", {{"Q", "2"}, {"values", "1"}, {"weights", "1"}}).variance == 0.5);

  const auto refuses = [](const NamedParameters& parameters, const std::string& text) {
    CHECK_THROWS_WITH(make_law("general-mp", parameters), ContainsSubstring(text));
  };
  refuses({{"Q", "2"}}, "general-mp: values is missing (must be given for population=discrete)");
  refuses({{"Q", "2"}, {"values", "1,2"}},
          "general-mp: weights is missing (must be given for population=discrete)");
  refuses({{"Q", "2"}, {"population", "gamma"}},
          "general-mp: shape is missing (must be given for population=gamma)");
  refuses({{"Q", "2"}, {"population", "pareto"}},
          "population = pareto (must be one of discrete, power-law, gamma, lognormal, uniform)");
  refuses({{"Q", "2"}, {"population", "gamma"}, {"shape", "1"}, {"values", "1"}},
          "values = 1 (must be left out for population=gamma)");
  refuses({{"Q", "2"}, {"values", "1"}, {"weights", "1"}, {"max", "3"}},
          "max = 3 (must be left out for population=discrete)");
  refuses({{"Q", "2"}, {"population", "power-law"}, {"alpha", "1"}},
          "alpha = 1 (must be from 1.05 to 10000)");
  refuses({{"Q", "2"}, {"population", "uniform"}},
          "max = inf (must be finite for population=uniform)");
  refuses({{"Q", "2"}, {"population", "uniform"}, {"min", "2"}, {"max", "2"}},
          "max = 2 (must be > 1.0001 min)");
  refuses({{"Q", "1e5"}, {"population", "gamma"}, {"shape", "1"}},
          "Q = 1e5 (must be from 1e-4 to 1e4 for a continuous population)");
}

TEST_CASE("law_catalogue: edges of noise in all their variants", "[theory][property]") {
  const NamedParameters shape = {{"N", "40"}, {"M", "10"}, {"sigma2", "2"}};
  const auto with = [&shape](NamedParameters more) {
    more.insert(shape.begin(), shape.end());
    return make_law("wishart-edge", more);
  };
  const WishartExtremeEigenvalue exact(40, 10, 1, 2), lowest(40, 10, 2, 2, SpectrumEdge::lower);
  const Law largest = with({{"exact", "true"}});
  CHECK(largest.sf(5.5) == sf(exact, 5.5));
  CHECK(largest.mean == mean(exact));
  CHECK(largest.skewness == moments(exact).skewness);
  CHECK(largest.z(5.5) == with({}).z(5.5));                        // that of the limit law,
  CHECK_THAT(largest.sf(5.5), WithinRel(with({}).sf(5.5), 0.15));  // which is close
  CHECK(std::abs(largest.sf(5.5) / with({}).sf(5.5) - 1) > 1e-4);  // and another one
  CHECK(with({{"exact", "true"}, {"edge", "lower"}, {"beta", "2"}}).cdf(0.4) == cdf(lowest, 0.4));

  CHECK(with({{"beta", "2"}}).sf(5) ==
        edge_p_value(edge_z(upper_edge_scaling(40, 10, 2, EdgeConstants::ma, 2), 5), 2));
  CHECK(with({{"beta", "2"}, {"edge", "lower"}}).cdf(0.4) ==
        edge_p_value(edge_z(lower_edge_scaling(40, 10, 2, 2), 0.4), 2));
  // Heavier tails push both edges outwards, by as many scales as edge_kurtosis_shift says.
  const Law heavy = with({{"kurtosis", "1.5"}}),
            low = with({{"kurtosis", "1.5"}, {"edge", "lower"}});
  CHECK_THAT(with({}).z(5) - heavy.z(5), WithinAbs(edge_kurtosis_shift(40, 10, 1.5), 1e-13));
  CHECK_THAT(with({{"edge", "lower"}}).z(0.4) - low.z(0.4),
             WithinAbs(edge_kurtosis_shift(40, 10, 1.5, SpectrumEdge::lower), 1e-13));

  const Law hard = make_law("hard-edge", {{"N", "30"}, {"sigma2", "2"}});
  CHECK(hard.cdf(0.001) == cdf(HardEdge(30, 1, 2), 0.001));
  CHECK(hard.mean == mean(HardEdge(30, 1, 2)));
  CHECK(!hard.z);
  const Law square =
      make_law("wishart-edge",
               {{"N", "30"}, {"M", "30"}, {"sigma2", "2"}, {"edge", "lower"}, {"exact", "true"}});
  CHECK_THAT(hard.cdf(0.001), WithinRel(square.cdf(0.001), 1e-13));
  CHECK(!square.z);
}

TEST_CASE("law_catalogue: edges of noise refuse what they cannot do", "[theory][errors]") {
  const auto refuse = [](const NamedParameters& parameters, const char* text) {
    CHECK_THROWS_WITH(make_law("wishart-edge", parameters), ContainsSubstring(text));
  };
  refuse({{"N", "500"}, {"M", "201"}, {"exact", "true"}},
         "wishart-edge: M = 201 (must be <= 200, or N be, for exact=true)");
  refuse({{"N", "20.5"}, {"M", "7"}, {"exact", "true"}},
         "wishart-edge: N = 20.5 (must be a whole number below 2^31 for an exact law)");
  refuse({{"N", "20"}, {"M", "7"}, {"exact", "true"}, {"kurtosis", "1"}},
         "wishart-edge: kurtosis = 1 (must be 0 for exact=true");
  refuse({{"N", "20"}, {"M", "7"}, {"beta", "2"}, {"kurtosis", "1"}},
         "wishart-edge: kurtosis = 1 (must be 0 for beta=2");
  refuse({{"N", "20"}, {"M", "7"}, {"kurtosis", "-2.5"}},
         "wishart-edge: kurtosis = -2.5 (must be >= -2)");
  refuse({{"N", "20"}, {"M", "7"}, {"beta", "4"}}, "wishart-edge: beta = 4 (must be 1 or 2)");
  refuse({{"N", "20"}, {"M", "7"}, {"exact", "maybe"}},
         "wishart-edge: exact = maybe (must be one of true, false");
  refuse({{"N", "5"}, {"M", "7"}, {"edge", "lower"}, {"exact", "true"}},
         "wishart-edge: N = 5 (must be >= M at the lower edge");
  refuse({{"N", "7"}, {"M", "7"}, {"edge", "lower"}}, "see hard-edge");
  CHECK_THROWS_WITH(make_law("hard-edge", {{"N", "2.5"}}),
                    ContainsSubstring("hard-edge: N = 2.5 (must be a whole number"));
  CHECK_THROWS_WITH(
      make_law("hard-edge", {{"N", "5"}, {"form", "asymptotic"}}),
      ContainsSubstring("hard-edge: form = asymptotic (must be one of exact, limit)"));
}

TEST_CASE("law_catalogue: a spike without a size is a point", "[theory][property]") {
  const Law point = make_law("bbp", {{"Q", "2"}, {"strength", "1.5"}});
  const Spike spike = Spike::additive(2, 1.5);
  CHECK(point.mean == outlier_location(spike));
  CHECK(point.variance == 0);
  CHECK(point.quantile(0.3) == *point.mean);
  CHECK(point.quantile_sf(0.3) == *point.mean);
  CHECK(point.cdf(*point.mean) == 1);
  CHECK(point.sf(*point.mean - 1e-9) == 1);
  CHECK(!point.pdf);
  CHECK(make_law("bbp", {{"Q", "4"}, {"strength", "0.3"}}).mean == 2.25);

  const Law sized = make_law("bbp", {{"Q", "2"}, {"strength", "1.5"}, {"N", "100"}});
  CHECK_THAT(*sized.variance, WithinRel(fluctuation_variance(spike) / 100, 1e-14));
  CHECK_THAT(sized.z(*sized.mean + std::sqrt(*sized.variance)), WithinRel(1.0, 1e-14));
  // log(1 - Phi(100)) = -100^2/2 - log(100 sqrt(2 pi)) - 1e-4 + ..., far beyond underflow.
  CHECK_THAT(sized.log_sf(*sized.mean + 100 * std::sqrt(*sized.variance)),
             WithinAbs(-5000 - std::log(100 * std::sqrt(2 * std::acos(-1.0))) - 1e-4, 1e-7));
  CHECK_THAT(sized.log_cdf(*sized.mean - 6 * std::sqrt(*sized.variance)),
             WithinRel(std::log(std::erfc(6 / std::sqrt(2.0)) / 2), 1e-12));
  const Law random =
      make_law("bbp", {{"Q", "2"}, {"strength", "1.5"}, {"N", "100"}, {"kind", "covariance"}});
  CHECK_THAT(*random.variance,
             WithinRel(fluctuation_variance(Spike::covariance(2, 3.25)) / 100, 1e-14));
  CHECK_THROWS_WITH(make_law("bbp", {{"Q", "2"}, {"strength", "-1"}}),
                    ContainsSubstring("bbp: strength = -1 (must be >= 0)"));
  CHECK_THROWS_WITH(make_law("bbp", {{"Q", "20"}, {"strength", "1"}, {"N", "10"}}),
                    ContainsSubstring("bbp: N = 10 (must be >= Q, or inf)"));
}

TEST_CASE("law_catalogue: log_cdf and log_sf of Marchenko-Pastur keep small numbers",
          "[theory][property]") {
  const Law law = make_law("marchenko-pastur", {{"Q", "4"}});  // bulk [0.25, 2.25]
  CHECK_THAT(law.log_cdf(2.25 - 1e-9), WithinRel(-law.sf(2.25 - 1e-9), 1e-12));
  CHECK_THAT(law.log_sf(0.25 + 1e-9), WithinRel(-law.cdf(0.25 + 1e-9), 1e-12));
  CHECK(law.log_cdf(3) == 0);
  CHECK(law.log_sf(3) == -std::numeric_limits<double>::infinity());
}

TEST_CASE("law_catalogue: names what is wrong and what would be right", "[theory][errors]") {
  CHECK_THROWS_AS(find_law("tracy"), std::domain_error);
  CHECK_THROWS_WITH(find_law("tracy-widow"),
                    ContainsSubstring("law: name = tracy-widow (must be one of marchenko-pastur, "
                                      "semicircle, tracy-widom") &&
                        ContainsSubstring("did you mean tracy-widom?"));
  CHECK_THROWS_WITH(find_law("cauchy"), !ContainsSubstring("did you mean"));
  CHECK_THROWS_WITH(make_law("marchenko-pastur"),
                    ContainsSubstring("marchenko-pastur: Q is missing (must be given"));
  CHECK_THROWS_WITH(
      make_law("marchenko-pastur", {{"Q", "2"}, {"sigma", "1"}}),
      ContainsSubstring("marchenko-pastur: parameter = sigma (must be one of Q, sigma2; did you "
                        "mean sigma2?)"));
  CHECK_THROWS_WITH(make_law("marchenko-pastur", {{"Q", "two"}}),
                    ContainsSubstring("marchenko-pastur: Q = two (must be a finite number)"));
  CHECK_THROWS_WITH(make_law("marchenko-pastur", {{"Q", "2x"}}),
                    ContainsSubstring("Q = 2x (must be a finite number)"));
  CHECK_THROWS_WITH(make_law("marchenko-pastur", {{"Q", "nan"}}),
                    ContainsSubstring("Q = nan (must be a finite number)"));
  CHECK_THROWS_WITH(make_law("marchenko-pastur", {{"Q", "-1"}}),
                    ContainsSubstring("marchenko-pastur: Q = -1 (must be > 0)"));
  CHECK_THROWS_WITH(make_law("tracy-widom", {{"beta", "3"}}),
                    ContainsSubstring("tracy-widom: beta = 3 (must be 1, 2 or 4)"));
  CHECK_THROWS_WITH(make_law("tracy-widom", {{"convention", "x"}}),
                    ContainsSubstring("convention = x (must be one of sqrt2, unscaled, beta)"));
  CHECK_THROWS_WITH(make_law("wishart-edge", {{"N", "0"}, {"M", "5"}}),
                    ContainsSubstring("wishart-edge: N = 0 (must be >= 1)"));
  CHECK_THROWS_WITH(make_law("wishart-edge", {{"N", "5"}, {"M", "5"}, {"edge", "lower"}}),
                    ContainsSubstring("wishart-edge: N = 5 (must be > M at the lower edge"));
}
