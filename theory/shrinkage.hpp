// SPDX-License-Identifier: MIT
/// \file
/// \brief Denoising by singular values: the optimal shrinker and the optimal hard threshold.
///
/// W = signal of low rank + noise of independent entries of variance sigma^2. Singular values are in
/// units of sigma sqrt(N) throughout: y = nu / (sigma sqrt(N)), so y^2 = lambda / sigma^2, with
/// \f$Q=N/M\f$ and \f$c=1/Q\f$. Loss is the squared Frobenius distance to the signal, in the limit of
/// large N at fixed Q. Any Q > 0.
#pragma once

namespace rmtlab::theory {

/**
 * \brief The value that should replace the singular value y.
 *
 * \f[ \eta(y)=\frac{\sqrt{(y^2-1-c)^2-4c}}{y}\quad\text{for } y>1+\sqrt c,\qquad 0\text{ else.} \f]
 * It equals the true strength times the cosines of the two singular vectors, which is what minimises
 * the loss. Relative error below 4 eps times \f$1+y/(y-1-\sqrt c)\f$.
 *
 * \cite GavishDonoho2017.
 * \throws std::domain_error unless aspect_ratio is finite and > 0 and y is finite and >= 0.
 */
double shrunk_singular_value(double aspect_ratio, double y);

/**
 * \brief The best threshold for keeping singular values as they are, noise level known.
 *
 * \f[ \tau(Q)=\sqrt{2(c+1)+\frac{8c}{c+1+\sqrt{c^2+14c+1}}} \f]
 * in units of sigma sqrt(N): keep nu iff \f$\nu>\tau\sigma\sqrt N\f$. \f$4/\sqrt3\f$ at Q = 1. Lies above
 * the edge \f$1+\sqrt c\f$: just outside it, the noise in a singular vector costs more than the
 * signal is worth. Relative error below 4 eps.
 *
 * \cite GavishDonoho2014.
 * \throws std::domain_error unless aspect_ratio is finite and > 0.
 */
double optimal_hard_threshold(double aspect_ratio);

/**
 * \brief The best threshold in units of the median singular value, noise level unknown.
 *
 * \f$\omega(Q)=\tau/\sqrt{m}\f$ with m the median of the Marchenko-Pastur law of ratio
 * \f$\max(Q,1/Q)\f$: keep nu iff \f$\nu>\omega\f$ times the median of the min(N, M) singular values.
 * The same for W and its transpose. Relative error below 8 eps (the often quoted cubic polynomial in
 * c is off by 0.01).
 *
 * \cite GavishDonoho2014.
 * \throws std::domain_error unless aspect_ratio is finite and > 0.
 */
double optimal_median_threshold(double aspect_ratio);

}  // namespace rmtlab::theory
