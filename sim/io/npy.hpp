// SPDX-License-Identifier: MIT
/// \file
/// \brief NumPy's .npy files: one array each, read as a matrix of doubles; matrices written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <armadillo>

namespace rmtlab::io {

/// What a .npy file says about its array.
struct NpyHeader {
  std::string dtype;                 ///< as NumPy writes it: `<f4`, `>i8`, ...
  bool fortran_order = false;        ///< first index runs fastest
  std::vector<std::uint64_t> shape;  ///< () for a scalar
  std::size_t data_offset = 0;       ///< bytes before the data
};

/// Whether `bytes` begin like a .npy file.
bool is_npy(std::string_view bytes);

/**
 * \brief Reads and checks the header of a complete .npy file of version 1.0, 2.0 or 3.0.
 *
 * The element types f2, f4, f8 and i1 to i8, u1 to u8 of either byte order are supported. The shape is
 * checked against the size of `bytes`, so whoever allocates by it allocates no more than a small
 * multiple of the file (eight bytes for each element of at least one).
 *
 * \param bytes the whole file; \param name stands in front of every message.
 * \throws std::runtime_error with the byte offset and what was expected there, for a header that is
 *   malformed or cut short; with shape, type and both sizes if the data are too few or too many.
 *
 * Source: NumPy Enhancement Proposal 1 (Kern 2007) and numpy.lib.format's documentation.
 */
NpyHeader parse_npy_header(std::string_view bytes, const std::string& name);

/// The array as a matrix of doubles; a vector (n,) as n x 1. Exact, except that integers beyond
/// 2^53 are rounded. \pre `header` came from `bytes`.
/// \throws std::invalid_argument with the shape if it has not one or two dimensions.
arma::mat npy_matrix(std::string_view bytes, const NpyHeader& header);

/// Whether the elements are whole numbers.
bool is_integer(const NpyHeader& header);

/// Row `i` of an array of one dimension or more, as doubles: the elements whose first index is `i`, the
/// last index running fastest, whatever the order in the file. Exact as for npy_matrix.
/// \pre `header` came from `bytes`; `i` is below the first length and `values` has the elements of a row.
void npy_row(std::string_view bytes, const NpyHeader& header, std::uint64_t i,
             std::span<double> values);

/// The matrix (or vector, as one column) in the file at `path`; `-` reads standard input.
/// \throws std::runtime_error as parse_npy_header, and for an array that is not a matrix, with its
///   shape.
arma::mat read_npy(const std::string& path);

/// Writes an N x M matrix as version 1.0, C order, little endian, `<f8` or `<f4`. The file appears
/// complete or not at all (replace_file). \throws std::runtime_error if it cannot be written.
void write_npy(const std::string& path, const arma::mat& matrix);
void write_npy(const std::string& path, const arma::fmat& matrix);

/// An array to be written.
struct NpyArray {
  std::vector<std::uint64_t> shape;  ///< () for a scalar
  /// In C order: the last index runs fastest.
  std::variant<std::vector<double>, std::vector<float>, std::vector<std::int64_t>,
               std::vector<std::uint8_t>>
      values;
};

/// The content of a .npy file: version 1.0, C order, little endian, `<f8`, `<f4`, `<i8` or `|u1`.
/// \throws std::invalid_argument with the shape if the values are not as many as it says.
std::string npy_bytes(const NpyArray& array);

/// A shape as Python prints it: "(3, 4)", "(5,)", "()".
std::string shape_text(std::span<const std::uint64_t> shape);

}  // namespace rmtlab::io
