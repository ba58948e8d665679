// SPDX-License-Identifier: MIT
/// \file
/// \brief Internal to the power-law fit: the search for the xmin of least Kolmogorov-Smirnov
/// distance.
///
/// With m_i observations at or above candidate u_i, its distance is D_i = max over j >= i of
/// `TailFits::gap(i, j)` / m_i. Whatever maximises and minimises these same numbers returns the same
/// bits, so `scan_every_value`, which leaves nothing out, is what the fast search is tested against.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "sim/inference/power_law_tail.hpp"

namespace rmtlab::inference {

/// What makes a candidate and its distance.
struct SearchRules {
  double last_rank;      ///< 1 for csn, 0 for two-sided; see TailFits::gap
  std::size_t min_tail;  ///< fewest observations at or above a candidate
};

/// Number of candidates: u_0 ... of a table whose tails have two distinct values and min_tail
/// observations.
std::size_t candidate_count(const TailTable& table, std::size_t min_tail);

/// Candidate of least distance; of equal distances the smallest xmin.
struct ScanResult {
  std::size_t index;
  double distance;
};

/// The reference: every candidate against every point, one exponential each, q^2/2 in all.
/// \pre there is a candidate.
ScanResult scan_every_value(const TailTable& table, const SearchRules& rules);

/**
 * \brief The same result with about one exponential per candidate.
 *
 * Any single point j bounds the distance of every candidate below it, D_i >= gap(i, j)/m_i, and the
 * points where a few candidates have their largest gap are good ones for all others. So:
 *
 * 1. a dozen candidates, at tail sizes in geometric progression, are evaluated exactly;
 * 2. every candidate is tried against the points found, until one exceeds the least distance so
 *    far; a few per cent to half survive;
 * 3. as long as any survive, the one with the least bound is evaluated exactly; its distance may be
 *    the new least, and its worst point bounds the others.
 *
 * An exact evaluation bounds blocks of j from the ends (the empirical and the fitted tail both
 * decrease) and opens only those that may hold the maximum; it gives up once it exceeds the least
 * distance. Where step 3 stalls, as on values in exact geometric progression, the survivors are gone
 * through in order against the last points that excluded one.
 *
 * Keeps its memory between searches. One object serves one thread.
 */
class XminSearch {
public:
  explicit XminSearch(const SearchRules& rules) : rules_(rules) {}
  void set_rules(const SearchRules& rules) { rules_ = rules; }

  /// \pre there is a candidate.
  ScanResult least_distance(const TailTable& table);

  /// Whether some candidate has a distance < `distance`: often decided long before the least one is
  /// known. False if there is no candidate.
  bool any_below(const TailTable& table, double distance);

  /// D_i of the candidates named. \pre each i + 1 < q.
  std::vector<double> distances(const TailTable& table, std::span<const std::size_t> candidates);

  /// D_0, all that a given xmin needs.
  double first_distance(const TailTable& table);

  /// Exact evaluations that were not given up in the last search: a measure of its work that does
  /// not depend on the machine.
  [[nodiscard]] std::size_t completed_evaluations() const { return completed_; }

private:
  /// A distance, or a lower bound of one that exceeds the least so far, and the point that shows it.
  struct Distance {
    double value;
    std::size_t witness;
  };

  /// Candidates that may have the least distance, ascending: y, a, m, the best lower bound, index.
  struct Survivors {
    std::vector<double> y, a, m, bound;
    std::vector<std::size_t> index;

    void resize(std::size_t size);
    [[nodiscard]] std::size_t size() const { return index.size(); }
  };

  ScanResult search(const TailTable& table, ScanResult start, bool first_improvement);
  Distance evaluate(std::size_t i, double cut);
  Distance evaluate_in_blocks(std::size_t i, double cut);
  bool scan_range(std::size_t i, std::size_t begin, std::size_t end, double cut, Distance& largest);
  bool improve(std::size_t i, const Distance& distance);
  void probe(std::size_t candidates);
  void add_witness(std::size_t j);
  void sieve(std::size_t candidates);
  void sieve_tile(std::size_t begin, std::size_t end);
  void raise(Survivors& set, std::size_t size, std::size_t j) const;
  std::size_t keep_possible(Survivors& set, std::size_t size);
  void finish_by_least_bound();
  void finish_in_order();
  [[nodiscard]] bool done() const { return stop_at_first_ && improved_; }

  SearchRules rules_;
  TailFits fits_;
  ScanResult best_{};
  bool stop_at_first_ = false, improved_ = false;
  std::size_t completed_ = 0;
  std::vector<std::size_t> witnesses_;  // distinct, the last one that excluded most in front
  Survivors tile_, survivors_;
  std::vector<double> expected_, bound_;
  std::vector<std::size_t> kept_;
};

}  // namespace rmtlab::inference
