// SPDX-License-Identifier: MIT
/// \file
/// \brief What the rows of the catalogue of laws share: reading parameters, filling in members.
#pragma once

#include <cmath>

#include "theory/law_catalogue.hpp"

namespace rmtlab::theory {

/// Fills the members that follow from the free functions of a distribution type.
template <class Distribution>
Law continuous_law(const Distribution& law) {
  Law result;
  result.pdf = [law](double x) { return pdf(law, x); };
  result.cdf = [law](double x) { return cdf(law, x); };
  result.sf = [law](double x) { return sf(law, x); };
  result.quantile = [law](double p) { return quantile(law, p); };
  result.quantile_sf = [law](double q) { return quantile_sf(law, q); };
  result.mean = mean(law);
  result.variance = variance(law);
  return result;
}

/// log(1 - small) or log(value), whichever keeps its digits.
inline double log_of(double value, double complement) {
  return value > 0.5 ? std::log1p(-complement) + 0.0 : std::log(value);
}

/// A continuous law whose logarithms come from cdf and sf.
template <class Distribution>
Law law_with_logarithms(const Distribution& law) {
  Law result = continuous_law(law);
  result.log_cdf = [law](double x) { return log_of(cdf(law, x), sf(law, x)); };
  result.log_sf = [law](double x) { return log_of(sf(law, x), cdf(law, x)); };
  return result;
}

}  // namespace rmtlab::theory
