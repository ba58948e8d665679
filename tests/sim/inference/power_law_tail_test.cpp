// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_tail.hpp"

#include <cmath>
#include <limits>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

constexpr double eps = std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();

TEST_CASE("power_law_tail: exponent of a law cut off, against 30-digit roots",
          "[inference][accuracy]") {
  // Roots t of mean = 1/t - 1/(e^t - 1), mpmath 1.3.0 (findroot, mp.dps = 40).
  struct Row {
    double mean, t;
  };
  const auto row = GENERATE(
      Row{1e-8, 99999999.99999999790774}, Row{0.015625, 64.0}, Row{0.125, 7.978107736977070325801},
      Row{0.25, 3.593511969447426082272}, Row{0.375, 1.559794737301224459652},
      Row{0.4375, 0.7571365411221645276445}, Row{0.49951171875, 0.005859378352764283350024});
  CAPTURE(row.mean);
  const double tolerance = 4 * eps * (1 + row.t);
  CHECK_THAT(truncated_exponent(row.mean, 1), WithinAbs(row.t, tolerance));
  // The mirror image, and another unit of length.
  CHECK_THAT(truncated_exponent(1 - row.mean, 1),
             WithinAbs(-row.t, tolerance + 0.5 * eps * row.t * row.t));
  CHECK_THAT(truncated_exponent(8 * row.mean, 8), WithinAbs(row.t / 8, tolerance / 8));
}

TEST_CASE("power_law_tail: limits of the law cut off", "[inference][limit]") {
  CHECK(truncated_exponent(2, 4) == 0);  // uniform in the logarithm
  CHECK(truncated_exponent(4, infinity) == 0.25);
  CHECK(truncated_survival(1.5, 2, infinity) == exp_of_negative(-3));
  for (const double a : {-300.0, -1e-9, 0.0, 1e-9, 2.0, 300.0}) {
    CAPTURE(a);
    CHECK_THAT(truncated_survival(a, 0, 3), WithinRel(1.0, 2 * eps));
    CHECK(truncated_survival(a, 3, 3) == 0);
  }
  CHECK_THAT(truncated_survival(1e-9, 1, 4), WithinAbs(0.75, 1e-8));
  CHECK_THAT(truncated_survival(0, 1, 4), WithinRel(0.75, eps));
  // (e^-ay - e^-al) / (1 - e^-al), both signs.
  for (const double a : {-1.5, 0.7})
    CHECK_THAT(truncated_survival(a, 1, 2),
               WithinRel((std::exp(-a) - std::exp(-2 * a)) / (1 - std::exp(-2 * a)), 8 * eps));
  CHECK_THAT(truncated_survival(-1e3, 1, 2), WithinRel(1.0, eps));  // e^1000 would overflow
}

TEST_CASE("power_law_tail: the loops give the bits of one gap at a time", "[inference][repro]") {
  core::Stream stream = core::Stream(1).child("tail");
  const double end = GENERATE(infinity, 0.0, 0.5);
  TailTable table;
  table.at_least.resize(61);
  for (std::size_t k = 60; k-- > 0;)
    table.at_least[k] = table.at_least[k + 1] + static_cast<double>(1 + stream.below(3));
  for (std::size_t k = 0; k < 59; ++k) table.spacing.push_back(0.1 * stream.uniform());
  table.log_end = end;
  complete_tail_table(table);
  TailFits fits;
  fits.reset(table, table.size() - 1);
  const std::vector<double> a(fits.exponents(), fits.exponents() + table.size() - 1);
  for (std::size_t j = 0; j < table.size(); ++j) {
    std::vector<double> bound(std::min(j + 1, table.size() - 1), 0.0);
    fits.raise_bounds(table.log_value.data(), a.data(), table.at_least.data(), bound.size(), j, 1,
                      bound.data());
    for (std::size_t i = 0; i < bound.size(); ++i) {
      const double gap = fits.gap(i, j, 1);
      CHECK(bound[i] == std::max(0.0, gap / table.at_least[i]));
      double expected = 0;
      fits.expected(i, j, 1, 1, &expected);
      CHECK(gap == std::max(table.at_least[j] - expected, expected - (table.above(j) + 1)));
    }
  }
}

}  // namespace
}  // namespace rmtlab::inference
