// SPDX-License-Identifier: MIT
/// \file
/// \brief Catalogue rows of bulk densities beyond Marchenko-Pastur.
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "theory/general_mp.hpp"
#include "theory/heavy_tailed_mp.hpp"
#include "theory/law_entries.hpp"
#include "theory/law_reader.hpp"

namespace rmtlab::theory {

namespace {

constexpr std::array heavy_tailed_mp_parameters = {
    LawParameter{"mu", "", ">= 0.1 and <= 1.9", "tail index of the entries"},
    LawParameter{"Q", "", ">= 1e-4 and <= 1e4", "aspect ratio N/M, rows over columns"},
};

Law make_heavy_tailed_mp(const LawParameters& parameters) {
  const LawReader read("heavy-tailed-mp", parameters);
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

constexpr std::array general_mp_parameters = {
    LawParameter{"Q", "", "> 0", "aspect ratio N/M, rows over columns"},
    LawParameter{"values", "", "positive numbers a,b,c",
                 "eigenvalues of the population covariance"},
    LawParameter{"weights", "", "as many positive numbers a,b,c, of sum 1", "their shares"},
};

Law make_general_mp(const LawParameters& parameters) {
  const LawReader read("general-mp", parameters);
  const double q = read.positive("Q");
  const std::vector<double> values = read.positive_list("values");
  const std::vector<double> weights = read.positive_list("weights");
  if (values.size() != weights.size()) read.refuse("weights", "as many numbers as values");
  double sum = 0;
  for (const double w : weights) sum += w;
  if (std::abs(sum - 1) > 1e-6) read.refuse("weights", "of sum 1 within 1e-6");
  const GeneralMp law(q, values, weights);
  Law result = continuous_law(law);
  result.log_cdf = [law](double x) { return log_of(cdf(law, x), sf(law, x)); };
  result.log_sf = [law](double x) { return log_of(sf(law, x), cdf(law, x)); };
  return result;
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
  return {"general-mp",
          "Limiting density of the eigenvalues of W^T W / N when the rows of W have a covariance "
          "with eigenvalues `values` in the proportions `weights`: the solution of z = -1/v + "
          "(1/Q) sum w t / (1 + t v), density Q Im v / pi; one or several intervals, and an atom "
          "1 - Q at zero when Q < 1.",
          general_mp_parameters, make_general_mp};
}

}  // namespace rmtlab::theory
