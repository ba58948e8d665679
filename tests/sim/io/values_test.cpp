// SPDX-License-Identifier: MIT
#include "sim/io/values.hpp"

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/io/npy.hpp"
#include "tests/catch.hpp"
#include "tests/shared_data.hpp"
#include "tests/temporary_folder.hpp"

namespace rmtlab::io {
namespace {

using Catch::Matchers::ContainsSubstring;
using Values = std::vector<double>;
using Counts = std::vector<std::uint64_t>;

ValueList parse(const std::string& text) { return parse_values(text, "v.txt"); }

TEST_CASE("values: one column, with comments, blank lines and a title", "[io]") {
  const ValueList list = parse("# made by hand\neigenvalue\n\n1.5\n  -2e3  # negative\n+.25\n7");
  CHECK(list.values == Values{1.5, -2000, 0.25, 7});
  CHECK(list.lines == std::vector<std::size_t>{4, 5, 6, 7});
  CHECK(list.counts.empty());
  CHECK(list.source == "v.txt");
}

TEST_CASE("values: two columns by comma, tab or blanks are value and count", "[io]") {
  const std::string byte_order_mark = "\xef\xbb\xbf";
  const std::vector<std::string> texts = {"value,count\n1.5,2\n3,1e3\n", "1.5\t2\n3\t1000\n",
                                          "1.5 , 2\n3,1000", "  1.5   2\r\n3 \t 1000\r\n",
                                          byte_order_mark + "1.5 2\n3 1000.0\n"};
  for (const std::string& text : texts) {
    CAPTURE(text);
    const ValueList list = parse(text);
    CHECK(list.values == Values{1.5, 3});
    CHECK(list.counts == Counts{2, 1000});
  }
}

TEST_CASE("values: every double survives its shortest decimal text", "[io][property]") {
  for (const double value :
       {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -2.2250738585072014e-308}) {
    CHECK(parse(fmt::format("{}\n", value)).values == Values{value});
  }
  CHECK(std::isnan(parse("nan\n").values.front()));  // for the fit to refuse, by its index
}

TEST_CASE("values: malformed lines are quoted with file and line", "[io][errors]") {
  const auto fails = [](const std::string& text, const std::string& message) {
    CAPTURE(text);
    CHECK_THROWS_WITH(parse(text), ContainsSubstring(message));
    CHECK_THROWS_AS(parse(text), std::runtime_error);
  };
  fails("1\n2\nabc\n", "v.txt:3: found 'abc', expected a number");
  fails("title\nmore\n", "v.txt:2: found 'more', expected a number");
  fails("1.2.3\n", "v.txt:1: found '1.2.3', expected a number");
  fails("0x10\n", "v.txt:1: found '0x10', expected a number");
  fails("1\n+-2\n", "v.txt:2: found '+-2', expected a number");
  fails("1,\n", "v.txt:1: found '', expected a count (a whole number from 0 to 2^53)");
  fails("1e400\n", "v.txt:1: found '1e400', expected a number in the range of double");
  fails("1 2 3\n", "v.txt:1: found 3 columns ('1 2 3'), expected 1 (value) or 2 (value,count)");
  fails("1,2\n\n3\n", "v.txt:3: found 1 column ('3'), expected 2 as on line 1");
  fails("1\n3 4\n", "v.txt:2: found 2 columns ('3 4'), expected 1 as on line 1");
  fails("1 2.5\n", "v.txt:1: found '2.5', expected a count");
  fails("1 -1\n", "v.txt:1: found '-1', expected a count");
  fails("1 x\n", "v.txt:1: found 'x', expected a count");
  fails(std::string("PK\x03\x04\nx", 6), "v.txt:1: found 'PK\\x03\\x04', expected a number");
  fails(std::string(100, '7').append("x\n"), "v.txt:1: found '" + std::string(40, '7') + "...'");
  for (const std::string text : {"", "# nothing\n\n", "title\n"}) {
    fails(text, "v.txt: holds no values (expected one value, or value,count, on each line)");
  }
}

TEST_CASE("values: arrays of one column are values, of two value and count", "[io]") {
  const tests::TemporaryFolder folder;
  write_npy(folder.file("a.npy"), arma::vec{1.5, 2});
  CHECK(read_values(folder.file("a.npy")).values == Values{1.5, 2});
  CHECK(read_values(folder.file("a.npy")).lines.empty());
  write_npy(folder.file("b.npy"), arma::mat{{1.5, 3}, {2, 1}});
  CHECK(read_values(folder.file("b.npy")).values == Values{1.5, 2});
  CHECK(read_values(folder.file("b.npy")).counts == Counts{3, 1});

  write_npy(folder.file("c.npy"), arma::rowvec{1.5, 3.5});
  CHECK_THROWS_WITH(read_values(folder.file("c.npy")),
                    ContainsSubstring("c.npy: row 0 (from 0): found 3.5, expected a count"));
  write_npy(folder.file("d.npy"), arma::mat(2, 3));
  CHECK_THROWS_WITH(read_values(folder.file("d.npy")),
                    ContainsSubstring("d.npy: has shape (2, 3) (expected a list of values"));
  write_npy(folder.file("e.npy"), arma::mat(0, 1));
  CHECK_THROWS_WITH(read_values(folder.file("e.npy")), ContainsSubstring("holds no values"));
}

TEST_CASE("values: absent files and folders are named", "[io][errors]") {
  const tests::TemporaryFolder folder;
  CHECK_THROWS_WITH(read_values(folder.file("no.txt")),
                    ContainsSubstring("no.txt: cannot be read: No such file or directory"));
  CHECK_THROWS_WITH(read_values(folder.path().string()), ContainsSubstring("is a directory"));
}

TEST_CASE("values: published data sets have their sizes and sums", "[io][accuracy]") {
  // Sum of squares and sizes computed apart, by exact summation in another language.
  if (const auto path = tests::shared_file("data/powerlaw/clauset_continuous.npy")) {
    const ValueList list = read_values(path->string());
    REQUIRE(list.values.size() == 10000);
    CHECK(list.values[1] == 4.829935);
    double squares = 0;
    for (const double x : list.values) squares += x * x;
    CHECK(std::abs(squares - 507880.507832573) < 1e-6);  // rounding of 10,000 additions
  }
  if (const auto path = tests::shared_file("data/powerlaw/fires.hist.csv")) {
    const ValueList list = read_values(path->string());
    std::uint64_t size = 0;
    for (const std::uint64_t count : list.counts) size += count;
    CHECK(list.values.size() == 2826);
    CHECK(size == 203785);
  }
}

}  // namespace
}  // namespace rmtlab::io
