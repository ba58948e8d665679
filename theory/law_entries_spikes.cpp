// SPDX-License-Identifier: MIT
/// \file
/// \brief Catalogue rows of the laws of an outlier.
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include <boost/math/distributions/normal.hpp>
#include <fmt/format.h>

#include "theory/domain_check.hpp"
#include "theory/frechet.hpp"
#include "theory/law_entries.hpp"
#include "theory/law_functions.hpp"
#include "theory/log_gamma_q.hpp"
#include "theory/spike_mapped.hpp"
#include "theory/spiked.hpp"

namespace rmtlab::theory {

namespace {

/// All mass at one point: no density.
Law point_law(double at) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto reached = [at](double x) {
    check_not_nan("bbp", "x", x);
    return x >= at;
  };
  Law law;
  law.cdf = [reached](double x) { return reached(x) ? 1.0 : 0.0; };
  law.sf = [reached](double x) { return reached(x) ? 0.0 : 1.0; };
  law.log_cdf = [reached](double x) { return reached(x) ? 0.0 : -infinity; };
  law.log_sf = [reached](double x) { return reached(x) ? -infinity : 0.0; };
  law.quantile = law.quantile_sf = [at](double p) {
    check_probability("bbp", "p", p);
    return at;
  };
  law.mean = at;
  law.variance = 0;
  return law;
}

Law normal_law(double center, double deviation) {
  const boost::math::normal normal(center, deviation);
  const auto checked = [](double x) {
    check_not_nan("bbp", "x", x);
    return x;
  };
  const auto left = [=](double x) { return boost::math::cdf(normal, checked(x)); };
  const auto right = [=](double x) {
    return boost::math::cdf(boost::math::complement(normal, checked(x)));
  };
  Law law;
  law.z = [=](double x) { return (checked(x) - center) / deviation; };
  law.pdf = [=](double x) { return boost::math::pdf(normal, checked(x)); };
  law.cdf = left;
  law.sf = right;
  // 1 - Phi(z) = Q(1/2, z^2/2) / 2 for z > 0 keeps the logarithm where the tail itself underflows.
  const auto log_tail = [](double z, double tail, double other) {
    return z > 5 ? log_gamma_q(0.5, z * z / 2) - std::numbers::ln2 : log_of(tail, other);
  };
  law.log_cdf = [=](double x) { return log_tail((center - x) / deviation, left(x), right(x)); };
  law.log_sf = [=](double x) { return log_tail((x - center) / deviation, right(x), left(x)); };
  law.quantile = [=](double p) {
    check_probability("bbp", "p", p);
    if (p == 0 || p == 1) return (p == 0 ? -1 : 1) * std::numeric_limits<double>::infinity();
    return boost::math::quantile(normal, p);
  };
  law.quantile_sf = [=](double q) {
    check_probability("bbp", "q", q);
    if (q == 0 || q == 1) return (q == 1 ? -1 : 1) * std::numeric_limits<double>::infinity();
    return boost::math::quantile(boost::math::complement(normal, q));
  };
  law.mean = center;
  law.variance = deviation * deviation;
  law.skewness = 0;
  law.kurtosis_excess = 0;
  return law;
}

constexpr std::array bbp_parameters = {
    ParameterDeclaration{"Q", "", "> 0", "aspect ratio N/M, rows over columns"},
    ParameterDeclaration{
        "strength", "", ">= 0",
        "S of an additive spike in units of sigma sqrt(N); sqrt(l - 1) for a population "
        "eigenvalue l > 1"},
    ParameterDeclaration{"kind", "additive", "additive or covariance",
                         "sets the fluctuation when N is given"},
    ParameterDeclaration{"N", "inf", ">= Q, or inf", "rows of W; inf is the limit, a single point"},
};

Law make_bbp(const NamedParameters& parameters) {
  const ParameterReader read("bbp", parameters);
  const double q = read.positive("Q"), strength = read.number("strength");
  if (strength < 0) read.refuse("strength", ">= 0");
  const double rows = read.size_or_infinite("N");
  if (rows < q) read.refuse("N", ">= Q, or inf");
  const bool additive = read.word<bool>("kind", {{"additive", true}, {"covariance", false}});
  const Spike spike =
      additive ? Spike::additive(q, strength) : Spike::covariance(q, 1 + strength * strength);
  if (std::isinf(rows)) return point_law(outlier_location(spike));
  if (is_supercritical(spike))
    return normal_law(outlier_location(spike), std::sqrt(fluctuation_variance(spike) / rows));
  return make_law("wishart-edge",
                  {{"N", fmt::format("{}", rows)}, {"M", fmt::format("{}", rows / q)}});
}

constexpr std::array frechet_parameters = {
    ParameterDeclaration{"shape", "", "> 0",
                         "exponent of the upper tail; mu/2 for entries of tail mu < 4"},
    ParameterDeclaration{"scale", "1", "> 0", "unit of x"},
};

Law make_frechet(const NamedParameters& parameters) {
  const ParameterReader read("frechet", parameters);
  const Frechet law(read.positive("shape"), read.positive("scale"));
  Law result = continuous_law(law);
  result.log_cdf = [law](double x) { return log_cdf(law, x); };
  result.log_sf = [law](double x) { return log_sf(law, x); };
  return result;
}

constexpr std::array spike_mapped_parameters = {
    ParameterDeclaration{"mu", "", "> 2", "tail index of the entries, P(|w| > t) ~ t^-mu"},
    ParameterDeclaration{"N", "", ">= 1", "rows of W"},
    ParameterDeclaration{"M", "", ">= 1", "columns of W"},
};

Law make_spike_mapped(const NamedParameters& parameters) {
  const ParameterReader read("spike-mapped", parameters);
  const double mu = read.number("mu");
  if (!(mu > 2)) read.refuse("mu", "> 2");
  const SpikeMapped law(mu, read.at_least_one("N"), read.at_least_one("M"));
  Law result;
  result.pdf = [law](double x) { return pdf(law, x); };
  result.cdf = [law](double x) { return cdf(law, x); };
  result.sf = [law](double x) { return sf(law, x); };
  result.log_cdf = [law](double x) { return log_cdf(law, x); };
  result.log_sf = [law](double x) { return log_sf(law, x); };
  result.quantile = [law](double p) { return quantile(law, p); };
  result.quantile_sf = [law](double q) { return quantile_sf(law, q); };
  result.mean = mean(law);
  return result;
}

}  // namespace

