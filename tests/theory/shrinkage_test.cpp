// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/shrinkage.hpp.
#include "theory/shrinkage.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/catch.hpp"
#include "tests/theory/reference_table.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/spiked.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;

namespace {
constexpr double eps = std::numeric_limits<double>::epsilon();
}

TEST_CASE("shrinkage: hard thresholds match reference values", "[theory][accuracy]") {
  for (const auto& row : tests::reference_rows("reference/rmt/svht.csv")) {
    const double q = 1 / row.number("beta");
    CAPTURE(q);
    CHECK_THAT(optimal_hard_threshold(q), WithinRel(row.number("lambda_star"), 4 * eps));
    // The median and its square root add a few roundings.
    CHECK_THAT(optimal_median_threshold(q), WithinRel(row.number("omega"), 8 * eps));
  }
  CHECK_THAT(optimal_hard_threshold(1), WithinRel(4 / std::sqrt(3.0), 4 * eps));
}

TEST_CASE("shrinkage: at the threshold keeping costs as much as dropping", "[theory][property]") {
  // Loss S^2 of dropping, S^2 + y^2 - 2 y eta of keeping: equal where y = 2 eta(y).
  for (const double q : {1e-3, 0.3, 1.0, 1.7, 25.0, 1e4}) {
    CAPTURE(q);
    const double tau = optimal_hard_threshold(q);
    const double edge = 1 + bbp_threshold(q);
    CHECK(tau > edge);
    // eta amplifies the rounding of tau by its distance from the edge.
    CHECK_THAT(2 * shrunk_singular_value(q, tau),
               WithinRel(tau, 16 * eps * (1 + tau / (tau - edge))));
    // Transposing swaps the units.
    CHECK_THAT(optimal_hard_threshold(1 / q) / std::sqrt(q), WithinRel(tau, 8 * eps));
    CHECK_THAT(optimal_median_threshold(1 / q), WithinRel(optimal_median_threshold(q), 16 * eps));
  }
}

TEST_CASE("shrinkage: the shrinker is strength times cosines", "[theory][property]") {
  for (const double q : {0.2, 1.0, 4.0, 1e3})
    for (const double factor : {1.05, 1.3, 3.0, 50.0}) {
      const double strength = factor * std::sqrt(bbp_threshold(q));
      CAPTURE(q, factor);
      const Spike spike = Spike::additive(q, strength);
      const double y = std::sqrt(outlier_location(spike));
      // y is stationary at the threshold: rounding it costs 1 / (factor - 1)^2 there.
      const double amplified = 1 + 1 / ((factor - 1) * (factor - 1));
      CHECK_THAT(shrunk_singular_value(q, y),
                 WithinRel(strength * std::sqrt(overlap_left(spike) * overlap_right(spike)),
                           16 * eps * amplified * (1 + bbp_threshold(q) + 1 / bbp_threshold(q))));
    }
  // eta(y) = sqrt(y^2 - 4) at Q = 1: the bound of the header.
  for (const double y : {2.0001, 2.1, 3.0, 1e3})
    CHECK_THAT(shrunk_singular_value(1, y),
               WithinRel(std::sqrt((y - 2) * (y + 2)), 4 * eps * (1 + y / (y - 2))));
  CHECK(shrunk_singular_value(4, 1.5) == 0);
  CHECK(shrunk_singular_value(4, 0) == 0);
  CHECK(shrunk_singular_value(4, 1.5001) > 0);
  CHECK_THAT(shrunk_singular_value(4, 1e8), WithinRel(1e8, 4 * eps));  // nothing left to remove
}

TEST_CASE("shrinkage: the threshold from the median knows the noise level", "[theory][property]") {
  const double q = 2.5, variance = 7;
  const double median = std::sqrt(quantile(MarchenkoPastur(q, variance), 0.5));
  CHECK_THAT(optimal_median_threshold(q) * median,
             WithinRel(optimal_hard_threshold(q) * std::sqrt(variance), 8 * eps));
}

TEST_CASE("shrinkage: rejects arguments outside the domain", "[theory][errors]") {
  CHECK_THROWS_WITH(
      shrunk_singular_value(0, 1),
      ContainsSubstring("shrunk_singular_value: aspect_ratio = 0 (must be finite and > 0)"));
  CHECK_THROWS_WITH(shrunk_singular_value(1, -1),
                    ContainsSubstring("y = -1 (must be finite and >= 0)"));
  CHECK_THROWS_AS(shrunk_singular_value(1, std::nan("")), std::domain_error);
  CHECK_THROWS_AS(optimal_hard_threshold(-1), std::domain_error);
  CHECK_THROWS_AS(optimal_median_threshold(0), std::domain_error);
}
