// SPDX-License-Identifier: MIT
/// \file
/// \brief The numbers that the questions about a phase are put to.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "sim/inference/phase_input.hpp"

namespace rmtlab::inference {

/// A statistic by name, with what it means.
struct PhaseStatistic {
  std::string_view name;
  std::string_view meaning;
};

inline constexpr std::size_t phase_statistic_count = 21;

/// Their names and meanings, in the order of `phase_statistics`. Quantiles are of the M eigenvalues,
/// at position p M - 1/2, linear in the logarithm; "stretch" at p is the logarithm of the quantile over
/// the median less that of Marchenko and Pastur's law at this Q, positive where the spectrum is wider.
/// "Evidence" is -log10 of a p-value, at most 6, and 6 where there is no fit.
std::span<const PhaseStatistic, phase_statistic_count> phase_statistic_list();

/// The statistics of one matrix, all finite whatever the spectrum.
/// \throws std::domain_error if there are fewer than 10 eigenvalues, or all are zero, or N < M.
std::array<double, phase_statistic_count> phase_statistics(const PhaseInput& input);

/// Place of the statistic in the list. \throws std::domain_error listing the names.
std::size_t phase_statistic_index(std::string_view name);

}  // namespace rmtlab::inference
