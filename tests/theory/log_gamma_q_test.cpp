// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/log_gamma_q.hpp.
#include "theory/log_gamma_q.hpp"

#include <cmath>
#include <limits>

#include "tests/catch.hpp"

using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("log_gamma_q: joins its two forms", "[theory][accuracy]") {
  // Integers in closed form: Q(1, x) = exp(-x), Q(3, x) = (1 + x + x^2/2) exp(-x).
  for (const double x : {0.5, 99.0, 101.0, 700.0, 1e6}) {
    CAPTURE(x);
    CHECK_THAT(log_gamma_q(1, x), WithinRel(-x, 1e-14));
    CHECK_THAT(log_gamma_q(3, x), WithinRel(std::log(1 + x + x * x / 2) - x, 1e-14));
  }
  for (const double a : {0.5, 1.5, 2.5}) {  // across the seam: d/dx log Q = -1 + (a - 1)/x - ...
    const double left = log_gamma_q(a, std::nextafter(100.0, 0.0));
    CHECK_THAT(log_gamma_q(a, 100.0), WithinRel(left, 1e-14));
  }
  CHECK_THAT(log_gamma_q(1.5, 1e-12),
             WithinRel(-4 / (3 * std::sqrt(std::acos(-1.0))) * 1e-18, 1e-11));
  CHECK(log_gamma_q(2, infinity) == -infinity);
}
