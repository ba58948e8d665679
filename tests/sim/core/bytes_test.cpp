// SPDX-License-Identifier: MIT
#include "sim/core/bytes.hpp"

#include <cmath>
#include <limits>

#include "tests/catch.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("bytes: the layout is little endian and lists begin with their length",
          "[core][golden]") {
  core::ByteWriter writer;
  writer.number(std::uint32_t{0x01020304});
  writer.number(1.5F);                   // 0x3fc00000
  writer.list(std::vector<double>{-2});  // 0xc000000000000000
  writer.text("ab");
  const std::string expected(
      "\x04\x03\x02\x01"
      "\x00\x00\xc0\x3f"
      "\x01\x00\x00\x00\x00\x00\x00\x00"
      "\x00\x00\x00\x00\x00\x00\x00\xc0"
      "\x02\x00\x00\x00\x00\x00\x00\x00"
      "ab",
      34);
  CHECK(writer.take() == expected);
}

TEST_CASE("bytes: what was written is read back bit for bit", "[core]") {
  const double nan = std::bit_cast<double>(std::uint64_t{0x7ff8000000000123});
  core::ByteWriter writer;
  writer.list(std::vector<double>{0.1, -0.0, nan, std::numeric_limits<double>::infinity()});
  writer.list(std::vector<float>{});
  writer.text("");
  writer.number(std::numeric_limits<std::uint64_t>::max());
  const std::string bytes = writer.take();
  core::ByteReader reader(bytes);
  const auto values = reader.list<double>();
  REQUIRE(values.size() == 4);
  CHECK(values[0] == 0.1);
  CHECK(std::signbit(values[1]));
  CHECK(std::bit_cast<std::uint64_t>(values[2]) == 0x7ff8000000000123);
  CHECK(std::isinf(values[3]));
  CHECK(reader.list<float>().empty());
  CHECK(reader.text().empty());
  CHECK_THROWS_WITH(reader.expect_end(), ContainsSubstring("8 bytes are left over at byte 56"));
  CHECK(reader.number<std::uint64_t>() == std::numeric_limits<std::uint64_t>::max());
  CHECK_NOTHROW(reader.expect_end());
}

TEST_CASE("bytes: whatever is cut off is missed, and a huge length allocates nothing",
          "[core][errors]") {
  core::ByteWriter writer;
  writer.list(std::vector<float>{1, 2, 3});
  const std::string bytes = writer.take();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    core::ByteReader reader(std::string_view(bytes).substr(0, length));
    CHECK_THROWS_AS(reader.list<float>(), std::runtime_error);
  }
  core::ByteReader cut(std::string_view(bytes).substr(0, 19));
  CHECK_THROWS_WITH(
      cut.list<float>(),
      ContainsSubstring("ends at byte 19 (3 elements of 4 bytes expected at byte 8)"));
  writer.number(std::numeric_limits<std::uint64_t>::max());
  const std::string huge = writer.take();
  core::ByteReader reader(huge);
  CHECK_THROWS_AS(reader.list<double>(), std::runtime_error);
}
