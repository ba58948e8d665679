// SPDX-License-Identifier: MIT
/// \file
/// \brief An ensemble and a shape as parameters of an experiment.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/core/experiment.hpp"
#include "sim/core/schema.hpp"
#include "sim/ensembles/ensemble_catalogue.hpp"

namespace rmtlab::experiments {

/// Section `ensemble`: a name and the parameters of that ensemble, by the names of `rmtlab describe`.
/// Every parameter of every ensemble is declared, empty meaning the ensemble's default, so that
/// `sweep: ensemble.mu: [...]` works; one that the chosen ensemble does not have is refused.
struct EnsembleChoice {
  std::string name = "gaussian";
  theory::NamedParameters parameters;  ///< by name; empty text: the default

  void declare(core::Schema& schema);
  [[nodiscard]] std::vector<core::Complaint> complaints() const;
  /// \throws std::domain_error if `complaints` would not be empty.
  [[nodiscard]] ensembles::Ensemble make() const;
  /// The value of a parameter, the ensemble's default filled in; empty if it has none of that name.
  [[nodiscard]] std::string value(std::string_view parameter) const;

private:
  [[nodiscard]] theory::NamedParameters given() const;
};

/// Section `shape`: W is N x M.
struct MatrixShape {
  std::size_t cols = 200;
  double aspect_ratio = 2;

  void declare(core::Schema& schema);
  /// Refuses fewer columns than a fit of the spectrum needs.
  [[nodiscard]] std::vector<core::Complaint> complaints(std::size_t fewest_cols) const;
  /// N = Q M to the nearest integer.
  [[nodiscard]] std::size_t rows() const;
};

}  // namespace rmtlab::experiments
