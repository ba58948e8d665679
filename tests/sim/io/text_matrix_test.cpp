// SPDX-License-Identifier: MIT
#include "sim/io/text_matrix.hpp"

#include <stdexcept>

#include "tests/catch.hpp"

namespace rmtlab::io {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("text_matrix: rows of blanks or commas, with title and comments", "[io]") {
  for (const std::string text :
       {"1 2 3\n4 5 6\n", "a,b,c\n1,2,3\n# half\n4,5,6", "1\t2\t3 # x\r\n\r\n4 5 6\r\n"}) {
    CAPTURE(text);
    const arma::mat matrix = parse_text_matrix(text, "W.txt");
    CHECK(arma::approx_equal(matrix, arma::mat{{1, 2, 3}, {4, 5, 6}}, "absdiff", 0));
  }
}

TEST_CASE("text_matrix: ragged rows, words and empty files are refused", "[io][errors]") {
  const auto fails = [](const std::string& text, const std::string& message) {
    CHECK_THROWS_WITH(parse_text_matrix(text, "W.txt"), ContainsSubstring(message));
    CHECK_THROWS_AS(parse_text_matrix(text, "W.txt"), std::runtime_error);
  };
  fails("1 2 3\n\n4 5\n", "W.txt:3: found 2 columns ('4 5'), expected 3 as on line 1");
  fails("1 2\n3 x4\n", "W.txt:2: found 'x4', expected a number");
  fails("1,2\n3,,\n", "W.txt:2: found 3 columns ('3,,'), expected 2 as on line 1");
  fails("1,2\n3,\n", "W.txt:2: found '', expected a number");
  fails("# nothing\n", "W.txt: holds no rows of numbers (expected a matrix)");
}

}  // namespace
}  // namespace rmtlab::io
