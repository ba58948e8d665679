// SPDX-License-Identifier: MIT
/// \file
/// \brief What a few replicates say of a claim: reproduced, not reproduced, or inconclusive.
///
/// The units are the replicates: each has its own data, split and initial weights, and shares them
/// along a sweep of training parameters, so that differences between settings are paired. A verdict
/// needs an interval that lies wholly on one side; with a single replicate there is none and the
/// verdict is "inconclusive".
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rmtlab::figures {

enum class Verdict { reproduced, not_reproduced, inconclusive };

/// "reproduced", "not reproduced", "inconclusive".
std::string text_of(Verdict verdict);

/// Estimate of a mean or a probability from n replicates.
struct Interval {
  std::size_t count = 0;
  double value = 0;
  double low = 0, high = 0;  ///< infinite if n is too small to say anything
};

/**
 * \brief Student's interval \f$\bar x \pm t_{n-1,(1+\mathrm{level})/2}\, s/\sqrt n\f$ of a mean.
 *
 * Exact for normal values; with three to ten replicates that is an assumption, not a check. Its
 * ends are infinite for n = 1.
 * \param level in (0, 1)
 * \throws std::invalid_argument if there is no value or `level` is outside.
 */
Interval mean_interval(const std::vector<double>& values, double level);

/**
 * \brief Clopper and Pearson's interval of a probability, each end at 95 % by itself.
 *
 * At n = 3 the lower end is at most 0.37, so that three replicates never show a majority; five that
 * agree do (0.55), and so do seven of eight (0.53).
 * \throws std::invalid_argument if `trials` is 0 or smaller than `hits`.
 */
Interval share_interval(std::size_t hits, std::size_t trials);

/// Whether the mean or probability lies above `threshold`.
Verdict exceeds(const Interval& interval, double threshold);

/// Whether the share of replicates that show something is more than one half.
Verdict majority(std::size_t hits, std::size_t trials);

/// Something is needed for an effect if most replicates show the effect with it and most do not
/// without it. Not so if most do without it, or most do not with it.
Verdict needed(Verdict with, Verdict without);

enum class Equivalence { equivalent, different, inconclusive };

/**
 * \brief Two one-sided tests: "equivalent" if the interval lies inside (-margin, margin),
 * "different" if it lies outside, on either side, else "inconclusive".
 *
 * With intervals of 90 %, each of the two wrong verdicts has probability at most 5 %.
 * \throws std::invalid_argument unless margin > 0.
 */
Equivalence equivalence(const Interval& difference, double margin);

/// The least favourable step of a path.
struct Fall {
  Verdict verdict = Verdict::inconclusive;
  std::size_t step = 0;  ///< between places `step` and `step` + 1
  Interval change;       ///< paired change over it, 90 %
};

/**
 * \brief Whether a quantity falls at every step of a path.
 *
 * Reproduced if at every step the paired change is negative at 5 %, one-sided: every step must pass
 * its test, so none needs a correction. Not reproduced if at one step it is positive at 5 % divided
 * by the number of steps (Bonferroni): the probability of that, if every step falls or stays, is at
 * most 5 %.
 * \param paths one list of values per replicate, of equal lengths, two or more
 * \throws std::invalid_argument if they are not
 */
Fall falls(const std::vector<std::vector<double>>& paths);

/// One place on a path; `order` is that of the phase.
struct Step {
  double x;
  std::size_t order;
};

/// Where a path passes from below a phase to it or beyond, for good.
struct Boundary {
  double at = 0;             ///< geometric mean of the neighbours
  double low = 0, high = 0;  ///< the neighbours, in increasing order
};

/**
 * \brief Boundary of the phase `order` along a path.
 *
 * It lies before the first place from which on every place has that order or a higher one. Places
 * at which the classifier abstained should be left out: the neighbours are then farther apart.
 * Nothing if the path never gets there for good, or starts there. A neighbour at x <= 0 has no
 * geometric mean: the boundary is then put at the middle.
 */
std::optional<Boundary> boundary(const std::vector<Step>& path, std::size_t order);

/// What several paths say of one boundary. Those that do not cross it have no place in the interval.
struct Crossings {
  Interval at;              ///< count: paths that cross; median, range of the neighbours of all
  std::size_t paths = 0;    ///< all of them
  std::size_t started = 0;  ///< at the phase or beyond from the first place to the last

  [[nodiscard]] bool in_most() const { return 2 * at.count > paths; }
};

/// `boundary` of every path, one for each replicate. Nothing crossed leaves not-a-numbers.
Crossings crossings(const std::vector<std::vector<Step>>& paths, std::size_t order);

/// Least-squares slope of log y against log x; nothing with fewer than three points or fewer than
/// two distinct x. \throws std::domain_error unless all x and y are > 0.
std::optional<double> log_slope(const std::vector<std::pair<double, double>>& points);

}  // namespace rmtlab::figures
