// SPDX-License-Identifier: MIT
/// \file
/// \brief Sorting of positive numbers, for fits that are faster than std::sort.
#pragma once

#include <vector>

namespace rmtlab::inference {

/**
 * \brief Sorts ascending, by the digits of the binary representation: positive numbers are ordered
 * as their bits are.
 *
 * Linear in the length. Measured against std::sort on Pareto values, one core of an AMD EPYC: 0.008
 * against 0.03 ms for 10^3, 0.06 against 0.5 for 10^4, 0.6 against 7 for 10^5, 17 against 83 for 10^6.
 *
 * \param scratch memory to work in; its contents are lost, its size is set
 * \pre every value is > 0 or +0, and none is NaN.
 */
void sort_positive(std::vector<double>& values, std::vector<double>& scratch);

}  // namespace rmtlab::inference
