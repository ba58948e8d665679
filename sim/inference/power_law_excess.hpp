// SPDX-License-Identifier: MIT
/// \file
/// \brief Internal to the comparison with other laws: the tail that is compared on.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/inference/power_law_alternatives.hpp"
#include "sim/inference/power_law_sum.hpp"

namespace rmtlab::inference {

/// The observations a fit describes: distinct values with their log-excesses y = ln(x / xmin) >= 0.
struct TailExcess {
  std::vector<double> value, y, count;
  double size = 0;        ///< m, the sum of counts
  double mean = 0;        ///< of y: 1 / (alpha - 1)
  double squared_cv = 0;  ///< of y: variance (divisor m) / mean^2; 1 in expectation for a power law

  /// Mean over the observations of f(k), a function of the k-th distinct value.
  template <class F>
  [[nodiscard]] double average(const F& f) const {
    CompensatedSum sum;
    for (std::size_t k = 0; k < y.size(); ++k) sum.add(count[k] * f(k));
    return sum.value() / size;
  }
};

/// \throws as the alternatives do, in the name of `function`.
TailExcess tail_excess(const CountedValues& sample, const PowerLawFit& fit,
                       const std::string& function);

/// Everything of an alternative that follows from d = ln p_power_law - ln p_alternative at each
/// distinct value of the tail. A law that contains the power law and, within rounding, fits no
/// better is the power law.
Alternative compared(const TailExcess& tail, const PowerLawFit& fit, std::string name,
                     LikelihoodTest test, const std::vector<double>& difference);

/// The alternative whose greatest likelihood is that of the power law.
Alternative same_as_power_law(const TailExcess& tail, const PowerLawFit& fit, std::string name);

// Survival functions at y = ln(x / xmin).

/// Of a normal law of mean m and standard deviation s cut off below 0.
double lognormal_survival(double m, double s, double y);

/// Of the density proportional to exp(-a y - l e^y).
double truncated_power_law_survival(double a, double l, double y);

}  // namespace rmtlab::inference
