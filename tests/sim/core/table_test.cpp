// SPDX-License-Identifier: MIT
#include "sim/core/table.hpp"

#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

using namespace rmtlab;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("table: CSV round trip with quotes, commas and line ends", "[core][property]") {
  core::Table table({"a", "b,c"});
  table.add({"1", "x \"quoted\", and\nbroken"});
  table.add({"", "2.5"});
  const tests::TemporaryFolder folder;
  const auto read = core::Table::read_csv(folder.write("t.csv", table.csv()));
  CHECK(read.columns() == table.columns());
  CHECK(read.csv() == table.csv());
  CHECK(read.text(0, "b,c") == "x \"quoted\", and\nbroken");
  CHECK(read.number(1, "b,c") == 2.5);
  CHECK(read.where("a", "1") == std::vector<std::size_t>{0});
}

TEST_CASE("table: malformed files and wrong names are refused", "[core][errors]") {
  const tests::TemporaryFolder folder;
  CHECK_THROWS_WITH(core::Table::read_csv(folder.write("a.csv", "a,b\n1,2\n3\n")),
                    ContainsSubstring("a.csv:3: 1 cells, expected 2"));
  CHECK_THROWS_WITH(core::Table::read_csv(folder.write("b.csv", "a,b\n1,2")),
                    ContainsSubstring("the last row is not complete"));
  const auto table = core::Table::read_csv(folder.write("c.csv", "a,b\n1,x\n"));
  CHECK_THROWS_WITH(table.number(0, "b"),
                    ContainsSubstring("row 1, column 'b': 'x' is not a number"));
  CHECK_THROWS_WITH(table.text(0, "c"), ContainsSubstring("no column 'c' (there are: a, b)"));
}
