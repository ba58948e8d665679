// SPDX-License-Identifier: MIT
/// \file
/// \brief Reader of the binary version of CIFAR-10.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/network/dataset.hpp"

namespace rmtlab::network {

/// Colour images of 32 x 32 pixels with their classes.
struct Cifar10Images {
  static constexpr std::size_t side = 32, channels = 3, classes = 10;
  static constexpr std::size_t pixels_per_image = channels * side * side;

  std::string source;                ///< the file, for messages
  std::vector<std::uint8_t> labels;  ///< one per image, below `classes`
  std::vector<std::uint8_t> pixels;  ///< count x channels x rows x columns, as in the file

  [[nodiscard]] std::size_t count() const { return labels.size(); }
};

/**
 * \brief Reads records of 3073 bytes: a label, then the red, green and blue pixels, each row by row.
 *
 * The format has no header, so several files may be joined into one.
 * \throws std::runtime_error naming the file and the byte: it cannot be opened, is empty, ends within
 *   a record, or holds a label above 9 \cite Krizhevsky2009.
 */
Cifar10Images read_cifar10(const std::filesystem::path& file);

struct Cifar10Config {
  std::size_t train_samples = 4000;
  std::size_t test_samples = 2000;
};

/**
 * \brief A training and a test set, prepared as for Martin and Mahoney's networks: d = 28 * 28 * 3.
 *
 * The images are permuted at random (`stream.child("split")`); the first `train_samples` are for
 * training, the next `test_samples` for testing. Of each the central 28 x 28 pixels are kept, divided
 * by 255, and standardised by the image's own mean and deviation, (x - mean)/max(sd, 1/sqrt(d)), so
 * that ||x||^2 = d unless the image is nearly uniform. Inputs are in the order row, column, channel.
 *
 * \throws std::runtime_error naming the file if it holds too few images.
 * \throws std::domain_error if no samples are asked for.
 */
DataSplit split_cifar10(const Cifar10Images& images, const Cifar10Config& config,
                        const core::Stream& stream);

}  // namespace rmtlab::network
