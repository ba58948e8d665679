// SPDX-License-Identifier: MIT
/// \file
/// \brief Noise with a few planted directions, whose outliers theory/spiked.hpp predicts.
#pragma once

#include <cstddef>
#include <vector>

#include <armadillo>

#include "sim/core/random.hpp"
#include "theory/spiked.hpp"

namespace rmtlab::ensembles {

/// In what terms the strength of a spike is given.
enum class StrengthScale {
  excess,     ///< h itself: \f$\ell-1\f$ for a covariance spike, \f$S^2\f$ for an additive one
  threshold,  ///< \f$h/h_c\f$: 1 is the transition of Baik, Ben Arous and Peche
  outlier,    ///< position of the outlier over the bulk's upper edge \f$\lambda_+\f$
};

struct SpikeStrength {
  StrengthScale scale = StrengthScale::threshold;
  double value = 0;
};

/**
 * \brief The excess h of theory::Spike that a strength stands for, at aspect ratio Q.
 *
 * `outlier` is the inverse of the limit location, so it starts at 1, where \f$h=h_c\f$; for Q > 1
 * values below \f$\lambda_-/\lambda_+\f$ are outliers under the bulk (h < 0).
 *
 * \throws std::domain_error unless aspect_ratio > 0 and value is finite, and if an outlier would lie
 *   inside the bulk.
 */
double spike_excess(const SpikeStrength& strength, double aspect_ratio);

/// The spike of theory/spiked.hpp that has this excess.
/// \throws std::domain_error as `theory::Spike`: h > -1 for a covariance spike, h >= 0 for an additive
///   one.
theory::Spike spike_of_excess(theory::SpikeKind kind, double excess, double aspect_ratio,
                              double variance);

/// Which directions are planted, and how strongly.
struct SpikedModel {
  theory::SpikeKind kind = theory::SpikeKind::additive;
  std::vector<SpikeStrength> strengths;  ///< one per spike, in any order; may be empty
  std::size_t left_support = 0;   ///< entries of each N-vector that are not zero; 0: Haar vectors
  std::size_t right_support = 0;  ///< the same for the M-vectors
};

/// A matrix with what was planted in it; columns and `spikes` in the order of the model.
// NOLINTNEXTLINE(bugprone-exception-escape): moving an Armadillo matrix may allocate, by its design
struct SpikedMatrix {
  arma::mat W;                        ///< N x M
  std::vector<theory::Spike> spikes;  ///< their laws: location, fluctuation, overlaps
  arma::mat left;  ///< N x r unit vectors u_i; for covariance spikes the loadings Z v_i, normalised
  arma::mat right;  ///< M x r orthonormal v_i
};

/**
 * \brief Plants spikes in a matrix of noise.
 *
 * With r spikes of excess \f$h_i\f$ and noise \f$\sigma Z\f$ of shape N x M,
 * \f[ \text{additive: }\ W=\sigma Z+\sigma\sqrt N\sum_i\sqrt{h_i}\,u_iv_i^{\mathsf T},\qquad
 *     \text{covariance: }\ W=\sigma Z\Bigl(I+\sum_ih_iv_iv_i^{\mathsf T}\Bigr)^{1/2}. \f]
 * The u and v are orthonormal frames, Haar (`haar_frame`) or localised (`localised_frame`), drawn
 * independently of the noise; frames first u, then v. O(N M r).
 *
 * The laws in `spikes` are limits for noise of finite fourth moment (for localised vectors and other
 * than Gaussian noise the fluctuation differs, the location does not). The noise may be any matrix: a
 * heavy-tailed one gives "spikes on a heavy tail", for which `variance` is only the unit of the
 * strengths.
 *
 * \param noise \f$\sigma Z\f$, N x M, any Q = N/M > 0
 * \param variance \f$\sigma^2\f$, the variance of its entries
 * \throws std::invalid_argument if `noise` has no entries.
 * \throws std::domain_error naming the offending parameter; more spikes than min(N, M), or supports
 *   that do not fit.
 */
SpikedMatrix spiked_matrix(arma::mat noise, double variance, const SpikedModel& model,
                           core::Stream& stream);

/// Limits of the spikes' eigenvalues, in the units of lambda and the order of `spikes`: for those
/// that do not show, the edge of the bulk.
arma::vec predicted_outliers(const std::vector<theory::Spike>& spikes);

/// \f$\max\f$ of the predicted outliers over \f$\lambda_+\f$: 1 if no spike shows above the bulk.
/// What separates the phases bleeding-out and bulk+spikes.
double strongest_outlier_ratio(const std::vector<theory::Spike>& spikes);

/// The largest theory::critical_window(spike, cols): below about 4 nobody can tell the matrix from
/// noise with certainty. Minus infinity without spikes.
double strongest_window(const std::vector<theory::Spike>& spikes, std::size_t cols);

}  // namespace rmtlab::ensembles
