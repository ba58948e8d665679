// SPDX-License-Identifier: MIT
/// \file
/// \brief Does the spectrum owe its shape to the entries of W, or to where they stand? Shuffle tests.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <armadillo>

#include "sim/core/random.hpp"

namespace rmtlab::inference {

/// What a shuffle may do; the null hypothesis is that it leaves the law of W as it is.
enum class ShuffleMode {
  entries,  ///< permute all entries: they are exchangeable (i.i.d. of any law)
  columns,  ///< permute the entries within each column: i.i.d. rows would do, columns independent
  signs,    ///< give each entry a random sign: independent symmetric entries, any variances
};

/// `"entries"`, `"columns"` or `"signs"`.
std::string_view name(ShuffleMode mode);

/// \throws std::domain_error "shuffle mode: name = X (must be one of ...)".
ShuffleMode parse_shuffle_mode(std::string_view text);

/// A shuffled copy of `W`, by Fisher and Yates' algorithm in the order of storage (by columns).
arma::mat shuffled(const arma::mat& W, ShuffleMode mode, core::Stream& stream);

/// A number computed from a spectrum; large is evidence against the null.
struct SpectrumStatistic {
  std::string name;
  std::function<double(const arma::vec&)> value;  ///< of the M ascending eigenvalues of W^T W / N
};

/// \f$\lambda_{\max}\f$ over the mean eigenvalue: M over the stable rank.
SpectrumStatistic largest_over_mean();

/// Kolmogorov-Smirnov distance of the spectrum to the Marchenko-Pastur law of its mean eigenvalue.
/// \throws std::domain_error unless `aspect_ratio` >= 1 and finite.
SpectrumStatistic bulk_distance(double aspect_ratio);

struct ShuffleOptions {
  ShuffleMode mode = ShuffleMode::entries;
  std::size_t replicates = 199;  ///< R >= 1
  std::size_t threads = 1;
};

/// One statistic, observed and after shuffling.
struct ShuffleResult {
  std::string name;
  double observed;
  double p_value;            ///< (1 + number of shuffles that reach it) / (R + 1)
  std::vector<double> null;  ///< values of the shuffles, ascending
};

/**
 * \brief Compares statistics of the spectrum of W with those of R shuffled copies.
 *
 * One eigenvalue decomposition of each shuffle serves all statistics. Under the null of
 * `options.mode` observed and shuffled values are exchangeable, so
 * \f$P(p\le a)\le a\f$ for every N, M, R and law of the entries, ties counted against rejection. A shuffle
 * of all entries keeps their values, so it keeps kurtosis, heavy tails and the Frobenius norm, and forgets
 * every correlation between rows and columns: planted directions, a covariance, rows or columns of their
 * own scale.
 *
 * The mean of the entries stays as well, with its outlier near \f$\lambda=M\bar w^2\f$; only
 * `ShuffleMode::signs` removes it.
 *
 * Shuffle r draws from the child r of "shuffle_test" of `stream` and W is oriented to N >= M first
 * (columns are the shorter side); the result does not depend on `threads`.
 *
 * Cost for 1000 x 500: 0.033 s a shuffle on one core of an AMD EPYC, 6 ms of it the permutation, so 6.5 s
 * with the default R = 199.
 *
 * \throws std::domain_error as spectra::spectrum_of for the entries, unless replicates and threads are
 *   >= 1, and naming a statistic that is NaN, on W or on a shuffle (there `what()` says which).
 * \throws std::invalid_argument if `statistics` is empty.
 * \cite PhipsonSmyth2010, for the 1 + in p.
 */
std::vector<ShuffleResult> shuffle_test(const arma::mat& W,
                                        std::span<const SpectrumStatistic> statistics,
                                        const ShuffleOptions& options, const core::Stream& stream);

/// What makes a spectrum differ from that of Gaussian noise.
enum class StructureSource {
  nothing,                  ///< it does not, as far as this statistic sees
  entries,                  ///< the law of the entries: shuffled matrices are the same
  correlation,              ///< where they stand: shuffled matrices are like noise
  entries_and_correlation,  ///< shuffled matrices differ from noise, and W from them
};

/// `"nothing"`, `"entries"`, `"correlation"`, `"entries and correlation"`.
std::string_view name(StructureSource source);

struct StructureVerdict {
  StructureSource source;
  double p_noise;     ///< W against Gaussian noise
  double p_shuffle;   ///< W against its shuffles
  double p_restored;  ///< a typical (median) shuffle against Gaussian noise
};

/**
 * \brief The conclusion from the three p-values, with false-alarm rate at most `level` for i.i.d. Gaussian
 * entries.
 *
 * Each of the first two is tested at level/2:
 *
 * | W against its shuffles | shuffle against noise | W against noise | source |
 * |---|---|---|---|
 * | differs | like noise | | correlation |
 * | differs | differs | | entries and correlation |
 * | the same | | differs | entries |
 * | the same | | the same | nothing |
 *
 * If shuffling restores the law of Marchenko and Pastur, what was seen before was correlation and not the
 * entries. "Nothing" is the absence of evidence in one statistic.
 *
 * \throws std::domain_error unless all p-values are in (0, 1] and 0 < level < 1.
 */
StructureSource structure_source(double p_noise, double p_shuffle, double p_restored, double level);

/**
 * \brief `shuffle_test` of all entries and a comparison with Gaussian noise, for one statistic.
 *
 * R Gaussian spectra of the same shape, each scaled to the mean eigenvalue of W, are the noise: conditional
 * on the Frobenius norm they have exactly the law of W if its entries are normal with mean 0.
 *
 * \param options replicates >= 2 / level - 1, so that level / 2 can be reached; `mode` must be `entries`
 * \param level as `structure_source`
 * \throws std::domain_error as `shuffle_test` and `structure_source`, and for a zero matrix.
 */
StructureVerdict explain_structure(const arma::mat& W, const SpectrumStatistic& statistic,
                                   const ShuffleOptions& options, double level,
                                   const core::Stream& stream);

}  // namespace rmtlab::inference
