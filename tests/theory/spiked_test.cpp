// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/spiked.hpp.
#include "theory/spiked.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <armadillo>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"
#include "tests/theory/reference_table.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/wishart_edge.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;

namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

/// What happened to one planted direction in one matrix.
struct Planted {
  double lambda, left, right;  ///< eigenvalue, squared cosines
};

/// W of the given kind with excess h in the direction of the first axes; `loadings` is the N-vector.
Planted planted(SpikeKind kind, arma::uword rows, arma::uword cols, double h, std::uint64_t index) {
  core::Stream stream = core::Stream(20240611).child(index);
  arma::mat w(rows, cols);
  for (double& entry : w) entry = stream.normal();
  arma::vec loadings(rows, arma::fill::zeros);
  if (kind == SpikeKind::additive) {
    loadings[0] = 1;
    w(0, 0) += std::sqrt(h * static_cast<double>(rows));
  } else {
    loadings = arma::normalise(w.col(0));
    w.col(0) *= std::sqrt(1 + h);
  }
  const arma::mat x = w.t() * w / static_cast<double>(rows);
  arma::vec values;
  arma::mat vectors;
  REQUIRE(arma::eig_sym(values, vectors, x));
  const arma::vec right = vectors.col(cols - 1);
  const arma::vec left = arma::normalise(w * right);
  return {values.back(), std::pow(arma::dot(left, loadings), 2), right[0] * right[0]};
}

}  // namespace

TEST_CASE("spiked: covariance spike matches reference values", "[theory][accuracy]") {
  for (const auto& row : tests::reference_rows("reference/rmt/bbp.csv")) {
    const double gamma = row.number("gamma"), ell = row.number("ell"), q = 1 / gamma;
    CAPTURE(gamma, ell);
    const Spike spike = Spike::covariance(q, ell);
    const double h = spike.excess();
    CHECK_THAT(1 + bbp_threshold(q), WithinRel(row.number("threshold"), 4 * eps));
    // Q = 1 / gamma and ell are rounded, which moves h^2 - c by some eps c; from there on the
    // error is relative. At the threshold itself only its absolute size means anything.
    const double beyond = h * h - gamma;
    const bool at_threshold = std::abs(beyond) < 8 * eps * (1 + gamma);
    CHECK_THAT(outlier_location(spike), WithinRel(row.number("lambda_limit"), 16 * eps));
    if (!at_threshold) CHECK(is_supercritical(spike) == (row.text("supercritical") == "1"));
    if (row.text("supercritical") == "0") {
      if (at_threshold) continue;
      CHECK(fluctuation_variance(spike) == 0);
      CHECK(overlap_right(spike) == 0);
      CHECK(overlap_left(spike) == 0);
      continue;
    }
    const double relative = 16 * eps * (1 + gamma / std::abs(beyond));
    const auto near = [&](double expected) {
      return WithinAbs(expected, at_threshold ? 1e-13 * ell * ell : relative * std::abs(expected));
    };
    CHECK_THAT(fluctuation_variance(spike), near(row.number("n_var_real")));
    CHECK_THAT(fluctuation_variance(spike, 2), near(row.number("n_var_complex")));
    CHECK_THAT(overlap_right(spike), near(row.number("overlap2_pop_eigvec")));
    if (ell < 1) continue;  // no additive spike has h < 0
    const Spike additive = Spike::additive(q, std::sqrt(ell - 1));
    // The square of a rounded root: a few eps more in h.
    CHECK_THAT(overlap_left(additive), near(row.number("overlap2_right_additive_model")));
    CHECK_THAT(overlap_right(additive), near(row.number("overlap2_pop_eigvec")));
    CHECK_THAT(outlier_location(additive), WithinRel(row.number("lambda_limit"), 16 * eps));
  }
}

TEST_CASE("spiked: Wigner spike matches reference values", "[theory][accuracy]") {
  for (const auto& row : tests::reference_rows("reference/rmt/bbp_wigner.csv")) {
    const WignerSpike spike(row.number("theta"));
    CAPTURE(spike.theta());
    CHECK(is_supercritical(spike) == (row.text("supercritical") == "1"));
    CHECK_THAT(outlier_location(spike), WithinRel(row.number("lambda_limit"), 4 * eps));
    CHECK_THAT(overlap(spike), WithinRel(row.number("overlap2"), 4 * eps));
    if (!is_supercritical(spike)) {
      CHECK(fluctuation_variance(spike) == 0);
      continue;
    }
    CHECK_THAT(fluctuation_variance(spike), WithinRel(row.number("N_var_GOE"), 4 * eps));
    CHECK_THAT(fluctuation_variance(spike, 2), WithinRel(row.number("N_var_GUE"), 4 * eps));
    CHECK_THAT(theta_from_outlier(outlier_location(spike)),
               WithinRel(spike.theta(), 8 * eps * (1 + 1 / (spike.theta() - 1))));
  }
}

