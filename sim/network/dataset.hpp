// SPDX-License-Identifier: MIT
/// \file
/// \brief Labelled samples.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/network/dense_network.hpp"

namespace rmtlab::network {

/// Samples with one class each.
struct Dataset {
  std::size_t dimension = 0;  ///< d
  std::size_t classes = 0;    ///< K
  std::vector<float> inputs;  ///< samples x d, row-major
  std::vector<Label> labels;  ///< one per sample, each < K

  [[nodiscard]] std::size_t samples() const { return labels.size(); }
  /// The d numbers of sample i.
  [[nodiscard]] std::span<const float> input(std::size_t i) const {
    return {inputs.data() + i * dimension, dimension};
  }
};

/// Samples to learn from, and others of the same kind to judge by.
struct DataSplit {
  Dataset train, test;
};

/// Mean of ||x||^2 over the samples. \throws std::invalid_argument without samples.
double mean_norm2(const Dataset& data);

/**
 * \brief Gives a random class to each sample with probability `fraction`, drawn from all K: the label of
 * a sample changes with probability fraction (K - 1)/K. 1 makes the labels random.
 *
 * Two numbers per sample in either case: the samples touched at one fraction are among those at any
 * larger one, and get the same class.
 * \throws std::domain_error unless 0 <= fraction <= 1.
 */
void randomise_labels(Dataset& data, double fraction, core::Stream stream);

/// Checks that `data` is consistent, not empty, and made for a network of these widths.
/// \throws std::invalid_argument naming `function` and what does not fit.
void check_dataset(const char* function, const Dataset& data,
                   const std::vector<std::size_t>& widths);

}  // namespace rmtlab::network
