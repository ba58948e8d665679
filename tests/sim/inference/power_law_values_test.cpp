// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_values.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/catch.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::ContainsSubstring;
using Values = std::vector<double>;
using Counts = std::vector<std::uint64_t>;

TEST_CASE("power_law_values: repeats are merged, sorted or not", "[inference]") {
  for (const Values& values : {Values{3, 1, 2, 1, 3, 3}, Values{1, 1, 2, 3, 3, 3}}) {
    const CountedValues sample = count_values(values);
    CHECK(sample.values == Values{1, 2, 3});
    CHECK(sample.counts == Counts{2, 1, 3});
    CHECK(sample_size(sample) == 6);
  }
  CHECK(count_values(Values{}).values.empty());
}

TEST_CASE("power_law_values: a histogram is sorted, merged and freed of zero counts",
          "[inference]") {
  const CountedValues sample = count_values(Values{5, 2, 5, 7}, Counts{1, 4, 2, 0});
  CHECK(sample.values == Values{2, 5});
  CHECK(sample.counts == Counts{4, 3});
}

TEST_CASE("power_law_values: the first bad value is named with its place in the input",
          "[inference][errors]") {
  CHECK_THROWS_WITH(count_values(Values{3, 2, 0, -1}),
                    ContainsSubstring("count_values: values[2] = 0 (must be finite and > 0"));
  CHECK_THROWS_WITH(count_values(Values{-2.5}), ContainsSubstring("values[0] = -2.5"));
  CHECK_THROWS_WITH(count_values(Values{1, std::nan("")}), ContainsSubstring("values[1] = nan"));
  CHECK_THROWS_WITH(count_values(Values{1, std::numeric_limits<double>::infinity()}),
                    ContainsSubstring("values[1] = inf"));
  CHECK_THROWS_AS(count_values(Values{1, 0}), std::domain_error);
  // For callers that know the line it came from.
  try {
    count_values(Values{5, 4, -3, 0}, Counts{1, 1, 1, 1});
    FAIL("a negative value was taken");
  } catch (const InvalidValue& error) {
    CHECK(error.index() == 2);
    CHECK(error.value() == -3);
  }
  CHECK_THROWS_WITH(
      count_values(Values{1, 2}, Counts{1}),
      ContainsSubstring("count_values: 2 values and 1 counts (must be equally many)"));
  CHECK_THROWS_AS(count_values(Values{1, 2}, Counts{1}), std::invalid_argument);
  // Their sum wraps round in 64 bits.
  CHECK_THROWS_WITH(count_values(Values{1, 2}, Counts{5, ~std::uint64_t{0} - 2}),
                    ContainsSubstring("counts[1] = 18446744073709551613 (all counts must add up"));
}

TEST_CASE("power_law_values: a sample put together by hand is checked", "[inference][errors]") {
  CHECK_NOTHROW(check_counted_values({{1, 2}, {1, 1}}, "f"));
  CHECK_THROWS_WITH(check_counted_values({{1, 2, 2}, {1, 1, 1}}, "f"),
                    ContainsSubstring("f: values[2] = 2 (must be > values[1] = 2; count_values"));
  CHECK_THROWS_WITH(check_counted_values({{1, 2}, {1, 0}}, "f"),
                    ContainsSubstring("f: counts[1] = 0 (must be >= 1)"));
}

}  // namespace
}  // namespace rmtlab::inference