TEST_CASE("spiked: the location can be inverted on both sides of the bulk", "[theory][property]") {
  for (const double q : {1e-2, 0.5, 1.0, 2.0, 100.0})
    for (const double variance : {1.0, 0.03})
      for (const double factor : {1.01, 1.5, 4.0, 1e3, -1.01, -1.2}) {
        const double h = factor / std::sqrt(q);
        if (h <= -1) continue;
        CAPTURE(q, variance, factor);
        const double lambda = outlier_location(Spike::covariance(q, 1 + h, variance));
        // lambda is stationary at h_c: its rounding grows by 1/(factor - 1), and that of 1 + h by 1/h.
        const double tolerance =
            16 * eps * (1 + 1 / std::abs(h)) * (1 + 1 / (std::abs(factor) - 1));
        CHECK_THAT(excess_from_outlier(q, lambda, variance), WithinRel(h, tolerance));
        CHECK_THAT(population_eigenvalue_from_outlier(q, lambda, variance),
                   WithinAbs(1 + h, tolerance * std::abs(h)));
        if (h > 0)
          CHECK_THAT(strength_from_outlier(q, lambda, variance),
                     WithinRel(std::sqrt(h), tolerance));
      }
  const MarchenkoPastur bulk(4.0, 2.0);
  // An error of one eps in lambda is one of its square root in h here.
  CHECK_THAT(excess_from_outlier(4, bulk.upper_edge(), 2), WithinAbs(0.5, 1e-7));
}

TEST_CASE("spiked: formulas fit together at and beyond the threshold", "[theory][limit]") {
  const double q = 3;
  // Everything is continuous at the threshold, the location with derivative 0.
  const double hc = bbp_threshold(q), step = 1e-5;
  const Spike just = Spike::covariance(q, 1 + hc + step);
  CHECK_THAT(outlier_location(just),
             WithinAbs(MarchenkoPastur(q).upper_edge(), 2 * step * step / hc));
  // 1 - c / h^2 = 2 step / h_c to first order.
  CHECK_THAT(overlap_right(just), WithinRel(2 * step / hc / (1 + hc), 1e-4));
  CHECK_THAT(fluctuation_variance(just), WithinRel(4 * step / hc * (1 + hc) * (1 + hc), 1e-4));

  // Strong spikes: lambda = h + 1 + c + ..., vectors found, variance 2 h^2 against 4 h.
  const Spike strong = Spike::covariance(q, 1e8), fixed = Spike::additive(q, 1e4);
  CHECK_THAT(outlier_location(fixed), WithinAbs(1e8 + 1 + 1 / q, 1e-7));
  CHECK_THAT(fluctuation_variance(strong), WithinRel(2e16, 1e-7));
  CHECK_THAT(fluctuation_variance(fixed), WithinRel(4e8, 1e-7));
  CHECK_THAT(overlap_left(fixed), WithinAbs(1, 2e-8));
  CHECK_THAT(overlap_right(strong), WithinAbs(1, 2e-8));

  // Delta method on a spike of infinite N / M: the sample variance of one Gaussian direction.
  CHECK_THAT(fluctuation_variance(Spike::covariance(1e9, 3.0)), WithinRel(18.0, 1e-8));

  // The transpose of an additive spike, in units of sqrt(M) for sqrt(N), is the same matrix.
  const Spike tall = Spike::additive(q, 1.3), wide = Spike::additive(1 / q, 1.3 * std::sqrt(q));
  CHECK_THAT(outlier_location(wide), WithinRel(q * outlier_location(tall), 16 * eps));
  CHECK_THAT(overlap_left(wide), WithinRel(overlap_right(tall), 16 * eps));
  CHECK_THAT(overlap_right(wide), WithinRel(overlap_left(tall), 16 * eps));
  // Var lambda = variance / rows, and lambda itself is q times larger with q times fewer rows.
  CHECK_THAT(fluctuation_variance(wide) * q, WithinRel(q * q * fluctuation_variance(tall), 1e-14));

  // The variance of the noise is a unit.
  const Spike scaled = Spike::covariance(q, 4, 0.5), unit = Spike::covariance(q, 4);
  CHECK_THAT(outlier_location(scaled), WithinRel(outlier_location(unit) / 2, 4 * eps));
  CHECK_THAT(fluctuation_variance(scaled), WithinRel(fluctuation_variance(unit) / 4, 4 * eps));
  CHECK(outlier_location(Spike::additive(q, 0, 2)) == MarchenkoPastur(q, 2).upper_edge());
}

