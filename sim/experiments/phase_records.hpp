// SPDX-License-Identifier: MIT
/// \file
/// \brief The records of `phase_benchmark` as samples and labels, and scores as text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/core/table.hpp"
#include "sim/inference/phase_scores.hpp"
#include "sim/inference/tail_mechanism.hpp"

namespace rmtlab::experiments {

/// "p_bulk_plus_spikes": the column of a phase's probability.
std::string probability_column(theory::Phase phase);
/// "mechanism_gap_ratio": the column of a statistic of mechanisms.
std::string mechanism_column(std::string_view statistic);

/// Rows that have a declared phase, in their order. \throws std::out_of_range naming a column that lacks.
std::vector<std::size_t> scored_rows(const core::Table& records);
/// What the classifier of the run said of those.
std::vector<inference::ScoredLabel> labels_of(const core::Table& records);
/// The statistics of one row. \throws std::runtime_error if one is missing.
std::array<double, inference::phase_statistic_count> statistics_of(const core::Table& records,
                                                                   std::size_t row);
/// The phases and statistics of the rows given. \throws as above
std::vector<inference::PhaseSample> samples_of(const core::Table& records,
                                               const std::vector<std::size_t>& rows);
/// All rows with a mechanism that is told apart. \throws as above
std::vector<inference::MechanismSample> mechanism_samples_of(const core::Table& records);

/// Confusion matrix with recall and abstention, then the scores.
std::string scores_text(const inference::PhaseScores& scores);

}  // namespace rmtlab::experiments
