// SPDX-License-Identifier: MIT
/// \file
/// \brief Internal to the power-law fit: a checked sample with its options, ready to be searched.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "sim/inference/power_law.hpp"
#include "sim/inference/power_law_scan.hpp"
#include "sim/inference/power_law_table.hpp"

namespace rmtlab::inference {

/**
 * \brief What fit, bootstrap and curve have in common. One object may serve many fits and then keeps
 * its memory.
 *
 * `table` holds the observations up to xmax. With a given xmin it begins there, so that the fit is
 * that of its first candidate; where xmin is no observation, its count is 0.
 */
struct PowerLawProblem {
  TailTable table;
  SearchRules rules{};
  std::span<const double> values;  ///< of the sample, up to xmax
  std::optional<double> xmin;      ///< as given
  std::optional<double> xmax;      ///< as given
  std::uint64_t n = 0;             ///< observations up to xmax
  std::uint64_t n_beyond = 0;      ///< observations beyond xmax

  /// Checks the options, in the name of `function`; see fit_power_law for the errors. The sample is
  /// taken as checked and must outlive its use.
  void set(const SampleView& sample, const PowerLawOptions& options, const std::string& function);

  /// The least distance, or that of the given xmin.
  [[nodiscard]] ScanResult solve(XminSearch& search) const;
  [[nodiscard]] ScanResult solve() const;

  /// xmin of candidate i.
  [[nodiscard]] double xmin_of(std::size_t i) const { return xmin ? *xmin : values[i]; }
};

/// The problem of a sample, which is checked too.
PowerLawProblem make_problem(const CountedValues& sample, const PowerLawOptions& options,
                             const std::string& function);

/// The numbers of a fit; `warnings` stays empty.
PowerLawFit describe_fit(const PowerLawProblem& problem, const ScanResult& found);

}  // namespace rmtlab::inference
