// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/marchenko_pastur_stieltjes.hpp.
#include "theory/marchenko_pastur_stieltjes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "tests/catch.hpp"
#include "tests/theory/reference_table.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;
using std::numbers::pi;
using Complex = std::complex<double>;

namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

/// What the rounding of z alone does to m near an edge.
double conditioning(const MarchenkoPastur& law, Complex z) {
  const double nearest = std::min(std::abs(z - law.lower_edge()), std::abs(z - law.upper_edge()));
  return 1 + std::abs(z) / nearest;
}

/// The definition, by the midpoint rule in the angle that makes the integrand smooth and periodic.
Complex by_quadrature(const MarchenkoPastur& law, Complex z) {
  const double a = law.lower_edge(), width = law.upper_edge() - a;
  const int n = 2000;
  Complex sum = 0;
  for (int i = 0; i < n; ++i) {
    const double t = pi * (i + 0.5) / n, s = std::sin(t / 2), x = a + width * s * s;
    sum += pdf(law, x) * width * std::sin(t) / 2 / (x - z);
  }
  return sum * pi / double(n) - law.atom() / z;
}

}  // namespace

TEST_CASE("marchenko_pastur_stieltjes: matches reference values", "[theory][accuracy]") {
  for (const auto& row : tests::reference_rows("reference/rmt/mp_stieltjes.csv")) {
    const double gamma = row.number("gamma");
    const MarchenkoPastur law(1 / gamma, row.number("sigma2"));
    const Complex z(row.number("re_z"), row.number("im_z"));
    const Complex expected(row.number("re_m"), row.number("im_m"));
    CAPTURE(gamma, law.variance(), z);
    const Complex m = stieltjes_transform(law, z);
    CHECK(std::abs(m - expected) <= 32 * eps * conditioning(law, z) * std::abs(expected));
  }
}

TEST_CASE("marchenko_pastur_stieltjes: solves its quadratic and is the integral",
          "[theory][property]") {
  for (const double q : {1e-3, 0.4, 1.0, 3.0, 1e4})
    for (const double variance : {1.0, 2.5})
      for (const Complex z : {Complex(1, 1), Complex(0.3, -2), Complex(-1, 0.1), Complex(1e3, 1e-3),
                              Complex(1e-9, 1e-9), Complex(-4, 0), Complex(2.2, 0.3)}) {
        const MarchenkoPastur law(q, variance);
        CAPTURE(q, variance, z);
        const Complex m = stieltjes_transform(law, z);
        // c sigma^2 z m^2 + (z - sigma^2 (1 - c)) m + 1 = 0, relative to its largest term.
        const Complex square = variance / q * z * m * m, linear = (z - variance * (1 - 1 / q)) * m;
        const double size = 1 + std::abs(square) + std::abs(linear);
        CHECK(std::abs(square + linear + 1.0) <= 32 * eps * conditioning(law, z) * size);
        if (z.imag() > 0) CHECK(m.imag() > 0);
        CHECK(stieltjes_transform(law, std::conj(z)) == std::conj(m));
        // The rule converges like exp(-n distance / width): the near points are left out.
        if (std::abs(z.imag()) > 0.09 || z.real() < -1)
          CHECK(std::abs(m - by_quadrature(law, z)) <= 1e-12 * std::abs(m));
      }
}

TEST_CASE("marchenko_pastur_stieltjes: gives density, moments and masses", "[theory][limit]") {
  for (const double q : {0.5, 1.0, 4.0, 1e3}) {
    const MarchenkoPastur law(q, 0.8);
    CAPTURE(q);
    const double x = law.lower_edge() + 0.3 * (law.upper_edge() - law.lower_edge());
    const double tolerance = 64 * eps * conditioning(law, x);
    CHECK_THAT(stieltjes_transform(law, x).imag() / pi, WithinRel(pdf(law, x), tolerance));
    CHECK_THAT(stieltjes_transform(law, Complex(x, -0.0)).imag() / pi,
               WithinRel(-pdf(law, x), tolerance));
    CHECK(stieltjes_transform(law, law.upper_edge() + 1).imag() == 0);
    CHECK(stieltjes_transform(law, -1).imag() == 0);
    // -z m = 1 + m1/z + m2/z^2 + ...; the next term is 1e-12 of the first.
    const double z = -1e6;
    CHECK_THAT(-z * stieltjes_transform(law, z).real(),
               WithinRel(1 + mean(law) / z + moment(law, 2) / (z * z), 1e-15));
    // The atom is the residue at 0.
    if (q < 1)
      CHECK_THAT(1e-12 * stieltjes_transform(law, Complex(0, 1e-12)).imag(),
                 WithinRel(law.atom(), 1e-10));
  }
  // E 1/lambda = 1 / (sigma^2 (1 - c)).
  CHECK_THAT(stieltjes_transform(MarchenkoPastur(4, 0.8), 0).real(), WithinRel(1 / 0.6, 8 * eps));
  // Large Q: everything at sigma^2.
  CHECK_THAT(stieltjes_transform(MarchenkoPastur(1e15, 2), 5).real(), WithinRel(-1 / 3.0, 1e-14));
}

TEST_CASE("marchenko_pastur_stieltjes: rejects arguments outside the domain", "[theory][errors]") {
  CHECK_THROWS_WITH(stieltjes_transform(MarchenkoPastur(0.5), 0),
                    ContainsSubstring("stieltjes_transform: z = 0 (must be different from 0"));
  CHECK_THROWS_AS(stieltjes_transform(MarchenkoPastur(1), 0), std::domain_error);
  CHECK_THROWS_WITH(stieltjes_transform(MarchenkoPastur(1), Complex(std::nan(""), 0)),
                    ContainsSubstring("Re z = nan (must be finite)"));
  CHECK_THROWS_WITH(
      stieltjes_transform(MarchenkoPastur(1), Complex(0, std::numeric_limits<double>::infinity())),
      ContainsSubstring("Im z = inf (must be finite)"));
}
