// SPDX-License-Identifier: MIT
/// \file
/// \brief Catalogue rows of bulk densities beyond Marchenko-Pastur.
#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "theory/continuous_mp.hpp"
#include "theory/general_mp.hpp"
#include "theory/heavy_tailed_mp.hpp"
#include "theory/law_entries.hpp"
#include "theory/law_functions.hpp"
#include "theory/population.hpp"

namespace rmtlab::theory {

namespace {

constexpr std::array heavy_tailed_mp_parameters = {
    ParameterDeclaration{"mu", "", ">= 0.1 and <= 1.9", "tail index of the entries"},
    ParameterDeclaration{"Q", "", ">= 1e-4 and <= 1e4", "aspect ratio N/M, rows over columns"},
};

Law make_heavy_tailed_mp(const NamedParameters& parameters) {
  const ParameterReader read("heavy-tailed-mp", parameters);
  const double mu = read.positive("mu"), q = read.positive("Q");
  if (!(mu >= 0.1 && mu <= 1.9)) read.refuse("mu", ">= 0.1 and <= 1.9");
  if (!(q >= 1e-4 && q <= 1e4)) read.refuse("Q", ">= 1e-4 and <= 1e4");
  const HeavyTailedMp law(mu, q);
  Law result;
  result.pdf = [law](double x) { return pdf(law, x); };
  result.cdf = [law](double x) { return cdf(law, x); };
  result.sf = [law](double x) { return sf(law, x); };
  result.log_cdf = [law](double x) { return log_of(cdf(law, x), sf(law, x)); };
  result.log_sf = [law](double x) { return log_of(sf(law, x), cdf(law, x)); };
  result.quantile = [law](double p) { return quantile(law, p); };
  result.quantile_sf = [law](double q_) { return quantile_sf(law, q_); };
  result.mean = std::numeric_limits<double>::infinity();
  return result;
}

/// Default of a parameter that one kind of population needs and the others do not have.
constexpr std::string_view not_given = "none";

constexpr std::array general_mp_parameters = {
    ParameterDeclaration{"Q", "", "> 0; 1e-4 to 1e4 for a continuous population",
                         "aspect ratio N/M, rows over columns"},
    ParameterDeclaration{"population", "discrete",
                         "discrete, power-law, gamma, lognormal or uniform",
                         "law of the eigenvalues of the population covariance"},
    ParameterDeclaration{"values", not_given, "positive numbers a,b,c, must be given",
                         "discrete: eigenvalues of the population covariance"},
    ParameterDeclaration{"weights", not_given,
                         "as many positive numbers a,b,c, of sum 1, must be given",
                         "discrete: their shares"},
    ParameterDeclaration{"alpha", not_given, "1.05 to 1e4, must be given",
                         "power-law: exponent of the density t^-alpha"},
    ParameterDeclaration{"shape", not_given, "0.1 to 1e6, must be given",
                         "gamma: k of the density t^(k-1) exp(-t/scale); 1 is exponential"},
    ParameterDeclaration{"sigma", not_given, "0.001 to 5, must be given",
                         "lognormal: standard deviation of the logarithm"},
    ParameterDeclaration{"scale", "1", "> 0", "gamma: unit of t; lognormal: median"},
    ParameterDeclaration{"min", "1", "> 0", "power-law, uniform: smallest population eigenvalue"},
    ParameterDeclaration{"max", "inf", "> 1.0001 min; inf for power-law only",
                         "power-law, uniform: largest population eigenvalue"},
};

/// The parameters `own` of the population are given, and none that belongs to another.
void check_parameters(const ParameterReader& read, std::initializer_list<std::string_view> own) {
  for (const ParameterDeclaration& parameter : general_mp_parameters) {
    if (parameter.name == "Q" || parameter.name == "population") continue;
    const bool has = std::find(own.begin(), own.end(), parameter.name) != own.end();
    const std::string& text = read.text(parameter.name);
    if (has && text == not_given)
      throw std::domain_error(
          fmt::format("general-mp: {} is missing (must be given for "
                      "population={})",
                      parameter.name, read.text("population")));
    if (!has && text != parameter.default_value)
      read.refuse(parameter.name,
                  fmt::format("left out for population={}", read.text("population")));
  }
}

GeneralMp discrete_law(const ParameterReader& read, double q) {
  check_parameters(read, {"values", "weights"});
  const std::vector<double> values = read.positive_list("values");
  const std::vector<double> weights = read.positive_list("weights");
  if (values.size() != weights.size()) read.refuse("weights", "as many numbers as values");
  double sum = 0;
  for (const double w : weights) sum += w;
  if (std::abs(sum - 1) > 1e-6) read.refuse("weights", "of sum 1 within 1e-6");
  return {q, values, weights};
}

double maximum_above(const ParameterReader& read, double minimum) {
  if (read.text("max") == "inf") return std::numeric_limits<double>::infinity();
  const double maximum = read.positive("max");
  if (!(maximum > 1.0001 * minimum)) read.refuse("max", "> 1.0001 min");
  return maximum;
}

Population power_law_population(const ParameterReader& read) {
  check_parameters(read, {"alpha", "min", "max"});
  const double minimum = read.positive("min");
  return Population::power_law(read.within("alpha", 1.05, 1e4), minimum,
                               maximum_above(read, minimum));
}

Population gamma_population(const ParameterReader& read) {
  check_parameters(read, {"shape", "scale"});
  return Population::gamma(read.within("shape", 0.1, 1e6), read.positive("scale"));
}

Population lognormal_population(const ParameterReader& read) {
  check_parameters(read, {"sigma", "scale"});
  return Population::lognormal(read.within("sigma", 1e-3, 5), read.positive("scale"));
}

Population uniform_population(const ParameterReader& read) {
  check_parameters(read, {"min", "max"});
  const double minimum = read.positive("min"), maximum = maximum_above(read, minimum);
  if (std::isinf(maximum)) read.refuse("max", "finite for population=uniform");
  return Population::uniform(minimum, maximum);
}

Law make_general_mp(const NamedParameters& parameters) {
  const ParameterReader read("general-mp", parameters);
  using PopulationReader = Population (*)(const ParameterReader&);
  const auto population =
      read.word<PopulationReader>("population", {{"discrete", nullptr},
                                                 {"power-law", power_law_population},
                                                 {"gamma", gamma_population},
                                                 {"lognormal", lognormal_population},
                                                 {"uniform", uniform_population}});
  const double q = read.positive("Q");
  if (population == nullptr) return law_with_logarithms(discrete_law(read, q));
  if (!(q >= 1e-4 && q <= 1e4)) read.refuse("Q", "from 1e-4 to 1e4 for a continuous population");
  return law_with_logarithms(ContinuousMp(q, population(read)));
}

}  // namespace

LawEntry heavy_tailed_mp_entry() {
  return {"heavy-tailed-mp",
          "Limiting density of the eigenvalues of W^T W / a_N^2 for an N x M matrix of independent "
          "entries of tail index mu < 2, N/M -> Q and P(|w| > a_N) = 1/N: no upper edge, density "
          "(mu/2) x^(-1-mu/2) for large x, an atom 1 - Q at zero when Q < 1. Pareto entries have "
          "a_N = N^(1/mu). The mean is infinite.",
          heavy_tailed_mp_parameters, make_heavy_tailed_mp};
}

LawEntry general_mp_entry() {
  return {
      "general-mp",
      "Limiting density of the eigenvalues of W^T W / N when the rows of W have a covariance "
      "whose eigenvalues t follow the law H: the solution of z = -1/v + (1/Q) int t dH / (1 + t "
      "v), density Q Im v / pi, and an atom 1 - Q at zero when Q < 1. H: `values` in the "
      "proportions `weights` (one or several intervals), a power law t^-alpha on (min, max), "
      "gamma, lognormal or uniform (one interval, unbounded if H is). The tail of a power law "
      "without maximum is that of H for every Q: exponent alpha and the same constant; the mean "
      "is infinite for alpha <= 2, the variance for alpha <= 3.",
      general_mp_parameters, make_general_mp};
}

}  // namespace rmtlab::theory
