// SPDX-License-Identifier: MIT
#include "sim/io/npy.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "sim/io/file_bytes.hpp"
#include "tests/catch.hpp"
#include "tests/shared_data.hpp"
#include "tests/temporary_folder.hpp"

namespace rmtlab::io {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;
using Shape = std::vector<std::uint64_t>;

/// A .npy file put together by hand.
std::string npy(const std::string& dictionary, const std::string& data = "", int version = 1) {
  std::string file = "\x93NUMPY";
  file += static_cast<char>(version);
  file += '\0';
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) {
    file += static_cast<char>((dictionary.size() >> (8 * i)) & 0xff);
  }
  return file + dictionary + data;
}

std::string dictionary(const std::string& dtype, const std::string& shape,
                       const std::string& fortran = "False") {
  return "{'descr': '" + dtype + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
}

/// The bytes of numbers as this machine stores them, or reversed.
template <class T>
std::string bytes_of(std::initializer_list<T> numbers, bool reversed = false) {
  std::string bytes;
  for (const T number : numbers) {
    std::string one(sizeof(T), '\0');
    std::memcpy(one.data(), &number, sizeof(T));
    if (reversed) std::reverse(one.begin(), one.end());
    bytes += one;
  }
  return bytes;
}

arma::mat parse(const std::string& file) {
  return npy_matrix(file, parse_npy_header(file, "W.npy"));
}

bool same(const arma::mat& a, const arma::mat& b) {
  return a.n_rows == b.n_rows && a.n_cols == b.n_cols && arma::all(arma::vectorise(a == b));
}

const arma::mat counting = {{1, 2, 3}, {4, 5, 6}};

TEST_CASE("npy: every type, byte order and memory order reads as the same matrix", "[io]") {
  const std::string shape = "(2, 3)";
  for (const bool big : {false, true}) {
    const std::string order = big ? ">" : "<";
    CAPTURE(order);
    const auto rows_first = [&]<class T>(T) { return bytes_of<T>({1, 2, 3, 4, 5, 6}, big); };
    CHECK(same(parse(npy(dictionary(order + "f4", shape), rows_first(float{}))), counting));
    CHECK(same(parse(npy(dictionary(order + "f8", shape), rows_first(double{}))), counting));
    CHECK(same(parse(npy(dictionary(order + "i1", shape), rows_first(std::int8_t{}))), counting));
    CHECK(same(parse(npy(dictionary(order + "i2", shape), rows_first(std::int16_t{}))), counting));
    CHECK(same(parse(npy(dictionary(order + "i4", shape), rows_first(std::int32_t{}))), counting));
    CHECK(same(parse(npy(dictionary(order + "u1", shape), rows_first(std::uint8_t{}))), counting));
    CHECK(same(parse(npy(dictionary(order + "u2", shape), rows_first(std::uint16_t{}))), counting));
    CHECK(same(parse(npy(dictionary(order + "u4", shape), rows_first(std::uint32_t{}))), counting));
    CHECK(same(parse(npy(dictionary(order + "u8", shape), rows_first(std::uint64_t{}))), counting));
    CHECK(same(parse(npy(dictionary(order + "i8", shape), rows_first(std::int64_t{}))), counting));
    const std::string columns_first = bytes_of<float>({1, 4, 2, 5, 3, 6}, big);
    CHECK(same(parse(npy(dictionary(order + "f4", shape, "True"), columns_first)), counting));
  }
}

TEST_CASE("npy: whole numbers of one byte have no order, and know their sign", "[io]") {
  const std::string data = bytes_of<std::uint8_t>({0, 127, 128, 255});
  const arma::mat positive = parse(npy(dictionary("|u1", "(4,)"), data));
  const arma::mat either = parse(npy(dictionary("|i1", "(4,)"), data));
  CHECK(same(positive, arma::vec{0, 127, 128, 255}));
  CHECK(same(either, arma::vec{0, 127, -128, -1}));
  CHECK(is_integer(parse_npy_header(npy(dictionary("|u1", "(4,)"), data), "W.npy")));
  CHECK_FALSE(is_integer(parse_npy_header(npy(dictionary("<f2", "(2,)"), data), "W.npy")));
  CHECK_THROWS_WITH(parse(npy(dictionary("|i4", "(1,)"), data)),
                    ContainsSubstring("element type '|i4' is not supported"));
}

