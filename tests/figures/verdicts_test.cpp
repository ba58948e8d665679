// SPDX-License-Identifier: MIT
#include "figures/verdicts.hpp"

#include <cmath>
#include <limits>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"

using namespace rmtlab;
using namespace rmtlab::figures;

namespace {

// Standard normal values shifted by `mean`.
std::vector<double> normals(const core::Stream& stream, std::size_t count, double mean) {
  core::Stream generator = stream;
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(mean + generator.normal());
  return values;
}

// The interval one would write down with the normal quantile 1.645 instead of Student's.
Interval naive_interval(const std::vector<double>& values) {
  const Interval t = mean_interval(values, 0.9);
  const double shrink = 1.6448536269514722 / 2.9199855803537256;  // three values
  return {t.count, t.value, t.value - shrink * (t.value - t.low),
          t.value + shrink * (t.high - t.value)};
}

}  // namespace

TEST_CASE("verdicts: Student's interval in closed form", "[figures]") {
  const Interval i = mean_interval({1, 2, 3}, 0.95);
  CHECK(i.count == 3);
  CHECK(i.value == 2);
  // t with 2 degrees of freedom: p / sqrt(2 / (1 - p^2)), p = 0.95; times 1 / sqrt(3).
  const double t = 0.95 * std::sqrt(2 / (1 - 0.95 * 0.95));
  CHECK(i.low == Approx(2 - t / std::sqrt(3.0)).epsilon(1e-12));
  CHECK(i.high == Approx(2 + t / std::sqrt(3.0)).epsilon(1e-12));
  const Interval one = mean_interval({1}, 0.95);
  CHECK(one.low == -std::numeric_limits<double>::infinity());
  CHECK(exceeds(one, -1e300) == Verdict::inconclusive);
  CHECK_THROWS_AS(mean_interval({}, 0.9), std::invalid_argument);
  CHECK_THROWS_AS(mean_interval({1, 2}, 1), std::invalid_argument);
}

TEST_CASE("verdicts: shares of a few replicates", "[figures]") {
  CHECK(share_interval(3, 3).low == Approx(std::cbrt(0.05)).epsilon(1e-12));
  CHECK(share_interval(3, 3).high == 1);
  CHECK(share_interval(0, 5).low == 0);
  CHECK(share_interval(0, 5).high == Approx(1 - std::pow(0.05, 0.2)).epsilon(1e-12));
  CHECK(majority(3, 3) == Verdict::inconclusive);
  CHECK(majority(5, 5) == Verdict::reproduced);
  CHECK(majority(0, 5) == Verdict::not_reproduced);
  CHECK(majority(4, 5) == Verdict::inconclusive);
  CHECK(majority(7, 8) == Verdict::reproduced);    // P(7 or more | 1/2) = 9 / 256
  CHECK(majority(6, 8) == Verdict::inconclusive);  // 37 / 256
  CHECK_THROWS_AS(share_interval(0, 0), std::invalid_argument);
  CHECK_THROWS_AS(share_interval(2, 1), std::invalid_argument);
}

TEST_CASE("verdicts: what is needed for an effect", "[figures]") {
  const auto yes = Verdict::reproduced, no = Verdict::not_reproduced, open = Verdict::inconclusive;
  CHECK(needed(yes, no) == yes);
  CHECK(needed(yes, yes) == no);
  CHECK(needed(no, no) == no);
  CHECK(needed(open, yes) == no);
  CHECK(needed(yes, open) == open);
  CHECK(needed(open, no) == open);
}

