// SPDX-License-Identifier: MIT
#include "sim/core/sha256.hpp"

#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

using namespace rmtlab;

TEST_CASE("sha256: published test vectors", "[core][accuracy]") {
  // FIPS 180-2, appendix B, and the empty message.
  CHECK(core::sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(core::sha256_hex("abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("sha256: a file has the hash of its bytes", "[core]") {
  const tests::TemporaryFolder folder;
  const auto path = folder.write("x", std::string("a\0b", 3));
  CHECK(core::sha256_hex_of_file(path) == core::sha256_hex(std::string_view("a\0b", 3)));
  CHECK_THROWS_WITH(core::sha256_hex_of_file(folder.path() / "absent"),
                    Catch::Matchers::ContainsSubstring("cannot read"));
}
