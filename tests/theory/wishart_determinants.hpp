// SPDX-License-Identifier: MIT
/// \file
/// \brief The textbook computation of the extreme eigenvalues' laws, against which the library's is
/// tested.
#pragma once

#include "theory/wishart_edge.hpp"

namespace rmtlab::tests {

/// Probability that no eigenvalue lies beyond x, and one minus it.
struct ExpectedGap {
  long double gap, loss;
};

/**
 * \brief For the eigenvalues of W^* W, W an n x p Gaussian matrix, n >= p, with E|w|^2 = 1, beyond x
 * towards `edge`.
 *
 * The determinant (complex) or Pfaffian (real, de Bruijn) of integrals of monomials times
 * t^((n-p-1)/2) e^(-t/2) (squared for complex) over the allowed range, over the same on the whole half
 * line. Integrals come from the incomplete gamma function by integration by parts. Monomials lose
 * about 3 p digits; there are 250, enough for p = 12 and probabilities above 1e-150. Nothing is shared
 * with the library but the joint density.
 */
ExpectedGap expected_gap(theory::SpectrumEdge edge, int n, int p, int dyson_index, double x);

}  // namespace rmtlab::tests
