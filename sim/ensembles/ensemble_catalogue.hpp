// SPDX-License-Identifier: MIT
/// \file
/// \brief The ensembles by name: what a command line or a configuration can ask for.
///
/// One table lists them; each row holds the name, the documentation, the parameters and a function
/// that makes the ensemble. Adding an ensemble is adding a row.
#pragma once

#include <span>
#include <string_view>

#include "sim/ensembles/ensemble.hpp"

namespace rmtlab::ensembles {

struct EnsembleEntry {
  std::string_view name;
  std::string_view help;  ///< formula and meaning, one paragraph of plain text
  std::span<const theory::ParameterDeclaration> parameters;
  /// Called with every declared parameter present and no other.
  Ensemble (*make)(const theory::NamedParameters&);
};

/// All ensembles, in the order in which they should be listed.
std::span<const EnsembleEntry> ensemble_catalogue();

/// The entry with this name.
/// \throws std::domain_error "ensemble: name = X (must be one of ...)", with a near name if any.
const EnsembleEntry& find_ensemble(std::string_view name);

/// The ensemble `name` with `parameters`, defaults filled in.
/// \throws std::domain_error for an unknown ensemble, an unknown or missing parameter, or a value
///         outside its domain: "name: parameter = value (must be ...)". Constraints that involve the
///         shape are checked by the draws and by `truth`.
Ensemble make_ensemble(std::string_view name, const theory::NamedParameters& parameters = {});

}  // namespace rmtlab::ensembles
