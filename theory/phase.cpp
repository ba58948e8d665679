// SPDX-License-Identifier: MIT
#include "theory/phase.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

namespace rmtlab::theory {

std::string_view name(Phase phase) {
  static constexpr std::array<std::string_view, 6> names = {
      "random-like", "bleeding-out", "bulk+spikes", "bulk-decay", "heavy-tailed", "rank-collapse"};
  return names.at(static_cast<std::size_t>(phase));
}

bool is_extensive(Phase phase) {
  return phase == Phase::bulk_decay || phase == Phase::heavy_tailed ||
         phase == Phase::rank_collapse;
}

Phase phase_named(std::string_view wanted) {
  std::string known;
  for (const Phase phase : all_phases) {
    if (name(phase) == wanted) return phase;
    known += (known.empty() ? "" : ", ") + std::string(name(phase));
  }
  throw std::domain_error(
      fmt::format("phase_named: name = '{}' (must be one of {})", wanted, known));
}

}  // namespace rmtlab::theory
