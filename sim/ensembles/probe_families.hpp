// SPDX-License-Identifier: MIT
/// \file
/// \brief Families for single claims about a classifier: noise, power-law tails, mechanisms of a tail.
#pragma once

#include <span>
#include <string_view>

#include "sim/ensembles/phase_families.hpp"

namespace rmtlab::ensembles {

/// A claim that a family of matrices is there to test.
enum class Probe {
  noise,      ///< independent entries: nothing else may be seen in them
  tail,       ///< power laws that hold most of the trace, by every mechanism
  weak_tail,  ///< power laws whose tail beyond the body carries less
  mechanism,  ///< spectra that look heavy-tailed, each by another mechanism
};

/// `"noise"`, `"tail"`, `"weak_tail"`, `"mechanism"`.
std::string_view name(Probe probe);

/// Their families; the names begin with that of the probe.
std::span<const PhaseFamily> probe_families(Probe probe);

}  // namespace rmtlab::ensembles
