// SPDX-License-Identifier: MIT
/// \file
/// \brief Stieltjes transform of the Marchenko-Pastur law.
#pragma once

#include <complex>

#include "theory/marchenko_pastur.hpp"

namespace rmtlab::theory {

/**
 * \brief \f$m(z)=\int\frac{dF(x)}{x-z}\f$ over the whole law, atom included.
 *
 * Im m > 0 for Im z > 0; other authors write the negative of it (Cauchy transform, trace of the
 * resolvent (z - X)^-1). With \f$c=1/Q\f$ it is the root of
 * \f[ c\sigma^2z\,m^2+\left(z-\sigma^2(1-c)\right)m+1=0,\qquad
 *     m=\frac{\sigma^2(1-c)-z+\sqrt{z-\lambda_-}\sqrt{z-\lambda_+}}{2c\sigma^2z} \f]
 * with principal square roots taken separately, of which the form without cancellation is evaluated.
 *
 * - On the real axis inside the bulk the limit from above is returned for imaginary part +0, with
 *   Im m = pi times the density, and the limit from below for -0. Outside the bulk m is real there.
 * - Units: 1 / lambda.
 * - Accuracy: |error| / |m| below 32 eps (1 + |z| / distance to the nearer edge): what the
 *   rounding of z causes; checked on reference values ([accuracy]).
 *
 * \cite MarchenkoPastur1967; \cite BaiSilverstein2010 Lemma 3.11.
 * \throws std::domain_error if z is not finite, or 0 where m has a pole (Q < 1) or diverges (Q = 1).
 */
std::complex<double> stieltjes_transform(const MarchenkoPastur& law, std::complex<double> z);

}  // namespace rmtlab::theory
