// SPDX-License-Identifier: MIT
/// \file
/// \brief Sine and cosine integrals, with the parts that large arguments need.
#pragma once

namespace rmtlab::theory {

/// \f$\operatorname{Si}(x)=\int_0^x\frac{\sin t}tdt\f$, odd; \f$\pm\pi/2\f$ at infinity.
///
/// Relative error below 4 eps to x = 4, absolute error below 2 eps beyond ([accuracy]).
/// \throws std::domain_error if x is NaN.
double sine_integral(double x);

/// \f$\operatorname{Cin}(x)=\int_0^x\frac{1-\cos t}tdt=\gamma+\log|x|-\operatorname{Ci}(x)\f$, even and
/// entire: what is left of the cosine integral without its logarithm, so that small x keep their digits.
///
/// Relative error below 8 eps ([accuracy]).
/// \throws std::domain_error unless x is finite.
double entire_cosine_integral(double x);

/// \f$f(x)=\int_0^\infty\frac{\sin t}{t+x}dt\f$ and \f$g(x)=\int_0^\infty\frac{\cos t}{t+x}dt\f$, which
/// fall smoothly like \f$1/x\f$ and \f$1/x^2\f$:
/// \f$\operatorname{Si}(x)=\pi/2-f\cos x-g\sin x\f$,
/// \f$\operatorname{Ci}(x)=f\sin x-g\cos x\f$.
struct SineIntegralAuxiliary {
  double f, g;
};

/// Lentz's continued fraction for \f$e^{ix}E_1(ix)=g-if\f$. Both within 8 eps f ([accuracy]).
/// \throws std::domain_error unless x is finite and >= 3, where the fraction converges quickly.
///
/// \cite Dlmf 6.2, 6.9.
SineIntegralAuxiliary sine_integral_auxiliary(double x);

}  // namespace rmtlab::theory
