// SPDX-License-Identifier: MIT
#include "sim/io/safetensors.hpp"

#include <cmath>
#include <stdexcept>

#include "sim/io/file_bytes.hpp"
#include "sim/io/weight_file.hpp"
#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

namespace rmtlab::io {
namespace {

using Catch::Matchers::ContainsSubstring;
using tests::TemporaryFolder;

// A file from header text and data, as another program would write it.
std::string file_of(const std::string& header, const std::string& data) {
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<char>(header.size() >> 8 * i & 0xff);
  return bytes + header + data;
}

std::string one_tensor(const std::string& dtype, const std::string& shape, std::size_t begin,
                       std::size_t end) {
  return R"({"a":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":[)" +
         std::to_string(begin) + "," + std::to_string(end) + "]}}";
}

TEST_CASE("safetensors: the bytes of a small file", "[io][golden]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("x.safetensors");
  write_safetensors(path,
                    {{"v", {{2}, std::vector<float>{1, 2}}}, {"d", {{}, std::vector<double>{-2}}}},
                    {{"by", "rmtlab"}});
  const std::string header = R"({"__metadata__":{"by":"rmtlab"},)"
                             R"("d":{"dtype":"F64","shape":[],"data_offsets":[0,8]},)"
                             R"("v":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})";
  const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  CHECK(read_bytes(path) ==
        file_of(padded, std::string("\0\0\0\0\0\0\0\xc0\0\0\x80\x3f\0\0\0\x40", 16)));
}

TEST_CASE("safetensors: matrices of every precision are read, the rest is listed", "[io]") {
  const TemporaryFolder folder;
  // 1, -2, 0.5, 3 in bfloat16 and in half precision.
  const std::string brain("\x80\x3f\x00\xc0\x00\x3f\x40\x40", 8);
  const std::string half("\x00\x3c\x00\xc0\x00\x38\x00\x42", 8);
  const std::string header =
      R"({"b":{"dtype":"BF16","shape":[2,2],"data_offsets":[0,8]},)"
      R"("a":{"dtype":"F16","shape":[2,2],"data_offsets":[8,16]},"__metadata__":{"format":"pt"},)"
      R"("i":{"dtype":"I8","shape":[2,2],"data_offsets":[16,20]},)"
      R"("e":{"dtype":"F32","shape":[0,7],"data_offsets":[20,20]},)"
      R"("v":{"dtype":"F32","shape":[1],"data_offsets":[20,24]}})";
  const auto file =
      read_weight_file(folder.write("model", file_of(header, brain + half + std::string(8, '\0'))));
  REQUIRE(file.matrices.size() == 2);
  const arma::mat expected = {{1, -2}, {0.5, 3}};
  CHECK(file.matrices[0].name == "b");  // in the header's order
  CHECK(file.matrices[1].name == "a");
  for (const NamedMatrix& matrix : file.matrices)
    CHECK(arma::approx_equal(matrix.values, expected, "absdiff", 0));
  REQUIRE(file.skipped.size() == 3);
  CHECK(file.skipped[0].reason == "elements are I8 (read are F64, F32, F16, BF16)");
  CHECK(file.skipped[1].reason == "empty, shape (0, 7)");
  CHECK(file.skipped[2].reason == "1-dimensional, shape (1,) (not a matrix)");
}

TEST_CASE("safetensors: what was written is read back bit for bit", "[io]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("x");  // known by its content
  const std::vector<double> d{0.1, -0.0, 1e-310, 3, 4, INFINITY};
  const std::vector<float> f{0.1F, 2, 3, 4, 5, 6};
  write_safetensors(path, {{"fc1/weights", {{3, 2}, f}}, {"d", {{2, 3}, d}}});
  const auto file = read_weight_file(path);
  REQUIRE(file.matrices.size() == 2);
  CHECK(file.matrices[0].name == "d");
  CHECK(file.matrices[0].source_dtype == "F64");
  CHECK(file.matrices[1].source_dtype == "<f4");  // analysed in single precision
  for (std::size_t k = 0; k < 6; ++k) {
    CHECK(file.matrices[0].values(k / 3, k % 3) == d[k]);
    CHECK(file.matrices[1].values(k / 2, k % 2) == static_cast<double>(f[k]));
  }
  CHECK(std::signbit(file.matrices[0].values(0, 1)));
}

TEST_CASE("safetensors: a file that contradicts itself is refused", "[io][errors]") {
  const TemporaryFolder folder;
  const auto complaint = [&](const std::string& bytes) {
    try {
      parse_safetensors_header(bytes, "x");
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const std::string good = file_of(one_tensor("F32", "[2,2]", 0, 16), std::string(16, '\0'));
  CHECK(complaint(good).empty());
  CHECK(complaint(good.substr(0, good.size() - 3)) ==
        "x: is cut short: its tensors need 16 bytes of data, it has 13");
  CHECK_THAT(complaint(good.substr(0, 30)), ContainsSubstring("is cut short: its header needs ") &&
                                                ContainsSubstring(" bytes, it has 22"));
  CHECK(complaint(good.substr(0, 5)) ==
        "x: is cut short: the header's length needs 8 bytes, it has 5");
  for (std::size_t length = 0; length < good.size(); ++length)
    CHECK_FALSE(complaint(good.substr(0, length)).empty());
  CHECK(complaint(good + 'x') == "x: 1 bytes follow the last tensor, which ends at 16");
  CHECK_THAT(complaint(std::string(8, '\xff') + "{}"), ContainsSubstring("no safetensors file"));
  CHECK_THAT(complaint(file_of("{\"a\":", "")), ContainsSubstring("is no JSON object"));
  CHECK_THAT(complaint(file_of("[1,2]", "")), ContainsSubstring("is no JSON object"));

  const std::string data(16, '\0');
  CHECK(complaint(file_of(one_tensor("F33", "[2,2]", 0, 16), data)) ==
        "x: tensor 'a': unknown element type 'F33'");
  for (const auto& [shape, begin, end] : {std::tuple{"[2,3]", 0, 16},
                                          {"[2,2]", 16, 0},
                                          {"[4294967296,4294967296]", 0, 16},
                                          {"[0,4294967296]", 0, 16}})
    CHECK_THAT(complaint(file_of(one_tensor("F32", shape, static_cast<std::size_t>(begin),
                                            static_cast<std::size_t>(end)),
                                 data)),
               ContainsSubstring("do not fit F32 of shape"));
  CHECK_THAT(complaint(file_of(one_tensor("F32", "[2,2]", 4, 20), data + "1234")),
             ContainsSubstring("begins at byte 4 of the data, where (a gap)"));
  for (const char* entry : {"{\"dtype\":\"F32\"}", "3",
                            "{\"dtype\":\"F32\",\"shape\":[-1],"
                            "\"data_offsets\":[0,4]}",
                            "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4]}"})
    CHECK_THAT(complaint(file_of(std::string("{\"a\":") + entry + '}', data)),
               ContainsSubstring("must have dtype, shape and data_offsets"));
  const std::string overlap = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                              R"("b":{"dtype":"F32","shape":[3],"data_offsets":[4,16]}})";
  CHECK_THAT(complaint(file_of(overlap, data)),
             ContainsSubstring("tensor 'b' begins at byte 4 of the data, where (overlapping)"));
}

TEST_CASE("safetensors: what cannot be written is refused", "[io][errors]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("x.safetensors");
  const NpyArray two{{2}, std::vector<double>{1, 2}};
  CHECK_THROWS_WITH(write_safetensors(path, {}), ContainsSubstring("no arrays"));
  CHECK_THROWS_WITH(write_safetensors(path, {{"a", two}, {"b", two}, {"a", two}}),
                    ContainsSubstring("two arrays are called 'a'"));
  CHECK_THROWS_WITH(write_safetensors(path, {{"__metadata__", two}}),
                    ContainsSubstring("empty or reserved"));
  CHECK_THROWS_WITH(write_safetensors(path, {{"a", {{3}, std::vector<double>{1, 2}}}}),
                    ContainsSubstring("'a' has shape (3,) and 2 values"));
  CHECK_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace rmtlab::io
