// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/phase.hpp.
#include "theory/phase.hpp"

#include <stdexcept>

#include "tests/catch.hpp"

using namespace rmtlab::theory;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("phase: names", "[theory]") {
  CHECK(name(Phase::bulk_plus_spikes) == "bulk+spikes");
  for (const Phase phase : all_phases) CHECK(phase_named(name(phase)) == phase);
  CHECK_THROWS_AS(phase_named("bulk-spikes"), std::domain_error);
  CHECK_THROWS_WITH(phase_named("bulk-spikes"),
                    ContainsSubstring("phase_named: name = 'bulk-spikes' (must be one of "
                                      "random-like, bleeding-out, bulk+spikes, bulk-decay, "
                                      "heavy-tailed, rank-collapse)"));
}
