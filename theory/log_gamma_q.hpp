// SPDX-License-Identifier: MIT
/// \file
/// \brief Logarithm of the upper incomplete gamma function, also where the function underflows.
#pragma once

namespace rmtlab::theory {

/// \f$\log Q(a,x)\f$ with \f$Q(a,x)=\Gamma(a,x)/\Gamma(a)\f$, for 0 < a <= 10 and x >= 0; -infinity at
/// x = infinity. Relative error below 1e-14.
///
/// Boost's function up to x = 100, beyond it the asymptotic series
/// \f$\Gamma(a,x)\sim x^{a-1}e^{-x}\sum_k(a-1)\cdots(a-k)x^{-k}\f$. \cite Dlmf eq. 8.11.2.
/// \pre a and x in the stated range (internal: the laws check their own arguments).
double log_gamma_q(double a, double x);

}  // namespace rmtlab::theory
