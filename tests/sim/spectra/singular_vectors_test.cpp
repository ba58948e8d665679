// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/spectra/singular_vectors.hpp.
#include "sim/spectra/singular_vectors.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "sim/core/random.hpp"
#include "sim/ensembles/haar.hpp"
#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using namespace rmtlab;
using namespace rmtlab::spectra;

namespace {

constexpr std::size_t rows = 90, cols = 40;

/// A matrix whose triplets are known: values from `least` to 1, geometrically.
struct Planted {
  arma::mat left, right, W;
  arma::vec values;
};

Planted planted(double least) {
  core::Stream stream(3);
  Planted p;
  p.left = ensembles::haar_frame(rows, cols, stream);
  p.right = ensembles::haar_frame(cols, cols, stream);
  p.values = arma::exp(arma::linspace(std::log(least), 0, cols));
  p.W = p.left * arma::diagmat(p.values) * p.right.t();
  return p;
}

double defect(const arma::mat& frame) {
  return arma::abs(frame.t() * frame - arma::eye(frame.n_cols, frame.n_cols)).max();
}

double residual(const arma::mat& W, const SingularVectors& s) {
  return arma::abs(W * s.right - s.left * arma::diagmat(s.values)).max();
}

/// Largest sine between columns of two sets of unit vectors.
double angle(const arma::mat& a, const arma::mat& b) {
  double largest = 0;
  for (arma::uword j = 0; j < a.n_cols; ++j) {
    const arma::vec rest = a.col(j) - b.col(j) * arma::dot(a.col(j), b.col(j));
    largest = std::max(largest, arma::norm(rest));
  }
  return largest;
}

}  // namespace

TEST_CASE("singular_vectors: finds planted triplets, all of them and in ranges",
          "[spectra][accuracy]") {
  const Planted p = planted(1e-3);
  for (const bool wide : {false, true}) {
    CAPTURE(wide);
    const arma::mat W = wide ? arma::mat(p.W.t()) : p.W;
    const auto all = singular_vectors(W);
    const auto top = top_singular_vectors(W, 5);
    const auto middle = singular_vectors(W, 18, 25);
    const auto bottom = bottom_singular_vectors(W, 3);
    CHECK(all.method == Method::svd);
    CHECK(top.method == Method::gram);
    CHECK(bottom.method == Method::gram);
    CHECK(top.begin == 35);
    CHECK(top.transposed == wide);
    for (const auto* s : {&all, &top, &middle, &bottom}) {
      const arma::uword first = s->begin, last = s->begin + s->values.n_elem - 1;
      CAPTURE(first, last);
      CHECK(s->left.n_rows == rows);
      CHECK(s->right.n_rows == cols);
      CHECK(arma::abs(s->values - p.values.subvec(first, last)).max() < 1e-14);
      CHECK(residual(p.W, *s) < 1e-13);
      CHECK(defect(s->right) < 1e-13);
      // eps (nu_max / nu)^2 = 2e-10 at the bottom of three decades by the Gram matrix.
      CHECK(defect(s->left) < 1e-9);
      // eps nu_max^2 / (gap of squares), for a gap of 16 % at 1e-3: 7e-10.
      CHECK(angle(s->right, p.right.cols(first, last)) < 1e-8);
      CHECK(angle(s->left, p.left.cols(first, last)) < 1e-8);
    }
    CHECK(defect(all.left) < 1e-13);
    CHECK(angle(top.right, p.right.tail_cols(5)) < 1e-13);
  }
  // Negative control: the vectors of the neighbours are at a right angle.
  const auto top = top_singular_vectors(p.W, 5);
  CHECK(angle(top.right, p.right.cols(34, 38)) > 0.99);
}

TEST_CASE("singular_vectors: takes the stable way where squares would lose the answer",
          "[spectra][accuracy]") {
  const Planted p = planted(1e-9);
  const auto bottom = bottom_singular_vectors(p.W, 4);
  CHECK(bottom.method == Method::svd);
  CHECK(defect(bottom.left) < 1e-13);
  CHECK(residual(p.W, bottom) < 1e-14);
  CHECK(angle(bottom.right, p.right.head_cols(4)) < 1e-5);  // eps nu_max / gap = 5e-7
  CHECK(top_singular_vectors(p.W, 4).method == Method::gram);

  // Rank 2: the other vectors are any orthonormal ones.
  const arma::mat low = p.left.head_cols(2) * p.right.head_cols(2).t();
  const auto null = bottom_singular_vectors(low, 10);
  CHECK(null.values.max() < 1e-14);
  CHECK(defect(null.left) < 1e-13);
  CHECK(arma::abs(low * null.right).max() < 1e-14);
  CHECK(singular_vectors(arma::mat(6, 4, arma::fill::zeros), 0, 4).values.max() == 0);
}

TEST_CASE("singular_vectors: rejects arguments outside the domain", "[spectra][errors]") {
  const arma::mat W(5, 3, arma::fill::ones);
  CHECK_THROWS_WITH(singular_vectors(W, 2, 2),
                    ContainsSubstring("begin, end = 2, 2") && ContainsSubstring("M = 3"));
  CHECK_THROWS_WITH(top_singular_vectors(W, 4),
                    ContainsSubstring("count = 4 (must be from 1 to M = 3)"));
  CHECK_THROWS_AS(bottom_singular_vectors(W, 0), std::domain_error);
  CHECK_THROWS_AS(singular_vectors(arma::mat()), std::invalid_argument);
  arma::mat bad = W;
  bad(4, 1) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(singular_vectors(bad), ContainsSubstring("W(4, 1) = nan"));
}
