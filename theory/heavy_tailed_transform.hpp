// SPDX-License-Identifier: MIT
/// \file
/// \brief Laplace-type integrals of positive stable variables, for complex arguments.
#pragma once

#include <complex>
#include <vector>

namespace rmtlab::theory {

/**
 * \brief \f$g(y)=\int_0^\infty u^{a-1}e^{-u-yu^a}du\f$, \f$h(y)=\int_0^\infty e^{-u-yu^a}du\f$, their
 * derivatives, and \f$G(y)=\int_0^y g\f$, for \f$0<a<1\f$ and \f$0\le\arg y\le\pi a\f$.
 *
 * The integrals over u become integrals over \f$v=u^a\f$ on the ray \f$v=s\,x\,e^{-i\phi}\f$, by the
 * trapezoidal rule in t with \f$x=\exp(t-e^{-t})\f$. For large y, \f$\phi=\arg(y)\,a/(1+a)\f$ gives both
 * exponents, \f$v^{1/a}\f$ and \f$yv\f$, the argument \f$\arg(y)/(1+a)<\pi/2\f$ up to sign: both
 * exponentials decay. For small y only the first one matters and \f$\phi\f$ is smaller. The scale s
 * follows \f$1/|y|\f$.
 *
 * Relative error about 1e-14 for \f$0.05\le a\le0.9\f$ and 1e-13 at 0.95, through the functions of
 * heavy_tailed_mp.hpp; 5 to 50 microseconds a value, the longer at both ends of that range.
 */
class HeavyTailedTransform {
public:
  /// \pre 0.05 <= a <= 0.95 (its only user checks it).
  explicit HeavyTailedTransform(double a);

  struct Values {
    std::complex<double> g, dg, h, dh;
  };
  [[nodiscard]] Values operator()(std::complex<double> y) const;

  /// \f$G(y)=\frac1a\int_0^\infty(1-e^{-yv})e^{-v^{1/a}}\frac{dv}v\f$. For large y this integrand has
  /// two scales; the difference \f$e^{-v^{1/a}}-e^{-yv}\f$ is then integrated in closed form, to
  /// \f$\log y+(1-a)\gamma\f$, and \f$\frac1a\int e^{-yv}(1-e^{-v^{1/a}})\frac{dv}v\f$ is left.
  [[nodiscard]] std::complex<double> integral(std::complex<double> y) const;

private:
  struct Ray {
    std::complex<double> v, root;  ///< v / x and v^(1/a) / x^(1/a)
  };
  [[nodiscard]] Ray ray_for(std::complex<double> y) const;

  double a_;
  std::vector<double> x_, root_, weight_;
};

}  // namespace rmtlab::theory
