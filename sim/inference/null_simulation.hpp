// SPDX-License-Identifier: MIT
/// \file
/// \brief Spectra of pure noise, by the laws of entries that the calibration atlas tabulates.
#pragma once

#include <cstddef>
#include <string_view>

#include <armadillo>

#include "sim/core/random.hpp"

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

}  // namespace rmtlab::inference
