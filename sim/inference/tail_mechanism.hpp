// SPDX-License-Identifier: MIT
/// \file
/// \brief What may have made an apparent heavy tail: five mechanisms, told apart by entries, vectors and levels.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <armadillo>

#include "sim/ensembles/ensemble.hpp"
#include "sim/inference/matrix_analysis.hpp"
#include "sim/inference/weight_table.hpp"

namespace rmtlab::inference {

/// The mechanisms that are told apart.
inline constexpr std::array tail_mechanisms = {
    ensembles::Mechanism::heavy_entries, ensembles::Mechanism::heavy_population,
    ensembles::Mechanism::weak_repulsion, ensembles::Mechanism::lognormal_population,
    ensembles::Mechanism::spikes};

inline constexpr std::size_t mechanism_statistic_count = 16;
using MechanismStatistics = std::array<double, mechanism_statistic_count>;

/// Names and meanings, in order.
std::span<const PhaseStatistic, mechanism_statistic_count> mechanism_statistic_list();

/**
 * \brief The statistics of one matrix.
 *
 * The shuffled copy is drawn from a fixed stream keyed by the shape: the result is a function of W.
 * Costs the analysis of one shuffle and the ten strongest triplets: about as much again as
 * `analyze_matrix`.
 * \param analysis of the same W
 * \throws std::domain_error for a zero or tiny matrix, and as `top_singular_vectors`.
 */
MechanismStatistics mechanism_statistics(const arma::mat& W, const MatrixAnalysis& analysis);

struct MechanismVerdict {
  std::array<double, tail_mechanisms.size()>
      probabilities{};               ///< in the order of `tail_mechanisms`
  ensembles::Mechanism mechanism{};  ///< the most probable
  bool abstained = false;            ///< its probability is below `certain_enough`
};

struct MechanismSample {
  MechanismStatistics statistics;
  ensembles::Mechanism mechanism;
};

/**
 * \brief Softmax regression on `mechanism_statistics`.
 *
 * The question only makes sense for a spectrum with more than noise in it, and the five are the only
 * answers it knows: a mixture gets the name of what it resembles most. Trained on the probe families
 * "mechanism" with equal weight for each mechanism; measured by configs/mechanism_benchmark.yaml.
 */
class MechanismClassifier {
public:
  static const MechanismClassifier& shipped();
  /// \throws std::invalid_argument if a mechanism has no sample or a sample another mechanism.
  static MechanismClassifier train(const std::vector<MechanismSample>& samples);
  /// \throws std::runtime_error for a malformed table or one without a mechanism.
  static MechanismClassifier from_csv(std::string_view csv);
  /// As `weight_table_csv`, one score a mechanism.
  [[nodiscard]] std::string csv() const { return weight_table_csv(scores_); }
  [[nodiscard]] MechanismVerdict classify(const MechanismStatistics& statistics) const;

private:
  std::vector<Score> scores_;  // in the order of tail_mechanisms
};

}  // namespace rmtlab::inference
