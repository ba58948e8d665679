// SPDX-License-Identifier: MIT
/// \file
/// \brief What training makes of a layer, in the simplest terms: shrunken initial weights and a few
/// learned directions.
#pragma once

#include <cstddef>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/ensembles/spiked_matrix.hpp"

namespace rmtlab::ensembles {

struct TrainedLike {
  double initial_scale = 1;       ///< a > 0: what weight decay left of the initial weights
  arma::vec singular_values;      ///< of \f$\Delta\f$, >= 0, in the units of W's singular values
  std::size_t left_support = 0;   ///< entries of each N-vector that are not zero; 0: Haar vectors
  std::size_t right_support = 0;  ///< the same for the M-vectors
};

/**
 * \brief \f$W=aW_0+\Delta\f$ with \f$\Delta=\sum_i\nu_iu_iv_i^{\mathsf T}\f$ independent of \f$W_0\f$.
 *
 * Each singular value is an additive spike beside noise of variance \f$a^2\sigma^2\f$:
 * \f$h_i=\nu_i^2/(N a^2\sigma^2)\f$. Their laws in the result hold while their number is small
 * beside M; an extensive \f$\Delta\f$ (say \f$\nu_i=\nu_1i^{-b}\f$ for all i) deforms the bulk itself.
 *
 * \param initial \f$W_0\f$, N x M, entries of variance \f$\sigma^2\f$ = `variance`
 * \throws std::domain_error naming the offending parameter, and as `spiked_matrix`.
 */
SpikedMatrix trained_like(arma::mat initial, double variance, const TrainedLike& model,
                          core::Stream& stream);

}  // namespace rmtlab::ensembles
