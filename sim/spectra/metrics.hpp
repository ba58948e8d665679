// SPDX-License-Identifier: MIT
/// \file
/// \brief Numbers that describe the shape of one spectrum.
///
/// All are per matrix; none is meaningful on eigenvalues pooled over several matrices. Arguments
/// `eigenvalues` are those of W^T W / N, all M of them, zeros included, in any order.
///
/// Every function throws std::invalid_argument if there are no eigenvalues, and std::domain_error
/// if one is negative, infinite or NaN.
#pragma once

#include <cstddef>
#include <string_view>

#include <armadillo>

#include "sim/spectra/spectrum.hpp"

namespace rmtlab::spectra {

/// \f$\lambda_{\max}\f$, in the units of \f$\sigma^2\f$ (squared weights).
double lambda_max(const arma::vec& eigenvalues);

/// \f$\lambda_{\min}\f$, in the same units.
double lambda_min(const arma::vec& eigenvalues);

/// \f$\bar\lambda=\sum\lambda_i/M=\lVert W\rVert_F^2/(NM)\f$: the mean square of the entries.
double mean_eigenvalue(const arma::vec& eigenvalues);

/**
 * \brief Stable rank \f$\sum\lambda_i/\lambda_{\max}=\lVert W\rVert_F^2/\lVert W\rVert_2^2\f$, in [1, M].
 *
 * \throws std::domain_error if all eigenvalues are zero.
 * \cite RudelsonVershynin2007
 */
double stable_rank(const arma::vec& eigenvalues);

/**
 * \brief Matrix entropy \f$-\frac{1}{\ln M}\sum p_i\ln p_i\f$ with \f$p_i=\lambda_i/\sum_j\lambda_j\f$
 * and 0 ln 0 = 0; in [0, 1], 1 when all eigenvalues are equal.
 *
 * \throws std::domain_error if M < 2 (ln 1 = 0) or all eigenvalues are zero.
 */
double matrix_entropy(const arma::vec& eigenvalues);

/**
 * \brief The same sum over \f$\ln R\f$ in place of \f$\ln M\f$, R the number of positive eigenvalues
 * that count (see `hard_rank`); the variant of \cite MartinMahoney2021.
 *
 * It jumps when an eigenvalue crosses the tolerance of R; `matrix_entropy` is continuous.
 *
 * \throws std::domain_error if `rank` < 2 or > M, or all eigenvalues are zero.
 */
double matrix_entropy(const arma::vec& eigenvalues, std::size_t rank);

/// A numerical rank and what it was measured against.
struct HardRank {
  std::size_t rank = 0;
  double tolerance = 0;  ///< singular values \f$\nu\f$ above it count; units of W's entries
};

/**
 * \brief Hard rank: the number of singular values
 * \f$\nu_i=\sqrt{N\lambda_i}>\max(N,M)\,\varepsilon\,\nu_{\max}\f$.
 *
 * \f$\varepsilon\f$ is `spectrum.epsilon`: the noise floor of a matrix that was stored in single
 * precision is that of single precision. The zero matrix has rank 0.
 */
HardRank hard_rank(const Spectrum& spectrum);

/**
 * \brief What a singular value must exceed to count. With \f$\varepsilon\f$ = `spectrum.epsilon`, in units
 * of \f$\nu_{\max}\f$ except where said:
 *
 * | rule | tolerance | |
 * |---|---|---|
 * | `shape` | \f$\max(N,M)\,\varepsilon\f$ | the default of most libraries; generous for tall matrices |
 * | `backward_error` | \f$\frac\varepsilon2\lVert W\rVert_F+\sqrt M\,2^{-52}\,\nu_{\max}\f$ | below |
 * | `numerical_recipes` | \f$\frac\varepsilon2\sqrt{N+M+1}\f$ | as in the book, \cite PressEtAl2007 section 2.6 |
 * | `published` | \f$\frac\varepsilon2/\sqrt{N+M+1}\f$ | of \cite MartinMahoney2021, who divide where the book multiplies |
 *
 * `backward_error` is what can be guaranteed. Storing W rounded every entry by at most
 * \f$\frac\varepsilon2|w|\f$, which moves a singular value by at most \f$\frac\varepsilon2\lVert W\rVert_F\f$
 * (Weyl); the decomposition in double precision adds a modest multiple of \f$2^{-52}\nu_{\max}\f$, measured
 * at most \f$0.15\sqrt M\f$ for M = 50 to 600 of rank M/2. A value above the sum is not a rounded zero.
 * `published` lies under the rounding noise: it counts zeros (tests).
 */
enum class RankRule { shape, backward_error, numerical_recipes, published };

/// `"shape"`, `"backward_error"`, `"numerical_recipes"`, `"published"`.
std::string_view name(RankRule rule);

/// The hard rank with the tolerance of `rule`; `hard_rank(spectrum)` is that of `RankRule::shape`.
HardRank hard_rank(const Spectrum& spectrum, RankRule rule);

/**
 * \brief `matrix_entropy(eigenvalues, R)` with R the hard rank by `rule`: with `RankRule::published` the
 * matrix entropy of \cite MartinMahoney2021.
 *
 * A matrix of rank 1 has entropy 0, the limit (the published code writes 1.000001 for R = 1 there). As R
 * depends on rounding, so does the result for a matrix without full rank; `matrix_entropy(eigenvalues)`
 * does not.
 *
 * \throws std::domain_error if all eigenvalues are zero.
 */
double matrix_entropy(const Spectrum& spectrum, RankRule rule);

/// \f$\lVert W\rVert_F=(N\sum\lambda_i)^{1/2}\f$, in the units of W's entries.
double frobenius_norm(const Spectrum& spectrum);

/// \f$\lVert W\rVert_2=\nu_{\max}=(N\lambda_{\max})^{1/2}\f$, in the units of W's entries.
double spectral_norm(const Spectrum& spectrum);

/**
 * \brief First quartile of the eigenvalues over their mean: how much the typical direction lags
 * behind the strong ones. For Marchenko-Pastur it depends on Q alone (0.67 at Q = 6.125).
 *
 * The quartile interpolates linearly between order statistics, at position (M - 1)/4 counted from
 * 0 (definition 7 of \cite HyndmanFan1996). Scale-free.
 *
 * \throws std::domain_error if all eigenvalues are zero.
 */
double lower_quartile_over_mean(const arma::vec& eigenvalues);

/// Fraction of eigenvalues below `ratio` times the mean eigenvalue, in [0, 1].
/// \throws std::domain_error if `ratio` is not finite and > 0, or all eigenvalues are zero.
double fraction_near_zero(const arma::vec& eigenvalues, double ratio = 1e-3);

/// The eigenvalues that are not rounding of zero: those above M eps lambda_max, in their order.
arma::vec positive_part(const arma::vec& eigenvalues);

/// The same for `spectrum_of`'s eigenvalues, which come from singular values where it matters: those
/// above (M eps)^2 lambda_max. Heavy-tailed spectra span more decades than a double has digits.
arma::vec resolved_part(const arma::vec& eigenvalues);

}  // namespace rmtlab::spectra
