// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/spike_mapped.hpp.
#include "theory/spike_mapped.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <armadillo>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"
#include "theory/frechet.hpp"
#include "theory/gauss_legendre.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/spiked.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;

namespace {
constexpr double eps = std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("spike_mapped: counts the entries above a level", "[theory][property]") {
  for (const double mu : {2.1, 3.0, 4.0, 6.0})
    for (const double cols : {50.0, 400.0, 900.0}) {
      const double rows = 400;
      const SpikeMapped law(mu, rows, cols);
      CAPTURE(mu, cols);
      CHECK(law.upper_edge() == MarchenkoPastur(rows / cols).upper_edge());
      // From the definition: N M P(|w| > u), the entry u of unit variance being a spike of strength
      // u / sqrt(N), whose outlier lies at lambda.
      const double deviation = std::sqrt(mu / (mu - 2));
      for (const double lambda : {1.001 * law.upper_edge(), 2 * law.upper_edge(), 40.0, 1e4}) {
        const double strength = strength_from_outlier(rows / cols, lambda);
        const double entry = strength * std::sqrt(rows) * deviation;
        const double expected = rows * cols * std::pow(entry, -mu);
        CAPTURE(lambda);
        // Rounding of lambda under the root near the edge.
        CHECK_THAT(expected_outliers(law, lambda), WithinRel(expected, 1e-12));
        CHECK_THAT(log_cdf(law, lambda), WithinRel(-expected, 1e-12));
      }
      const double critical =
          rows * cols * std::pow(std::sqrt(bbp_threshold(rows / cols) * rows) * deviation, -mu);
      CHECK_THAT(expected_outliers(law), WithinRel(critical, 1e-13));
      CHECK_THAT(edge_atom(law), WithinRel(std::exp(-critical), 1e-13 * (1 + critical)));
    }
}

TEST_CASE("spike_mapped: functions fit together", "[theory][property]") {
  const SpikeMapped law(3.5, 1000, 500);
  const double edge = law.upper_edge(), atom = edge_atom(law);
  CHECK_THAT(atom, WithinAbs(0.31, 0.005));  // known to two digits from an independent evaluation
  CHECK(cdf(law, edge) == atom);
  CHECK(cdf(law, edge - 1e-9) == 0);
  CHECK(sf(law, edge - 1e-9) == 1);
  CHECK(pdf(law, edge) == 0);
  CHECK(quantile(law, 0.9 * atom) == edge);
  CHECK(quantile(law, 0) == edge);
  CHECK(quantile(law, 1) == infinity);
  CHECK(quantile_sf(law, 0) == infinity);
  CHECK(quantile_sf(law, 1) == edge);
  CHECK(cdf(law, infinity) == 1);
  CHECK(log_cdf(law, 0) == -infinity);
  CHECK(log_sf(law, 0) == 0);
  for (const double p : {atom + 0.01, 0.5, 0.9, 0.999}) {
    const double x = quantile(law, p);
    CAPTURE(p, x);
    CHECK_THAT(cdf(law, x), WithinRel(p, 64 * eps * (1 + 3.5 * std::sqrt(x / (x - edge)))));
    CHECK_THAT(sf(law, quantile_sf(law, 1 - p)), WithinRel(1 - p, 1e-13));
    const double h =
        1e-4 * (x - edge);  // central difference, error (h / (x - edge))^2 and eps x / h
    CHECK_THAT((cdf(law, x + h) - cdf(law, x - h)) / (2 * h), WithinRel(pdf(law, x), 1e-6));
  }
  CHECK_THAT(sf(law, quantile_sf(law, 1e-200)), WithinRel(1e-200, 1e-12));
  CHECK_THAT(log_sf(law, 1e6), WithinRel(std::log(expected_outliers(law, 1e6)), 1e-9));
}

TEST_CASE("spike_mapped: mean by quadrature of the quantile", "[theory][property]") {
  for (const double mu : {2.5, 3.5, 5.0}) {
    const SpikeMapped law(mu, 300, 100);
    // q = t^5 tames the singularity q^(-2/mu) at the far end; the corner at the atom is cut out.
    const double top = -std::expm1(-expected_outliers(law));
    const GaussLegendre rule(200);
    double sum = (1 - top) * law.upper_edge();
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
      const double t = rule.nodes[i], t5 = std::pow(t, 5);
      sum += rule.weights[i] * 5 * top * std::pow(t, 4) * quantile_sf(law, top * t5);
    }
    CAPTURE(mu);
    CHECK_THAT(mean(law), WithinRel(sum, 1e-5));
  }
}

