// SPDX-License-Identifier: MIT
/// \file
/// \brief Spectra without the matrix: Gaussian ones of any Dyson index, with a spike, and inverses.
#include "sim/ensembles/laguerre_spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "sim/ensembles/bidiagonal.hpp"
#include "theory/domain_check.hpp"

namespace rmtlab::ensembles {
namespace {

using theory::check_positive;
using theory::SpikeKind;
using theory::throw_domain_error;

void check(const char* function, const Laguerre& e) {
  const auto cols = static_cast<double>(e.cols);
  if (e.cols < 1 || cols > std::numeric_limits<std::int32_t>::max())
    throw_domain_error(function, "cols", cols, "from 1 to 2^31 - 1");
  if (!(std::isfinite(e.rows) && e.rows > cols - 1))
    throw_domain_error(function, "rows", e.rows, "finite and > cols - 1");
  check_positive(function, "dyson_index", e.dyson_index);
  check_positive(function, "variance", e.variance);
  const bool additive = e.spike == SpikeKind::additive;
  if (!(std::isfinite(e.excess) && (additive ? e.excess >= 0 : e.excess > -1)))
    throw_domain_error(function, "excess", e.excess,
                       additive ? "finite and >= 0" : "finite and > -1");
  if (additive && e.excess > 0 && e.dyson_index * e.rows <= 1)
    throw_domain_error(function, "dyson_index * rows", e.dyson_index * e.rows, "> 1");
}

// The norm of the first column and its component along the planted N-vector (0 if there is none).
struct FirstColumn {
  double norm, along;
};

FirstColumn first_column(const Laguerre& e, core::Stream& stream) {
  const double degrees = e.dyson_index * e.rows;
  if (e.spike == SpikeKind::covariance || e.excess == 0)
    return {std::sqrt(1 + e.excess) * stream.chi(degrees), 0};
  const double along = std::sqrt(e.excess * degrees) + stream.normal();
  return {std::hypot(along, stream.chi(degrees - 1)), along};
}

// The first `order` rows and columns of B, apart from its first entry.
void draw_after_first(const Laguerre& e, Bidiagonal& matrix, core::Stream& stream) {
  const arma::uword order = matrix.diagonal.n_elem;
  const auto cols = static_cast<double>(e.cols);
  for (arma::uword i = 0; i < order; ++i) {
    const auto row = static_cast<double>(i);
    if (i > 0) matrix.diagonal[i] = stream.chi(e.dyson_index * (e.rows - row));
    matrix.above[i] = i + 1 < e.cols ? stream.chi(e.dyson_index * (cols - 1 - row)) : 0.0;
  }
}

// How many rows of B carry the eigenvector of the largest eigenvalue; see laguerre_largest.
std::size_t rows_that_matter(const Laguerre& e) {
  if (e.dyson_index < 1) return e.cols;
  const auto cols = static_cast<double>(e.cols);
  const double root = std::sqrt(e.rows) + std::sqrt(cols);
  const double length = std::cbrt(e.rows * cols / (root * root));
  return std::min(e.cols, static_cast<std::size_t>(20 + 15 * length));
}

double unit(const Laguerre& e) { return e.variance / (e.dyson_index * e.rows); }

void check_inverse(const char* function, const InverseLaguerre& ensemble) {
  const auto cols = static_cast<double>(ensemble.cols);
  if (ensemble.cols < 1 || cols > std::numeric_limits<std::int32_t>::max())
    throw_domain_error(function, "cols", cols, "from 1 to 2^31 - 1");
  // Below 0.1 a gamma variate of this shape may underflow to 0, which has no inverse.
  if (!(std::isfinite(ensemble.shape) && ensemble.shape >= 0.1))
    throw_domain_error(function, "shape", ensemble.shape, "finite and >= 0.1");
  if (!(std::isfinite(ensemble.repulsion) && ensemble.repulsion >= 0))
    throw_domain_error(function, "repulsion", ensemble.repulsion, "finite and >= 0");
  check_positive(function, "scale", ensemble.scale);
}

}  // namespace

arma::vec laguerre_spectrum(const Laguerre& ensemble, core::Stream& stream) {
  check("laguerre_spectrum", ensemble);
  Bidiagonal matrix{arma::vec(ensemble.cols), arma::vec(ensemble.cols)};
  matrix.diagonal[0] = first_column(ensemble, stream).norm;
  draw_after_first(ensemble, matrix, stream);
  return squared_singular_values(std::move(matrix)) * unit(ensemble);
}

double laguerre_largest(const Laguerre& ensemble, core::Stream& stream) {
  check("laguerre_largest", ensemble);
  const std::size_t order = rows_that_matter(ensemble);
  Bidiagonal matrix{arma::vec(order), arma::vec(order)};
  matrix.diagonal[0] = first_column(ensemble, stream).norm;
  draw_after_first(ensemble, matrix, stream);
  return largest_squared_singular_value(matrix) * unit(ensemble);
}

LaguerreOutlier laguerre_outlier(const Laguerre& ensemble, core::Stream& stream) {
  check("laguerre_outlier", ensemble);
  if (ensemble.dyson_index != 1)
    throw_domain_error("laguerre_outlier", "dyson_index", ensemble.dyson_index, "1");
  check_positive("laguerre_outlier", "excess", ensemble.excess);
  const std::size_t order = rows_that_matter(ensemble);
  Bidiagonal matrix{arma::vec(order), arma::vec(order)};
  const FirstColumn column = first_column(ensemble, stream);
  matrix.diagonal[0] = column.norm;
  draw_after_first(ensemble, matrix, stream);
  const double square = largest_squared_singular_value(matrix);
  const FirstComponents first = leading_vectors(matrix, square);
  double left = first.left;
  if (ensemble.spike == SpikeKind::additive) {
    const double cosine = column.along / column.norm;
    // One coordinate of a Haar vector in the N - 1 other dimensions.
    const double g = stream.normal();
    const double others = ensemble.rows > 2 ? stream.chi(ensemble.rows - 2) : 0.0;
    const double remainder = std::sqrt(std::max(0.0, (1 - cosine * cosine) * (1 - left * left)));
    left = cosine * left + remainder * g / std::hypot(g, others);
  }
  return {square * unit(ensemble), first.right * first.right, left * left};
}

arma::vec inverse_laguerre_spectrum(const InverseLaguerre& ensemble, core::Stream& stream) {
  check_inverse("inverse_laguerre_spectrum", ensemble);
  const auto cols = static_cast<double>(ensemble.cols);
  Bidiagonal matrix{arma::vec(ensemble.cols), arma::vec(ensemble.cols)};
  for (arma::uword i = 0; i < ensemble.cols; ++i) {
    const double below = 2 * ensemble.repulsion * (cols - 1 - static_cast<double>(i)) / cols;
    matrix.diagonal[i] = stream.chi(2 * ensemble.shape + below);
    matrix.above[i] = below > 0 ? stream.chi(below) : 0.0;
  }
  return arma::reverse(2 * ensemble.scale / squared_singular_values(std::move(matrix)));
}

double inverse_laguerre_largest_scale(const InverseLaguerre& ensemble) {
  check_inverse("inverse_laguerre_largest_scale", ensemble);
  const auto cols = static_cast<double>(ensemble.cols);
  const double a = ensemble.shape, c = ensemble.repulsion;
  const double log_kappa = std::lgamma(a + c) - std::lgamma(a) - std::lgamma(1 + c) +
                           std::lgamma(1 + c / cols) - std::lgamma(a + c / cols);
  return ensemble.scale * std::exp((std::log(cols / a) + log_kappa) / a);
}

}  // namespace rmtlab::ensembles
