// SPDX-License-Identifier: MIT
#include "sim/ensembles/probe_families.hpp"

#include <array>

namespace rmtlab::ensembles {
namespace {

using theory::Phase;

constexpr std::array noise{
    PhaseFamily{.name = "noise/gaussian",
                .phase = Phase::random_like,
                .ensemble = "gaussian",
                .fixed = "",
                .strength = "sigma2",
                .weak = 0.1,
                .strong = 10,
                .logarithmic = true},
    PhaseFamily{.name = "noise/truncated-gaussian",
                .phase = Phase::random_like,
                .ensemble = "truncated-gaussian",
                .fixed = "",
                .strength = "limit",
                .weak = 2,
                .strong = 2},
    PhaseFamily{.name = "noise/uniform",
                .phase = Phase::random_like,
                .ensemble = "uniform",
                .fixed = "",
                .strength = "sigma2",
                .weak = 0.1,
                .strong = 10,
                .logarithmic = true},
    PhaseFamily{.name = "noise/rademacher",
                .phase = Phase::random_like,
                .ensemble = "rademacher",
                .fixed = "",
                .strength = "sigma2",
                .weak = 0.1,
                .strong = 10,
                .logarithmic = true},
    PhaseFamily{.name = "noise/t10",
                .phase = Phase::random_like,
                .ensemble = "student-t",
                .fixed = "scaling=variance",
                .strength = "mu",
                .weak = 10,
                .strong = 10},
    PhaseFamily{.name = "noise/t8",
                .phase = Phase::random_like,
                .ensemble = "student-t",
                .fixed = "scaling=variance",
                .strength = "mu",
                .weak = 8,
                .strong = 8},
    PhaseFamily{.name = "noise/t5",
                .phase = Phase::random_like,
                .ensemble = "student-t",
                .fixed = "scaling=variance",
                .strength = "mu",
                .weak = 5,
                .strong = 5},
};

constexpr std::array tail{
    PhaseFamily{.name = "tail/pareto-entries",
                .phase = Phase::heavy_tailed,
                .ensemble = "pareto",
                .fixed = "",
                .strength = "mu",
                .weak = 1.8,
                .strong = 0.8},
    PhaseFamily{.name = "tail/root-stable-entries",
                .phase = Phase::heavy_tailed,
                .ensemble = "root-stable",
                .fixed = "",
                .strength = "mu",
                .weak = 1.8,
                .strong = 0.8},
    PhaseFamily{.name = "tail/stable-entries",
                .phase = Phase::heavy_tailed,
                .ensemble = "stable",
                .fixed = "",
                .strength = "mu",
                .weak = 1.8,
                .strong = 0.8},
    PhaseFamily{.name = "tail/power-law-random",
                .phase = Phase::heavy_tailed,
                .ensemble = "power-law-covariance",
                .fixed = "levels=random",
                .strength = "alpha",
                .weak = 2.2,
                .strong = 1.8},
    PhaseFamily{.name = "tail/power-law-quantiles",
                .phase = Phase::heavy_tailed,
                .ensemble = "power-law-covariance",
                .fixed = "levels=quantiles",
                .strength = "alpha",
                .weak = 2.2,
                .strong = 1.8},
    PhaseFamily{.name = "tail/power-sequence",
                .phase = Phase::heavy_tailed,
                .ensemble = "power-sequence-covariance",
                .fixed = "",
                .strength = "exponent",
                .weak = 1,
                .strong = 1},
};

constexpr std::array weak_tail{
    PhaseFamily{.name = "weak_tail/power-law-random",
                .phase = Phase::heavy_tailed,
                .ensemble = "power-law-covariance",
                .fixed = "levels=random",
                .strength = "alpha",
                .weak = 4,
                .strong = 2.2},
    PhaseFamily{.name = "weak_tail/power-law-quantiles",
                .phase = Phase::heavy_tailed,
                .ensemble = "power-law-covariance",
                .fixed = "levels=quantiles",
                .strength = "alpha",
                .weak = 4,
                .strong = 2.2},
    PhaseFamily{.name = "weak_tail/weak-repulsion",
                .phase = Phase::heavy_tailed,
                .ensemble = "weak-repulsion",
                .fixed = "repulsion=1",
                .strength = "alpha",
                .weak = 4,
                .strong = 2.2},
};

constexpr std::array mechanism{
    PhaseFamily{.name = "mechanism/pareto-entries",
                .phase = Phase::heavy_tailed,
                .ensemble = "pareto",
                .fixed = "",
                .strength = "mu",
                .weak = 1.8,
                .strong = 0.8},
    PhaseFamily{.name = "mechanism/root-stable-entries",
                .phase = Phase::heavy_tailed,
                .ensemble = "root-stable",
                .fixed = "",
                .strength = "mu",
                .weak = 1.8,
                .strong = 0.8},
    PhaseFamily{.name = "mechanism/power-law-random",
                .phase = Phase::heavy_tailed,
                .ensemble = "power-law-covariance",
                .fixed = "levels=random",
                .strength = "alpha",
                .weak = 3,
                .strong = 1.8},
    PhaseFamily{.name = "mechanism/power-law-quantiles",
                .phase = Phase::heavy_tailed,
                .ensemble = "power-law-covariance",
                .fixed = "levels=quantiles",
                .strength = "alpha",
                .weak = 3,
                .strong = 1.8},
    PhaseFamily{.name = "mechanism/weak-repulsion",
                .phase = Phase::heavy_tailed,
                .ensemble = "weak-repulsion",
                .fixed = "repulsion=1",
                .strength = "alpha",
                .weak = 3,
                .strong = 1.8},
    PhaseFamily{.name = "mechanism/weaker-repulsion",
                .phase = Phase::heavy_tailed,
                .ensemble = "weak-repulsion",
                .fixed = "alpha=2.2",
                .strength = "repulsion",
                .weak = 1,
                .strong = 0},
    PhaseFamily{.name = "mechanism/lognormal",
                .phase = Phase::bulk_decay,
                .ensemble = "lognormal-covariance",
                .fixed = "",
                .strength = "sigma",
                .weak = 0.8,
                .strong = 0.8},
    PhaseFamily{.name = "mechanism/lognormal-random",
                .phase = Phase::bulk_decay,
                .ensemble = "lognormal-covariance",
                .fixed = "levels=random",
                .strength = "sigma",
                .weak = 0.8,
                .strong = 0.8},
    PhaseFamily{.name = "mechanism/ten-spikes",
                .phase = Phase::bulk_plus_spikes,
                .ensemble = "trained-like",
                .fixed = "count=10; decay=0.2",
                .strength = "strongest",
                .weak = 3,
                .strong = 15,
                .logarithmic = true},
    PhaseFamily{.name = "mechanism/twenty-spikes",
                .phase = Phase::bulk_plus_spikes,
                .ensemble = "trained-like",
                .fixed = "count=20; decay=0.1",
                .strength = "strongest",
                .weak = 3,
                .strong = 15,
                .logarithmic = true},
    PhaseFamily{.name = "mechanism/thirty-spikes",
                .phase = Phase::bulk_plus_spikes,
                .ensemble = "trained-like",
                .fixed = "count=30; decay=0.07",
                .strength = "strongest",
                .weak = 3,
                .strong = 15,
                .logarithmic = true},
};

}  // namespace

std::string_view name(Probe probe) {
  switch (probe) {
    case Probe::noise:
      return "noise";
    case Probe::tail:
      return "tail";
    case Probe::weak_tail:
      return "weak_tail";
    case Probe::mechanism:
      return "mechanism";
  }
  return "noise";
}

std::span<const PhaseFamily> probe_families(Probe probe) {
  switch (probe) {
    case Probe::noise:
      return noise;
    case Probe::tail:
      return tail;
    case Probe::weak_tail:
      return weak_tail;
    case Probe::mechanism:
      return mechanism;
  }
  return noise;
}

}  // namespace rmtlab::ensembles
