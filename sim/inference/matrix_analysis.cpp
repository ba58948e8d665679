// SPDX-License-Identifier: MIT
#include "sim/inference/matrix_analysis.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "sim/inference/clipped_entries.hpp"
#include "sim/spectra/metrics.hpp"

namespace rmtlab::inference {
namespace {

std::optional<TailEvidence> tail_evidence(const MatrixAnalysis& analysis) {
  if (!analysis.power_law || !analysis.exponential) return std::nullopt;
  return TailEvidence{
      analysis.power_law->alpha, analysis.power_law->ks,
      static_cast<double>(analysis.power_law->n_tail) / static_cast<double>(analysis.spectrum.cols),
      analysis.exponential->ratio_normalised};
}

// Everything but what the entries say, which is known or not by now.
void complete(MatrixAnalysis& a, const std::optional<arma::vec>& clipped_eigenvalues = {}) {
  const arma::vec& eigenvalues = a.spectrum.eigenvalues;
  a.lambda_max = spectra::lambda_max(eigenvalues);
  a.lambda_min = spectra::lambda_min(eigenvalues);
  a.frobenius_norm = spectra::frobenius_norm(a.spectrum);
  a.spectral_norm = spectra::spectral_norm(a.spectrum);
  a.hard_rank = spectra::hard_rank(a.spectrum);
  a.stable_rank = attempt([&] { return spectra::stable_rank(eigenvalues); });
  a.matrix_entropy = attempt([&] { return spectra::matrix_entropy(eigenvalues); });

  const arma::vec positive = spectra::positive_part(eigenvalues);
  a.zero_count = eigenvalues.n_elem - positive.n_elem;
  a.marchenko_pastur = attempt([&] {
    return fit_marchenko_pastur(eigenvalues, a.spectrum.rows, a.spectrum.cols,
                                a.marchenko_pastur_options);
  });
  a.mp_soft_rank.reason = a.marchenko_pastur.reason;
  if (a.marchenko_pastur) a.mp_soft_rank = {a.marchenko_pastur->lambda_plus / a.lambda_max, {}};

  a.exponential.reason = "no power-law fit to compare with";
  a.power_law = attempt([&] {
    PowerLawOptions options;
    options.min_tail = smallest_spectral_tail;
    const auto sample = count_values({positive.memptr(), positive.n_elem});
    const auto fit = fit_power_law(sample, options);
    a.exponential = attempt([&] { return exponential_alternative(sample, fit); });
    return fit;
  });
  const PhaseInput input{.eigenvalues = eigenvalues,
                         .rows = a.spectrum.rows,
                         .excess_kurtosis = a.marchenko_pastur_options.excess_kurtosis,
                         .clipped_eigenvalues = clipped_eigenvalues,
                         .marchenko_pastur = a.marchenko_pastur.value,
                         .power_law = a.power_law.value};
  a.decision = decide_phase(input, collect_evidence(input, tail_evidence(a)));
}

template <class Matrix>
MatrixAnalysis analysis_of(const Matrix& W) {
  MatrixAnalysis a;
  a.spectrum = spectra::spectrum_of(W);
  const auto entries = arma::conv_to<arma::mat>::from(W);
  a.entry_kurtosis = attempt([&] { return entry_kurtosis(entries); });
  if (a.entry_kurtosis)
    a.marchenko_pastur_options.excess_kurtosis = std::max(-2.0, a.entry_kurtosis->excess_kurtosis);
  const auto clipped = clipped_entries(entries);
  complete(a, clipped ? std::optional(spectra::spectrum_of(*clipped).eigenvalues) : std::nullopt);
  if (a.entry_kurtosis && a.entry_kurtosis->edge_unreliable)
    a.decision.reason += fmt::format(
        " The entries have excess kurtosis {:.3g}: outliers may be theirs, not a direction's.",
        a.entry_kurtosis->excess_kurtosis);
  return a;
}

}  // namespace

MatrixAnalysis analyze_spectrum(spectra::Spectrum spectrum) {
  MatrixAnalysis a;
  a.spectrum = std::move(spectrum);
  a.entry_kurtosis.reason = "only the spectrum is known";
  complete(a);
  return a;
}

MatrixAnalysis analyze_matrix(const arma::mat& W) { return analysis_of(W); }

MatrixAnalysis analyze_matrix(const arma::fmat& W) { return analysis_of(W); }

}  // namespace rmtlab::inference
