// SPDX-License-Identifier: MIT
/// \file
/// \brief Synthetic data: power-law inputs labelled by a fixed random network.
#pragma once

#include <cstddef>

#include "sim/core/random.hpp"
#include "sim/network/dataset.hpp"

namespace rmtlab::network {

struct TeacherConfig {
  std::size_t train_samples = 4000;
  std::size_t test_samples = 2000;
  std::size_t input_dimension = 784;  ///< d
  std::size_t classes = 10;           ///< K, 2 to 65536
  std::size_t hidden = 16;            ///< h, hidden units of the teacher
  double covariance_exponent = 1;     ///< a: the variance of x_i is proportional to i^-a
  double zipf = 0;                    ///< handicap of rare classes, >= 0; 0: about equal classes
  double input_norm2 = 96.04;         ///< E ||x||^2 = 0.35^2 * 784
};

/**
 * \brief Draws a training and a test set.
 *
 * Inputs: independent x_i ~ N(0, s^2 i^-a), i = 1 .. d, with s such that E||x||^2 = `input_norm2`:
 * the coordinates are the principal axes, with the power-law spectrum of natural images for a = 1.
 *
 * Labels: argmax over k = 0 .. K-1 of (o_k - mean_k)/sd_k - zipf ln(k + 1), where o = W_2^T
 * max(W_1^T x, 0) is a network d-h-K of standard normal weights without biases, and mean and sd of
 * each output are those over 2000 separate samples. Without that standardisation the positive mean
 * of the hidden units gives most samples to a few classes. No label noise.
 *
 * Streams: children "teacher", "calibration", "train" and "test" of `stream`; so the test set and
 * the teacher do not change with `train_samples`, and a larger set begins with the smaller one.
 *
 * \throws std::domain_error naming a setting outside its range.
 */
DataSplit make_teacher(const TeacherConfig& config, const core::Stream& stream);

}  // namespace rmtlab::network