TEST_CASE("npy: rows of arrays of any rank, in both memory orders", "[io]") {
  // a[i][j][k] = 100 i + 10 j + k.
  std::vector<double> c_order, fortran_order;
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 4; ++k) c_order.push_back(100 * i + 10 * j + k);
  for (int k = 0; k < 4; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 2; ++i) fortran_order.push_back(100 * i + 10 * j + k);
  const auto file = [](const std::vector<double>& values, const std::string& fortran) {
    std::string data;
    for (const double value : values) data += bytes_of<double>({value});
    return npy(dictionary("<f8", "(2, 3, 4)", fortran), data);
  };
  for (const std::string& bytes : {file(c_order, "False"), file(fortran_order, "True")}) {
    const NpyHeader header = parse_npy_header(bytes, "W.npy");
    for (std::size_t i = 0; i < 2; ++i) {
      std::vector<double> row(12);
      npy_row(bytes, header, i, row);
      CHECK(std::equal(row.begin(), row.end(), c_order.begin() + std::ptrdiff_t(12 * i)));
    }
  }
}

TEST_CASE("npy: half precision covers zeros, subnormals, the largest, infinity and nan", "[io]") {
  // Bit patterns and values from the definition of IEEE 754 binary16.
  const std::string data = bytes_of<std::uint16_t>(
      {0x0000, 0x8000, 0x0001, 0x03ff, 0x0400, 0x3555, 0xc000, 0x7bff, 0x7c00, 0xfc00, 0x7e00});
  const arma::mat values = parse(npy(dictionary("<f2", "(11,)"), data));
  const arma::vec expected = {
      0,  0,    std::ldexp(1, -24), std::ldexp(1023, -24), std::ldexp(1, -14), 0.333251953125,
      -2, 65504};
  for (arma::uword i = 0; i < expected.n_elem; ++i) CHECK(values(i) == expected(i));
  CHECK(std::signbit(values(1)));
  CHECK(values(8) == std::numeric_limits<double>::infinity());
  CHECK(values(9) == -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(values(10)));
}

TEST_CASE("npy: versions 1 to 3, keys in any order, double quotes, vectors", "[io]") {
  const std::string data = bytes_of<double>({7, 8});
  for (const int version : {1, 2, 3}) {
    CHECK(same(parse(npy(dictionary("<f8", "(2,)"), data, version)), arma::vec{7, 8}));
  }
  const std::string other = "{\"shape\": (1,2),\"fortran_order\":True,\"descr\":\"<f8\"}";
  const NpyHeader header = parse_npy_header(npy(other, data), "W.npy");
  CHECK(header.shape == Shape{1, 2});
  CHECK(header.fortran_order);
  CHECK(header.dtype == "<f8");
  CHECK(header.data_offset == 10 + other.size());
  CHECK(same(parse(npy(other, data)), arma::rowvec{7, 8}));
}

TEST_CASE("npy: matrices survive writing and reading", "[io][property]") {
  const tests::TemporaryFolder folder;
  arma::mat matrix(5, 7);
  for (arma::uword i = 0; i < matrix.n_elem; ++i)
    matrix(i) = std::ldexp(1.0 / double(i + 3), int(i) - 17);
  matrix(3) = -0.0;
  write_npy(folder.file("W.npy"), matrix);
  CHECK(same(read_npy(folder.file("W.npy")), matrix));
  const std::string bytes = read_bytes(folder.file("W.npy"));
  // As NumPy asks: the data begin at a multiple of 64 bytes, after a newline.
  CHECK(parse_npy_header(bytes, "W.npy").data_offset == 128);
  CHECK(bytes[127] == '\n');
  CHECK(bytes.size() == 128 + 35 * 8);

  const arma::fmat single = arma::conv_to<arma::fmat>::from(matrix);
  write_npy(folder.file("f.npy"), single);
  CHECK(parse_npy_header(read_bytes(folder.file("f.npy")), "f.npy").dtype == "<f4");
  CHECK(same(read_npy(folder.file("f.npy")), arma::conv_to<arma::mat>::from(single)));

  write_npy(folder.file("empty.npy"), arma::mat(0, 4));
  CHECK(same(read_npy(folder.file("empty.npy")), arma::mat(0, 4)));
}

