// SPDX-License-Identifier: MIT
/// \file
/// \brief A weight matrix that diffuses: Dyson Brownian motion of its singular values.
#pragma once

#include <armadillo>

#include "sim/core/random.hpp"

namespace rmtlab::ensembles {

/**
 * \brief \f$dW=-\gamma W\,dt+s\,dB\f$ with independent Brownian motions in all entries.
 *
 * A model of training by noise with weight decay: \f$\gamma\f$ from the decay, \f$s^2\f$ from the
 * gradient noise. The eigenvalues of \f$W^{\mathsf T}W/N\f$ move as an autonomous diffusion (a Wishart
 * or Laguerre process) that repels; the matrix needs no discretisation, because the law after any
 * time is normal:
 * \f[ W(t)=e^{-\gamma t}W(0)+\sigma(t)Z,\qquad \sigma^2(t)=s^2\,\frac{1-e^{-2\gamma t}}{2\gamma}, \f]
 * \f$s^2t\f$ for \f$\gamma=0\f$. For \f$\gamma>0\f$ the stationary law is noise of variance
 * \f$s^2/2\gamma\f$.
 *
 * \cite Bru1989; \cite Dyson1962
 */
struct DysonBrownian {
  double reversion = 0;  ///< \f$\gamma\ge0\f$, per unit of time
  double diffusion = 1;  ///< s > 0, in the units of W per root of time
};

/// \f$\sigma^2(t)\f$, the variance that an entry has gained by the time t >= 0.
/// \throws std::domain_error naming a parameter outside its domain.
double noise_variance(const DysonBrownian& process, double time);

/// W(t) from W(0), exact in law for any t >= 0: steps of any length compose, and one long step has the
/// law of many short ones.
/// \throws std::domain_error as `noise_variance`.
arma::mat dyson_brownian_step(const arma::mat& W, const DysonBrownian& process, double time,
                              core::Stream& stream);

}  // namespace rmtlab::ensembles
