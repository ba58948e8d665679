// SPDX-License-Identifier: MIT
/// \file
/// \brief Generators of matrices of known phase, with one strength each: what a classifier is judged by.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "sim/ensembles/ensemble_catalogue.hpp"

namespace rmtlab::ensembles {

/**
 * \brief A one-parameter family of ensembles that a phase is made of.
 *
 * The declared label is that of `GroundTruth` at the parameters and the shape, which for some
 * strengths is another phase or none (a spike in the critical window, a tail that is too light):
 * `phase` is what the family is there to show over most of its range.
 */
struct PhaseFamily {
  std::string_view name;  ///< unique, "phase/what"
  theory::Phase phase;
  std::string_view ensemble;    ///< of the catalogue
  std::string_view fixed;       ///< the other parameters, "key=value; key=value"
  std::string_view strength;    ///< name of the parameter that is varied; empty: none
  double weak = 0, strong = 0;  ///< its range, from the least to the most conspicuous
  bool logarithmic = false;     ///< strengths are spread evenly in the logarithm
  bool is_whole = false;        ///< strengths are rounded to whole numbers
  /// Phase at the weak end, for a family that crosses a border of the definitions; else `phase`.
  std::optional<theory::Phase> weak_phase = std::nullopt;
  bool is_hard =
      false;  ///< made to be mistaken for another phase: left out of tuning, never of testing
};

/// All families, at least three for each phase, in the order of the phases.
std::span<const PhaseFamily> phase_families();

/// The family with this name. \throws std::domain_error listing the names.
const PhaseFamily& find_phase_family(std::string_view name);

/// The strength at position t in [0, 1] of the range. \throws std::domain_error for another t.
double strength_at(const PhaseFamily& family, double t);

/// The parameters of the ensemble at a strength, and the ensemble.
theory::NamedParameters parameters_at(const PhaseFamily& family, double strength);
Ensemble make_member(const PhaseFamily& family, double strength);

}  // namespace rmtlab::ensembles
