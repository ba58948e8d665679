// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/collapse.hpp.
#include "sim/inference/collapse.hpp"

#include <cmath>

#include "tests/catch.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab::inference;

TEST_CASE("collapse: eleven eigenvalues by hand", "[inference]") {
  // Ten of them with mean 1, the largest aside; the third is the one at a fifth.
  arma::vec x(11, arma::fill::value(9.9925 / 7));
  x.head(3) = arma::vec{1e-4, 5e-4, 0.0069};
  x.back() = 1e9;
  CHECK_THAT(arma::mean(x.head(10)), WithinRel(1.0, 1e-3));
  const double level = 1e-3 * arma::mean(x.head(10));
  CHECK(collapsed_share(x) == 0.2);
  CHECK_THAT(collapse_depth(x), WithinRel(std::log10(0.0069 / level), 1e-12));
  // One more below the level, and it is a collapse by both.
  x[2] = 9e-4;
  CHECK(collapsed_share(x) == 0.3);
  CHECK(collapse_depth(x) < 0);
  // Units do not matter.
  CHECK_THAT(collapse_depth(1e-30 * x), WithinAbs(collapse_depth(x), 1e-10));
}

TEST_CASE("collapse: zeros and equal eigenvalues", "[inference]") {
  arma::vec x(20, arma::fill::zeros);
  x.back() = 1;
  CHECK(collapsed_share(x) == 1);
  CHECK(collapse_depth(x) == -3);
  x.tail(17).fill(1);
  CHECK(collapsed_share(x) == 3.0 / 19);
  CHECK(collapse_depth(x) == 3);
  x.tail(16).fill(1);
  x[3] = 0;
  CHECK(collapse_depth(x) == -3);
  CHECK(collapse_depth(arma::vec(12, arma::fill::ones)) == 3);
}
