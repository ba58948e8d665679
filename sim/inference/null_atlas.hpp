// SPDX-License-Identifier: MIT
/// \file
/// \brief The calibration atlas: how the bulk statistics of pure noise are distributed at any shape.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "sim/inference/bulk_statistics.hpp"

namespace rmtlab::inference {

/// Upper tail probabilities at which null quantiles are tabulated.
inline constexpr std::array tabulated_tails = {0.99, 0.9,   0.75, 0.5,   0.25,   0.1,
                                               0.05, 0.025, 0.01, 0.005, 0.0025, 0.001};
/// Null quantiles of one statistic, at `tabulated_tails`: increasing.
using TailQuantiles = std::array<double, tabulated_tails.size()>;

/// Upper tail quantiles of a sample by linear interpolation of order statistics (definition 7 of
/// \cite HyndmanFan1996). \pre not empty
TailQuantiles tail_quantiles(std::vector<double> draws);

/**
 * \brief P-value of `value` by interpolation in a table of quantiles: the logit of p is linear in between.
 *
 * A table of R draws ends at a tail of 0.001. Beyond it log p goes on falling as it does from 0.01 to 0.001.
 * The tails of all five statistics are lighter than exponential, so this errs to the safe side: a claimed
 * 1e-4 is met by 0.4 to 1.0e-4 of 100,000 draws at 64 x 64 (tests/sim/inference/null_atlas_test.cpp).
 * \throws std::domain_error if `value` is NaN.
 */
double tail_probability(const TailQuantiles& quantiles, double value);

/**
 * \brief Null quantiles over (M, Q, kurtosis of the entries) for every statistic of a bulk.
 *
 * Textbook p-values do not apply: eigenvalues repel, so that the distance of M of them to their law is of order
 * log(M)/M and not M^(-1/2), and the variance is fitted. Here noise has gone through the whole
 * procedure (outliers at familywise 1 %, set apart; mean fitted; `bulk_statistics`) in the experiment
 * `null_atlas`, whose records are compiled in (null_atlas.csv; `make atlas` draws them anew).
 *
 * Large matrices are slow to draw, so their cells hold few. What Q changes is small and the same at every
 * large M: beyond M = 256 quantiles are those of an additive fit, an effect of M plus one of Q, to all cells
 * from 256 on.
 *
 * Between the cells quantiles are interpolated linearly in log M, \f$Q^{-1/2}\f$ and the kurtosis, after what is
 * known of their dependence on M has been taken off: \f$\frac{\sqrt2}\pi\log M\f$ for ks (\cite Claeys2021,
 * twice the variance of the unitary case), \f$\pi^{-2}\log M\f$ for cramer_von_mises, a width
 * \f$M^{-1/2}\f$ for number_variance. Beyond the largest M and the largest Q the last cell stands for the
 * limit. Entries that are not Gaussian are tabulated up to M = 128. What they change vanishes in the limit;
 * beyond M = 128 it falls like \f$M^{-1/2}\f$, as the finite-size terms of chebyshev do for Gaussian entries
 * (the other statistics hardly know the entries). Bulks shorter than the smallest cell are simulated on the fly at their
 * own shape, Gaussian, 1999 draws from a stream keyed by the shape, and kept.
 *
 * Error of an interpolated size: `mp_calibration`, whose shapes lie between the cells.
 */
class NullAtlas {
public:
  /// The table compiled in; shared by all threads.
  static const NullAtlas& standard();

  /// \param csv as null_atlas.csv \throws std::runtime_error naming the line that is malformed, or a cell
  /// or a test that the grid lacks
  explicit NullAtlas(std::string_view csv);

  /// Null quantiles of a statistic for a bulk of shape N x M.
  /// \throws std::domain_error unless rows >= cols >= 10 and the kurtosis is finite.
  [[nodiscard]] TailQuantiles quantiles(BulkTest test, double rows, double cols,
                                        double excess_kurtosis) const;

  /// P-value of a statistic of a bulk. \throws as `quantiles`
  [[nodiscard]] double p_value(BulkTest test, double value, double rows, double cols,
                               double excess_kurtosis) const;

  [[nodiscard]] std::size_t smallest_cols() const { return smallest_cols_; }
  [[nodiscard]] std::size_t largest_cols() const { return largest_cols_; }

private:
  using Statistics = std::array<TailQuantiles, all_bulk_tests.size()>;
  using Shape = std::pair<std::size_t, std::size_t>;

  struct Cell {
    double log_cols, inverse_root_q, excess_kurtosis, draws;
    Statistics quantiles;  // growth taken off
    std::array<bool, all_bulk_tests.size()> given;
  };
  void check_complete() const;
  void pool_large_cells();
  [[nodiscard]] const Cell& cell(double log_cols, double inverse_root_q,
                                 double excess_kurtosis) const;
  [[nodiscard]] TailQuantiles interpolated(std::size_t test, double log_cols, double inverse_root_q,
                                           double excess_kurtosis) const;
  [[nodiscard]] TailQuantiles at_gaussian(std::size_t test, double log_cols,
                                          double inverse_root_q) const;
  [[nodiscard]] std::shared_ptr<const Statistics> simulated(const Shape& shape) const;

  std::vector<Cell> cells_;
  std::vector<double> log_cols_, inverse_root_q_,
      kurtosis_;  // nodes of the Gaussian cells; kurtoses
  std::vector<double> other_log_cols_, other_inverse_root_q_;  // nodes of the other entries
  std::size_t smallest_cols_ = 0, largest_cols_ = 0;
  mutable std::mutex mutex_;
  mutable std::map<Shape, std::shared_ptr<const Statistics>> cache_;  // guarded by mutex_
};

}  // namespace rmtlab::inference
