// SPDX-License-Identifier: MIT
/// \file
/// \brief Internal to the power-law bootstrap: draws with replacement, and sorted samples.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/core/random.hpp"

namespace rmtlab::inference {

/**
 * \brief Binomial variate: successes in n trials of probability p.
 *
 * By inversion while the mean is below 10, else by transformed rejection, exact either way; about
 * 40 ns whatever n. \pre 0 <= p <= 1, n <= 2^53.
 * \cite Hormann1993 algorithm BTRS
 */
std::uint64_t binomial(std::uint64_t n, double p, core::Stream& stream);

/// Draws from a multiset with replacement: how often each distinct value is taken.
class Multiset {
public:
  /// \param at_least number of observations at or above each value, descending, and how many are
  ///   above them all
  explicit Multiset(std::span<const double> at_least);

  /// `counts[k]` = how many of `draws` draws took value k. Multinomial, exact; O(min(draws, values)).
  void draw(std::uint64_t draws, core::Stream& stream, std::vector<double>& counts) const;

private:
  std::vector<double> weight_;           // observations of each value
  std::vector<std::uint32_t> value_of_;  // of each observation, where that is a short list
  std::uint64_t size_ = 0;               // observations
  bool all_single_ = false;              // every value is one observation
};

/// Spacings of an ascending sample of `count` exponential variates of rate `a`, the first from 0.
void exponential_spacings(std::size_t count, double a, core::Stream& stream,
                          std::vector<double>& spacing);

/// As above for the exponential law of rate `a`, of either sign, cut off at `length`.
void truncated_spacings(std::size_t count, double a, double length, core::Stream& stream,
                        std::vector<double>& spacing);

}  // namespace rmtlab::inference
