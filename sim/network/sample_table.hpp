// SPDX-License-Identifier: MIT
/// \file
/// \brief Samples as files hold them, and how they become a training and a test set.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/network/dataset.hpp"

namespace rmtlab::network {

/// Rows of numbers, read when they are needed, and a class for each.
struct SampleTable {
  std::string source;         ///< the file, for messages
  std::string noun;           ///< what a row is, for messages: "images"
  std::size_t dimension = 0;  ///< d, numbers in a row
  std::vector<Label> labels;  ///< one per row, each below the number of classes
  std::function<void(std::size_t row, std::span<double> values)> read;  ///< finite numbers

  [[nodiscard]] std::size_t rows() const { return labels.size(); }
};

struct SplitConfig {
  std::size_t train_samples = 4000;
  std::size_t test_samples = 2000;
  double input_norm2 = 96.04;  ///< mean of ||x||^2 over the training part
  std::size_t classes = 10;    ///< K; every label must be below it
};

/// Checks that both parts have samples, input_norm2 is finite and > 0, and K is 2 to 65536.
/// \throws std::domain_error naming `function` and the setting.
void check_split(const char* function, const SplitConfig& config);

/**
 * \brief A training and a test set from one table.
 *
 * The rows are permuted at random (`stream.child("split")`); the first `train_samples` are for
 * training, the next `test_samples` for testing. From both, the mean over the training part is
 * removed from each coordinate, and both are multiplied by one number, such that the mean of ||x||^2
 * over the training part is `input_norm2`.
 *
 * \throws std::runtime_error naming the source: too few rows, or training rows that are all equal.
 * \throws std::domain_error for settings outside their range.
 */
DataSplit split_table(const SampleTable& table, const SplitConfig& config,
                      const core::Stream& stream);

/// Likewise with a table for each part: the test rows are permuted by `stream.child("test_split")`.
/// \throws std::runtime_error also if the tables have different dimensions.
DataSplit split_tables(const SampleTable& train, const SampleTable& test, const SplitConfig& config,
                       const core::Stream& stream);

}  // namespace rmtlab::network
