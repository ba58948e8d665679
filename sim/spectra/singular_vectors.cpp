// SPDX-License-Identifier: MIT
/// \file
/// \brief Singular vectors of a weight matrix: all, the strongest, the weakest, or a range.
#include "sim/spectra/singular_vectors.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

// Not among the routines that Armadillo declares.
extern "C" void dsyevr_(const char* jobz, const char* range, const char* uplo,
                        const arma::blas_int* n, double* a, const arma::blas_int* lda,
                        const double* vl, const double* vu, const arma::blas_int* il,
                        const arma::blas_int* iu, const double* abstol, arma::blas_int* m,
                        double* w, double* z, const arma::blas_int* ldz, arma::blas_int* isuppz,
                        double* work, const arma::blas_int* lwork, arma::blas_int* iwork,
                        const arma::blas_int* liwork, arma::blas_int* info, std::size_t jobz_length,
                        std::size_t range_length, std::size_t uplo_length);

namespace rmtlab::spectra {
namespace {

/// Below this ratio of eigenvalues of W^T W the left vectors Wv / nu would lose orthogonality.
constexpr double smallest_ratio = 1e-8;
constexpr double largest_entry = 1e150;  // squares must not overflow

struct Eigenpairs {
  arma::vec values;  // ascending
  arma::mat vectors;
};

/// Eigenpairs first .. last (from 0, inclusive, ascending) of a symmetric matrix, which is destroyed.
Eigenpairs eigenpairs(arma::mat symmetric, std::size_t first, std::size_t last) {
  const auto order = static_cast<arma::blas_int>(symmetric.n_rows);
  const auto il = static_cast<arma::blas_int>(first + 1),
             iu = static_cast<arma::blas_int>(last + 1);
  const double unused = 0;
  arma::vec values(symmetric.n_rows);
  arma::mat vectors(symmetric.n_rows, last - first + 1);
  std::vector<arma::blas_int> support(2 * (last - first + 1)), integers(1);
  std::vector<double> work(1);
  arma::blas_int found = 0, info = 0, work_size = -1, integer_size = -1;
  for (const bool query : {true, false}) {
    dsyevr_("V", "I", "L", &order, symmetric.memptr(), &order, &unused, &unused, &il, &iu, &unused,
            &found, values.memptr(), vectors.memptr(), &order, support.data(), work.data(),
            &work_size, integers.data(), &integer_size, &info, 1, 1, 1);
    if (info != 0)
      throw std::runtime_error(
          fmt::format("singular_vectors: dsyevr of order {} failed with code {}", order, info));
    if (!query) break;
    work_size = static_cast<arma::blas_int>(work[0]);
    integer_size = integers[0];
    work.resize(static_cast<std::size_t>(work_size));
    integers.resize(static_cast<std::size_t>(integer_size));
  }
  return {values.head(last - first + 1), std::move(vectors)};
}

void check(const arma::mat& W) {
  if (W.is_empty())
    throw std::invalid_argument(fmt::format(
        "singular_vectors: W is {} x {} (must have at least one entry)", W.n_rows, W.n_cols));
  for (arma::uword j = 0; j < W.n_cols; ++j)
    for (arma::uword i = 0; i < W.n_rows; ++i)
      if (!(std::abs(W(i, j)) <= largest_entry))
        throw std::domain_error(fmt::format(
            "singular_vectors: W({}, {}) = {} (must be finite and at most 1e150 in magnitude)", i,
            j, W(i, j)));
}

SingularVectors shaped(const arma::mat& W) {
  check(W);
  SingularVectors result;
  result.rows = std::max(W.n_rows, W.n_cols);
  result.cols = std::min(W.n_rows, W.n_cols);
  result.transposed = W.n_rows < W.n_cols;
  return result;
}

/// The range out of all triplets.
SingularVectors selected(SingularVectors all, std::size_t begin, std::size_t end) {
  all.begin = begin;
  all.values = arma::vec(all.values.subvec(begin, end - 1));
  all.left = arma::mat(all.left.cols(begin, end - 1));
  all.right = arma::mat(all.right.cols(begin, end - 1));
  return all;
}

}  // namespace

SingularVectors singular_vectors(const arma::mat& W) {
  SingularVectors result = shaped(W);
  result.method = Method::svd;
  arma::mat u, v;
  if (!arma::svd_econ(u, result.values, v, W, "both", "dc"))
    throw std::runtime_error(
        fmt::format("singular_vectors: the singular vectors of a {} x {} matrix did not converge",
                    W.n_rows, W.n_cols));
  if (result.transposed) std::swap(u, v);
  result.values = arma::reverse(result.values);  // LAPACK gives them descending
  result.left = arma::fliplr(u);
  result.right = arma::fliplr(v);
  return result;
}

SingularVectors singular_vectors(const arma::mat& W, std::size_t begin, std::size_t end) {
  SingularVectors result = shaped(W);
  if (!(begin < end && end <= result.cols))
    throw std::domain_error(
        fmt::format("singular_vectors: begin, end = {}, {} (must be begin < end <= M = {})", begin,
                    end, result.cols));
  // Both products become dsyrk; the longer vectors follow from the shorter ones.
  Eigenpairs pairs =
      eigenpairs(result.transposed ? arma::mat(W * W.t()) : arma::mat(W.t() * W), begin, end - 1);
  // The trace bounds the largest eigenvalue, which a range below the top does not hold.
  const double trace = arma::accu(arma::square(W));
  if (!(pairs.values.front() > smallest_ratio * trace))
    return selected(singular_vectors(W), begin, end);
  result.begin = begin;
  result.right = std::move(pairs.vectors);
  result.left = result.transposed ? arma::mat(W.t() * result.right) : arma::mat(W * result.right);
  result.values.set_size(end - begin);
  for (arma::uword j = 0; j < result.left.n_cols; ++j) {
    result.values[j] =
        arma::norm(result.left.col(j));  // more digits than the root of the eigenvalue
    result.left.col(j) /= result.values[j];
  }
  return result;
}

SingularVectors top_singular_vectors(const arma::mat& W, std::size_t count) {
  const std::size_t cols = std::min(W.n_rows, W.n_cols);
  if (count < 1 || (count > cols && cols > 0))
    throw std::domain_error(
        fmt::format("top_singular_vectors: count = {} (must be from 1 to M = {})", count, cols));
  return singular_vectors(W, cols - std::min(count, cols), cols);
}

SingularVectors bottom_singular_vectors(const arma::mat& W, std::size_t count) {
  const std::size_t cols = std::min(W.n_rows, W.n_cols);
  if (count < 1 || (count > cols && cols > 0))
    throw std::domain_error(
        fmt::format("bottom_singular_vectors: count = {} (must be from 1 to M = {})", count, cols));
  return singular_vectors(W, 0, std::min(count, cols));
}

}  // namespace rmtlab::spectra
