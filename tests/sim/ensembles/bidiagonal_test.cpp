// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/bidiagonal.hpp.
#include "sim/ensembles/bidiagonal.hpp"

#include <cmath>
#include <limits>

#include <armadillo>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"

namespace {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using rmtlab::core::Stream;
using namespace rmtlab::ensembles;

constexpr double eps = std::numeric_limits<double>::epsilon();

arma::mat dense(const Bidiagonal& matrix) {
  arma::mat B = arma::diagmat(matrix.diagonal);
  for (arma::uword i = 0; i + 1 < B.n_rows; ++i) B(i, i + 1) = matrix.above[i];
  return B;
}

Bidiagonal random_matrix(arma::uword order, Stream stream) {
  Bidiagonal matrix{arma::vec(order), arma::vec(order)};
  for (double& x : matrix.diagonal) x = 0.01 + stream.uniform();
  for (double& x : matrix.above) x = stream.uniform();
  return matrix;
}

}  // namespace

TEST_CASE("bidiagonal: values and vectors as from a dense decomposition", "[ensembles][accuracy]") {
  const arma::uword order = GENERATE(1, 2, 3, 17, 80);
  CAPTURE(order);
  for (std::uint64_t i = 0; i < 20; ++i) {
    const Bidiagonal matrix = random_matrix(order, Stream(20240601).child(order).child(i));
    arma::mat U, V;
    arma::vec values;
    REQUIRE(arma::svd(U, values, V, dense(matrix)));
    const arma::vec squares = squared_singular_values(matrix);
    REQUIRE(squares.n_elem == order);
    // Absolute: the dense decomposition knows small values only to eps times the largest.
    CHECK(arma::approx_equal(arma::sqrt(squares), arma::reverse(values), "absdiff",
                             20 * eps * values[0]));
    const double largest = largest_squared_singular_value(matrix);
    CHECK_THAT(largest, WithinRel(squares.back(), 16 * eps));
    const FirstComponents first = leading_vectors(matrix, largest);
    // The vectors are known to eps over the relative gap (2e-4 at least here: 1e-11).
    CHECK_THAT(first.right, WithinAbs(std::abs(V(0, 0)), 1e-11));
    CHECK_THAT(first.left * first.right, WithinAbs(U(0, 0) * V(0, 0), 1e-11));
  }
}

TEST_CASE("bidiagonal: small singular values keep their digits", "[ensembles][accuracy]") {
  // B = [1 1; 0 t] has singular values of product t and squares of sum 2 + t^2.
  const double t = GENERATE(1e-3, 1e-8, 1e-100);
  CAPTURE(t);
  const arma::vec squares = squared_singular_values({{1, t}, {1, 0}});
  const double sum = 2 + t * t;
  CHECK_THAT(squares[1], WithinRel((sum + std::sqrt(sum * sum - 4 * t * t)) / 2, 8 * eps));
  const double smallest = t * t / squares[1];
  CHECK_THAT(squares[0], WithinRel(smallest, 16 * eps));
}

TEST_CASE("bidiagonal: zeros split the matrix", "[ensembles][limit]") {
  const Bidiagonal split{{1, 3, 2}, {0, 0, 0}};
  CHECK(arma::approx_equal(squared_singular_values(split), arma::vec{1, 4, 9}, "reldiff", 8 * eps));
  CHECK_THAT(largest_squared_singular_value(split), WithinRel(9.0, 8 * eps));
  CHECK_THAT(largest_squared_singular_value({{2}, {0}}), WithinRel(4.0, 8 * eps));
}