TEST_CASE("spiked: the critical window is in units of the edge's own scale", "[theory][property]") {
  CHECK(critical_window(Spike::covariance(4, 1.5), 1000) == 0);
  CHECK_THAT(critical_window(Spike::additive(4, 1.0), 1000),
             WithinRel(10 / std::cbrt(2.25), 1e-14));
  CHECK_THAT(critical_window(Spike::additive(4, 0.0), 1000),
             WithinRel(-10 / std::cbrt(2.25), 1e-14));
  // lambda - lambda_+ = lambda''(h_c) (h - h_c)^2 / 2 = (h - h_c)^2 / h_c is w^2 edge scales.
  const double q = 2, cols = 1e6, hc = bbp_threshold(q);
  const Spike spike = Spike::covariance(q, 1 + hc * 1.001);
  const double gap = outlier_location(spike) - MarchenkoPastur(q).upper_edge();
  const double w = critical_window(spike, cols);
  CHECK_THAT(gap / upper_edge_scaling(q * cols, cols).scale, WithinRel(w * w, 2e-3));
}

TEST_CASE("spiked: describes sampled matrices and rejects the other kind",
          "[theory][statistical]") {
  const arma::uword rows = 400, cols = 100;
  const double q = 4, h = 6, n = 400;
  const int draws = 120;
  for (const SpikeKind kind : {SpikeKind::covariance, SpikeKind::additive}) {
    const Spike spike = kind == SpikeKind::covariance ? Spike::covariance(q, 1 + h)
                                                      : Spike::additive(q, std::sqrt(h));
    arma::vec lambda(draws), left(draws), right(draws);
    for (int i = 0; i < draws; ++i) {
      const Planted seen = planted(kind, rows, cols, h, static_cast<std::uint64_t>(i));
      lambda[i] = seen.lambda;
      left[i] = seen.left;
      right[i] = seen.right;
    }
    CAPTURE(kind == SpikeKind::covariance);
    // Fixed seed. Five standard errors of a mean, and the finite-size shift, of order 1/N.
    const double error = 5 * std::sqrt(fluctuation_variance(spike) / (n * draws)) + 5 / n;
    CHECK_THAT(arma::mean(lambda), WithinAbs(outlier_location(spike), error));
    CHECK_THAT(arma::mean(left), WithinAbs(overlap_left(spike), 0.01));
    CHECK_THAT(arma::mean(right), WithinAbs(overlap_right(spike), 0.01));
    // chi^2 with 119 degrees of freedom: standard deviation 0.13 of the ratio. The two kinds are
    // apart by a factor 3.7 (next check), so the wrong one fails.
    CHECK_THAT(n * arma::var(lambda) / fluctuation_variance(spike), WithinAbs(1, 0.4));
  }
  CHECK_THAT(fluctuation_variance(Spike::covariance(q, 1 + h)) /
                 fluctuation_variance(Spike::additive(q, std::sqrt(h))),
             WithinRel(49 / 13.25, 1e-14));
  // Left vector: the additive formula would be off by far more than the tolerance.
  CHECK(overlap_left(Spike::covariance(q, 7)) - overlap_left(Spike::additive(q, std::sqrt(6))) >
        0.1);
}

TEST_CASE("spiked: rejects arguments outside the domain", "[theory][errors]") {
  CHECK_THROWS_WITH(
      Spike::covariance(0, 2),
      ContainsSubstring("Spike::covariance: aspect_ratio = 0 (must be finite and > 0)"));
  CHECK_THROWS_WITH(Spike::covariance(1, -2), ContainsSubstring("population_eigenvalue = -2"));
  CHECK_THROWS_WITH(Spike::additive(1, -1),
                    ContainsSubstring("Spike::additive: strength = -1 (must be finite and >= 0)"));
  CHECK_THROWS_WITH(Spike::additive(1, 1, 0), ContainsSubstring("variance = 0"));
  CHECK_THROWS_WITH(fluctuation_variance(Spike::additive(1, 2), 4),
                    ContainsSubstring("fluctuation_variance: dyson_index = 4 (must be 1 or 2)"));
  CHECK_THROWS_WITH(
      excess_from_outlier(4, 1.0),
      ContainsSubstring(
          "excess_from_outlier: lambda = 1 (must be finite and > 0, outside the bulk)"));
  CHECK_THROWS_WITH(excess_from_outlier(0.5, 0.01),
                    ContainsSubstring("(must be finite, at or above the upper edge of the bulk)"));
  CHECK_THROWS_AS(excess_from_outlier(4, std::nan("")), std::domain_error);
  CHECK_THROWS_WITH(
      strength_from_outlier(4, 0.1),
      ContainsSubstring("strength_from_outlier: lambda = 0.1 (must be at or above the upper edge"));
  CHECK_THROWS_AS(bbp_threshold(-1), std::domain_error);
  CHECK_THROWS_AS(critical_window(Spike::additive(1, 2), 0), std::domain_error);
  CHECK_THROWS_WITH(WignerSpike(0), ContainsSubstring("WignerSpike: theta = 0"));
  CHECK_THROWS_WITH(theta_from_outlier(1.9),
                    ContainsSubstring("theta_from_outlier: lambda = 1.9 (must be finite and >= 2"));
}
