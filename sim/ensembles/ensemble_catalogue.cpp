// SPDX-License-Identifier: MIT
#include "sim/ensembles/ensemble_catalogue.hpp"

#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "sim/ensembles/ensemble_rows.hpp"

namespace rmtlab::ensembles {
namespace {

/// Built at first use, not by a static constructor.
const std::vector<EnsembleEntry>& catalogue() {
  static const std::vector<EnsembleEntry> all = [] {
    std::vector<EnsembleEntry> rows;
    for (const auto& part :
         {entry_rows(), spike_rows(), population_rows(), structure_rows(), spectrum_rows()})
      rows.insert(rows.end(), part.begin(), part.end());
    return rows;
  }();
  return all;
}

}  // namespace

std::span<const EnsembleEntry> ensemble_catalogue() { return catalogue(); }

const EnsembleEntry& find_ensemble(std::string_view name) {
  std::vector<std::string_view> names;
  for (const EnsembleEntry& entry : catalogue()) {
    if (entry.name == name) return entry;
    names.push_back(entry.name);
  }
  throw std::domain_error(
      fmt::format("ensemble: name = {} (must be {})", name, theory::one_of(name, names)));
}

Ensemble make_ensemble(std::string_view name, const theory::NamedParameters& parameters) {
  const EnsembleEntry& entry = find_ensemble(name);
  return entry.make(theory::complete(entry.name, entry.parameters, parameters));
}

}  // namespace rmtlab::ensembles
