// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/adaptive_quadrature.hpp.
#include "sim/ensembles/adaptive_quadrature.hpp"

#include <cmath>
#include <numbers>

#include "tests/catch.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;
using rmtlab::ensembles::integrate_adaptively;

TEST_CASE("adaptive_quadrature: closed forms, narrow steps and peaks", "[ensembles][accuracy]") {
  CHECK_THAT(integrate_adaptively([](double x) { return std::exp(x); }, -1, 2),
             WithinRel(std::exp(2.0) - std::exp(-1.0), 1e-14));
  CHECK_THAT(integrate_adaptively([](double x) { return std::sqrt(x); }, 0, 1),
             WithinRel(2.0 / 3, 1e-12));
  // A step at c: int_0^1 1 / (1 + e^((x - c) / w)) dx = c up to w e^(-c/w).
  for (const double width : {1e-2, 1e-5, 1e-8}) {
    int calls = 0;
    const double c = 0.3;
    const auto step = [&](double x) {
      ++calls;
      return 1 / (1 + std::exp((x - c) / width));
    };
    CHECK_THAT(integrate_adaptively(step, 0, 1), WithinRel(c, 1e-11));
    CHECK(calls < 31 * 2 * 60);  // two panels a halving, log2(1 / width) of them and some more
  }
}

TEST_CASE("adaptive_quadrature: says when it does not converge", "[ensembles][errors]") {
  CHECK_THROWS_WITH(integrate_adaptively([](double x) { return 1 / x; }, 0, 1),
                    ContainsSubstring("after 200 panels (wanted relative error 1e-12)"));
  CHECK_THROWS_AS(integrate_adaptively([](double) { return std::nan(""); }, 0, 1),
                  std::runtime_error);
}