TEST_CASE("spike_mapped: becomes the Frechet law, or the edge, as the matrix grows",
          "[theory][limit]") {
  // mu < 4: lambda / b is Frechet(mu/2) up to corrections of order 1 / b.
  const SpikeMapped heavy(2.5, 1e20, 5e19);
  const Frechet limit(1.25);
  for (const double x : {0.3, 1.0, 8.0}) {
    CAPTURE(x);
    CHECK_THAT(cdf(heavy, x * heavy.excess_scale()), WithinAbs(cdf(limit, x), 1e-5));
  }
  // mu = 4: the atom does not depend on the size; above 4 it takes everything.
  CHECK_THAT(edge_atom(SpikeMapped(4, 1e3, 500)),
             WithinRel(edge_atom(SpikeMapped(4, 1e9, 5e8)), 1e-12));
  CHECK_THAT(edge_atom(SpikeMapped(4, 1e3, 500)), WithinRel(std::exp(-0.25), 1e-12));
  CHECK(edge_atom(SpikeMapped(6, 1e9, 5e8)) > 1 - 1e-8);
}

TEST_CASE("spike_mapped: describes sampled matrices and the pure Frechet law does not",
          "[theory][statistical]") {
  const double mu = 3, rows = 240, cols = 120;
  const SpikeMapped law(mu, rows, cols);
  const int draws = 300;
  // Between a lambda a little beyond the edge and the far tail.
  const double near_edge = 1.25 * law.upper_edge(), far = 3 * law.upper_edge();
  int beyond_near = 0, beyond_far = 0;
  for (int i = 0; i < draws; ++i) {
    core::Stream stream = core::Stream(20240612).child(static_cast<std::uint64_t>(i));
    arma::mat w(240, 120);
    for (double& entry : w) {
      const double size = std::pow(1 - stream.uniform(), -1 / mu);
      entry = (stream.uniform() < 0.5 ? -size : size) / std::sqrt(mu / (mu - 2));
    }
    const double largest = arma::eig_sym(arma::mat(w.t() * w / rows)).max();
    beyond_near += largest > near_edge;
    beyond_far += largest > far;
  }
  // Binomial standard deviation at most 0.029; four of them.
  CHECK_THAT(beyond_near / double(draws), WithinAbs(sf(law, near_edge), 0.115));
  CHECK_THAT(beyond_far / double(draws), WithinAbs(sf(law, far), 0.115));
  const Frechet pure(mu / 2, law.excess_scale());  // negative control
  CHECK(std::abs(beyond_near / double(draws) - sf(pure, near_edge)) > 0.115);
}

TEST_CASE("spike_mapped: rejects arguments outside the domain", "[theory][errors]") {
  CHECK_THROWS_WITH(SpikeMapped(2, 10, 10),
                    ContainsSubstring("SpikeMapped: mu = 2 (must be finite and > 2)"));
  CHECK_THROWS_WITH(SpikeMapped(3, 0, 10),
                    ContainsSubstring("SpikeMapped: rows = 0 (must be finite and >= 1)"));
  CHECK_THROWS_WITH(SpikeMapped(3, 10, 0.5), ContainsSubstring("cols = 0.5"));
  CHECK_THROWS_AS(cdf(SpikeMapped(3, 10, 5), std::nan("")), std::domain_error);
  CHECK_THROWS_AS(quantile(SpikeMapped(3, 10, 5), 2), std::domain_error);
}
