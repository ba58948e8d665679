// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/weight_table.hpp.
#include "sim/inference/weight_table.hpp"

#include <stdexcept>
#include <string>

#include "tests/catch.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("weight table: what is written is read", "[inference]") {
  const std::vector<Score> scores{{"a", 0.5, {{"x", 1, 2, -3}, {"y", 0, 1, 0.25}}},
                                  {"b", -1, {{"x", 0, 0.125, 1e-6}}}};
  const std::string csv = weight_table_csv(scores);
  const auto found = parse_weight_table(csv, "test");
  REQUIRE(found.size() == 2);
  CHECK(found[0].name == "a");
  CHECK(found[0].intercept == 0.5);
  REQUIRE(found[0].terms.size() == 2);
  CHECK(found[0].terms[1].statistic == "y");
  CHECK(found[0].terms[0].coefficient == -3);
  CHECK(found[1].terms[0].scale == 0.125);
  CHECK(weight_table_csv(found) == csv);
}

TEST_CASE("weight table: a malformed line is named", "[inference]") {
  const std::string head = "score,statistic,center,scale,coefficient\n";
  const auto message = [](const std::string& csv) {
    try {
      parse_weight_table(csv, "table");
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK_THAT(message("score,statistic\n"), ContainsSubstring("table: line 1"));
  CHECK_THAT(message(head + "a,x,0,1\n"), ContainsSubstring("line 2") && ContainsSubstring("five"));
  CHECK_THAT(message(head + "a,x,0,1,1\na,y,0,0,1\n"),
             ContainsSubstring("line 3: scale = 0 (must be > 0)"));
  CHECK_THAT(message(head + "a,x,0,1,one\n"), ContainsSubstring("'one' is no number"));
  CHECK(message(head + "a,x,0,1,1\n") == "accepted");
}

}  // namespace
}  // namespace rmtlab::inference
