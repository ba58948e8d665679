// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/probe_families.hpp.
#include "sim/ensembles/probe_families.hpp"

#include <set>
#include <string>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"

namespace rmtlab::ensembles {
namespace {

TEST_CASE("probe families: names once, with the probe in front, and what they declare",
          "[ensembles]") {
  std::set<std::string_view> names;
  for (const Probe probe : {Probe::noise, Probe::tail, Probe::weak_tail, Probe::mechanism})
    for (const PhaseFamily& family : probe_families(probe)) {
      CAPTURE(family.name);
      CHECK(names.insert(family.name).second);
      CHECK(family.name.starts_with(std::string(name(probe)) + "/"));
      for (const double t : {0.0, 1.0}) {
        const Ensemble ensemble = make_member(family, strength_at(family, t));
        const auto truth = ensemble.truth(1000, 500);
        if (truth.phase) CHECK(*truth.phase == family.phase);
        core::Stream stream = core::Stream(2).child(family.name);
        CHECK(ensemble.matrix(60, 40, stream).is_finite());
      }
      if (probe == Probe::noise)
        CHECK(make_member(family, family.weak).truth(1000, 500).phase ==
              theory::Phase::random_like);
    }
}

}  // namespace
}  // namespace rmtlab::ensembles
