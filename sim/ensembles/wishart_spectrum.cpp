// SPDX-License-Identifier: MIT
#include "sim/ensembles/wishart_spectrum.hpp"

#include <cmath>
#include <cstdint>
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

void check(std::size_t rows, std::size_t cols, double variance) {
  if (cols < 1 || cols > std::size_t{std::numeric_limits<std::int32_t>::max()})
    throw std::domain_error(
        fmt::format("wishart_spectrum: cols = {} (must be from 1 to 2^31 - 1)", cols));
  if (rows < cols)
    throw std::domain_error(
        fmt::format("wishart_spectrum: rows = {} (must be >= cols = {})", rows, cols));
  if (!std::isfinite(variance) || variance <= 0)
    throw std::domain_error(
        fmt::format("wishart_spectrum: variance = {} (must be finite and > 0)", variance));
}

// Overwrites `diagonal` with the singular values, descending; `above` is destroyed.
void bidiagonal_singular_values(arma::vec& diagonal, arma::vec& above) {
  const auto order = static_cast<arma::blas_int>(diagonal.n_elem);
  const arma::blas_int none = 0, one = 1;
  double unused = 0;
  arma::vec work(4 * diagonal.n_elem);
  arma::blas_int info = 0;
  dbdsqr_("U", &order, &none, &none, &none, diagonal.memptr(), above.memptr(), &unused, &one,
          &unused, &one, &unused, &one, work.memptr(), &info, 1);
  if (info != 0)
    throw std::runtime_error(
        fmt::format("wishart_spectrum: dbdsqr did not converge (info = {}, M = {})", info, order));
}

}  // namespace

arma::vec wishart_spectrum(std::size_t rows, std::size_t cols, double variance,
                           core::Stream& stream) {
  check(rows, cols, variance);
  arma::vec diagonal(cols), above(cols);  // the last element of `above` is not read
  for (std::size_t i = 0; i < cols; ++i) {
    diagonal[i] = stream.chi(static_cast<double>(rows - i));
    above[i] = i + 1 < cols ? stream.chi(static_cast<double>(cols - 1 - i)) : 0.0;
  }
  bidiagonal_singular_values(diagonal, above);
  return arma::reverse(arma::square(diagonal)) * (variance / static_cast<double>(rows));
}

}  // namespace rmtlab::ensembles
