// SPDX-License-Identifier: MIT
/// \file
/// \brief What to distrust in a power-law fit, in words, and what to do about it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/inference/power_law.hpp"
#include "sim/inference/power_law_alternatives.hpp"
#include "sim/inference/power_law_bootstrap.hpp"

namespace rmtlab::inference {

enum class WarningKind {
  edge_like,           ///< so steep for so few values that it may be the edge of a bulk
  short_range,         ///< the tail spans less than one decade
  dependent_values,    ///< eigenvalues: p-value, standard error and interval assume independence
  few_observations,    ///< fewer than 50 observations in the tail
  search_edge,         ///< the least distance was met where the search ended
  implausible,         ///< the goodness-of-fit p-value is below 0.1
  better_alternative,  ///< another law fits significantly better
  repeated_values,     ///< rounded or discrete data under a continuous law
};

/// As in records: `edge_like`, `short_range`, ...
std::string_view name(WarningKind kind);

struct TailWarning {
  WarningKind kind;
  std::string text;    ///< what is wrong, with the numbers
  std::string advice;  ///< what to do
};

/// Text and advice in one line.
std::string full_text(const TailWarning& warning);

/// What else is known of a fit. All of it is optional.
struct FitContext {
  /// The values are eigenvalues of one matrix (or of a few): they repel each other.
  bool values_are_eigenvalues = false;
  std::optional<GoodnessOfFit> goodness = std::nullopt;
  std::span<const Alternative> alternatives = {};
};

/**
 * \brief log10(x_max / x_min) that m values of the fitted law span on average,
 * \f$(\ln m+\gamma)/((\alpha-1)\ln10)\f$ with Euler's \f$\gamma\f$.
 *
 * Unlike `decades` it does not hang on the one largest value. `decades` itself for a law cut off.
 */
double typical_decades(const PowerLawFit& fit);

/**
 * \brief Warnings about a fit, in the order of WarningKind; empty if there is nothing to say.
 *
 * The limits are conventions with these reasons:
 * - edge_like, typical_decades < 0.87: tells heavy-tailed spectra from bulk edges, which the p-value
 *   does not. Of 120 spectra each of 1500 x 500 matrices with symmetric Pareto entries, those of
 *   tail index mu = 2 are all above 0.93 and those of mu = 3, whose tail is still hidden in the
 *   Marchenko-Pastur edge, all below 0.82; the limit is in the middle
 *   (tests/sim/inference/power_law_diagnosis_test.cpp).
 * - short_range, decades < 1: alpha is the slope over less than one decade. It is the same warning in
 *   most cases; on the spectra above it errs for 5 % at mu = 2 and 8 % at mu = 3.
 * - 50 observations: below, the least distance is often met by chance on a short tail.
 * - p < 0.1: the limit of \cite Clauset2009 section 4.1, who refuse the law there.
 * - an alternative is better if its likelihood is greater and its p-value < 0.1.
 */
std::vector<TailWarning> diagnose(const PowerLawFit& fit, const FitContext& context = {});

}  // namespace rmtlab::inference
