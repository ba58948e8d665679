// SPDX-License-Identifier: MIT
/// \file
/// \brief The laws by name: what a command line, a configuration or a figure can ask for.
#include "theory/law_catalogue.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "theory/law_entries.hpp"
#include "theory/law_functions.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/tracy_widom.hpp"

namespace rmtlab::theory {

namespace {

// --- The laws ------------------------------------------------------------------------------------

constexpr std::array marchenko_pastur_parameters = {
    ParameterDeclaration{"Q", "", "> 0", "aspect ratio N/M, rows over columns"},
    ParameterDeclaration{"sigma2", "1", "> 0", "variance of the entries of W"},
};

Law make_marchenko_pastur(const NamedParameters& parameters) {
  const ParameterReader read("marchenko-pastur", parameters);
  const MarchenkoPastur law(read.positive("Q"), read.positive("sigma2"));
  Law result = continuous_law(law);
  result.log_cdf = [law](double x) { return log_of(cdf(law, x), sf(law, x)); };
  result.log_sf = [law](double x) { return log_of(sf(law, x), cdf(law, x)); };
  return result;
}

constexpr std::array tracy_widom_parameters = {
    ParameterDeclaration{"beta", "1", "1, 2 or 4",
                         "Dyson index: real, complex or quaternion entries"},
    ParameterDeclaration{"convention", "sqrt2", "sqrt2, unscaled or beta",
                         "scale of the argument, for beta = 4 only"},
};

Law make_tracy_widom(const NamedParameters& parameters) {
  const ParameterReader read("tracy-widom", parameters);
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
      wishart_edge_entry(),
      hard_edge_entry(),
      frechet_entry(),
      spike_mapped_entry(),
      bbp_entry(),
      heavy_tailed_mp_entry(),
      general_mp_entry(),
      wigner_surmise_entry(),
      spacing_entry(),
      gap_ratio_entry(),
      porter_thomas_entry(),
      haar_maximum_entry(),
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

Law make_law(std::string_view name, const NamedParameters& parameters) {
  const LawEntry& entry = find_law(name);
  return entry.make(complete(entry.name, entry.parameters, parameters));
}

}  // namespace rmtlab::theory
