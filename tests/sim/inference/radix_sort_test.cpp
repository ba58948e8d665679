// SPDX-License-Identifier: MIT
#include "sim/inference/radix_sort.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"

namespace rmtlab::inference {
namespace {

using Values = std::vector<double>;

TEST_CASE("radix_sort: as std::sort, at every length and scale", "[inference]") {
  core::Stream stream = core::Stream(1).child("radix sort");
  Values scratch;
  for (const std::size_t n : {0U, 1U, 2U, 63U, 64U, 1000U, 4095U, 4096U, 20000U}) {
    for (const double decades : {0.0, 1e-12, 1.0, 300.0}) {
      CAPTURE(n, decades);
      Values values(n);
      for (double& x : values) x = std::pow(10, decades * (2 * stream.uniform() - 1));
      Values expected = values;
      std::sort(expected.begin(), expected.end());
      sort_positive(values, scratch);
      CHECK(values == expected);
    }
  }
}

TEST_CASE("radix_sort: repeats and the ends of the range", "[inference][limit]") {
  const double tiny = std::numeric_limits<double>::denorm_min();
  const double huge = std::numeric_limits<double>::max();
  Values values, scratch;
  for (int i = 0; i < 50; ++i)
    for (const double x : {3.0, huge, 1.0, tiny, 0.0, 3.0, std::nextafter(3.0, 4.0)})
      values.push_back(x);
  Values expected = values;
  std::sort(expected.begin(), expected.end());
  sort_positive(values, scratch);
  CHECK(values == expected);
}

}  // namespace
}  // namespace rmtlab::inference
