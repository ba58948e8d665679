// SPDX-License-Identifier: MIT
#include "sim/spectra/spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::spectra {
namespace {

constexpr double largest_entry = 1e150;

[[noreturn]] void refuse_entry(const arma::mat& W, const char* constraint, bool (*is_bad)(double)) {
  for (arma::uword i = 0; i < W.n_rows; ++i)
    for (arma::uword j = 0; j < W.n_cols; ++j)
      if (is_bad(W(i, j)))
        throw std::domain_error(
            fmt::format("spectrum_of: W({}, {}) = {} (must be {})", i, j, W(i, j), constraint));
  throw std::logic_error("spectrum_of: no bad entry");
}

void check(const arma::mat& W) {
  if (W.is_empty())
    throw std::invalid_argument(fmt::format(
        "spectrum_of: W is {} x {} (must have at least one entry)", W.n_rows, W.n_cols));
  if (!W.is_finite()) refuse_entry(W, "finite", [](double w) { return !std::isfinite(w); });
  const double largest = arma::abs(W).max();
  if (largest > largest_entry)
    refuse_entry(W, "at most 1e150 in magnitude: its square would overflow",
                 [](double w) { return std::abs(w) > largest_entry; });
  if (largest > 0 && largest < 1 / largest_entry)
    throw std::domain_error(fmt::format(
        "spectrum_of: largest entry of W = {} (must be zero or at least 1e-150: its square would "
        "vanish)",
        largest));
}

arma::vec from_gram(const arma::mat& W, double rows) {
  // Both products become dsyrk; the smaller one is formed, so no transpose is ever stored.
  const arma::mat gram = W.n_rows >= W.n_cols ? arma::mat(W.t() * W) : arma::mat(W * W.t());
  arma::vec eigenvalues;
  if (!arma::eig_sym(eigenvalues, gram))
    throw std::runtime_error(fmt::format(
        "spectrum_of: the eigenvalues of a {0} x {0} matrix did not converge", gram.n_rows));
  return eigenvalues / rows;
}

arma::vec from_singular_values(const arma::mat& W, double rows) {
  arma::vec singular_values;
  if (!arma::svd(singular_values, W))
    throw std::runtime_error(
        fmt::format("spectrum_of: the singular values of a {} x {} matrix did not converge",
                    W.n_rows, W.n_cols));
  return arma::reverse(arma::square(singular_values)) / rows;
}

}  // namespace

std::string_view name(Method method) { return method == Method::gram ? "gram" : "svd"; }

Spectrum spectrum_of(const arma::mat& W) {
  check(W);
  Spectrum result;
  result.rows = std::max(W.n_rows, W.n_cols);
  result.cols = std::min(W.n_rows, W.n_cols);
  result.transposed = W.n_rows < W.n_cols;
  result.epsilon = std::numeric_limits<double>::epsilon();
  const auto rows = static_cast<double>(result.rows);
  result.eigenvalues = from_gram(W, rows);
  // Rounding can push a zero eigenvalue below zero; that is a ratio below the limit as well.
  if (result.eigenvalues.front() < smallest_gram_ratio * result.eigenvalues.back()) {
    result.eigenvalues = from_singular_values(W, rows);
    result.method = Method::svd;
  }
  return result;
}

Spectrum spectrum_of(const arma::fmat& W) {
  Spectrum result = spectrum_of(arma::conv_to<arma::mat>::from(W));
  result.epsilon = std::numeric_limits<float>::epsilon();
  return result;
}

}  // namespace rmtlab::spectra