TEST_CASE("verdicts: equivalence", "[figures]") {
  CHECK(equivalence({3, 0.1, -0.2, 0.24}, 0.25) == Equivalence::equivalent);
  CHECK(equivalence({3, 0.1, 0.05, 0.2}, 0.25) == Equivalence::equivalent);  // small is not none
  CHECK(equivalence({3, 0.1, -0.2, 0.26}, 0.25) == Equivalence::inconclusive);
  CHECK(equivalence({3, 0.4, 0.26, 0.6}, 0.25) == Equivalence::different);
  CHECK(equivalence({3, -0.4, -0.6, -0.26}, 0.25) == Equivalence::different);
  CHECK(equivalence(mean_interval({0}, 0.9), 0.25) == Equivalence::inconclusive);
  CHECK_THROWS_AS(equivalence({3, 0, -1, 1}, 0), std::invalid_argument);
}

TEST_CASE("verdicts: three replicates rarely mislead about equivalence", "[figures]") {
  constexpr std::size_t trials = 4000;
  std::size_t at_margin = 0, naive = 0, inside = 0, beyond = 0;
  const core::Stream stream(81);
  for (std::size_t i = 0; i < trials; ++i) {
    // True difference at the margin, which is 4 standard deviations: "equivalent" is wrong.
    const auto values = normals(stream.child("margin").child(i), 3, 4);
    at_margin += equivalence(mean_interval(values, 0.9), 4) == Equivalence::equivalent;
    naive += equivalence(naive_interval(values), 4) == Equivalence::equivalent;
    beyond += equivalence(mean_interval(values, 0.9), 4) == Equivalence::different;
    // No difference.
    inside += equivalence(mean_interval(normals(stream.child("zero").child(i), 3, 0), 0.9), 4) ==
              Equivalence::equivalent;
  }
  // Each wrong verdict has probability 0.05 at the margin; 0.05 +- 4.5 sigma, false alarms 7e-6
  // each.
  const double limit = trials * 0.05 + 4.5 * std::sqrt(trials * 0.05 * 0.95);
  CHECK(static_cast<double>(at_margin) < limit);
  CHECK(static_cast<double>(beyond) < limit);
  CHECK(static_cast<double>(at_margin) > 2 * trials * 0.05 - limit);
  // Negative control: with the normal quantile it is P(t_2 < -1.645) = 0.121.
  CHECK(static_cast<double>(naive) > trials * 0.1);
  // And a margin of 4 standard deviations is enough for the right verdict in most cases.
  CHECK(static_cast<double>(inside) > trials * 0.8);
}

TEST_CASE("verdicts: a quantity that falls along a path", "[figures]") {
  const auto down = falls({{5, 4, 2}, {5.2, 4.1, 2.3}, {4.9, 3.8, 2.1}});
  CHECK(down.verdict == Verdict::reproduced);
  CHECK(down.step == 0);
  CHECK(down.change.value == Approx(-(1 + 1.1 + 1.1) / 3));
  // One step that rises in every replicate.
  const auto bump = falls({{5, 4, 4.5}, {5.2, 4.1, 4.62}, {4.9, 3.8, 4.31}});
  CHECK(bump.verdict == Verdict::not_reproduced);
  CHECK(bump.step == 1);
  // One step that rises in one of three.
  CHECK(falls({{5, 4, 3}, {5, 4, 4.5}, {5, 4, 3.2}}).verdict == Verdict::inconclusive);
  CHECK(falls({{5, 4, 3}}).verdict == Verdict::inconclusive);  // a single replicate
  CHECK_THROWS_AS(falls({}), std::invalid_argument);
  CHECK_THROWS_AS(falls({{1, 2}, {1}}), std::invalid_argument);
  CHECK_THROWS_AS(falls({{1}}), std::invalid_argument);
}

