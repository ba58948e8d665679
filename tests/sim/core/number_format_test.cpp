// SPDX-License-Identifier: MIT
#include "sim/core/number_format.hpp"

#include <cmath>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"

using namespace rmtlab::core;

TEST_CASE("number_format: shortest text reads back to the same bits", "[core][property]") {
  Stream stream(1);
  for (int i = 0; i < 1000; ++i) {
    const double x = stream.normal() * std::pow(10.0, 200 * stream.normal() / 3);
    if (!std::isfinite(x)) continue;
    CHECK(parse_number(shortest(x)) == x);
  }
  CHECK(shortest(0.0002) == "0.0002");
  CHECK(shortest(16) == "16");
}

TEST_CASE("number_format: numbers are read strictly", "[core][errors]") {
  CHECK(parse_number("-1.5e3") == -1500.0);
  CHECK(parse_number("+2") == 2.0);
  for (const char* text :
       {"", "1,5", "0x10", ".nan", "nan", "inf", "1 ", " 1", "1e400", "1_000", "+-1"})
    CHECK_FALSE(parse_number(text));
  CHECK(parse_integer("1000") == 1000);
  CHECK(parse_integer("-3") == -3);
  CHECK(parse_integer("0") == 0);
  for (const char* text : {"", "0123", "1e3", "1.0", "0x10", "yes", "99999999999999999999"})
    CHECK_FALSE(parse_integer(text));
}
