// SPDX-License-Identifier: MIT
#include "sim/ensembles/ensemble.hpp"

#include <array>

#include "sim/spectra/spectrum.hpp"

namespace rmtlab::ensembles {

std::string_view name(Mechanism mechanism) {
  static constexpr std::array<std::string_view, 9> names = {
      "noise",          "heavy-entries",    "spikes",
      "population",     "heavy-population", "lognormal-population",
      "weak-repulsion", "mixture",          "low-rank"};
  return names.at(static_cast<std::size_t>(mechanism));
}

arma::vec correlation_eigenvalues(const arma::mat& W) {
  // `spectrum_of` orients: N there is the longer side, and the zeros of a wide matrix are left out.
  arma::vec eigenvalues = spectra::spectrum_of(W).eigenvalues;
  if (W.n_rows >= W.n_cols) return eigenvalues;
  eigenvalues *= static_cast<double>(W.n_cols) / static_cast<double>(W.n_rows);
  return arma::join_cols(arma::vec(W.n_cols - W.n_rows, arma::fill::zeros), eigenvalues);
}

arma::vec sample_spectrum(const Ensemble& ensemble, std::size_t rows, std::size_t cols,
                          core::Stream& stream) {
  if (ensemble.fast_spectrum && rows >= cols) return ensemble.fast_spectrum(rows, cols, stream);
  return correlation_eigenvalues(ensemble.matrix(rows, cols, stream));
}

double sample_largest(const Ensemble& ensemble, std::size_t rows, std::size_t cols,
                      core::Stream& stream) {
  if (ensemble.fast_largest && rows >= cols) return ensemble.fast_largest(rows, cols, stream);
  return sample_spectrum(ensemble, rows, cols, stream).back();
}

}  // namespace rmtlab::ensembles
