// SPDX-License-Identifier: MIT
/// \file
/// \brief Positive data with multiplicities, the input of the power-law fit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace rmtlab::inference {

/**
 * \brief A sample as its distinct values and how often each occurs.
 *
 * `values` is strictly ascending, positive and finite; `counts` is equally long and >= 1. The
 * functions below make such a sample; functions that take one check it. Rounded or binned data are
 * short in this form (the 203,785 forest fires of the published set are 2,826 distinct sizes), and
 * a fit's cost grows with the number of distinct values only.
 */
struct CountedValues {
  std::vector<double> values;         ///< distinct, ascending, any unit
  std::vector<std::uint64_t> counts;  ///< occurrences of each value
};

/// The first value of an input that no power law can hold, and where it stands: for callers that know
/// the line or the layer it came from.
class InvalidValue : public std::domain_error {
public:
  InvalidValue(const std::string& message, std::size_t index, double value)
      : std::domain_error(message), index_(index), value_(value) {}

  [[nodiscard]] std::size_t index() const { return index_; }  ///< in the input, from 0
  [[nodiscard]] double value() const { return value_; }       ///< zero, negative, NaN or infinite

private:
  std::size_t index_;
  double value_;
};

/// Distinct values of a sample in any order. O(n) if it is ascending already (as LAPACK returns
/// eigenvalues), else O(n log n): the sort is linear too in practice, sort_positive.
/// \throws InvalidValue naming the first value that is not positive and finite, and its index
///   in `values` (from 0).
CountedValues count_values(std::span<const double> values);

/// As above for a histogram: `counts[i]` occurrences of `values[i]`. Equal values are merged, zero
/// counts dropped.
/// \throws std::invalid_argument if the lengths differ.
/// \throws InvalidValue as above, std::domain_error if the counts add up to more than 2^53, beyond which a
///   double no longer counts exactly.
CountedValues count_values(std::span<const double> values, std::span<const std::uint64_t> counts);

/// Number of observations.
std::uint64_t sample_size(const CountedValues& sample);

/// Throws InvalidValue, in the name of `function`, for the first value that is not positive and finite.
void check_positive(std::span<const double> values, const std::string& function);

/// Throws std::invalid_argument, std::domain_error or InvalidValue, in the name of `function`, unless `sample` is
/// as CountedValues promises.
void check_counted_values(const CountedValues& sample, const std::string& function);

}  // namespace rmtlab::inference
