// SPDX-License-Identifier: MIT
#include "sim/io/weight_file.hpp"

#include <stdexcept>

#include "sim/io/file_bytes.hpp"
#include "sim/io/npy.hpp"
#include "sim/io/npz.hpp"
#include "tests/catch.hpp"
#include "tests/shared_data.hpp"
#include "tests/temporary_folder.hpp"

namespace rmtlab::io {
namespace {

using Catch::Matchers::ContainsSubstring;
using tests::TemporaryFolder;

const arma::mat example = {{1, 2, 3}, {4, 5, 6}};

void check_example(const std::string& path, const std::string& name, const std::string& dtype,
                   std::size_t skipped = 0) {
  CAPTURE(path);
  const WeightFile file = read_weight_file(path);
  REQUIRE(file.matrices.size() == 1);
  CHECK(file.skipped.size() == skipped);
  CHECK(file.matrices[0].name == name);
  CHECK(file.matrices[0].source_dtype == dtype);
  CHECK(arma::approx_equal(file.matrices[0].values, example, "absdiff", 0));
}

TEST_CASE("weight_file: the content decides, whatever the file is called", "[io]") {
  const TemporaryFolder folder;
  write_npy(folder.file("layer1.npy"), example);
  check_example(folder.file("layer1.npy"), "layer1", "<f8");
  write_npy(folder.file("layer2.txt"), arma::conv_to<arma::fmat>::from(example));
  check_example(folder.file("layer2.txt"), "layer2", "<f4");
  check_example(folder.write("W.csv", "a,b,c\n1,2,3\n4,5,6\n"), "W", "text");
  check_example(folder.write("W.TXT", "1 2 3\n4 5 6\n"), "W", "text");
  check_example(folder.write("weights", "# mine\n1 2 3\n4 5 6\n"), "weights", "text");
}

TEST_CASE("weight_file: an archive gives its matrices by name, and lists the rest", "[io]") {
  const TemporaryFolder folder;
  write_npz(folder.file("model"), {{"fc1/W", {{2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6}}},
                                   {"b", {{3}, std::vector<double>{1, 2, 3}}},
                                   {"step", {{}, std::vector<std::int64_t>{7}}}});
  check_example(folder.file("model"), "fc1/W", "<f4", 2);
  const WeightFile file = read_weight_file(folder.file("model"));
  CHECK(file.skipped[0].name == "b");
  CHECK(file.skipped[0].reason == "1-dimensional, shape (3,) (not a matrix)");
  CHECK(file.skipped[1].name == "step");
  CHECK(file.skipped[1].reason == "0-dimensional, shape () (not a matrix)");
}

TEST_CASE("weight_file: what is no matrix is listed with the reason", "[io]") {
  const TemporaryFolder folder;
  const auto reason = [&](const std::string& path) {
    const WeightFile file = read_weight_file(path);
    CHECK(file.matrices.empty());
    REQUIRE(file.skipped.size() == 1);
    CHECK(file.skipped[0].name == "x");
    return file.skipped[0].reason;
  };
  const auto array = [](const std::string& shape, std::size_t doubles) {
    const std::string dictionary =
        "{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + "}";
    std::string file("\x93NUMPY\x01\x00", 8);
    file += static_cast<char>(dictionary.size());
    file += '\0';
    return file + dictionary + std::string(8 * doubles, '\0');
  };
  CHECK(reason(folder.write("x.npy", array("(2, 1, 2)", 4))) ==
        "3-dimensional, shape (2, 1, 2) (not a matrix)");
  CHECK(reason(folder.write("x.npy", array("(3,)", 3))) ==
        "1-dimensional, shape (3,) (not a matrix)");
  CHECK(reason(folder.write("x.npy", array("()", 1))) == "0-dimensional, shape () (not a matrix)");
  CHECK(reason(folder.write("x.npy", array("(0, 3)", 0))) == "empty, shape (0, 3)");
  CHECK(reason(folder.write("x.npy", array("(1, 3)", 3))) ==
        "one row or column, shape (1, 3) (not a matrix)");
  CHECK(reason(folder.write("x.txt", "1\n2\n")) ==
        "one row or column, shape (2, 1) (not a matrix)");
}

TEST_CASE("weight_file: unknown formats are refused with the list of the known", "[io][errors]") {
  const TemporaryFolder folder;
  const std::string known =
      "which is no known format (can be read: NumPy array (.npy); NumPy archive (.npz); "
      "safetensors (.safetensors); text, one matrix row a line (.txt, .csv, .tsv, .dat))";
  for (const char* name : {"model.pt", "model", "notes.md"}) {
    CHECK_THROWS_WITH(read_weight_file(folder.write(name, "GARBAGE and more\nlines\n")),
                      ContainsSubstring(std::string(name) + ": begins with 'GARBAGE ', " + known));
  }
  CHECK_THROWS_WITH(read_weight_file(folder.write("x.json", "{\"a\": 1}")),
                    ContainsSubstring(known));
  CHECK_THROWS_WITH(read_weight_file(folder.write("x.bin", "")),
                    ContainsSubstring("begins with ''"));
  CHECK_THROWS_AS(read_weight_file(folder.write("x.bin", "")), std::runtime_error);
}

TEST_CASE("weight_file: a known extension gets its reader's complaint", "[io][errors]") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(read_weight_file(folder.write("x.npy", "what?")),
                    ContainsSubstring("x.npy: byte 0 of the .npy header: expected the signature"));
  CHECK_THROWS_WITH(read_weight_file(folder.write("x.csv", "1,2\n3;4\n")),
                    ContainsSubstring("x.csv:2: found 1 column ('3;4'), expected 2 as on line 1"));
  CHECK_THROWS_WITH(read_weight_file(folder.write("x.txt", "")),
                    ContainsSubstring("x.txt: holds no rows of numbers"));
  CHECK_THROWS_WITH(read_weight_file(folder.file("no.npy")),
                    ContainsSubstring("cannot be read: No such file or directory"));
  CHECK_THROWS_WITH(read_weight_file(folder.path().string()), ContainsSubstring("is a directory"));
}

TEST_CASE("weight_file: trained weights are found by content", "[io][accuracy]") {
  const auto path = tests::shared_file("data/pretrained/rnet_dense4.npy");
  if (!path) return;
  const WeightFile file = read_weight_file(path->string());
  REQUIRE(file.matrices.size() == 1);
  CHECK(file.matrices[0].name == "rnet_dense4");
  CHECK(file.matrices[0].source_dtype == "<f4");
  CHECK(file.matrices[0].values.n_rows == 128);
  CHECK(file.matrices[0].values.n_cols == 576);
}

}  // namespace
}  // namespace rmtlab::io
