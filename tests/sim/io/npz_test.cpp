// SPDX-License-Identifier: MIT
#include "sim/io/npz.hpp"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/io/file_bytes.hpp"
#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

namespace rmtlab::io {
namespace {

using Catch::Matchers::ContainsSubstring;
using tests::TemporaryFolder;
using Shape = std::vector<std::uint64_t>;

const std::vector<NamedArray> example = {
    {"W", {{2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6.5F}}},
    {"layer/b", {{3}, std::vector<double>{-0.0, 1e300, 0.1}}},
    {"y", {{2, 1}, std::vector<std::int64_t>{-7, std::int64_t{1} << 52}}},
    {"pixels", {{2, 1, 2}, std::vector<std::uint8_t>{0, 255, 7, 8}}},
    {"scalar", {{}, std::vector<double>{2.5}}},
    {"empty", {{0, 4}, std::vector<float>{}}}};

// Row i of an array.
std::vector<double> row(const std::string& npy, std::uint64_t i, std::size_t size) {
  std::vector<double> values(size);
  npy_row(npy, parse_npy_header(npy, "a"), i, values);
  return values;
}

std::string example_bytes() {
  const TemporaryFolder folder;
  write_npz(folder.file("a.npz"), example);
  return read_bytes(folder.file("a.npz"));
}

// An interpreter that has NumPy (Debian: python3-numpy), or nothing.
std::string numpy_interpreter() {
  for (const char* python : {"python3", "/usr/bin/python3"})
    if (std::system((std::string(python) + " -c 'import numpy' 2> /dev/null").c_str()) == 0)
      return python;
  WARN("skipped: python3 with numpy is not installed");
  return {};
}

TEST_CASE("npz: arrays survive writing and reading", "[io][property]") {
  const std::string bytes = example_bytes();
  const NpzFile archive(bytes, "a.npz");
  CHECK(archive.names() ==
        std::vector<std::string>{"W", "layer/b", "y", "pixels", "scalar", "empty"});
  CHECK(archive.others().empty());
  CHECK(archive.contains("W"));
  CHECK_FALSE(archive.contains("W.npy"));
  for (const NamedArray& named : example) {
    CAPTURE(named.name);
    CHECK(archive.read(named.name) == npy_bytes(named.array));
  }
  CHECK(parse_npy_header(archive.read("pixels"), "a").dtype == "|u1");
  CHECK(parse_npy_header(archive.read("pixels"), "a").shape == Shape{2, 1, 2});
  CHECK(row(archive.read("W"), 1, 3) == std::vector<double>{4, 5, 6.5});
  CHECK(row(archive.read("y"), 0, 1) == std::vector<double>{-7});
  CHECK(row(archive.read("pixels"), 1, 2) == std::vector<double>{7, 8});
}

TEST_CASE("npz: equal arrays give equal bytes, whatever the time zone", "[io][repro]") {
  const std::string bytes = example_bytes();
  const char* zone = std::getenv("TZ");
  const std::string before = zone ? zone : "";
  ::setenv("TZ", "Asia/Tokyo", 1);
  ::tzset();
  const std::string again = example_bytes();
  if (zone)
    ::setenv("TZ", before.c_str(), 1);
  else
    ::unsetenv("TZ");
  ::tzset();
  CHECK(bytes == again);
}

TEST_CASE("npz: NumPy reads what is written, and its archives are read", "[io][accuracy]") {
  const std::string python = numpy_interpreter();
  if (python.empty()) return;
  const TemporaryFolder folder;
  write_npz(folder.file("ours.npz"), example);
  const std::string script = folder.write("script.py", R"(
import sys
import zipfile

import numpy as np

folder = sys.argv[1]
assert zipfile.ZipFile(folder + "/ours.npz").testzip() is None
ours = np.load(folder + "/ours.npz")
assert ours.files == ["W", "layer/b", "y", "pixels", "scalar", "empty"], ours.files
expected = {
    "W": np.array([[1, 2, 3], [4, 5, 6.5]], dtype=np.float32),
    "layer/b": np.array([-0.0, 1e300, 0.1]),
    "y": np.array([[-7], [2**52]]),
    "pixels": np.array([[[0, 255]], [[7, 8]]], dtype=np.uint8),
    "scalar": np.array(2.5),
    "empty": np.zeros((0, 4), dtype=np.float32),
}
for name, array in expected.items():
    assert ours[name].dtype == array.dtype and ours[name].shape == array.shape, name
    assert ours[name].tobytes() == array.tobytes(), name
theirs = {
    "cube": np.arange(24, dtype=np.int16).reshape(2, 3, 4),
    "fortran": np.asfortranarray(np.arange(24, dtype=">u4").reshape(2, 3, 4)),
    "text": np.array(["a"]),
    "large": np.tile(np.arange(1000, dtype=np.float64), (300, 1)),
}
np.savez(folder + "/stored.npz", **theirs)
np.savez_compressed(folder + "/compressed.npz", **theirs)
)");
  REQUIRE(std::system((python + " '" + script + "' '" + folder.path().string() + "'").c_str()) ==
          0);
  for (const char* name : {"stored.npz", "compressed.npz"}) {
    CAPTURE(name);
    const std::string bytes = read_bytes(folder.file(name));
    const NpzFile archive(bytes, name);
    CHECK(archive.names() == std::vector<std::string>{"cube", "fortran", "text", "large"});
    std::vector<double> counting(12);
    for (std::size_t i = 0; i < 12; ++i) counting[i] = double(12 + i);
    CHECK(row(archive.read("cube"), 1, 12) == counting);
    CHECK(parse_npy_header(archive.read("fortran"), name).fortran_order);
    CHECK(row(archive.read("fortran"), 1, 12) == counting);
    CHECK(row(archive.read("large"), 299, 1000)[999] == 999);
  }
}

TEST_CASE("npz: every cut is refused with the length of the file", "[io][errors]") {
  const std::string bytes = example_bytes();
  for (std::size_t length = 4; length < bytes.size(); ++length) {
    CAPTURE(length);
    CHECK_THROWS_WITH(
        NpzFile(std::string_view(bytes).substr(0, length), "a.npz"),
        ContainsSubstring("a.npz: ends at byte " + std::to_string(length) +
                          " without the directory that closes a zip archive (cut short?)"));
  }
  CHECK_THROWS_WITH(
      NpzFile("PK", "a.npz"),
      ContainsSubstring("a.npz: byte 0: expected the signature of a zip archive, found 'PK'"));
  CHECK_THROWS_AS(NpzFile("", "a.npz"), std::runtime_error);
  CHECK_FALSE(is_zip("GARBAGE"));
}

TEST_CASE("npz: no changed byte changes an array without being noticed", "[io][errors]") {
  const std::string bytes = example_bytes();
  std::size_t refused = 0, same = 0;
  for (std::size_t position = 0; position < bytes.size(); ++position) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string changed = bytes;
      changed[position] = static_cast<char>(changed[position] ^ flip);
      try {
        const NpzFile archive(changed, "a.npz");
        for (const NamedArray& named : example) {
          const bool equal = archive.read(named.name) == npy_bytes(named.array);
          REQUIRE(equal);
        }
        ++same;  // a date, a version, ...
      } catch (const std::runtime_error&) {
        ++refused;
      }
    }
  }
  CHECK(same + refused == 3 * bytes.size());
  // All of the data, names and checksums: of the headers of 30 and 46 bytes an entry about half.
  CHECK(refused > 3 * (bytes.size() - example.size() * 60));
}

