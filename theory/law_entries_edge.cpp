// SPDX-License-Identifier: MIT
/// \file
/// \brief Catalogue rows of the laws of the extreme eigenvalues of noise.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "theory/hard_edge.hpp"
#include "theory/law_entries.hpp"
#include "theory/law_functions.hpp"
#include "theory/tracy_widom.hpp"
#include "theory/wishart_edge.hpp"
#include "theory/wishart_exact.hpp"

namespace rmtlab::theory {

namespace {

int read_dyson_index(const ParameterReader& read) {
  const double beta = read.number("beta");
  if (beta != 1 && beta != 2) read.refuse("beta", "1 or 2");
  return static_cast<int>(beta);
}

int read_whole(const ParameterReader& read, std::string_view name) {
  const double value = read.at_least_one(name);
  if (value != std::floor(value) || value > std::numeric_limits<int>::max())
    read.refuse(name, "a whole number below 2^31 for an exact law");
  return static_cast<int>(value);
}

/// Members of a type that has logarithms of both tails.
template <class Distribution>
Law law_with_both_logarithms(const Distribution& law) {
  Law result;
  result.pdf = [law](double x) { return pdf(law, x); };
  result.cdf = [law](double x) { return cdf(law, x); };
  result.sf = [law](double x) { return sf(law, x); };
  result.log_cdf = [law](double x) { return log_cdf(law, x); };
  result.log_sf = [law](double x) { return log_sf(law, x); };
  result.quantile = [law](double p) { return quantile(law, p); };
  result.quantile_sf = [law](double q) { return quantile_sf(law, q); };
  return result;
}

// --- wishart-edge --------------------------------------------------------------------------------

constexpr std::array wishart_edge_parameters = {
    ParameterDeclaration{"N", "", ">= 1", "rows of W"},
    ParameterDeclaration{"M", "", ">= 1", "columns of W"},
    ParameterDeclaration{"beta", "1", "1 or 2", "Dyson index: real or complex entries"},
    ParameterDeclaration{"sigma2", "1", "> 0", "variance E|w|^2 of the entries of W"},
    ParameterDeclaration{"edge", "upper", "upper or lower", "largest or smallest eigenvalue"},
    ParameterDeclaration{"constants", "ma", "ma or johnstone",
                         "of the upper edge: second or first order in 1/M"},
    ParameterDeclaration{
        "exact", "false", "true or false",
        "the law at this N and M instead of Tracy-Widom's limit; whole numbers, the smaller "
        "one <= 200"},
    ParameterDeclaration{
        "kurtosis", "0", ">= -2",
        "excess kurtosis of the entries, which moves the edge; beta=1 and exact=false only"},
};

Law upper_edge_law(const EdgeScaling& edge, const TracyWidom& tw) {
  Law law;
  law.z = [edge](double x) { return edge_z(edge, x); };
  law.pdf = [edge, tw](double x) { return pdf(tw, edge_z(edge, x)) / edge.scale; };
  law.cdf = [edge, tw](double x) { return cdf(tw, edge_z(edge, x)); };
  law.sf = [edge, tw](double x) { return sf(tw, edge_z(edge, x)); };
  law.log_cdf = [edge, tw](double x) { return log_cdf(tw, edge_z(edge, x)); };
  law.log_sf = [edge, tw](double x) { return log_sf(tw, edge_z(edge, x)); };
  law.quantile = [edge, tw](double p) { return edge.center + edge.scale * quantile(tw, p); };
  law.quantile_sf = [edge, tw](double q) { return edge.center + edge.scale * quantile_sf(tw, q); };
  law.mean = edge.center + edge.scale * mean(tw);
  law.variance = edge.scale * edge.scale * variance(tw);
  law.skewness = skewness(tw);
  law.kurtosis_excess = kurtosis_excess(tw);
  return law;
}

/// z falls as lambda rises, so the two tails change places. The moments of exp(-Tracy-Widom) have
/// no closed form and are left out.
Law lower_edge_law(const LogEdgeScaling& edge, const TracyWidom& tw) {
  // No mass at or below zero, where the logarithm ends.
  const auto z = [edge](double x) { return edge_z(edge, std::isnan(x) ? x : std::max(x, 0.0)); };
  Law law;
  law.z = [edge](double x) { return edge_z(edge, x); };
  law.pdf = [edge, tw, z](double x) { return x <= 0 ? 0.0 : pdf(tw, z(x)) / (edge.scale * x); };
  law.cdf = [tw, z](double x) { return sf(tw, z(x)); };
  law.sf = [tw, z](double x) { return cdf(tw, z(x)); };
  law.log_cdf = [tw, z](double x) { return log_sf(tw, z(x)); };
  law.log_sf = [tw, z](double x) { return log_cdf(tw, z(x)); };
  law.quantile = [edge, tw](double p) {
    return std::exp(edge.center - edge.scale * quantile_sf(tw, p));
  };
  law.quantile_sf = [edge, tw](double q) {
    return std::exp(edge.center - edge.scale * quantile(tw, q));
  };
  return law;
}

/// Of Gaussian entries; z is that of the limit law.
Law exact_edge_law(const ParameterReader& read, int dyson_index, double variance, SpectrumEdge edge,
                   EdgeConstants constants) {
  const int rows = read_whole(read, "N"), cols = read_whole(read, "M");
  if (std::min(rows, cols) > LaguerreGap::largest_order)
    read.refuse(rows < cols ? "N" : "M", "<= 200, or N be, for exact=true");
  if (read.number("kurtosis") != 0)
    read.refuse("kurtosis", "0 for exact=true: the exact law is that of Gaussian entries");
  const WishartExtremeEigenvalue extreme(rows, cols, dyson_index, variance, edge);
  Law law = law_with_both_logarithms(extreme);
  const WishartMoments about = moments(extreme);
  law.mean = about.mean;
  law.variance = about.variance;
  law.skewness = about.skewness;
  law.kurtosis_excess = about.kurtosis_excess;
  if (edge == SpectrumEdge::upper)
    law.z = [scaling = upper_edge_scaling(rows, cols, variance, constants, dyson_index)](double x) {
      return edge_z(scaling, x);
    };
  else if (rows > cols)
    law.z = [scaling = lower_edge_scaling(rows, cols, variance, dyson_index)](double x) {
      return edge_z(scaling, x);
    };
  return law;
}

Law make_wishart_edge(const NamedParameters& parameters) {
  const ParameterReader read("wishart-edge", parameters);
  const double rows = read.at_least_one("N"), cols = read.at_least_one("M");
  const int dyson_index = read_dyson_index(read);
  const double variance = read.positive("sigma2"), kurtosis = read.number("kurtosis");
  if (kurtosis < -2) read.refuse("kurtosis", ">= -2");
  if (kurtosis != 0 && dyson_index == 2)
    read.refuse("kurtosis", "0 for beta=2: the shift is known for real entries");
  const auto constants = read.word<EdgeConstants>(
      "constants", {{"ma", EdgeConstants::ma}, {"johnstone", EdgeConstants::johnstone}});
  const auto edge = read.word<SpectrumEdge>(
      "edge", {{"upper", SpectrumEdge::upper}, {"lower", SpectrumEdge::lower}});
  const bool exact = read.word<bool>(
      "exact",
      {{"true", true}, {"false", false}, {"yes", true}, {"no", false}, {"1", true}, {"0", false}});
  if (edge == SpectrumEdge::lower && exact && rows < cols)
    read.refuse("N", ">= M at the lower edge: X has a zero eigenvalue otherwise");
  if (edge == SpectrumEdge::lower && !exact && rows <= cols)
    read.refuse("N", "> M at the lower edge: at N = M it is a hard edge, see hard-edge");
  if (exact) return exact_edge_law(read, dyson_index, variance, edge, constants);

  const TracyWidom tw(dyson_index);
  const double shift = edge_kurtosis_shift(rows, cols, kurtosis, edge);
  if (edge == SpectrumEdge::lower) {
    LogEdgeScaling scaling = lower_edge_scaling(rows, cols, variance, dyson_index);
    scaling.center -= shift * scaling.scale;
    return lower_edge_law(scaling, tw);
  }
  EdgeScaling scaling = upper_edge_scaling(rows, cols, variance, constants, dyson_index);
  scaling.center += shift * scaling.scale;
  return upper_edge_law(scaling, tw);
}

// --- hard-edge -----------------------------------------------------------------------------------

constexpr std::array hard_edge_parameters = {
    ParameterDeclaration{"N", "", "a whole number >= 1", "rows and columns of W"},
    ParameterDeclaration{"beta", "1", "1 or 2", "Dyson index: real or complex entries"},
    ParameterDeclaration{"sigma2", "1", "> 0", "variance E|w|^2 of the entries of W"},
    ParameterDeclaration{"form", "exact", "exact or limit",
                         "the law at this N, or its limit as N grows"},
};

Law make_hard_edge(const NamedParameters& parameters) {
  const ParameterReader read("hard-edge", parameters);
  const HardEdge law(read_whole(read, "N"), read_dyson_index(read), read.positive("sigma2"),
                     read.word<HardEdgeForm>(
                         "form", {{"exact", HardEdgeForm::exact}, {"limit", HardEdgeForm::limit}}));
  Law result = law_with_both_logarithms(law);
  result.mean = mean(law);
  result.variance = variance(law);
  return result;
}

}  // namespace

LawEntry wishart_edge_entry() {
  return {
      "wishart-edge",
      "Largest or smallest eigenvalue of X = W^T W / N for an N x M matrix of independent Gaussian "
      "entries, beta = 1 real, 2 complex. Upper: center + scale TW, center = sigma2 (sqrt a + sqrt "
      "b)^2 / N, scale = sigma2 (sqrt a + sqrt b)(1/sqrt a + 1/sqrt b)^(1/3) / N, TW the "
      "Tracy-Widom law of beta; (a, b) = (N - 1/2, M - 1/2) for ma, (N - 1, M) for johnstone (beta "
      "= "
      "2: weighted means of two such pairs, and (N, M)). Lower, N > M only: log lambda = center - "
      "scale TW. kurtosis moves the edge outwards by kurtosis (l/M)^(1/3) scales, l = (1 +- "
      "sqrt(M/N))^2. exact=true is the law of Gaussian entries at this N and M, N = M included. z "
      "standardises a value, large for an outlier at either edge; its p-value is 1 - TW(z), or the "
      "exact one.",
      wishart_edge_parameters, make_wishart_edge};
}

LawEntry hard_edge_entry() {
  return {"hard-edge",
          "Smallest eigenvalue of X = W^T W / N for a square N x N matrix of independent Gaussian "
          "entries (Edelman), where it lies at distance sigma2 / N^2 from zero. With y = N^2 x / "
          "sigma2: "
          "P(X > x) = exp(-y) for complex entries (beta = 2) at every N; for real ones exp(-y/2) "
          "E exp(-sqrt(y/N) chi_N), which tends to exp(-y/2 - sqrt(y)), form=limit.",
          hard_edge_parameters, make_hard_edge};
}

}  // namespace rmtlab::theory
