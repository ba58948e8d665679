// SPDX-License-Identifier: MIT
/// \file
/// \brief The laws by name: what a command line, a configuration or a figure can ask for.
#include "theory/law_catalogue.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "theory/law_entries.hpp"
#include "theory/law_reader.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/tracy_widom.hpp"
#include "theory/wishart_edge.hpp"

namespace rmtlab::theory {

namespace {

// --- Names ---------------------------------------------------------------------------------------

/// Optimal-string-alignment distance would be finer; for names of a few letters this is enough.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

/// "one of a, b, c; did you mean b?" for a name that is none of them.
std::string one_of(std::string_view name, const std::vector<std::string_view>& allowed) {
  const auto nearest = std::min_element(allowed.begin(), allowed.end(),
                                        [name](std::string_view x, std::string_view y) {
                                          return edit_distance(name, x) < edit_distance(name, y);
                                        });
  std::string text = fmt::format("one of {}", fmt::join(allowed, ", "));
  if (nearest != allowed.end() &&
      edit_distance(name, *nearest) <= std::min<std::size_t>(2, nearest->size()))
    text += fmt::format("; did you mean {}?", *nearest);
  return text;
}

// --- The laws ------------------------------------------------------------------------------------

constexpr std::array marchenko_pastur_parameters = {
    LawParameter{"Q", "", "> 0", "aspect ratio N/M, rows over columns"},
    LawParameter{"sigma2", "1", "> 0", "variance of the entries of W"},
};

Law make_marchenko_pastur(const LawParameters& parameters) {
  const LawReader read("marchenko-pastur", parameters);
  const MarchenkoPastur law(read.positive("Q"), read.positive("sigma2"));
  Law result = continuous_law(law);
  result.log_cdf = [law](double x) { return log_of(cdf(law, x), sf(law, x)); };
  result.log_sf = [law](double x) { return log_of(sf(law, x), cdf(law, x)); };
  return result;
}

constexpr std::array tracy_widom_parameters = {
    LawParameter{"beta", "1", "1, 2 or 4", "Dyson index: real, complex or quaternion entries"},
    LawParameter{"convention", "sqrt2", "sqrt2, unscaled or beta",
                 "scale of the argument, for beta = 4 only"},
};

Law make_tracy_widom(const LawParameters& parameters) {
  const LawReader read("tracy-widom", parameters);
  const double beta = read.number("beta");
  if (beta != 1 && beta != 2 && beta != 4) read.refuse("beta", "1, 2 or 4");
  const TracyWidom law(
      static_cast<int>(beta),
      read.word<TracyWidomConvention>("convention", {{"sqrt2", TracyWidomConvention::sqrt2},
                                                     {"unscaled", TracyWidomConvention::unscaled},
                                                     {"beta", TracyWidomConvention::beta}}));
  Law result = continuous_law(law);
  result.log_cdf = [law](double x) { return log_cdf(law, x); };
  result.log_sf = [law](double x) { return log_sf(law, x); };
  result.skewness = skewness(law);
  result.kurtosis_excess = kurtosis_excess(law);
  return result;
}

constexpr std::array wishart_edge_parameters = {
    LawParameter{"N", "", ">= 1", "rows of W"},
    LawParameter{"M", "", ">= 1", "columns of W"},
    LawParameter{"sigma2", "1", "> 0", "variance of the entries of W"},
    LawParameter{"edge", "upper", "upper or lower", "largest or smallest eigenvalue"},
    LawParameter{"constants", "ma", "ma or johnstone", "of the upper edge"},
};

Law upper_edge_law(const EdgeScaling& edge) {
  const TracyWidom tw(1);
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
Law lower_edge_law(const LogEdgeScaling& edge) {
  const TracyWidom tw(1);
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

Law make_wishart_edge(const LawParameters& parameters) {
  const LawReader read("wishart-edge", parameters);
  const double rows = read.at_least_one("N"), cols = read.at_least_one("M");
  const double variance = read.positive("sigma2");
  const auto constants = read.word<EdgeConstants>(
      "constants", {{"ma", EdgeConstants::ma}, {"johnstone", EdgeConstants::johnstone}});
  if (read.word<bool>("edge", {{"upper", false}, {"lower", true}})) {
    if (!(rows > cols)) read.refuse("N", "> M at the lower edge: at N = M it is a hard edge");
    return lower_edge_law(lower_edge_scaling(rows, cols, variance));
  }
  return upper_edge_law(upper_edge_scaling(rows, cols, variance, constants));
}

/// Built at first use, not by a static constructor.
const auto& catalogue() {
  static const std::array all = {
      LawEntry{"marchenko-pastur",
               "Limiting density of the eigenvalues of X = W^T W / N for an N x M matrix of "
               "independent entries, N/M -> Q: Q sqrt((b - x)(x - a)) / (2 pi sigma2 x) on [a, b], "
               "a, b = sigma2 (1 -+ Q^(-1/2))^2, and an atom 1 - Q at zero when Q < 1.",
               marchenko_pastur_parameters, make_marchenko_pastur},
      semicircle_entry(),
      LawEntry{
          "tracy-widom",
          "Limit of the standardised largest eigenvalue at a soft edge: F1 = D-, F2 = D- D+, "
          "F4 = (D- + D+)/2 with D-+ = det(1 -+ T), T the integral operator on (0, infinity) "
          "with kernel Ai(x + y + s). At beta = 4 the argument is sqrt(2) s, s or 2^(2/3) s by "
          "the convention.",
          tracy_widom_parameters, make_tracy_widom},
      LawEntry{
          "wishart-edge",
          "Largest or smallest eigenvalue of X = W^T W / N for an N x M matrix of independent "
          "real Gaussian entries. Upper: center + scale TW1, center = sigma2 (sqrt a + sqrt "
          "b)^2 / N, scale = sigma2 (sqrt a + sqrt b)(1/sqrt a + 1/sqrt b)^(1/3) / N, with (a, "
          "b) = (N - 1/2, M - 1/2) for ma, (N - 1, M) for johnstone. Lower: log lambda = center "
          "- scale TW1, N > M only. z standardises a value; its p-value is 1 - F1(z).",
          wishart_edge_parameters, make_wishart_edge},
      frechet_entry(),
      spike_mapped_entry(),
      bbp_entry(),
      heavy_tailed_mp_entry(),
      general_mp_entry(),
      wigner_surmise_entry(),
      spacing_entry(),
      gap_ratio_entry(),
      porter_thomas_entry(),
  };
  return all;
}

}  // namespace

std::span<const LawEntry> law_catalogue() { return catalogue(); }

const LawEntry& find_law(std::string_view name) {
  std::vector<std::string_view> names;
  for (const LawEntry& entry : catalogue()) {
    if (entry.name == name) return entry;
    names.push_back(entry.name);
  }
  throw std::domain_error(fmt::format("law: name = {} (must be {})", name, one_of(name, names)));
}

Law make_law(std::string_view name, const LawParameters& parameters) {
  const LawEntry& entry = find_law(name);
  std::vector<std::string_view> names;
  for (const LawParameter& parameter : entry.parameters) names.push_back(parameter.name);
  for (const auto& [key, value] : parameters)
    if (std::find(names.begin(), names.end(), key) == names.end())
      throw std::domain_error(
          fmt::format("{}: parameter = {} (must be {})", entry.name, key, one_of(key, names)));

  LawParameters complete = parameters;
  for (const LawParameter& parameter : entry.parameters) {
    if (parameter.default_value.empty() && !complete.contains(parameter.name))
      throw std::domain_error(fmt::format("{}: {} is missing (must be given: {}, {})", entry.name,
                                          parameter.name, parameter.help, parameter.domain));
    complete.try_emplace(std::string(parameter.name), parameter.default_value);
  }
  return entry.make(complete);
}

}  // namespace rmtlab::theory
