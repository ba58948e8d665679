// SPDX-License-Identifier: MIT
/// \file
/// \brief Synthetic data: Gaussian inputs labelled by a fixed random network.
#pragma once

#include <cstddef>

#include "sim/core/random.hpp"
#include "sim/network/dataset.hpp"
#include "sim/network/input_covariance.hpp"

namespace rmtlab::network {

struct TeacherConfig : SyntheticConfig {
  std::size_t hidden = 16;  ///< h, hidden units of the teacher
  double zipf = 0;          ///< handicap of rare classes, >= 0; 0: about equal classes
};

/**
 * \brief Draws a training and a test set.
 *
 * Inputs: `GaussianInputs`.
 *
 * Labels: argmax over k = 0 .. K-1 of (o_k - mean_k)/sd_k + eta_k / sqrt(snr) - zipf ln(k + 1), where
 * o = W_2^T max(W_1^T x, 0) is a network d-h-K of standard normal weights without biases, and mean and
 * sd of each output are those over 2000 separate samples. Without that standardisation the positive
 * mean of the hidden units gives most samples to a few classes. The eta are independent standard
 * normals: `snr` is the variance of an output over that of its noise, in both sets; 0 (the default)
 * and infinity mean no noise.
 *
 * Streams: children "teacher", "calibration", "train" and "test" of `stream`, and "noise" of the last
 * two; so the test set and the teacher do not change with `train_samples`, a larger set begins with
 * the smaller one, and inputs do not change with `snr`.
 *
 * \throws std::domain_error naming a setting outside its range.
 */
DataSplit make_teacher(const TeacherConfig& config, const core::Stream& stream);

}  // namespace rmtlab::network
