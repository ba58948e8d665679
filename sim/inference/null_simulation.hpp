// SPDX-License-Identifier: MIT
/// \file
/// \brief Draws of the bulk statistics of pure noise, through the whole procedure that data go through.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/inference/bulk_statistics.hpp"
#include "sim/inference/outlier_count.hpp"

namespace rmtlab::inference {

/// Laws of the entries of the simulated noise, one for each excess kurtosis that the atlas tabulates.
enum class NullEntries {
  rademacher,  ///< -2
  uniform,     ///< -1.2
  gaussian,    ///< 0
  student_t,   ///< 10 degrees of freedom: 1
};

std::string_view name(NullEntries entries);
/// Excess kurtosis of a single entry.
double excess_kurtosis(NullEntries entries);

/// Eigenvalues of W^T W / N, ascending; W has independent entries of variance 1. Gaussian ones by the
/// bidiagonal sampler (`ensembles::wishart_spectrum`), the others from the matrix.
arma::vec null_spectrum(NullEntries entries, std::size_t rows, std::size_t cols,
                        core::Stream& stream);

/// Statistics of the bulk that is left after the outliers of `count_outliers` are set apart, in its own shape.
/// \throws as `count_outliers`
BulkStatistics statistics_of_bulk(std::span<const double> ascending, std::size_t rows,
                                  std::size_t outlier_count, double excess_kurtosis);

}  // namespace rmtlab::inference
