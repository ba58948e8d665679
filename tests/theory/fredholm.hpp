// SPDX-License-Identifier: MIT
/// \file
/// \brief The obvious computation of the Tracy-Widom laws, against which the library's is tested.
#pragma once

namespace rmtlab::tests {

/// F, 1 - F and F' at one point.
struct Probability {
  double cdf, sf, pdf;
};

/// The laws of Dyson index 1, 2 and 4 (unscaled), and the Hastings-McLeod function q.
struct FredholmValues {
  Probability f1, f2, f4;
  double painleve;
};

/**
 * \brief Fredholm determinants by the Nystroem method in double precision, at run time.
 *
 * The kernel Ai(x + y + s) on (0, L) is replaced by its values on 32 Gauss-Legendre nodes
 * (\cite Bornemann2010) and the matrix is diagonalised; with tau its eigenvalues and p the
 * components of Ai(x + s) along its eigenvectors,
 *
 *     log D-+ = sum log(1 -+ tau),   (log D-+)' = (B +- q)/2,
 *     B = sum p^2 / (1 - tau^2),     q = Ai(s) + sum tau p^2 / (1 - tau^2).
 *
 * Another method than the library's polynomials, sharing nothing with them but the definition, and
 * three orders of magnitude slower. Its error is 5e-15 absolute, and relative in 1 - F up to s = 8
 * (1e-10 for F4, whose traces cancel); on the left it loses the relative accuracy of F as 1 - tau
 * closes: use it above s = -5.
 */
FredholmValues fredholm(double s);

}  // namespace rmtlab::tests
