// SPDX-License-Identifier: MIT
/// \file
/// \brief What training has added to the initial weights, as columns of a record, and what it predicts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/core/record.hpp"
#include "sim/core/table.hpp"
#include "sim/inference/delta_prediction.hpp"

namespace rmtlab::experiments {

/// A trained matrix and where it started.
struct TrainedMatrix {
  arma::mat W, W_0;
  std::optional<double> initial_share;  ///< a, see network::initial_share
  double entry_variance = 0;            ///< of the law of W_0
};

/// inference::predict_from_delta; nothing without a share or where so little is left of W_0 that a^2
/// entry_variance is below inference::smallest_delta_variance.
std::optional<inference::DeltaPrediction> predict(const TrainedMatrix& matrix);

/// `initial_share`, then what is known of Delta = W - a W_0 and the prediction from it, with `lambda_max`
/// as observed. Without a prediction these are not available.
void add_delta(core::Row& row, const std::optional<double>& initial_share,
               const std::optional<inference::DeltaPrediction>& prediction, double lambda_max);

/// Controls, both with the entries or the norm of the trained matrix and nothing it has learned:
/// `shuffled_label`, the phase that the classifier gives W with its entries permuted, and `noise_label`,
/// that of a W_0 plus independent normal entries of the norm of Delta (not available without a share).
void add_controls(core::Row& row, const TrainedMatrix& matrix, const core::Stream& stream);

/// Whether a phase in words is what the label of Delta calls for: the same, or for `extensive` one of
/// bulk-decay, heavy-tailed, rank-collapse.
bool agrees(const std::string& phase, const std::string& delta_label);

/// Table of phase against label of Delta over these rows, and the share that agrees with its 95 %
/// interval of Clopper and Pearson; empty for records without such labels.
///
/// The interval takes rows as independent; rows of one replicate share their initial weights and data.
std::string delta_agreement(const core::Table& records, const std::vector<std::size_t>& rows);

}  // namespace rmtlab::experiments
