// SPDX-License-Identifier: MIT
/// \file
/// \brief Reader of IDX files: MNIST and data sets in its format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/network/dataset.hpp"
#include "sim/network/sample_table.hpp"

namespace rmtlab::network {

/// Grey images of one IDX file.
struct IdxImages {
  std::string source;  ///< the file, for messages
  std::size_t count = 0, rows = 0, columns = 0;
  std::vector<std::uint8_t> pixels;  ///< count x rows x columns, row-major, 0 to 255

  [[nodiscard]] std::size_t pixels_per_image() const { return rows * columns; }
};

/// Classes of one IDX file.
struct IdxLabels {
  std::string source;                ///< the file, for messages
  std::vector<std::uint8_t> labels;  ///< one per image
};

/**
 * \brief Reads images: big-endian magic number 2051, count, rows, columns, then one byte a pixel.
 *
 * The file may be compressed with gzip. Nothing is allocated on the header's word alone.
 *
 * \throws std::runtime_error naming the file, the byte and what was expected: it cannot be opened,
 *   the magic number is wrong (a label file is recognised), a dimension is zero, there are fewer or
 *   more bytes than the header promises, or the compressed data are damaged.
 *
 * Format: \cite LeCunMnist.
 */
IdxImages read_idx_images(const std::filesystem::path& file);

/// Reads labels: big-endian magic number 2049, count, then one byte a label. Otherwise as images.
IdxLabels read_idx_labels(const std::filesystem::path& file);

using IdxConfig = SplitConfig;

/**
 * \brief A training and a test set from one pair of files, by `split_table`.
 *
 * \throws std::runtime_error naming the files: different numbers of images and labels, a label out
 *   of range (with its byte), too few images, or training images that are all equal.
 * \throws std::domain_error for settings outside their range.
 */
DataSplit split_idx(const IdxImages& images, const IdxLabels& labels, const IdxConfig& config,
                    const core::Stream& stream);

}  // namespace rmtlab::network
