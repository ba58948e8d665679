// SPDX-License-Identifier: MIT
/// \file
/// \brief Is a singular vector spread over its components or localised on a few? Statistics and tests.
///
/// The null is a uniformly random unit vector (theory/haar_vector.hpp): what the vectors of Gaussian
/// noise are, and those of a spike whose direction has nothing to do with single units. P-values are
/// one-sided, small for localised vectors.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include <armadillo>

namespace rmtlab::spectra {

/// The statistics of one vector; see `Localization`.
enum class VectorStatistic {
  ratio,              ///< localisation ratio
  scaled_ipr,         ///< n times the inverse participation ratio
  shannon_entropy,    ///< normalised
  histogram_entropy,  ///< as published
  largest,            ///< n max v_i^2
};
inline constexpr std::size_t vector_statistics = 5;

/// `"ratio"`, `"scaled_ipr"`, `"shannon_entropy"`, `"histogram_entropy"`, `"largest"`.
std::string_view name(VectorStatistic statistic);

/**
 * \brief How a unit vector of n components is spread.
 *
 * | | formula | one component | n equal ones | random |
 * |---|---|---|---|---|
 * | `ratio` | \f$\lVert v\rVert_1/\lVert v\rVert_\infty\f$ | 1 | n | \f$\approx n/\sqrt{\pi\ln n}\f$ |
 * | `participation_norm` | \f$\lVert v\rVert_2/\lVert v\rVert_4\f$ | 1 | \f$n^{1/4}\f$ | \f$(n/3)^{1/4}\f$ |
 * | `participation_ratio` | \f$1/\sum v_i^4\f$ | 1 | n | n/3 |
 * | `scaled_ipr` | \f$n\sum v_i^4\f$ | n | 1 | 3 |
 * | `shannon_entropy` | \f$-\sum v_i^2\ln v_i^2/\ln n\f$ | 0 | 1 | \f$1-0.73/\ln n\f$ |
 * | `histogram_entropy` | below | | 0 | |
 * | `largest` | \f$n\max v_i^2\f$ | n | 1 | \f$\approx2\ln n\f$ |
 *
 * `ratio`, `participation_norm` and `histogram_entropy` are those of \cite MartinMahoney2021. The second
 * is the fourth root of what is called participation ratio elsewhere. The third is the entropy in nats
 * of a histogram of the components in 100 equal bins between the smallest and the largest of them: bins
 * that depend on the data, so that it measures the shape of the components' distribution rather than
 * spread (n equal components have entropy 0). (The published figures divide it by the largest value
 * among simulated vectors, which grows with their number.)
 */
struct Localization {
  std::size_t components = 0;  ///< n
  double ratio = 0;
  double participation_norm = 0;
  double participation_ratio = 0;
  double scaled_ipr = 0;
  double shannon_entropy = 0;
  double histogram_entropy = 0;
  double largest = 0;
};

/// The value that belongs to `statistic`.
double value(const Localization& localization, VectorStatistic statistic);

/// \param v unit vector of n >= 2 components, signs irrelevant
/// \throws std::domain_error if n < 2, a component is not finite, or the length differs from 1 by more
///   than 1e-6 (a vector in single precision is accepted; statistics are of v divided by its length).
Localization localization(const arma::vec& v);

/// Number of bins of `histogram_entropy`.
inline constexpr std::size_t histogram_bins = 100;

/// P-values of one vector. `scaled_ipr` is also that of `participation_norm` and `participation_ratio`,
/// which are monotone functions of it.
struct LocalizationPValues {
  double ratio = 1;
  double scaled_ipr = 1;
  double shannon_entropy = 1;
  double histogram_entropy = 1;
  double largest = 1;  ///< exact, from theory::HaarMaximum (n from 20 to 1e6), else simulated
};

/// What k vectors of one matrix say together.
struct VectorGroupTest {
  std::size_t vectors = 0;     ///< k
  double mean_scaled_ipr = 0;  ///< null mean 3n/(n+2)
  double ipr_p_value = 1;      ///< theory::ipr_mean_sf
  double ks = 0;          ///< distance of all n k values n v_i^2 to theory::PorterThomas at this n
  double ks_p_value = 1;  ///< simulated, (1 + number of null distances >= ks) / (R + 1)
};

/**
 * \brief Nulls of the statistics above for uniformly random vectors, simulated once per size and kept.
 *
 * One vector: R draws per n; \f$p=(1+\#)/(R+1)\f$ with # the draws at least as localised. Its standard
 * error is \f$\sqrt{p(1-p)/R}\f$: 0.0022 at 5 % and 0.001 at 1 % for the default R = 9999; it cannot be
 * below 1e-4, where `largest` still resolves.
 *
 * Group: the components of k orthonormal vectors are dependent (each column has length 1, and for
 * k = n each row too), which makes the distance smaller than tables of Kolmogorov's law say: at
 * n = 100, k = 1, 10, 50 those reject 0.6, 1.4 and 1.0 % of true nulls at 5 %. So the null is that of R' = 999 random
 * frames of this very (n, k).
 *
 * Numbers come from fixed internal streams keyed by n and k: p-values are deterministic functions of
 * their arguments. May be shared between threads.
 *
 * Cost of the first call, measured on one core of an AMD EPYC: single vectors 0.12 s at n = 384 and
 * 1.0 s at n = 4096; groups 0.1 s at n = 100, k = 10 and 0.7 s at k = 50.
 */
class LocalizationNull {
public:
  /// \throws std::domain_error if `draws` < 99 or `frames` < 99.
  explicit LocalizationNull(std::size_t draws = 9999, std::size_t frames = 999);

  /// \throws std::domain_error unless the vector has n >= 3 components.
  LocalizationPValues p_values(const Localization& localization) const;

  /// \param vectors n x k, orthonormal columns
  /// \throws std::domain_error unless 1 <= k <= n, n >= 3, or as `localization`.
  VectorGroupTest test(const arma::mat& vectors) const;

  /// Null draws of a statistic at n components, ascending (for bands in figures).
  /// \throws std::domain_error unless components >= 3.
  std::vector<double> draws(std::size_t components, VectorStatistic statistic) const;

  /// The null's p-quantile of a statistic, from the draws: order statistic number p (R + 1), rounded.
  /// \throws std::domain_error unless 0 < p < 1 and components >= 3.
  double quantile(std::size_t components, VectorStatistic statistic, double p) const;

private:
  using Samples = std::array<std::vector<double>, vector_statistics>;  // each ascending
  using Frame = std::pair<std::size_t, std::size_t>;                   // components, vectors

  std::shared_ptr<const Samples> single(std::size_t components) const;
  struct PooledNull;  // the law's table and the distances of random frames
  std::shared_ptr<const PooledNull> pooled(const Frame& frame) const;

  std::size_t draws_, frames_;
  mutable std::mutex mutex_;
  mutable std::map<std::size_t, std::shared_ptr<const Samples>> single_;  // guarded by mutex_
  mutable std::map<Frame, std::shared_ptr<const PooledNull>> pooled_;     // guarded by mutex_
};

/// Kolmogorov-Smirnov distance of the squares \f$nv_i^2\f$ of all components of the columns (unit vectors
/// of n >= 3 components) to the Porter-Thomas law at this n, read from a table within 1e-6.
/// \throws std::domain_error as `localization`.
double porter_thomas_distance(const arma::mat& vectors);

}  // namespace rmtlab::spectra