TEST_CASE("npz: damage is named with its place", "[io][errors]") {
  const std::string bytes = example_bytes();
  const std::string data = npy_bytes(example[0].array);
  const std::size_t at = bytes.find(data);
  REQUIRE(at != std::string::npos);
  std::string flipped = bytes;
  flipped[at + data.size() - 1] ^= 0x10;
  CHECK_THROWS_WITH(
      NpzFile(flipped, "a.npz").read("W"),
      ContainsSubstring("a.npz: W: damaged: cannot be read after byte 152 of 152 (CRC error)"));
  CHECK_NOTHROW(NpzFile(flipped, "a.npz").read("y"));

  // Bit 0 of the flags: encrypted, in the header of the entry and in the directory.
  std::string encrypted = bytes;
  encrypted[6] |= 1;
  encrypted[bytes.find("PK\x01\x02") + 8] |= 1;
  CHECK_THROWS_WITH(NpzFile(encrypted, "a.npz").read("W"),
                    ContainsSubstring("a.npz: W: is encrypted, which is not supported"));

  CHECK_THROWS_WITH(
      NpzFile(bytes, "a.npz").read("V"),
      ContainsSubstring("a.npz: has no array 'V' (it has W, layer/b, y, pixels, scalar, empty)"));
  // The same name twice, in the headers and in the directory.
  std::string twice = bytes;
  for (std::size_t k = 0; (k = twice.find("y.npy", k)) != std::string::npos; ++k) twice[k] = 'W';
  CHECK_THROWS_WITH(NpzFile(twice, "a.npz"),
                    ContainsSubstring("a.npz: holds two entries called 'W.npy'"));
}

TEST_CASE("npz: what cannot be written is refused, and nothing is left behind", "[io][errors]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.npz");
  const NpyArray one{{1}, std::vector<double>{1}};
  CHECK_THROWS_WITH(write_npz(path, {}), ContainsSubstring("write_npz: no arrays"));
  CHECK_THROWS_WITH(write_npz(path, {{"", one}}),
                    ContainsSubstring("write_npz: an array has no name"));
  CHECK_THROWS_WITH(write_npz(path, {{"a", one}, {"a", one}}),
                    ContainsSubstring("write_npz: two arrays are called 'a'"));
  CHECK_THROWS_WITH(write_npz(path, {{"a", {{2}, std::vector<double>{1}}}}),
                    ContainsSubstring("npy_bytes: 1 values for shape (2,)"));
  CHECK_THROWS_AS(write_npz(path, {}), std::invalid_argument);
  CHECK_THROWS_AS(write_npz(folder.file("no/such.npz"), {{"a", one}}), std::runtime_error);
  CHECK(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace rmtlab::io
