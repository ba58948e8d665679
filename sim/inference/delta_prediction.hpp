// SPDX-License-Identifier: MIT
/// \file
/// \brief The outliers of a trained matrix, predicted from what training added to its known noise.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <armadillo>

namespace rmtlab::inference {

/// What W = noise + Delta is called, from Delta and the noise alone.
enum class DeltaLabel {
  random_like,       ///< nothing of Delta shows
  bleeding_out,      ///< finitely many spikes, the strongest predicted below 1.5 lambda_plus
  bulk_plus_spikes,  ///< the same, beyond
  extensive,         ///< too many spikes to be called finite: bulk-decay or heavy-tailed
};

/// The name of the theory::Phase, or "extensive".
std::string_view name(DeltaLabel label);

/// Delta counts as noise unless its largest singular value is beyond the edge of noise of its own norm
/// with a p-value below this; only then one asks which of its directions show.
inline constexpr double delta_noise_level = 1e-3;

/// Prediction without a fit; N >= M after orientation, lambda of W^T W / N as everywhere.
// NOLINTNEXTLINE(bugprone-exception-escape): moving an Armadillo vector may allocate, by its design
struct DeltaPrediction {
  double variance = 0;     ///< \f$\sigma^2=a^2\sigma_0^2\f$ of the entries of a W_0, by their law
  double mean_square = 0;  ///< of the entries that a W_0 has
  double norm_ratio = 0;   ///< \f$\lVert\Delta\rVert_F/\lVert aW_0\rVert_F\f$
  arma::vec singular_values;  ///< s of Delta, ascending, length M
  double noise_p_value = 1;  ///< of s_1, the largest, in noise of the norm of Delta; 1 if Delta = 0
  double strength = 0;  ///< \f$h_1/h_c\f$, \f$h=s^2/(N\sigma^2)\f$: beyond 1 a lone spike shows
  double window = 0;    ///< theory::critical_window of the strongest
  std::size_t outlier_count = 0;  ///< supercritical h; 0 if Delta counts as noise
  double lambda_max = 0;          ///< predicted, each spike alone: see below
  double alignment = 0;  ///< \f$u_1^{\mathsf T}aW_0v_1/s_1\f$ of Delta's strongest pair: see below
  double aligned_lambda_max = 0;    ///< predicted, with what W_0 has along the spikes: see below
  double outlier_ratio = 1;         ///< `lambda_max` over the edge of the noise
  double dressed_lambda_max = 0;    ///< predicted, all of Delta together: see below
  std::optional<DeltaLabel> label;  ///< none where nobody can tell
};

/**
 * \brief Predicts the largest eigenvalue of W = a W_0 + Delta from the singular values of Delta.
 *
 * With c = 1/Q and h_1 the strongest spike, taken as the only one (theory::outlier_location),
 * \f[ \lambda_{\max}=\sigma^2(1+h_1)(1+c/h_1)\ \text{ if } h_1>h_c=\sqrt c,\ \text{ else }\
 *     \lambda_+=\sigma^2(1+\sqrt c)^2. \f]
 * That is exact (N to infinity) if Delta has finite rank and does not know W_0. Trained Delta has every
 * rank, so the other singular values, \f$w_i=s_i^2/N\f$, act as well:
 * \f[ \lambda_{\max}=\varphi(\max(w_1,w_+)),\quad \varphi(w)=wu^2+(1-c)\sigma^2u,\quad
 *     u(w)=1+\frac{c\,\sigma^2}{M-1}\sum_{i\ge2}\frac1{w-w_i}, \f]
 * with \f$w_+>w_2\f$ the minimum of phi: the information-plus-noise model (Dozier and Silverstein, J.
 * Multivariate Anal. 98 (2007), 678; Loubaton and Vallet, Electron. J. Probab. 16 (2011), 1934), where an
 * eigenvalue of the signal beyond w_+ stands alone. With all other w_i = 0 it is the formula above. This one
 * (`dressed_lambda_max`) still takes W_0 and Delta as independent.
 *
 * Trained ones are not independent: gradient descent writes into W along what W_0 already answers there. And
 * spikes of nearly equal strength mix by whatever W_0 has between them, which raises the largest. Both are known: with
 * the k strongest pairs U, V of Delta and S their singular values, the signal that the rest of W_0 is noise to is
 * \f$S+U^{\mathsf T}aW_0V\f$, k x k, and `aligned_lambda_max` is the first formula with its largest singular
 * value for s_1: no fit either. k is the number of supercritical spikes, at least 1 and at most
 * theory::phase_definition::extensive_share M, beyond which the prediction would contain what it predicts. `alignment`
 * is \f$u_1^{\mathsf T}aW_0v_1/s_1\f$, 0 within \f$\sigma/s_1\f$ if they are independent.
 *
 * Noise added to noise is noise, however strong: where s_1 passes as that of a Gaussian matrix of the norm
 * of Delta (theory::TraceRatioEdge at `delta_noise_level`; not asked below M = 10) there is no spike and
 * `lambda_max` is \f$\lambda_+\f$ of variance \f$\sigma^2+\lVert\Delta\rVert_F^2/(NM)\f$.
 *
 * The label: random-like without supercritical spike; none if `window` is below
 * theory::phase_definition::undecidable_window; extensive from
 * theory::phase_definition::extensive_share M of them; otherwise
 * bleeding-out or bulk+spikes by `outlier_ratio` below or from 1.5. All three numbers are conventions.
 *
 * Measured (tests, 400 x 100): a planted spike at window 10, 25, 100: mean of observed over predicted
 * lambda_max within 0.3 % of 1 (100 draws each, standard error 0.25 to 0.5 %); for a Delta with
 * h = 6 k^(-1/4), k = 1 ... M, `lambda_max` is 5.5 % low and `dressed_lambda_max` right within 1.2 % (40
 * draws). FC1 of a trained 784-128-10 network (batch 32, 40 epochs) lies 8.5 and 9.1 % below the two; the
 * same Delta on fresh W_0 gives 1.003 and 0.995 of them (20 draws, standard deviation 0.029), so that
 * there it is the dependence that is seen. Below 8 ms for 784 x 128.
 *
 * \param W trained weights, any orientation; \param W_0 initial weights, same shape
 * \param initial_share a, see network::initial_share; \param entry_variance \f$\sigma_0^2\f$ of the law
 * that W_0 was drawn from
 * \throws std::invalid_argument if the shapes differ or min(N, M) < 2.
 * \throws std::domain_error unless entry_variance > 0 and a^2 entry_variance > 1e-100, and as
 *   spectra::spectrum_of.
 */
DeltaPrediction predict_from_delta(const arma::mat& W, const arma::mat& W_0, double initial_share,
                                   double entry_variance);

/// Smallest a^2 sigma_0^2 for which the prediction is made.
inline constexpr double smallest_delta_variance = 1e-100;

}  // namespace rmtlab::inference
