// SPDX-License-Identifier: MIT
/// \file
/// \brief Everything this project says about one weight matrix, by one procedure for all callers.
#pragma once

#include <armadillo>

#include "sim/inference/attempt.hpp"
#include "sim/inference/entry_kurtosis.hpp"
#include "sim/inference/marchenko_pastur_fit.hpp"
#include "sim/inference/phase_decision.hpp"
#include "sim/inference/power_law.hpp"
#include "sim/inference/power_law_alternatives.hpp"
#include "sim/spectra/metrics.hpp"
#include "sim/spectra/spectrum.hpp"

namespace rmtlab::inference {

/// Fewest eigenvalues in the tail of a power-law fit to a spectrum: with fewer, the search for xmin
/// settles on the last few eigenvalues below the largest.
inline constexpr std::size_t smallest_spectral_tail = 10;

/// Spectrum, shape metrics, both fits and the phase of one matrix.
struct MatrixAnalysis {
  spectra::Spectrum spectrum;
  double lambda_max = 0, lambda_min = 0;
  double frobenius_norm = 0, spectral_norm = 0;
  spectra::HardRank hard_rank;
  std::size_t zero_count = 0;  ///< eigenvalues <= M eps lambda_max, left out of the power-law fit
  Attempt<double> stable_rank, matrix_entropy;
  Attempt<double> mp_soft_rank;           ///< lambda_plus of the fitted bulk / lambda_max
  Attempt<EntryKurtosis> entry_kurtosis;  ///< of the entries; none where only the spectrum is known
  MarchenkoPasturOptions marchenko_pastur_options;  ///< as used: with that kurtosis
  Attempt<MarchenkoPasturFit> marchenko_pastur;
  Attempt<PowerLawFit> power_law;
  Attempt<Alternative> exponential;  ///< on the tail of the power-law fit
  PhaseDecision
      decision;  ///< by the entries too, where they are known: collapse is judged with them clipped
};

/// Analyses a spectrum; the entries count as Gaussian. An impossible fit is an `Attempt` with its reason, never an exception.
MatrixAnalysis analyze_spectrum(spectra::Spectrum spectrum);

/// Analyses a weight matrix of any orientation: as above, with the kurtosis of its entries.
/// \throws as spectra::spectrum_of
MatrixAnalysis analyze_matrix(const arma::mat& W);
MatrixAnalysis analyze_matrix(const arma::fmat& W);  ///< \throws as above

}  // namespace rmtlab::inference
