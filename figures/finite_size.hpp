// SPDX-License-Identifier: MIT
/// \file
/// \brief Boundaries of the phases against the size of a layer: where a statistic crosses a level,
/// and the exponent with which that place moves.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "figures/grouped_run.hpp"
#include "figures/verdicts.hpp"

namespace rmtlab::figures {

/// A statistic `y` at the place `x` > 0 of a path.
struct Place {
  double x, y;
};

/**
 * \brief Where `y` passes a level from below for good: linear in (log x, y) between neighbours.
 *
 * Between the last place below the level and the next; nothing if the path never gets there for
 * good, or starts there. Unlike `boundary` it does not move in steps of the grid. The error of the
 * interpolation is of second order in log of the ratio of neighbours.
 * \throws std::domain_error unless all x > 0.
 */
std::optional<double> crossing(const std::vector<Place>& path, double level);

/// A boundary that a statistic of a matrix defines.
struct Threshold {
  std::string name;    ///< as in keys and tables
  std::string column;  ///< of the records
  double level;        ///< on the statistic, for a p-value on the p-value itself
  bool p_value;        ///< crossed from above; interpolated in log p
};

/// Boundary of layers with M columns, by replicate; nothing where a replicate has none.
struct SizedBoundary {
  double size = 0;                        ///< M
  std::vector<std::optional<double>> at;  ///< batch size

  /// Those that exist.
  [[nodiscard]] std::vector<double> values() const;
  [[nodiscard]] bool complete() const { return !at.empty() && values().size() == at.size(); }
};

/**
 * \brief Batch sizes at which FC1 crosses a threshold, by M from the smallest.
 *
 * The path goes from large batches to small at the last epoch. Places without the statistic are left
 * out.
 * \param run sweeps training.batch_size and sizes
 */
std::vector<SizedBoundary> threshold_boundaries(const core::Run& run, const Threshold& threshold);

/// Label boundary of one size: what the replicates' neighbours span.
struct LabelBoundary {
  double size = 0;
  Interval at;  ///< geometric mean; from the lowest neighbour below to the highest above
};

/**
 * \brief Boundaries of the phase `order` or beyond in the classifier's labels, by `boundary` along the
 * decided places. They move in steps of the grid of batch sizes. A size without any is left out.
 */
std::vector<LabelBoundary> label_boundaries(const core::Run& run, std::size_t order);

/// Geometric mean with Student's interval of the mean of the logarithms, 95 %.
/// \throws std::invalid_argument if there is no value; std::domain_error unless all are > 0.
Interval geometric_interval(const std::vector<double>& values);

/// at ~ M^exponent.
struct Exponent {
  Interval value;             ///< Student's 95 % over replicates
  std::vector<double> sizes;  ///< the M that took part
};

/**
 * \brief Exponent of a boundary: least squares of log at against log M for each replicate, then mean
 * and interval over replicates.
 *
 * Only sizes where every replicate has the boundary take part: to use those that happen to reach it
 * would favour the early ones. The interval knows the spread over replicates and not whether a power
 * law holds: look at `local_exponents`.
 * \return nothing with fewer than three such sizes.
 */
std::optional<Exponent> exponent(const std::vector<SizedBoundary>& boundaries);

/**
 * \brief Exponent of the ratio of two boundaries, paired: both come from the same trainings.
 * \throws std::invalid_argument if they are not of the same sizes and replicates.
 */
std::optional<Exponent> ratio_exponent(const std::vector<SizedBoundary>& above,
                                       const std::vector<SizedBoundary>& below);

/// Exponents between neighbouring sizes at which all replicates have the boundary; `sizes` are the two.
std::vector<Exponent> local_exponents(const std::vector<SizedBoundary>& boundaries);

}  // namespace rmtlab::figures
