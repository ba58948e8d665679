// SPDX-License-Identifier: MIT
#include "sim/io/npy.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>
#include <type_traits>

#include <fmt/format.h>

#include "sim/io/file_bytes.hpp"
#include "sim/io/npy_element.hpp"

namespace rmtlab::io {
namespace {

/// Signature, version 1.0, length, dictionary, blanks and a newline up to a multiple of 64 bytes.
std::string header_text(std::string_view dtype, std::span<const std::uint64_t> shape) {
  constexpr std::size_t alignment = 64, before_dictionary = 10;
  std::string dictionary = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}",
                                       dtype, shape_text(shape));
  const std::size_t used = before_dictionary + dictionary.size() + 1;
  dictionary.append((alignment - used % alignment) % alignment, ' ');
  dictionary += '\n';
  std::string text("\x93NUMPY\x01\x00", 8);
  text += static_cast<char>(dictionary.size() & 0xff);
  text += static_cast<char>(dictionary.size() >> 8);
  return text + dictionary;
}

template <class T>
constexpr std::string_view dtype_of() {
  if constexpr (std::is_same_v<T, double>) return "<f8";
  if constexpr (std::is_same_v<T, float>) return "<f4";
  if constexpr (std::is_same_v<T, std::int64_t>) return "<i8";
  if constexpr (std::is_same_v<T, std::uint8_t>) return "|u1";
}

template <class T>
void append_element(std::string& content, T value) {
  auto bytes = std::bit_cast<std::array<char, sizeof(T)>>(value);
  if constexpr (std::endian::native == std::endian::big) std::reverse(bytes.begin(), bytes.end());
  content.append(bytes.data(), bytes.size());
}

template <class T>
void write_matrix(const std::string& path, const arma::Mat<T>& matrix) {
  const std::array<std::uint64_t, 2> shape = {matrix.n_rows, matrix.n_cols};
  std::string content = header_text(dtype_of<T>(), shape);
  content.reserve(content.size() + matrix.n_elem * sizeof(T));
  for (arma::uword row = 0; row < matrix.n_rows; ++row)
    for (arma::uword col = 0; col < matrix.n_cols; ++col)
      append_element(content, matrix.at(row, col));
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

bool is_integer(const NpyHeader& header) {
  return header.dtype.size() > 1 && (header.dtype[1] == 'i' || header.dtype[1] == 'u');
}

void npy_row(std::string_view bytes, const NpyHeader& header, std::uint64_t i,
             std::span<double> values) {
  const NpyElement element = find_npy_element(header.dtype).value();
  const char* data = bytes.data() + header.data_offset;
  if (!header.fortran_order) {
    data += i * values.size() * element.size;
    for (double& value : values) {
      value = element.decode(data);
      data += element.size;
    }
    return;
  }
  // Index k of the row in C order, taken apart from the last index; the first runs fastest.
  std::uint64_t count = 1;
  for (const std::uint64_t length : header.shape) count *= length;
  for (std::size_t k = 0; k < values.size(); ++k) {
    std::uint64_t rest = k, position = i, step = count;
    for (std::size_t axis = header.shape.size(); --axis > 0;) {
      step /= header.shape[axis];
      position += rest % header.shape[axis] * step;
      rest /= header.shape[axis];
    }
    values[k] = element.decode(data + position * element.size);
  }
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

void write_npy(const std::string& path, const arma::mat& matrix) { write_matrix(path, matrix); }

void write_npy(const std::string& path, const arma::fmat& matrix) { write_matrix(path, matrix); }

std::string npy_bytes(const NpyArray& array) {
  return std::visit(
      [&]<class T>(const std::vector<T>& values) {
        std::uint64_t count = 1;
        for (const std::uint64_t length : array.shape) count *= length;
        if (count != values.size())
          throw std::invalid_argument(fmt::format("npy_bytes: {} values for shape {}",
                                                  values.size(), shape_text(array.shape)));
        std::string content = header_text(dtype_of<T>(), array.shape);
        content.reserve(content.size() + values.size() * sizeof(T));
        for (const T value : values) append_element(content, value);
        return content;
      },
      array.values);
}

}  // namespace rmtlab::io
