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
  /// Take this xmin, any positive number, instead of searching.
  std::optional<double> xmin = std::nullopt;
  /// The law ends here: observations beyond it are left out and the likelihood is that of the law
  /// cut off at xmax. For data that were cut, never for their own largest value: a sample maximum as
  /// the end of the law biases alpha.
  std::optional<double> xmax = std::nullopt;
  std::size_t min_tail = 2;  ///< fewest observations a tail may have, >= 2
};

/// Whether the least distance was met where the search ended, so that nothing shows it is least.
enum class SearchEdge {
  none,
  smallest_value,  ///< the whole sample is the tail
  shortest_tail,   ///< no candidate had fewer observations
};

/**
 * \brief Fit of the density \f$\rho(x)\propto x^{-\alpha}\f$ on \f$x\ge x_{\min}\f$ (and
 * \f$x\le x_{\max}\f$ where asked for).
 *
 * `sigma_alpha` is the standard error at known xmin. It leaves out the choice of xmin: on pure
 * Pareto samples of 100 to 3000 values alpha errs 1.8 to 1.4 times as much (4000 draws each);
 * exponent_interval takes the choice in.
 */
struct PowerLawFit {
  double alpha;          ///< exponent of the density; > 1 unless cut off at xmax
  double sigma_alpha;    ///< (alpha - 1) / sqrt(n_tail); with xmax, from the Fisher information
  double xmin;           ///< where the tail begins, in the unit of the data
  double xmax;           ///< largest observation, or the xmax asked for
  double ks;             ///< Kolmogorov-Smirnov distance of the tail, in the convention asked for
  std::uint64_t n;       ///< observations, without those beyond xmax
  std::uint64_t n_tail;  ///< observations >= xmin
  double decades;        ///< log10(xmax / xmin)
  std::uint64_t n_distinct;           ///< distinct values among n_tail
  std::uint64_t n_beyond;             ///< observations left out because they exceed xmax
  bool is_cut_off;                    ///< whether xmax was asked for
  SearchEdge edge;                    ///< `none` if xmin was given
  std::vector<std::string> warnings;  ///< what this fit alone shows; `diagnose` has more to say
};

/**
 * \brief Clauset, Shalizi and Newman's fit of a continuous power law, exactly.
 *
 * For a given \f$x_{\min}\f$ with m observations above or at it the likelihood is greatest at
 * \f[ \alpha = 1 + m \Big/ \sum_{x_i\ge x_{\min}} \ln\frac{x_i}{x_{\min}} , \f]
 * and with the law cut off at \f$x_{\max}\f$ at the root of
 * \f[ \frac1m\sum\ln\frac{x_i}{x_{\min}} = \frac1{\alpha-1} - \frac{\ell}{e^{(\alpha-1)\ell}-1},
 *     \qquad \ell=\ln\frac{x_{\max}}{x_{\min}}, \f]
 * which may lie at \f$\alpha\le1\f$. Without `options.xmin`, every distinct value except the largest
 * is tried and the one of least Kolmogorov-Smirnov distance kept; of equal distances the smallest.
 * Ranks run through ties.
 *
 * - Domain: positive finite values, at least two of them distinct (in the tail too). Any scale
 *   between 1e-300 and 1e300; multiplying the data by c changes xmin and xmax only.
 * - Accuracy: xmin and n_tail of an exhaustive search in long double, alpha (relative) and ks
 *   (absolute) within 1e-15 of it, on nine published data sets and on random samples with and
 *   without ties; checked to 1e-13 in tests/sim/inference/power_law_test.cpp and
 *   power_law_reference_test.cpp, [accuracy]. The same bits as an exhaustive loop over all pairs:
 *   power_law_scan_test.cpp.
 * - Cost: linear (XminSearch). Measured on one core of an AMD EPYC, Pareto values, repeated fits
 *   (tests/bench/power_law_bench.cpp): 0.02, 0.2, 1.3 and 34 ms for 10^3, 10^4, 10^5 and 10^6 sorted
 *   values, 0.03, 0.3, 2.0 and 49 ms unsorted; cut off at xmax ten to twenty times as much. The
 *   thread keeps about 100 bytes a value for its next fit, up to 2 million values.
 *
 * \throws InvalidValue for a value that is not positive and finite (the first one and its index).
 * \throws std::domain_error for constant samples, and options that leave no tail.
 * \throws std::invalid_argument if values and counts are not equally many.
 *
 * \cite Clauset2009 sections 3.1 and 3.3; the estimator is \cite Muniruzzaman1957, cut off
 * \cite AbanMeerschaertPanorska2006.
 */
PowerLawFit fit_power_law(const CountedValues& sample, const PowerLawOptions& options = {});

/// As above for a plain list, in any order; an ascending one is recognised and not sorted again.
PowerLawFit fit_power_law(std::span<const double> values, const PowerLawOptions& options = {});

/// One point of the curve that the fit minimises.
struct KsPoint {
  double xmin, ks, alpha;
  std::uint64_t n_tail;
};

/**
 * \brief Distance and exponent as functions of xmin, for plots: ascending in xmin.
 *
 * Every candidate if there are at most `points`, else about as many, evenly spaced in ln n_tail, and
 * always the fitted one. `options.xmin` is ignored. Measured as above: 0.1, 0.6 and 14 ms for 10^3,
 * 10^4 and 10^5 values.
 *
 * \throws as fit_power_law, and std::domain_error if `points` < 2.
 */
std::vector<KsPoint> ks_curve(const CountedValues& sample, const PowerLawOptions& options = {},
                              std::size_t points = 400);

}  // namespace rmtlab::inference
