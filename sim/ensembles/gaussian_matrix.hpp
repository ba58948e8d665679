// SPDX-License-Identifier: MIT
/// \file
/// \brief Matrices of independent normal entries, the noise that structured ensembles start from.
#pragma once

#include <cstddef>

#include <armadillo>

#include "sim/core/random.hpp"

namespace rmtlab::ensembles {

/// A `rows` x `cols` matrix of independent normal entries, mean 0, variance `variance` > 0, by
/// `Stream::fill_normal` column by column.
/// \throws std::domain_error if `rows` or `cols` < 1, or `variance` is not finite and > 0.
arma::mat gaussian_matrix(std::size_t rows, std::size_t cols, double variance,
                          core::Stream& stream);

}  // namespace rmtlab::ensembles