TEST_CASE("npy: malformed headers are refused with the byte", "[io][errors]") {
  const auto fails = [](const std::string& file, const std::string& message) {
    CHECK_THROWS_WITH(parse(file), ContainsSubstring(message));
    CHECK_THROWS_AS(parse(file), std::runtime_error);
  };
  const std::string data = bytes_of<double>({7, 8});
  fails("", "W.npy: byte 0 of the .npy header: expected the signature \\x93NUMPY, found ''");
  fails("NUMPY?", "byte 0 of the .npy header: expected the signature \\x93NUMPY, found 'NUMPY?'");
  fails("\x93NUMPY\x01",
        "byte 7 of the .npy header: expected the rest of the header, found the end");
  fails(npy("", "", 4), "byte 6 of the .npy header: expected version 1.0, 2.0 or 3.0, found 4.0");
  fails(npy(dictionary("<f8", "(2,)")).substr(0, 40),
        "byte 10 of the .npy header: expected a header of 58");
  fails(npy("x"),
        "byte 10 of the .npy header: expected '{' at the start of the dictionary, found 'x'");
  fails(npy("{'descr' '<f8'}"), "byte 19 of the .npy header: expected ':' after the key");
  fails(npy("{'descr': '<f8"), "expected a closing quote, found the end of the header");
  fails(npy("{'descr': '<f8'"), "expected ',' or '}', found the end of the header");
  fails(npy("{'descr': [('a', '<f8')]}"),
        "byte 20 of the .npy header: expected a type in quotes "
        "(records are not supported), found '[('a', '<f8''");
  fails(npy("{'descr': '<f8', 'descr': '<f8'}"), "expected every key once, found 'descr' again");
  fails(npy("{'strides': (1,)}"),
        "expected one of the keys 'descr', 'fortran_order', 'shape', found 'strides'");
  fails(npy("{'fortran_order': 0}"), "expected True or False, found '0}'");
  fails(npy(dictionary("<f8", "2")), "expected '(' at the start of the shape, found '2");
  fails(npy(dictionary("<f8", "(-2,)")),
        "expected a length (a whole number below 2^64), found '-2,)");
  fails(npy(dictionary("<f8", "(2 3)")), "expected ',' or ')' in the shape, found '3)");
  fails(npy(dictionary("<f8", "(99999999999999999999,)")),
        "expected a length (a whole number below 2^64)");
  fails(npy("{'descr': '<f8', 'shape': (2,)}", data),
        "expected the key 'fortran_order', found none");
  fails(npy(dictionary("<f8", "(2,)") + "x", data), "expected blanks up to the data, found 'x'");
  for (const std::string dtype : {"<c16", "|O", "<U8", "f8", "=f8", "<f16", ""}) {
    fails(npy(dictionary(dtype, "(2,)"), data),
          "W.npy: element type '" + dtype +
              "' is not supported (f2, f4, f8, and i and u of 1, 2, "
              "4 or 8 bytes are");
  }
}

TEST_CASE("npy: every cut and every changed byte of a header is read or refused, never worse",
          "[io][errors]") {
  const std::string file = npy(dictionary("<f8", "(1, 2)"), bytes_of<double>({7, 8}));
  for (std::size_t length = 0; length < file.size(); ++length) {
    CHECK_THROWS_AS(parse(file.substr(0, length)), std::runtime_error);
  }
  int refused = 0;
  for (std::size_t position = 0; position < file.size() - 16; ++position) {
    for (int value = 0; value < 256; ++value) {
      std::string changed = file;
      changed[position] = static_cast<char>(value);
      try {
        parse(changed);
      } catch (const std::runtime_error&) {
        ++refused;
      }
    }
  }
  CHECK(refused > 10000);
}

