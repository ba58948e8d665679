// SPDX-License-Identifier: MIT
/// \file
/// \brief Power-law tail of a sample: maximum likelihood above the xmin of least KS distance.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/inference/power_law_values.hpp"

namespace rmtlab::inference {

/// Which steps of the empirical distribution the Kolmogorov-Smirnov distance looks at. For a tail
/// of m observations x_(0) <= ... <= x_(m-1) and the fitted distribution function F:
enum class KsConvention {
  csn,        ///< max_k abs(F(x_(k)) - k/m), Clauset, Shalizi and Newman's code
  two_sided,  ///< max_k max(F(x_(k)) - k/m, (k+1)/m - F(x_(k))), the supremum over all x
};
// They differ by at most 1/m, and csn is the kinder to short tails.

struct PowerLawOptions {
  KsConvention ks = KsConvention::csn;
  std::optional<double> xmin =
      std::nullopt;          ///< take this xmin, any positive number, instead of searching
  std::size_t min_tail = 2;  ///< fewest observations a tail may have, >= 2
};

/**
 * \brief Fit of the density \f$\rho(x)\propto x^{-\alpha}\f$ on \f$x\ge x_{\min}\f$.
 *
 * `sigma_alpha` is the standard error at known xmin. It leaves out the choice of xmin: on pure
 * Pareto samples of 100 to 3000 values alpha errs 1.8 to 1.4 times as much (4000 draws each).
 */
struct PowerLawFit {
  double alpha;          ///< exponent of the density, > 1
  double sigma_alpha;    ///< (alpha - 1) / sqrt(n_tail)
  double xmin;           ///< where the tail begins, in the unit of the data
  double xmax;           ///< largest observation
  double ks;             ///< Kolmogorov-Smirnov distance of the tail, in the convention asked for
  std::uint64_t n;       ///< observations
  std::uint64_t n_tail;  ///< observations >= xmin
  double decades;        ///< log10(xmax / xmin)
  std::vector<std::string> warnings;  ///< in words, what to distrust and what to do; often empty
};

/**
 * \brief Clauset, Shalizi and Newman's fit of a continuous power law, exactly.
 *
 * For a given \f$x_{\min}\f$ with m observations above or at it the likelihood is greatest at
 * \f[ \alpha = 1 + m \Big/ \sum_{x_i\ge x_{\min}} \ln\frac{x_i}{x_{\min}} . \f]
 * Without `options.xmin`, every distinct value except the largest is tried and the one of least
 * Kolmogorov-Smirnov distance kept; of equal distances the smallest. Ranks run through ties.
 *
 * - Domain: positive finite values, at least two of them distinct (in the tail too). Any scale
 *   between 1e-300 and 1e300; multiplying the data by c changes xmin and xmax only.
 * - Accuracy: xmin and n_tail of an exhaustive search in long double, alpha (relative) and ks
 *   (absolute) within 1e-15 of it, on nine published data sets and on random samples with and
 *   without ties; checked to 1e-13 in tests/sim/inference/power_law_test.cpp and
 *   power_law_reference_test.cpp, [accuracy].
 * - Cost: at most q^2/2 exponentials for q distinct values, far fewer where most candidates are
 *   soon seen to be worse: 10 ms for 10,000 and 38 ms for 30,000 distinct Pareto values on one core
 *   of an AMD EPYC.
 *
 * \throws std::domain_error for values that are not positive and finite (the first one and its
 *   index), constant samples, and options that leave no tail.
 * \throws std::invalid_argument if values and counts are not equally many.
 *
 * \cite Clauset2009 sections 3.1 and 3.3; the estimator is \cite Muniruzzaman1957.
 */
PowerLawFit fit_power_law(const CountedValues& sample, const PowerLawOptions& options = {});

/// As above for a plain list, in any order; an ascending one is recognised and not sorted again.
PowerLawFit fit_power_law(std::span<const double> values, const PowerLawOptions& options = {});

}  // namespace rmtlab::inference
