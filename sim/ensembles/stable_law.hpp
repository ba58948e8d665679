// SPDX-License-Identifier: MIT
/// \file
/// \brief Stable laws: the symmetric and the positive ones, their tails and their draws.
#pragma once

#include "sim/core/random.hpp"

namespace rmtlab::ensembles {

/**
 * \brief Symmetric stable variable X with \f$Ee^{itX}=e^{-|t|^\mu}\f$.
 *
 * \f$P(|X|>u)\sim C u^{-\mu}\f$ with \f$C=\frac2\pi\Gamma(\mu)\sin\frac{\pi\mu}2\f$. mu = 1 is Cauchy's law;
 * mu = 2, the normal law of variance 2, has no such tail and is left out.
 *
 * \cite Zolotarev1986, \cite Nolan1997 (parametrisation S_1 with skewness 0, scale 1, shift 0).
 */
class SymmetricStable {
public:
  /// \throws std::domain_error unless 0.1 <= index <= 1.99, the range that is tested.
  explicit SymmetricStable(double index);
  [[nodiscard]] double index() const { return index_; }  ///< \f$\mu\f$

private:
  double index_;
};

/// \f$P(|X|>u)\f$ from Zolotarev's integral over (0, pi/2), by adaptive Gauss-Kronrod quadrature. With
/// \f$V(\theta)=\left(\frac{\cos\theta}{\sin\mu\theta}\right)^{\mu/(\mu-1)}
/// \frac{\cos(\mu-1)\theta}{\cos\theta}\f$ it is \f$\frac2\pi\int(1-e^{-u^{\mu/(\mu-1)}V})\,d\theta\f$ for
/// mu < 1 and \f$\frac2\pi\int e^{-u^{\mu/(\mu-1)}V}\,d\theta\f$ for mu > 1: no cancellation in the tail.
///
/// Relative error below 1e-12 for every u, also beside mu = 1 ([accuracy]); 20 to 200 microseconds.
/// \throws std::domain_error if u is NaN. 1 for u <= 0.
double survival(const SymmetricStable& law, double u);

/// The limit C of \f$u^\mu P(|X|>u)\f$.
double tail_constant(const SymmetricStable& law);

/// One draw. \cite ChambersMallowsStuck1976
double draw(const SymmetricStable& law, core::Stream& stream);

/**
 * \brief Positive stable variable S with \f$Ee^{-sS}=e^{-s^a}\f$, 0 < a < 1.
 *
 * \f$P(S>x)\sim x^{-a}/\Gamma(1-a)\f$, and \f$n^{-1/a}\f$ times the sum of n of them has their own law.
 *
 * \cite Kanter1975, \cite Zolotarev1986.
 */
class PositiveStable {
public:
  /// \throws std::domain_error unless 0.05 <= index <= 0.995, the range that is tested.
  explicit PositiveStable(double index);
  [[nodiscard]] double index() const { return index_; }  ///< a

private:
  double index_;
};

/// \f$P(S>x)=\frac1\pi\int_0^\pi(1-e^{-x^{-a/(1-a)}A(\theta)})\,d\theta\f$,
/// \f$A(\theta)=\left(\frac{\sin^a a\theta\,\sin^{1-a}(1-a)\theta}{\sin\theta}\right)^{1/(1-a)}\f$. Accuracy
/// and cost as above.
/// \throws std::domain_error if x is NaN. 1 for x <= 0.
double survival(const PositiveStable& law, double x);

/// The limit \f$1/\Gamma(1-a)\f$ of \f$x^aP(S>x)\f$.
double tail_constant(const PositiveStable& law);

/// One draw, \f$(A(\theta)/E)^{(1-a)/a}\f$ with a uniform angle and an exponential variable E.
/// \cite Kanter1975
double draw(const PositiveStable& law, core::Stream& stream);

}  // namespace rmtlab::ensembles
