// SPDX-License-Identifier: MIT
#include "sim/io/npy.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/io/file_bytes.hpp"
#include "sim/io/npy_element.hpp"

namespace rmtlab::io {
namespace {

/// Signature, version 1.0, length, dictionary, blanks and a newline up to a multiple of 64 bytes.
std::string header_text(std::string_view dtype, arma::uword rows, arma::uword cols) {
  constexpr std::size_t alignment = 64, before_dictionary = 10;
  std::string dictionary = fmt::format(
      "{{'descr': '{}', 'fortran_order': False, 'shape': ({}, {}), }}", dtype, rows, cols);
  const std::size_t used = before_dictionary + dictionary.size() + 1;
  dictionary.append((alignment - used % alignment) % alignment, ' ');
  dictionary += '\n';
  std::string text("\x93NUMPY\x01\x00", 8);
  text += static_cast<char>(dictionary.size() & 0xff);
  text += static_cast<char>(dictionary.size() >> 8);
  return text + dictionary;
}

template <class T>
void write_matrix(const std::string& path, std::string_view dtype, const arma::Mat<T>& matrix) {
  std::string content = header_text(dtype, matrix.n_rows, matrix.n_cols);
  content.reserve(content.size() + matrix.n_elem * sizeof(T));
  for (arma::uword row = 0; row < matrix.n_rows; ++row) {
    for (arma::uword col = 0; col < matrix.n_cols; ++col) {
      auto bytes = std::bit_cast<std::array<char, sizeof(T)>>(matrix.at(row, col));
      if constexpr (std::endian::native == std::endian::big)
        std::reverse(bytes.begin(), bytes.end());
      content.append(bytes.data(), bytes.size());
    }
  }
  replace_file(path, content);
}

}  // namespace

arma::mat npy_matrix(std::string_view bytes, const NpyHeader& header) {
  const auto element = find_npy_element(header.dtype);
  if (header.shape.empty() || header.shape.size() > 2 || !element) {
    throw std::invalid_argument(fmt::format(
        "npy_matrix: shape {} of {} (must be one- or two-dimensional and of a known type)",
        shape_text(header.shape), header.dtype));
  }
  const arma::uword rows = header.shape[0];
  const arma::uword cols = header.shape.size() == 2 ? header.shape[1] : 1;
  arma::mat matrix(rows, cols, arma::fill::none);
  if (rows == 0 || cols == 0) return matrix;  // the other length may be anything up to 2^64
  const arma::uword row_step = header.fortran_order ? 1 : cols;
  const arma::uword col_step = header.fortran_order ? rows : 1;
  const char* data = bytes.data() + header.data_offset;
  for (arma::uword col = 0; col < cols; ++col) {
    for (arma::uword row = 0; row < rows; ++row) {
      matrix.at(row, col) =
          element->decode(data + (row * row_step + col * col_step) * element->size);
    }
  }
  return matrix;
}

arma::mat read_npy(const std::string& path) {
  const std::string bytes = read_bytes(path);
  const std::string name = display_name(path);
  const NpyHeader header = parse_npy_header(bytes, name);
  if (header.shape.empty() || header.shape.size() > 2) {
    throw std::runtime_error(
        fmt::format("{}: has shape {} (expected a matrix)", name, shape_text(header.shape)));
  }
  return npy_matrix(bytes, header);
}

void write_npy(const std::string& path, const arma::mat& matrix) {
  write_matrix(path, "<f8", matrix);
}

void write_npy(const std::string& path, const arma::fmat& matrix) {
  write_matrix(path, "<f4", matrix);
}

}  // namespace rmtlab::io