TEST_CASE("verdicts: a path that does not move is rarely said to fall or rise", "[figures]") {
  constexpr std::size_t trials = 2000;
  std::size_t fallen = 0, risen = 0, truly_falling = 0;
  const core::Stream stream(82);
  for (std::size_t i = 0; i < trials; ++i) {
    std::vector<std::vector<double>> flat, steep;
    for (std::size_t r = 0; r < 5; ++r) {
      flat.push_back(normals(stream.child(i).child(r), 4, 0));
      steep.push_back(flat.back());
      for (std::size_t k = 0; k < 4; ++k) steep.back()[k] -= 8.0 * static_cast<double>(k);
    }
    fallen += falls(flat).verdict == Verdict::reproduced;
    risen += falls(flat).verdict == Verdict::not_reproduced;
    truly_falling += falls(steep).verdict == Verdict::reproduced;
  }
  // At most 0.05; + 4.5 sigma, false alarms 7e-6 each.
  const double limit = trials * 0.05 + 4.5 * std::sqrt(trials * 0.05 * 0.95);
  CHECK(static_cast<double>(fallen) < limit);
  CHECK(static_cast<double>(risen) < limit);
  CHECK(risen > 0);  // the test is not blind
  CHECK(truly_falling > trials * 9 / 10);
}

TEST_CASE("verdicts: boundary of a phase along a path", "[figures]") {
  const std::vector<Step> path{{256, 0}, {64, 1}, {16, 2}, {4, 4}, {1, 4}};
  const auto b = boundary(path, 1);
  REQUIRE(b);
  CHECK(b->at == 128);
  CHECK(b->low == 64);
  CHECK(b->high == 256);
  CHECK(boundary(path, 3)->at == 8);  // a phase that is skipped has the boundary of the next
  CHECK(boundary(path, 4)->at == 8);
  CHECK_FALSE(boundary(path, 5));  // never there
  CHECK_FALSE(boundary(path, 0));  // always there
  // For good: a place that falls back moves the boundary behind it.
  CHECK(boundary({{64, 0}, {16, 3}, {4, 2}, {1, 3}}, 3)->at == 2);
  CHECK_FALSE(boundary({{64, 0}, {16, 3}, {4, 2}}, 3));
  // Zero has no logarithm.
  CHECK(boundary({{0, 0}, {1, 1}}, 1)->at == 0.5);
  CHECK_FALSE(boundary({}, 1));
}

TEST_CASE("verdicts: what several paths say of a boundary", "[figures]") {
  const std::vector<Step> early{{64, 0}, {16, 3}, {4, 4}}, late{{64, 0}, {16, 0}, {4, 3}},
      never{{64, 0}, {16, 3}, {4, 0}}, started{{64, 3}, {16, 5}, {4, 3}},
      undone{{64, 3}, {16, 0}, {4, 3}};
  const Crossings c = crossings({early, late, early, never, started}, 3);
  CHECK(c.at.count == 3);
  CHECK(c.at.value == 32);  // median of 32, 8, 32
  CHECK(c.at.low == 4);
  CHECK(c.at.high == 64);
  CHECK(c.paths == 5);
  CHECK(c.started == 1);
  CHECK(c.in_most());
  CHECK_FALSE(crossings({early, never}, 3).in_most());  // half is not most
  CHECK(crossings({undone}, 3).at.value == 8);          // back and again: the last time counts
  CHECK(crossings({undone}, 3).started == 0);
  const Crossings none = crossings({never, started, {}}, 3);
  CHECK(none.at.count == 0);
  CHECK(std::isnan(none.at.value));
  CHECK(none.started == 1);
  CHECK(crossings({}, 3).paths == 0);
}

TEST_CASE("verdicts: slope in logarithms", "[figures]") {
  CHECK(*log_slope({{1, 3}, {2, 6}, {8, 24}}) == Approx(1).epsilon(1e-12));
  CHECK(*log_slope({{1, 3}, {4, 6}, {16, 12}}) == Approx(0.5).epsilon(1e-12));
  CHECK_FALSE(log_slope({{1, 3}, {2, 6}}));
  CHECK_FALSE(log_slope({{2, 3}, {2, 6}, {2, 7}}));
  CHECK_THROWS_AS(log_slope({{1, 3}, {0, 6}, {2, 7}}), std::domain_error);
}