LawEntry frechet_entry() {
  return {
      "frechet",
      "Limit of the largest of many heavy-tailed variables: P(X <= x) = exp(-(x/scale)^-shape), "
      "x > 0. The largest eigenvalue of W^T W over the square of the level that one of the N M "
      "entries exceeds on average, for entries of tail mu < 4, with shape mu/2.",
      frechet_parameters, make_frechet};
}

LawEntry spike_mapped_entry() {
  return {
      "spike-mapped",
      "Largest eigenvalue of X = W^T W / N for symmetric Pareto entries of tail mu > 2 and unit "
      "variance: exp(-n(x)) with n(x) = (h(x)/b)^(-mu/2), h(x) the excess of the additive spike "
      "whose outlier lies at x (see bbp), b = (N M)^(2/mu) / N (mu - 2)/mu; the rest of the mass, "
      "exp(-n(edge)), is an atom at the edge (1 + sqrt(M/N))^2.",
      spike_mapped_parameters, make_spike_mapped};
}

LawEntry bbp_entry() {
  return {
      "bbp",
      "Largest eigenvalue of X = W^T W / N for unit noise and one spike of strength S. With h = "
      "S^2 and c = 1/Q: (1 + h)(1 + c/h) if h > sqrt(c), else the edge (1 + sqrt(c))^2. Without N "
      "this point is the law, and --moments prints it as the mean. With N, above the threshold "
      "the normal law there with N var = 2 (2h + 1 + c)(1 - c/h^2), (2h + 1 + c) being (1 + h)^2 "
      "for kind=covariance; below it wishart-edge. Neither holds in the critical window |h/sqrt(c) "
      "- 1| < 4 (1 + sqrt(c))^(2/3) M^(-1/3).",
      bbp_parameters, make_bbp};
}

}  // namespace rmtlab::theory
