// SPDX-License-Identifier: MIT
/// \file
/// \brief Singular values of a bidiagonal matrix: all of them, or the largest with its vectors' ends.
#include "sim/ensembles/bidiagonal.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

// Not among the routines that Armadillo declares.
extern "C" void dbdsqr_(const char* uplo, const arma::blas_int* n, const arma::blas_int* ncvt,
                        const arma::blas_int* nru, const arma::blas_int* ncc, double* d, double* e,
                        double* vt, const arma::blas_int* ldvt, double* u,
                        const arma::blas_int* ldu, double* c, const arma::blas_int* ldc,
                        double* work, arma::blas_int* info, std::size_t uplo_length);

namespace rmtlab::ensembles {
namespace {

// B^T B: diagonal, and squares of the elements beside it (the last one is not used).
struct Tridiagonal {
  arma::vec diagonal, beside_squared;
};

Tridiagonal gram(const Bidiagonal& matrix) {
  const arma::uword order = matrix.diagonal.n_elem;
  Tridiagonal result{arma::square(matrix.diagonal),
                     arma::square(matrix.diagonal % matrix.above.head(order))};
  for (arma::uword i = 1; i < order; ++i)
    result.diagonal[i] += matrix.above[i - 1] * matrix.above[i - 1];
  return result;
}

constexpr std::size_t lanes = 8;
using Lanes = std::array<double, lanes>;

// The largest pivot of the matrix minus x, for each x: negative iff x is above all eigenvalues. Once a
// pivot was not negative the rest, infinite or NaN perhaps, does not matter: `>` is false for NaN.
Lanes largest_pivot(const Tridiagonal& matrix, const Lanes& x) {
  Lanes pivot{}, largest{};
  for (std::size_t j = 0; j < lanes; ++j) largest[j] = pivot[j] = matrix.diagonal[0] - x[j];
  for (arma::uword i = 1; i < matrix.diagonal.n_elem; ++i) {
    const double diagonal = matrix.diagonal[i], beside = matrix.beside_squared[i - 1];
    for (std::size_t j = 0; j < lanes; ++j) {
      pivot[j] = (diagonal - x[j]) - beside / pivot[j];
      largest[j] = pivot[j] > largest[j] ? pivot[j] : largest[j];
    }
  }
  return largest;
}

}  // namespace

arma::vec squared_singular_values(Bidiagonal matrix) {
  const auto order = static_cast<arma::blas_int>(matrix.diagonal.n_elem);
  const arma::blas_int none = 0, one = 1;
  double unused = 0;
  arma::vec work(4 * matrix.diagonal.n_elem);
  arma::blas_int info = 0;
  dbdsqr_("U", &order, &none, &none, &none, matrix.diagonal.memptr(), matrix.above.memptr(),
          &unused, &one, &unused, &one, &unused, &one, work.memptr(), &info, 1);
  if (info != 0)
    throw std::runtime_error(fmt::format(
        "squared_singular_values: dbdsqr did not converge (info = {}, order {})", info, order));
  return arma::reverse(arma::square(matrix.diagonal));
}

double largest_squared_singular_value(const Bidiagonal& matrix) {
  const Tridiagonal square = gram(matrix);
  const arma::uword order = square.diagonal.n_elem;
  const double beside = order > 1 ? matrix.above.head(order - 1).max() : 0.0;
  double lower = square.diagonal.max();
  double upper = std::pow(matrix.diagonal.max() + beside, 2);
  constexpr double eps = std::numeric_limits<double>::epsilon();
  while (upper - lower > 4 * eps * upper) {
    Lanes x{};
    for (std::size_t j = 0; j < lanes; ++j)
      x[j] = lower + (upper - lower) * static_cast<double>(j + 1) / (lanes + 1);
    const Lanes pivot = largest_pivot(square, x);
    std::size_t below = 0;  // how many of the x are not above all eigenvalues
    while (below < lanes && !(pivot[below] < 0)) ++below;
    if (below > 0) lower = x[below - 1];
    if (below < lanes) upper = x[below];
  }
  return (lower + upper) / 2;
}

FirstComponents leading_vectors(const Bidiagonal& matrix, double square) {
  const Tridiagonal T = gram(matrix);
  const arma::uword order = T.diagonal.n_elem;
  // Pivots of T - square from the top and from the bottom, which are negative but for the last ones.
  arma::vec down = T.diagonal - square, up = down;
  for (arma::uword i = 1; i < order; ++i) down[i] -= T.beside_squared[i - 1] / down[i - 1];
  for (arma::uword i = order - 1; i > 0; --i) up[i - 1] -= T.beside_squared[i - 1] / up[i];
  // Row `twist` of the equation is nearly fulfilled by the solution of all others that is 1 there.
  const arma::uword twist = arma::index_min(arma::abs(down + up - (T.diagonal - square)));
  arma::vec right(order, arma::fill::ones);
  const auto beside = [&](arma::uword i) { return matrix.diagonal[i] * matrix.above[i]; };
  for (arma::uword i = twist; i > 0; --i) right[i - 1] = -beside(i - 1) / down[i - 1] * right[i];
  for (arma::uword i = twist + 1; i < order; ++i) right[i] = -beside(i - 1) / up[i] * right[i - 1];
  right /= arma::norm(right);
  const double image =
      matrix.diagonal[0] * right[0] + (order > 1 ? matrix.above[0] * right[1] : 0.0);
  return {image / std::sqrt(square), right[0]};
}

}  // namespace rmtlab::ensembles
