// SPDX-License-Identifier: MIT
/// \file
/// \brief Safetensors files: named tensors behind a JSON header, read as matrices and written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <armadillo>

#include "sim/io/npz.hpp"

namespace rmtlab::io {

/// What the header says of one tensor.
struct SafetensorsEntry {
  std::string name;
  std::string dtype;                 ///< as in the file: F64, F32, F16, BF16, I64, ...
  std::vector<std::uint64_t> shape;  ///< () for a scalar; the last index runs fastest
  std::size_t begin = 0, end = 0;    ///< bytes of the file that hold it

  /// Whether `safetensors_matrix` can read the elements: F64, F32, F16 or BF16.
  [[nodiscard]] bool is_readable() const;
};

/// Whether `bytes` begin like a safetensors file: a plausible header length (eight bytes, little
/// endian) and an opening brace.
bool is_safetensors(std::string_view bytes);

/**
 * \brief Reads and checks the header of a complete file; the tensors in its order.
 *
 * Every tensor must lie within the file and have the bytes that shape and type ask for, and together they must
 * cover the data without gap or overlap, as the format demands. Memory grows with the header, which
 * is within the file.
 *
 * \param bytes the whole file; \param name stands in front of every message.
 * \throws std::runtime_error with what is wrong: header longer than the file or no JSON; a type that is
 *   none of the format; sizes that differ; for a file that was cut short, the bytes needed and found.
 *
 * Source: the description of the format in the README of github.com/huggingface/safetensors.
 */
std::vector<SafetensorsEntry> parse_safetensors_header(std::string_view bytes,
                                                       const std::string& name);

/// The tensor as a matrix of doubles, exact. \pre `entry` came from `bytes`, is readable and has two
/// dimensions.
arma::mat safetensors_matrix(std::string_view bytes, const SafetensorsEntry& entry);

/**
 * \brief Writes arrays as F64, F32, I64 or U8.
 *
 * The data begin at a multiple of 8 bytes and larger elements come first, so every tensor is aligned; the
 * order is otherwise the given one. Equal arguments give equal bytes. The file appears complete or
 * not at all (replace_file).
 * \param metadata free text by key, kept under `__metadata__`
 * \throws std::invalid_argument if there are no arrays, a name is empty, given twice or `__metadata__`,
 *   or a shape does not fit its values; std::runtime_error if the file cannot be written.
 */
void write_safetensors(const std::string& path, const std::vector<NamedArray>& arrays,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace rmtlab::io
