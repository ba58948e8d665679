// SPDX-License-Identifier: MIT
/// \file
/// \brief What is known of a matrix when its phase is asked for.
#pragma once

#include <cstddef>
#include <optional>

#include <armadillo>

#include "sim/inference/marchenko_pastur_fit.hpp"
#include "sim/inference/power_law.hpp"

namespace rmtlab::inference {

/// What is known of a matrix when its phase is asked for.
struct PhaseInput {
  arma::vec eigenvalues;  ///< of W^T W / N, all M, ascending, not all zero
  std::size_t rows = 0;   ///< N >= M
  double excess_kurtosis = 0;
  /// Ascending eigenvalues after `clipped_entries`; absent where nothing was clipped or only the spectrum is known.
  std::optional<arma::vec> clipped_eigenvalues = std::nullopt;
  std::optional<MarchenkoPasturFit> marchenko_pastur = std::nullopt;
  std::optional<PowerLawFit> power_law = std::nullopt;
};

}  // namespace rmtlab::inference
