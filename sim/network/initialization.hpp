// SPDX-License-Identifier: MIT
/// \file
/// \brief Initial weights.
#pragma once

#include <cstddef>

#include "sim/core/random.hpp"
#include "sim/network/dense_network.hpp"

namespace rmtlab::network {

/**
 * \brief Laws of the initial weights of a layer with n inputs and m outputs, all of mean 0.
 *
 * \cite GlorotBengio2010, eq. (16) for the uniform law; the normal laws are Keras's.
 */
enum class Initialization {
  glorot_normal,            ///< normal, variance 2/(n + m)
  truncated_glorot_normal,  ///< the same cut at two standard deviations (Keras 2.0 to 2.2)
  glorot_uniform            ///< uniform on +-sqrt(6/(n + m)), variance 2/(n + m)
};

/// Variance of a normal variable conditioned on |x| <= 2 standard deviations, relative to the
/// unconditioned one: 1 - 4 phi(2) / (2 Phi(2) - 1) = 0.773741..., to rounding.
double truncation_variance_factor();

/// Exact variance of an initial weight.
///
/// 2/(n + m), times `truncation_variance_factor()` for the truncated law: Keras did not correct for
/// the cut until version 2.2.3, so a spectrum of its time starts with a bulk narrower by that.
/// \throws std::domain_error if n or m is zero.
double variance(Initialization initialization, std::size_t n, std::size_t m);

/// Draws every weight of `network` and sets every bias to `bias`.
///
/// Layer l draws from `stream.child("fc<l+1>")`, row by row, in double, rounded once to Real: the
/// float and double networks of one stream differ by rounding only, and a layer's numbers depend on
/// its own shape alone.
template <class Real>
void initialize(DenseNetwork<Real>& network, Initialization initialization,
                const core::Stream& stream, double bias = 0);

}  // namespace rmtlab::network
