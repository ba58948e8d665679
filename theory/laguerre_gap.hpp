// SPDX-License-Identifier: MIT
/// \file
/// \brief Probability that a matrix of noise has no eigenvalue above, or below, a given point.
#pragma once

#include "theory/gauss_legendre.hpp"
#include "theory/wishart_edge.hpp"

namespace rmtlab::theory {

/// What `LaguerreGap` gives at one point.
struct GapPoint {
  double log_gap;   ///< log of the probability that no eigenvalue lies beyond x
  double log_loss;  ///< log of one minus that probability
  double hazard;    ///< |d log_gap / dx|
};

/**
 * \brief The nonzero eigenvalues t of \f$W^*W\f$, W an N x M Gaussian matrix with
 * \f$\mathrm E|w|^2=1\f$: real (Dyson index 1) or complex (2) Laguerre ensemble of
 * p = `order` = min(N, M) eigenvalues and `exponent` a = |N - M|.
 *
 * Let \f$h_k\f$ be the squared norms of the monic orthogonal polynomials \f$\pi_k\f$ of the weight
 * \f$t^ae^{-t}\f$ on what is left of the half line, (0, x) for the upper edge or (x, infinity) for
 * the lower one; \f$r_k=h_k/(k!\,\Gamma(k+a+1))\f$, \f$b_k=h_k/h_{k-1}\f$ and
 * \f$\theta_k=(x^{a+1}e^{-x}/h_k)^{1/2}|\pi_k(x)|\f$. The gap has probability
 * \f[ \text{complex: }\prod_{k<p}r_k,\qquad
 *     \text{real: }\eta_p\,g\prod_{k=p-2,p-4,\dots\ge0}r_k , \f]
 * where g = 1 for even p, and for odd p the gap probability P(s, y) (or Q(s, y) at the lower edge),
 * s = (a+1)/2, y = x/2, of a single eigenvalue. \f$\eta_p\f$ is a Pfaffian. In the basis of the
 * derivatives of \f$t^{1/2}\f$ times the orthonormal functions its matrix has entries
 * \f$\theta_i\theta_j\f$ plus one more diagonal, so it obeys a recursion of three terms in the
 * \f$\theta_k\f$ and \f$b_k\f$; laguerre_gap.cpp derives it. Where the gap is likely, all
 * \f$1-r_k\f$ and \f$1-\eta_p\f$ are sums of positive terms found by elimination on a p x p matrix of
 * integrals beyond x; where it is unlikely, Stieltjes' procedure gives \f$h_k\f$ and a continued
 * fraction of positive terms \f$\eta_p\f$. Both keep the digits of small numbers to any depth.
 *
 * Accuracy, measured on values computed with 400 to 1000 digits from determinants and Pfaffians of
 * incomplete gamma functions (1160 points up to p = 101 and 14 at p = 199 and 200; a up to 10^4; gap
 * probabilities from 1e-300 to 1 - 1e-138): gap probability within 2e-14 (p <= 101; 7e-14 at p = 200)
 * absolute, one minus it within 5e-14 (9e-14) relative, logarithms of gap probabilities below 0.05
 * within 2e-13 (8e-13) (1 + |log|). Where a number no longer is a double its logarithm is still given.
 *
 * Cost: construction 0.8, 3.5, 20 ms and a value 5 to 30, 80 to 130 us, 2 ms at p = 10, 60, 200. No
 * state, safe to use from any thread.
 *
 * \cite Khatri1964 (determinant), \cite DeBruijn1955 (Pfaffian), \cite Chiani2014;
 * \cite AdlerForresterNagaoVanMoerbeke2000 for the basis on the half line.
 */
class LaguerreGap {
public:
  /// Largest p that was checked.
  static constexpr int largest_order = 200;

  /// \throws std::domain_error unless 1 <= order <= largest_order, exponent is a finite integer >= 0 and
  ///         dyson_index is 1 or 2.
  LaguerreGap(SpectrumEdge edge, int order, double exponent, int dyson_index);

  [[nodiscard]] SpectrumEdge edge() const { return edge_; }
  [[nodiscard]] int order() const { return order_; }
  [[nodiscard]] double exponent() const { return exponent_; }
  [[nodiscard]] int dyson_index() const { return dyson_index_; }

  /// \throws std::domain_error unless x is finite and > 0.
  [[nodiscard]] GapPoint at(double x) const;

private:
  [[nodiscard]] bool is_likely(double x) const;

  SpectrumEdge edge_;
  int order_, dyson_index_;
  double exponent_;
  GaussLegendre inside_, beyond_;  // rules for integrals on either side of x
};

}  // namespace rmtlab::theory
