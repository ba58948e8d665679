// SPDX-License-Identifier: MIT
/// \file
/// \brief Counting outliers where the columns of W have variances of their own: parallel analysis.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/inference/shuffle_test.hpp"

namespace rmtlab::inference {

/// Where the largest eigenvalue of noise with columns of unequal variance lies.
struct PopulationEdge {
  double limit;   ///< upper edge of the limiting spectrum at Q = N/M, in units of lambda
  double center;  ///< in units of lambda; (lambda_max - center) / scale is a Tracy-Widom variable
  double scale;   ///< in units of lambda, > 0
  double excess;  ///< how much `limit` rises if every variance is known up to sampling, see below
};

/**
 * \brief Edge of the spectrum of \f$W^{\mathsf T}W/N\f$ for independent entries, those of column j of
 * variance \f$\tau_j\f$.
 *
 * The largest x with \f$\frac1{N}\sum_j\bigl(\frac{\tau_j}{x-\tau_j}\bigr)^2=1\f$ gives
 * \f[ \text{limit}=x\Bigl(1+\frac1N\sum_j\frac{\tau_j}{x-\tau_j}\Bigr),\qquad
 *     \text{scale}=N^{-2/3}x\Bigl(1+\frac1N\sum_j\bigl(\tfrac{\tau_j}{x-\tau_j}\bigr)^3\Bigr)^{1/3}, \f]
 * the end of the support of theory::GeneralMp with the values \f$\tau_j\f$ (to 1e-12 relative, but in O(M)
 * rather than O(M^2)) and the scale of the Tracy-Widom fluctuations around it \cite ElKaroui2007. `center` and `scale` are taken with N - 1/2 and M - 1/2 in the places of N and M: with equal
 * variances they are those of theory::upper_edge_scaling.
 *
 * `excess` is \f$\frac{2x^2}{N^2}\sum_j\frac{\tau_j^2}{(x-\tau_j)^3}\f$. Sample variances
 * \f$\hat\tau_j\f$ spread around the true ones by \f$(2+k_4)\tau_j^2/N\f$, which widens the computed
 * spectrum: on average the limit of the estimates lies \f$1+k_4/2\f$ times `excess` too high. An excess
 * kurtosis \f$k_4\f$ of the entries pushes the true edge outwards too, by \f$k_4/2\f$ times `excess`
 * (theory::edge_kurtosis_displacement for equal variances, taken over to unequal ones; the sizes
 * measured below are its test). The difference does not contain \f$k_4\f$:
 * where variances are estimated from the same matrix, center - excess is the place to compare with,
 * whatever the entries.
 *
 * \param column_variances \f$\tau_j\ge0\f$, in any order; zeros (dead columns) do not count in M
 * \param rows N >= 2, at least the number of variances
 * \throws std::domain_error naming a variance that is negative or not finite, if fewer than 2 are > 0, or
 *   if `rows` is too small.
 */
PopulationEdge population_edge(std::span<const double> column_variances, std::size_t rows);

/// How deterministic parallel analysis decides that an eigenvalue is an outlier.
enum class EdgeRule {
  tracy_widom,  ///< p-value below the level: noise shows an outlier with that probability
  limit,        ///< above the edge of the limiting spectrum, the rule as published
};

struct DeterministicOptions {
  EdgeRule rule = EdgeRule::tracy_widom;
  double level = 0.01;   ///< of every test, in (0, 1); not used by the rule `limit`
  bool deflate = false;  ///< take an outlier out of the column variances before the next is judged
};

struct PermutationOptions {
  /// columns: Horn's and Dobriban's permutation; signs keeps the variances of single entries; entries is
  /// for noise of one variance.
  ShuffleMode mode = ShuffleMode::columns;
  double level = 0.01;           ///< of every test, in (0, 1)
  std::size_t replicates = 199;  ///< R; 1 / (R + 1) must not exceed the level
  std::size_t threads = 1;
  bool deflate = false;  ///< remove an outlier's component from W before the next is judged
};

/// One eigenvalue, judged.
struct ParallelStep {
  double lambda;     ///< number j from the top, j = 1, 2, ...
  double threshold;  ///< what it had to exceed to be an outlier
  double p_value;    ///< NaN for the rule `limit`
  bool outlier;
};

struct ParallelAnalysis {
  std::size_t rows = 0, cols = 0;   ///< N, M after orientation
  std::size_t outlier_count = 0;    ///< eigenvalues above the first that is not an outlier
  std::vector<ParallelStep> steps;  ///< the outliers and that first one; at most M/2
};

/**
 * \brief Deterministic parallel analysis: eigenvalues beyond the edge of noise with the column variances
 * of W.
 *
 * The variance of column j is estimated by \f$\hat\tau_j=\frac1N\sum_iW_{ij}^2\f$ (nothing is centred),
 * which is what permutations of the columns' entries keep; their spectrum need not be simulated, its edge
 * is `population_edge`. Eigenvalues are judged from the largest down until one is no outlier. With the rule
 * `tracy_widom` the p-value is 1 - F1((lambda - center + excess) / scale), and number j + 1 is compared with
 * noise of N - j rows and M - j columns.
 *
 * A strong outlier enters the variances and raises the edge for those below (shadowing). With `deflate`
 * the variances become \f$\hat\tau_j-\lambda_iv_{ij}^2\f$ as soon as outlier i with unit vector v_i is
 * accepted, and are divided by the share (1 - k/N)(1 - k/M) of dimensions left, k the number of outliers so
 * far.
 *
 * W is turned to N >= M first, so "columns" are the shorter side. Give the transpose of a square matrix to
 * ask for the other.
 *
 * Measured at 300 x 150, pure noise, share of matrices with an outlier at level 5 % (1 %); 1000 matrices a
 * case (standard error 0.007), 200 (0.015) where marked *. `white`: variances 1; `spread`: 0.5 to 1.5 in equal
 * steps. One variance: theory::TraceRatioEdge with the mean eigenvalue.
 *
 * | columns, entries | one variance | `tracy_widom` | `limit` |
 * |---|---|---|---|
 * | white, normal | 0.049 (0.008) | 0.040 (0.006) | 0.067 |
 * | white, Rademacher | 0.017 (0.005) | 0.043 (0.005) | 0.070 |
 * | white, t(10) | 0.095 (0.022) | 0.060 (0.010) | 0.086 |
 * | white, t(5) * | 0.420 (0.240) | 0.045 (0.010) | 0.040 |
 * | spread, normal | 0.985 (0.927) | 0.049 (0.007) | 0.058 |
 * | spread, Rademacher | 0.978 (0.845) | 0.045 (0.010) | 0.065 |
 * | spread, t(10) | 0.995 (0.948) | 0.052 (0.009) | 0.057 |
 * | spread, t(5) | 0.999 (0.995) | 0.037 (0.004) | 0.036 |
 * | 0.25 to 4, normal * | 1 (1) | 0.030 (0.010) | 0.025 |
 *
 * Power at 5 % (200 matrices, standard error 0.035), one additive spike of h / h_c = 1.25, 1.5, 2, 3 in white
 * noise: 0.44, 0.73, 0.98, 1.00; one variance 0.47, 0.74, 0.98, 1.00. The same matrices with their columns
 * scaled to `spread`: 0.22, 0.53, 0.87 (not measured at 3). Outliers at 100, 2 and 2 times the edge (100
 * matrices, level 1 %): all three counted in none of 100, with `deflate` in 100 of 100. `limit` with
 * `deflate` counts too many in 0.19, because it has no allowance for fluctuations.
 *
 * \throws std::domain_error as spectra::spectrum_of for the entries, unless 0 < level < 1, and for fewer
 *   than 4 columns that are not zero.
 * \cite DobribanOwen2019
 */
ParallelAnalysis deterministic_parallel_analysis(const arma::mat& W,
                                                 const DeterministicOptions& options = {});

/**
 * \brief Parallel analysis by permutation: eigenvalue j must exceed the j-th largest of R shuffled
 * matrices.
 *
 * \f$p=(1+\#\{r:\lambda_j^{(r)}\ge\lambda_j\})/(R+1)\f$, outlier if \f$p\le\f$ level, from j = 1 up to the
 * first that is not one; without outliers the size of the first test is exact. `threshold` is the
 * eigenvalue of the shuffled matrices of rank floor((R + 1) level) from the top.
 *
 * A strong outlier leaves its variance in the shuffled matrices (shadowing). With `deflate` its component
 * \f$\nu uv^{\mathsf T}\f$ is subtracted from W when it is accepted, and the shuffles of what is left
 * are compared by their largest eigenvalue; R shuffles more for every outlier. They are multiplied by
 * \f$((1-k/N)(1-k/M))^{-1/2}\f$, k the number of outliers so far, because shuffling spreads the noise
 * of the dimensions left over all of them.
 *
 * The mean of a column survives a permutation of its entries: an outlier that is only a mean is not found
 * (`ShuffleMode::signs` finds it). Shuffle r of step j draws from a stream of its own below
 * "parallel_analysis" of `stream`: the result does not depend on `threads`.
 *
 * Cost: R times that of `spectra::spectrum_of` and 6 ms for the shuffle at 1000 x 500: about 7 s on one core
 * for R = 199, with `deflate` for every outlier.
 *
 * \throws std::domain_error as `deterministic_parallel_analysis`, and unless replicates >= 1 / level - 1
 *   and threads >= 1.
 * \cite Horn1965, \cite Dobriban2020
 */
ParallelAnalysis permutation_parallel_analysis(const arma::mat& W,
                                               const PermutationOptions& options,
                                               const core::Stream& stream);

}  // namespace rmtlab::inference
