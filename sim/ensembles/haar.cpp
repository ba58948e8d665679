// SPDX-License-Identifier: MIT
/// \file
/// \brief Random orthonormal vectors, spread out or localised, and matrices with a given spectrum.
#include "sim/ensembles/haar.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/ensembles/gaussian_matrix.hpp"
#include "theory/domain_check.hpp"

namespace rmtlab::ensembles {
namespace {

void check_shape(const char* function, std::size_t n, std::size_t k) {
  if (n > std::numeric_limits<std::uint32_t>::max())
    throw std::domain_error(fmt::format("{}: n = {} (must be below 2^32)", function, n));
  if (k < 1 || k > n)
    throw std::domain_error(fmt::format("{}: k = {} (must be from 1 to n = {})", function, k, n));
}

}  // namespace

arma::mat haar_frame(std::size_t n, std::size_t k, core::Stream& stream) {
  check_shape("haar_frame", n, k);
  const arma::mat gaussian = gaussian_matrix(n, k, 1.0, stream);
  if (k == 1) return arma::normalise(gaussian);
  arma::mat frame, triangle;
  if (!arma::qr_econ(frame, triangle, gaussian))
    throw std::runtime_error(fmt::format("haar_frame: QR failed (n = {}, k = {})", n, k));
  for (arma::uword j = 0; j < k; ++j)
    if (triangle(j, j) < 0) frame.col(j) *= -1;
  return frame;
}

arma::mat localised_frame(std::size_t n, std::size_t k, std::size_t support, core::Stream& stream) {
  check_shape("localised_frame", n, k);
  if (support < 1 || support > n / k)
    throw std::domain_error(fmt::format(
        "localised_frame: support = {} (must be from 1 to n / k = {})", support, n / k));
  const std::vector<std::uint32_t> places = stream.permutation(static_cast<std::uint32_t>(n));
  arma::mat frame(n, k, arma::fill::zeros);
  for (arma::uword j = 0; j < k; ++j) {
    const arma::vec part = haar_frame(support, 1, stream);
    for (arma::uword i = 0; i < support; ++i) frame(places[j * support + i], j) = part[i];
  }
  return frame;
}

arma::mat matrix_with_spectrum(std::size_t rows, const arma::vec& eigenvalues,
                               core::Stream& stream) {
  const arma::uword cols = eigenvalues.n_elem;
  if (cols < 1 || cols > rows)
    throw std::domain_error(fmt::format(
        "matrix_with_spectrum: {} eigenvalues (must be from 1 to rows = {})", cols, rows));
  for (const double value : eigenvalues)
    if (!(std::isfinite(value) && value >= 0))
      theory::throw_domain_error("matrix_with_spectrum", "eigenvalue", value, "finite and >= 0");
  const arma::mat left = haar_frame(rows, cols, stream), right = haar_frame(cols, cols, stream);
  const arma::rowvec singular = arma::sqrt(eigenvalues.t() * static_cast<double>(rows));
  return (left.each_row() % singular) * right.t();
}

}  // namespace rmtlab::ensembles