TEST_CASE("npy: data that do not fit the shape are refused before anything is allocated",
          "[io][errors]") {
  const std::string data = bytes_of<double>({7, 8});
  const auto fails = [&](const std::string& shape, const std::string& message) {
    CHECK_THROWS_WITH(parse(npy(dictionary("<f8", shape), data)), ContainsSubstring(message));
  };
  fails("(3,)",
        "W.npy: shape (3,) of <f8 needs 24 bytes of data, but the file has 16 after its header");
  fails("(1, 1)", "shape (1, 1) of <f8 needs 8 bytes of data, but the file has 16");
  fails("(0, 5)", "shape (0, 5) of <f8 needs 0 bytes of data, but the file has 16");
  fails("(1000000, 1000000)", "needs 8000000000000 bytes of data, but the file has 16");
  // The product of lengths, or with the element's size, wraps round to 0 or 16 in 64 bits.
  fails("(4294967296, 4294967296)", "needs over 2^64 bytes of data, but the file has 16");
  fails("(2305843009213693954,)", "needs over 2^64 bytes of data, but the file has 16");
  // Empty, whatever the other length.
  const arma::mat empty = parse(npy(dictionary("<f8", "(0, 18446744073709551615)")));
  CHECK(empty.n_elem == 0);
}

TEST_CASE("npy: an array of other than one or two dimensions is no matrix", "[io][errors]") {
  const tests::TemporaryFolder folder;
  const std::string cube = npy(dictionary("<f8", "(1, 2, 1)"), bytes_of<double>({7, 8}));
  CHECK(parse_npy_header(cube, "W.npy").shape == Shape{1, 2, 1});
  CHECK_THROWS_WITH(read_npy(folder.write("cube.npy", cube)),
                    ContainsSubstring("cube.npy: has shape (1, 2, 1) (expected a matrix)"));
  CHECK_THROWS_WITH(parse(cube), ContainsSubstring("npy_matrix: shape (1, 2, 1) of <f8 (must be"));
  CHECK_THROWS_AS(parse(cube), std::invalid_argument);
  const std::string scalar = npy(dictionary("<f8", "()"), bytes_of<double>({7}));
  CHECK_THROWS_WITH(read_npy(folder.write("scalar.npy", scalar)),
                    ContainsSubstring("scalar.npy: has shape () (expected a matrix)"));
}

TEST_CASE("npy: trained weights have their shapes, entries and norms", "[io][accuracy]") {
  // Sum of squares of the raw floats, exactly summed in another language.
  struct Row {
    const char* name;
    arma::uword rows, cols;
    double squares, second, last;
  };
  const auto row = GENERATE(
      Row{"onet_dense5", 256, 1152, 45.12922958097641, -0.0024824358988553286,
          0.011740791611373425},
      Row{"onet_dense6_3", 10, 256, 4.798480651459308, -0.06263376772403717, -0.022812549024820328},
      Row{"rnet_dense4", 128, 576, 38.9788692844714, 0.015806788578629494, -0.043069686740636826},
      Row{"rnet_dense5_1", 2, 128, 28.382150469244063, -0.04493502527475357, 0.7379751801490784});
  const auto path = tests::shared_file("data/pretrained/" + std::string(row.name) + ".npy");
  if (!path) return;
  const arma::mat matrix = read_npy(path->string());
  CHECK(matrix.n_rows == row.rows);
  CHECK(matrix.n_cols == row.cols);
  CHECK(matrix(0, 1) == row.second);
  CHECK(matrix(row.rows - 1, row.cols - 1) == row.last);
  // Rounding of up to 3e5 additions of one sign.
  CHECK_THAT(arma::accu(arma::square(matrix)), WithinRel(row.squares, 1e-12));
}

}  // namespace
}  // namespace rmtlab::io
