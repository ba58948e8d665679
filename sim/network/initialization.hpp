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
 * Glorot's variance 2/(n + m) is \cite GlorotBengio2010, eq. (16), and He's 2/n that of
 * He, Zhang, Ren and Sun (ICCV 2015), eq. (10); LeCun's is 1/n. A uniform law of variance s^2 is that on
 * +-sqrt(3) s. The truncated laws are the normal ones cut at two standard deviations.
 */
enum class Initialization {
  glorot_normal,            ///< normal, variance 2/(n + m)
  truncated_glorot_normal,  ///< cut, variance 0.774 * 2/(n + m) (Keras 2.0 to 2.2)
  glorot_uniform,           ///< uniform on +-sqrt(6/(n + m)), variance 2/(n + m)
  he_normal,                ///< normal, variance 2/n
  truncated_he_normal,      ///< cut, variance 0.774 * 2/n (Keras 2.0 to 2.2)
  he_uniform,               ///< uniform on +-sqrt(6/n), variance 2/n
  lecun_normal,             ///< normal, variance 1/n
  truncated_lecun_normal,   ///< cut, variance 0.774/n (Keras 2.0 to 2.2)
  lecun_uniform             ///< uniform on +-sqrt(3/n), variance 1/n
};

/// Variance of a normal variable conditioned on |x| <= 2 standard deviations, relative to the
/// unconditioned one: 1 - 4 phi(2) / (2 Phi(2) - 1) = 0.773741..., to rounding.
double truncation_variance_factor();

/// Exact variance of an initial weight.
///
/// As listed at `Initialization`, with `truncation_variance_factor()` for the truncated laws: Keras did
/// not correct for the cut until version 2.2.3, so a spectrum of its time starts with a bulk narrower
/// by that.
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
