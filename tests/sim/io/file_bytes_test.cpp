// SPDX-License-Identifier: MIT
#include "sim/io/file_bytes.hpp"

#include <iostream>
#include <sstream>
#include <stdexcept>

#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

namespace rmtlab::io {
namespace {

using Catch::Matchers::ContainsSubstring;
using tests::TemporaryFolder;

std::size_t files_in(const TemporaryFolder& folder) {
  const std::filesystem::directory_iterator entries(folder.path());
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

TEST_CASE("file_bytes: what is written is read back, over an old file too", "[io]") {
  const TemporaryFolder folder;
  std::string content(300000, 'x');  // more than one block
  content[7] = '\0';
  content[8] = '\n';
  replace_file(folder.file("a"), "old");
  replace_file(folder.file("a"), content);
  CHECK(read_bytes(folder.file("a")) == content);
  CHECK(files_in(folder) == 1);
  replace_file(folder.file("empty"), "");
  CHECK(read_bytes(folder.file("empty")).empty());
}

TEST_CASE("file_bytes: a dash is standard input", "[io]") {
  const std::istringstream text("1\n2\n");
  std::streambuf* const terminal = std::cin.rdbuf(text.rdbuf());
  const std::string content = read_bytes("-");
  std::cin.rdbuf(terminal);
  std::cin.clear();
  CHECK(content == "1\n2\n");
  CHECK(display_name("-") == "standard input");
  CHECK(display_name("a.txt") == "a.txt");
}

TEST_CASE("file_bytes: absent files and folders are named", "[io][errors]") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(read_bytes(folder.file("no")),
                    ContainsSubstring("/no: cannot be read: No such file or directory"));
  CHECK_THROWS_AS(read_bytes(folder.file("no")), std::runtime_error);
  CHECK_THROWS_WITH(read_bytes(folder.path().string()),
                    ContainsSubstring("is a directory (expected a file)"));
}

TEST_CASE("file_bytes: what cannot be replaced is refused and nothing is left", "[io][errors]") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(replace_file(folder.file("no/a"), "x"),
                    ContainsSubstring("cannot be written: No such file or directory"));
  CHECK_THROWS_WITH(replace_file(folder.path().string(), "x"),
                    ContainsSubstring("cannot be written: is not a regular file"));
  CHECK_THROWS_WITH(replace_file("/dev/null", "x"), ContainsSubstring("is not a regular file"));
  CHECK(files_in(folder) == 0);
}

}  // namespace
}  // namespace rmtlab::io
