// SPDX-License-Identifier: MIT
#include "sim/network/schedule.hpp"

#include <cmath>
#include <stdexcept>

#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace rmtlab::network {
namespace {

// 10 steps an epoch, 20 epochs.
Schedule make(const ScheduleConfig& config, std::size_t batch = 8) {
  return Schedule(config, batch, 10, 20);
}

TEST_CASE("schedule: a constant rate is one, and its sum the number of steps", "[network]") {
  const Schedule schedule = make({});
  for (const std::size_t t : {0U, 1U, 199U, 1000U}) {
    CHECK(schedule.factor(t) == 1);
    CHECK(schedule.extend(0, 0, t) == double(t));
  }
}

TEST_CASE("schedule: the warm-up grows linearly to the rate it leads to", "[network]") {
  const Schedule schedule = make({.warmup_epochs = 2});
  CHECK(schedule.factor(0) == 1.0 / 20);
  CHECK(schedule.factor(9) == 0.5);
  CHECK(schedule.factor(19) == 1);
  CHECK(schedule.factor(20) == 1);
  CHECK_THAT(schedule.extend(0, 0, 30), WithinRel(10.5 + 10, 1e-14));  // (1 + ... + 20)/20 + 10
  // In two parts the same bits as in one: a resumed training reports the same.
  CHECK(schedule.extend(schedule.extend(0, 0, 13), 13, 30) == schedule.extend(0, 0, 30));
}

TEST_CASE("schedule: a step drops at whole epochs after the warm-up", "[network]") {
  const Schedule schedule =
      make({.course = Course::step, .warmup_epochs = 1, .step_epochs = 3, .step_factor = 0.5});
  CHECK(schedule.factor(10) == 1);
  CHECK(schedule.factor(39) == 1);
  CHECK(schedule.factor(40) == 0.5);
  CHECK(schedule.factor(69) == 0.5);
  CHECK(schedule.factor(70) == 0.25);
}

TEST_CASE(
    "schedule: a cosine is whole at the start, half way in the middle, and its mean is theirs",
    "[network]") {
  const Schedule schedule = make({.course = Course::cosine, .final_fraction = 0.2});
  CHECK(schedule.factor(0) == 1);
  CHECK_THAT(schedule.factor(100), WithinAbs(0.6, 1e-15));
  CHECK(schedule.factor(199) > 0.2);
  CHECK_THAT(schedule.factor(199), WithinAbs(0.2, 1e-4));
  // Sum of (1 + cos(pi t/T))/2 over t < T: T/2 + 1/2.
  CHECK_THAT(schedule.extend(0, 0, 200), WithinRel(0.2 * 200 + 0.8 * 100.5, 1e-13));
  const Schedule late = make({.course = Course::cosine, .warmup_epochs = 10});
  CHECK(late.factor(100) == 1);
  CHECK_THAT(late.factor(150), WithinAbs(0.5, 1e-15));
}

TEST_CASE("schedule: the rate is proportional to the batch if there is a reference", "[network]") {
  CHECK(make({.reference_batch = 16}, 4).factor(3) == 0.25);
  CHECK(make({.reference_batch = 16}, 32).factor(3) == 2);
  CHECK(make({.reference_batch = 16}, 4).extend(0, 0, 100) == 25);
  CHECK(make({.warmup_epochs = 1, .reference_batch = 16}, 8).factor(4) == 0.25);
}

TEST_CASE("schedule: settings outside their range are refused", "[network][errors]") {
  CHECK_THROWS_WITH(make({.step_epochs = 0}),
                    ContainsSubstring("Schedule: step_epochs = 0 (must be >= 1)"));
  CHECK_THROWS_WITH(make({.step_factor = 0}),
                    ContainsSubstring("Schedule: step_factor = 0 (must be > 0 and <= 1)"));
  CHECK_THROWS_WITH(make({.final_fraction = 2}),
                    ContainsSubstring("Schedule: final_fraction = 2 (must be >= 0 and <= 1)"));
}

}  // namespace
}  // namespace rmtlab::network
