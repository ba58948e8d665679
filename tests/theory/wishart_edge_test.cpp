// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/wishart_edge.hpp.
#include "theory/wishart_edge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include <armadillo>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"
#include "tests/theory/reference_table.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/tracy_widom.hpp"
#include "theory/wishart_exact.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;

namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

/// Ascending eigenvalues of W^T W / N for a Gaussian N x M matrix of unit variance, from
/// Silverstein's bidiagonal form: chi variates of N, N-1, ... degrees of freedom on the diagonal,
/// M-1, ..., 1 below it.
arma::vec wishart_spectrum(arma::uword rows, arma::uword cols, core::Stream& stream) {
  arma::mat b(cols, cols, arma::fill::zeros);
  for (arma::uword i = 0; i < cols; ++i) {
    b(i, i) = stream.chi(double(rows - i));
    if (i + 1 < cols) b(i + 1, i) = stream.chi(double(cols - 1 - i));
  }
  return arma::eig_sym(arma::mat(b * b.t() / double(rows)));
}

}  // namespace

TEST_CASE("wishart_edge: upper edge against exact finite probabilities", "[theory][accuracy]") {
  // Errors of P(lambda_1 <= x) that remain at these sizes, over probabilities above 0.8.
  const std::map<std::string, std::pair<double, double>> bounds = {// Ma, Johnstone
                                                                   {"10 5", {0.009, 0.022}},
                                                                   {"20 10", {0.006, 0.016}},
                                                                   {"100 10", {0.005, 0.033}},
                                                                   {"60 30", {0.003, 0.010}},
                                                                   {"200 20", {0.003, 0.025}}};
  double largest_johnstone = 0;
  for (const auto& row : tests::reference_rows("reference/rmt/wishart_exact.csv")) {
    const double exact = row.number("cdf_lambda_max");
    const auto bound = bounds.find(row.text("n_dof") + " " + row.text("p"));
    if (row.text("beta") != "1" || bound == bounds.end() || exact < 0.8) continue;
    const double n = row.number("n_dof"), p = row.number("p");
    const double lambda = row.number("x") / n;  // the table does not divide by N
    CAPTURE(n, p, lambda);
    const double with_ma = 1 - edge_p_value(edge_z(upper_edge_scaling(n, p), lambda));
    const double with_johnstone =
        1 - edge_p_value(edge_z(upper_edge_scaling(n, p, 1, EdgeConstants::johnstone), lambda));
    CHECK_THAT(with_ma, WithinAbs(exact, bound->second.first));
    CHECK_THAT(with_johnstone, WithinAbs(exact, bound->second.second + 0.001));
    largest_johnstone = std::max(largest_johnstone, std::abs(with_johnstone - exact));
  }
  // Negative control: Johnstone's constants would fail Ma's bounds, so the bounds mean something.
  if (tests::shared_file("reference/rmt/wishart_exact.csv")) CHECK(largest_johnstone > 0.01);
}

TEST_CASE("wishart_edge: centers and scales by their formulas", "[theory][property]") {
  // (sqrt 3.5 + sqrt 1.5)^2 / 4 and its scale, worked out by hand for 4 x 2.
  const EdgeScaling ma = upper_edge_scaling(4, 2);
  CHECK_THAT(ma.center, WithinRel((5 + 2 * std::sqrt(5.25)) / 4, 4 * eps));
  CHECK_THAT(ma.scale, WithinRel((std::sqrt(3.5) + std::sqrt(1.5)) / 4 *
                                     std::pow(1 / std::sqrt(3.5) + 1 / std::sqrt(1.5), 1.0 / 3),
                                 4 * eps));
  const EdgeScaling johnstone = upper_edge_scaling(5, 4, 1, EdgeConstants::johnstone);
  CHECK_THAT(johnstone.center, WithinRel(16.0 / 5, 4 * eps));  // (2 + 2)^2 / 5
  CHECK_THAT(johnstone.scale, WithinRel(4.0 / 5, 4 * eps));    // 4 (1/2 + 1/2)^(1/3) / 5
  const LogEdgeScaling lower = lower_edge_scaling(9.5, 4.5);   // (3 - 2)^2, 1 (1/2 - 1/3)^(1/3)
  const double tau = std::cbrt(1.0 / 6);
  CHECK_THAT(lower.scale, WithinRel(tau, 4 * eps));
  CHECK_THAT(lower.center, WithinRel(std::log(1 / 9.5) + tau * tau / 8, 4 * eps));

  // Units: both scale with the variance, the logarithm shifts.
  CHECK_THAT(upper_edge_scaling(40, 20, 2.5).center,
             WithinRel(2.5 * upper_edge_scaling(40, 20).center, 4 * eps));
  CHECK_THAT(upper_edge_scaling(40, 20, 2.5).scale,
             WithinRel(2.5 * upper_edge_scaling(40, 20).scale, 4 * eps));
  CHECK_THAT(lower_edge_scaling(40, 20, 2.5).center,
             WithinAbs(std::log(2.5) + lower_edge_scaling(40, 20).center, 8 * eps));
  // The transpose has the same nonzero eigenvalues; only the division by rows differs.
  for (const auto constants : {EdgeConstants::ma, EdgeConstants::johnstone})
    CHECK_THAT(20 * upper_edge_scaling(20, 40, 1, constants).center,
               WithinRel(40 * upper_edge_scaling(40, 20, 1, constants).center, 4 * eps));
  // No cancellation when N - M is tiny beside N: sqrt(a) - sqrt(b) = (N - M) / (sqrt a + sqrt b).
  CHECK_THAT(lower_edge_scaling(1e12 + 1, 1e12).scale, WithinRel(2e6 * std::cbrt(5e-19), 1e-10));
}

TEST_CASE("wishart_edge: tends to the Marchenko-Pastur edges", "[theory][limit]") {
  for (const double q : {1.0, 2.0, 10.0}) {
    CAPTURE(q);
    const double cols = 1e8, rows = q * cols;
    const MarchenkoPastur law(q, 1.3);
    const EdgeScaling upper = upper_edge_scaling(rows, cols, 1.3);
    CHECK_THAT(upper.center, WithinRel(law.upper_edge(), 2 / cols));
    // Q^(-1/2) lambda_+^(2/3) M^(-2/3) at unit variance.
    CHECK_THAT(
        upper.scale,
        WithinRel(1.3 / std::sqrt(q) * std::pow(law.upper_edge() / 1.3 / cols, 2.0 / 3), 2 / cols));
    if (q > 1)
      CHECK_THAT(std::exp(lower_edge_scaling(rows, cols, 1.3).center),
                 WithinRel(law.lower_edge(), 1e-6));  // scale^2 / 8 is of order M^(-4/3)
  }
}

TEST_CASE("wishart_edge: both edge tests have their nominal size, and see a wrong variance",
          "[theory][statistical]") {
  // Rejections at 5 % are binomial and the constants are off by at most 0.004: the count leaves the
  // margin below, 4.2 standard deviations plus that bias, with probability below 3e-5 per check.
  const auto [rows, cols] = GENERATE(std::pair{60, 30}, std::pair{70, 64});
  const int draws = rows == 60 ? 4000 : 1000;
  core::Stream stream = core::Stream(7).child("wishart_edge_test").child(std::uint64_t(rows));
  const EdgeScaling upper = upper_edge_scaling(rows, cols);
  const LogEdgeScaling lower = lower_edge_scaling(rows, cols);
  const EdgeScaling wrong_upper = upper_edge_scaling(rows, cols, 0.95);
  const LogEdgeScaling wrong_lower = lower_edge_scaling(rows, cols, 1.3);
  int rejected_upper = 0, rejected_lower = 0, wrong_rejected_upper = 0, wrong_rejected_lower = 0;
  for (int i = 0; i < draws; ++i) {
    const arma::vec spectrum = wishart_spectrum(rows, cols, stream);
    rejected_upper += edge_p_value(edge_z(upper, spectrum.back())) < 0.05;
    rejected_lower += edge_p_value(edge_z(lower, spectrum.front())) < 0.05;
    wrong_rejected_upper += edge_p_value(edge_z(wrong_upper, spectrum.back())) < 0.05;
    wrong_rejected_lower += edge_p_value(edge_z(wrong_lower, spectrum.front())) < 0.05;
  }
  CAPTURE(rows, cols, rejected_upper, rejected_lower, wrong_rejected_upper, wrong_rejected_lower);
  const double expected = 0.05 * draws;
  const double margin = 4.2 * std::sqrt(0.0475 * draws) + 0.004 * draws;
  CHECK_THAT(rejected_upper, WithinAbs(expected, margin));
  CHECK_THAT(rejected_lower, WithinAbs(expected, margin));
  // Negative controls: 5 % of variance at the upper edge, 30 % at the lower one.
  CHECK(wrong_rejected_upper > expected + margin);
  CHECK(wrong_rejected_lower > expected + margin);
}

TEST_CASE("wishart_edge: upper edge of complex entries against the exact law",
          "[theory][accuracy]") {
  // Largest error of a probability above 0.8: weighted constants, then (N, M).
  const auto [n, p, weighted, plain] =
      GENERATE(std::tuple{10, 5, 0.0051, 0.0064}, std::tuple{100, 10, 0.0032, 0.0038},
               std::tuple{200, 20, 0.0022, 0.0025}, std::tuple{60, 30, 0.0019, 0.0021});
  const WishartExtremeEigenvalue exact(n, p, 2);
  const auto worst = [&, rows = n, cols = p](EdgeConstants constants, int dyson_index) {
    const EdgeScaling edge = upper_edge_scaling(rows, cols, 1, constants, dyson_index);
    double largest = 0;
    for (double q = 0.004; q < 0.2; q += 0.004)
      largest =
          std::max(largest, std::abs(edge_p_value(edge_z(edge, quantile_sf(exact, q)), 2) - q));
    return largest;
  };
  CAPTURE(n, p);
  CHECK(worst(EdgeConstants::ma, 2) < weighted);
  CHECK(worst(EdgeConstants::johnstone, 2) < plain);
  CHECK(worst(EdgeConstants::ma, 2) < worst(EdgeConstants::johnstone, 2));
  // Negative control: the constants of real entries are no good.
  CHECK(worst(EdgeConstants::ma, 1) > 2 * plain);
}

TEST_CASE("wishart_edge: lower edge against the exact law", "[theory][accuracy]") {
  // Exact size of the 5 % test, real and complex: the numbers of the header.
  const auto [n, p, real, complex] =
      GENERATE(std::tuple{10, 5, 0.0467, 0.0473}, std::tuple{20, 10, 0.0483, 0.0482},
               std::tuple{100, 10, 0.0481, 0.0480}, std::tuple{60, 30, 0.0494, 0.0491},
               std::tuple{70, 64, 0.0478, 0.0483}, std::tuple{12, 10, 0.0425, 0.0474},
               std::tuple{101, 100, 0.0355, 0.0493});
  for (const int beta : {1, 2}) {
    CAPTURE(n, p, beta);
    const WishartExtremeEigenvalue exact(n, p, beta, 1.4, SpectrumEdge::lower);
    const double critical = quantile_sf(TracyWidom(beta), 0.05);
    const auto size = [&, rows = n, cols = p](int constants_of) {
      const LogEdgeScaling edge = lower_edge_scaling(rows, cols, 1.4, constants_of);
      return cdf(exact, std::exp(edge.center - critical * edge.scale));
    };
    CHECK_THAT(size(beta), WithinAbs(beta == 1 ? real : complex, 5e-5));
    // Negative control: the shift of 1/2 belongs to real entries.
    if (n >= 2 * p) CHECK(std::abs(size(3 - beta) - 0.05) > 2 * std::abs(size(beta) - 0.05));
  }
}

TEST_CASE("wishart_edge: excess kurtosis", "[theory][property]") {
  // kappa (sqrt N +- sqrt M)^2 / sqrt(N M) / N in units of lambda; 9 x 4 by hand: 25 / 6 / 9, 1 / 6 / 9.
  CHECK_THAT(edge_kurtosis_displacement(9, 4, 1.5), WithinRel(1.5 * 25 / 54, 4 * eps));
  CHECK_THAT(edge_kurtosis_displacement(9, 4, 1.5, 2, SpectrumEdge::lower),
             WithinRel(-2 * 1.5 / 54, 4 * eps));
  CHECK_THAT(edge_kurtosis_shift(9, 4, 3), WithinRel(3 * std::cbrt(25.0 / 36), 4 * eps));
  CHECK_THAT(edge_kurtosis_shift(9, 4, 3, SpectrumEdge::lower),
             WithinRel(3 * std::cbrt(1.0 / 36), 4 * eps));
  CHECK(edge_kurtosis_shift(9, 4, 3) == edge_kurtosis_shift(4, 9, 3));
  CHECK(edge_kurtosis_shift(9, 4, 0) == 0);
  // Both say the same once the scale has its limit.
  const double n = 4e8, m = 1e8, kappa = -1.2;
  CHECK_THAT(edge_kurtosis_displacement(n, m, kappa, 3) / upper_edge_scaling(n, m, 3).scale,
             WithinRel(edge_kurtosis_shift(n, m, kappa), 1e-6));
  const LogEdgeScaling lower = lower_edge_scaling(n, m, 3);
  CHECK_THAT(-edge_kurtosis_displacement(n, m, kappa, 3, SpectrumEdge::lower) /
                 std::exp(lower.center) / lower.scale,
             WithinRel(edge_kurtosis_shift(n, m, kappa, SpectrumEdge::lower), 1e-6));
}

TEST_CASE("wishart_edge: trace ratio to first order", "[theory][limit]") {
  // P(z > s) = 1 - F + (v / 2) F'' + O(v^2): the error over v^2 settles as the matrix grows.
  const int beta = GENERATE(1, 2);
  const TracyWidom limit(beta);
  for (const double s : {-2.0, -1.0, 0.0, 1.5, 3.0}) {
    double before = 0;
    for (const double m : {1e3, 1e4, 1e5}) {
      const TraceRatioEdge law(2 * m, m, beta);
      const double v = law.variance_reduction();
      const EdgeScaling edge = upper_edge_scaling(2 * m, m, 1, EdgeConstants::ma, beta);
      CHECK_THAT(v, WithinRel(std::pow(edge.center / edge.scale, 2) / (beta * m * m), 1e-12));
      const double rest = (sf(law, s) - sf(limit, s) - v / 2 * pdf_derivative(limit, s)) / (v * v);
      CAPTURE(beta, s, m, v, rest, before);
      CHECK(std::abs(rest) < 0.1);
      if (m > 1e3) CHECK_THAT(rest, WithinAbs(before, 0.25 * std::abs(before) + 0.002));
      before = rest;
      // Negative control: without the correction there would be an error of order v.
      if (s == 1.5) CHECK(std::abs(sf(law, s) - sf(limit, s)) > 0.1 * v * sf(limit, s));
    }
  }
}

TEST_CASE("wishart_edge: trace ratio is a law to any depth", "[theory][property]") {
  const auto [n, m] = GENERATE(std::pair{100.0, 10.0}, std::pair{50.0, 50.0},
                               std::pair{4096.0, 384.0}, std::pair{30.0, 200.0});
  const int beta = GENERATE(1, 2);
  const TraceRatioEdge law(n, m, beta);
  const TracyWidom limit(beta);
  CAPTURE(n, m, beta);
  double before = 0;
  for (double z = -8; z < 300; z += z < 8 ? 0.05 : 1) {
    CAPTURE(z);
    const double value = log_sf(law, z);
    CHECK(std::isfinite(value));
    CHECK(value <= before);
    if (z > 0) CHECK(value < log_sf(limit, z));  // narrower than with the variance known
    CHECK_THAT(cdf(law, z) + sf(law, z), WithinAbs(1, 4 * eps));
    before = value;
  }
  for (const double q : {1e-200, 1e-12, 1e-3, 0.05, 0.5, 0.8}) {
    CAPTURE(q);
    const double z = quantile_sf(law, q);
    CHECK_THAT(log_sf(law, z), WithinAbs(std::log(q), 1e-10 * (1 + std::abs(std::log(q)))));
    if (q > 1e-4) CHECK_THAT(quantile(law, 1 - q), WithinAbs(z, 1e-9));
  }
  // No seam where the saddle point is given up.
  const double seam = quantile_sf(law, 1e-20);
  CHECK_THAT(log_sf(law, seam + 1e-7) - log_sf(law, seam - 1e-7), WithinAbs(0, 1e-5));
}

TEST_CASE("wishart_edge: p-values and their logarithms", "[theory][property]") {
  const double z = 3.2721960590;  // the 0.999 quantile of Tracy-Widom 1
  CHECK_THAT(edge_p_value(z), WithinRel(1e-3, 1e-9));
  CHECK_THAT(edge_log_p_value(z), WithinRel(std::log(1e-3), 1e-9));
  CHECK(edge_p_value(z, 2) == sf(TracyWidom(2), z));
  CHECK(edge_log_p_value(z, 2) == log_sf(TracyWidom(2), z));
  CHECK(edge_p_value(500) == 0);
  CHECK_THAT(edge_log_p_value(500), WithinRel(-2.0 / 3 * std::pow(500, 1.5), 1e-2));
  const LogEdgeScaling lower = lower_edge_scaling(60, 30);
  CHECK(edge_z(lower, std::exp(lower.center - 2 * lower.scale)) > 1.999);  // small is large z
  CHECK(edge_p_value(edge_z(lower, 0)) == 0);
}

TEST_CASE("wishart_edge: names what is outside its domain", "[theory][errors]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(upper_edge_scaling(0, 5),
                    ContainsSubstring("upper_edge_scaling: rows = 0 (must be finite and >= 1)"));
  CHECK_THROWS_WITH(upper_edge_scaling(5, nan),
                    ContainsSubstring("upper_edge_scaling: cols = nan (must be finite and >= 1)"));
  CHECK_THROWS_WITH(
      upper_edge_scaling(5, 5, -1),
      ContainsSubstring("upper_edge_scaling: variance = -1 (must be finite and > 0)"));
  CHECK_THROWS_WITH(upper_edge_scaling(1, 1, 1, EdgeConstants::johnstone),
                    ContainsSubstring("upper_edge_scaling: rows = 1 (must be > 1"));
  CHECK_THROWS_WITH(lower_edge_scaling(5, 5),
                    ContainsSubstring("lower_edge_scaling: rows = 5 (must be > cols"));
  CHECK_THROWS_AS(edge_z(EdgeScaling{1, 1}, nan), std::domain_error);
  CHECK_THROWS_WITH(edge_z(LogEdgeScaling{1, 1}, -2.0),
                    ContainsSubstring("edge_z: lambda = -2 (must be >= 0)"));
  CHECK_THROWS_AS(edge_p_value(nan), std::domain_error);
  CHECK_THROWS_WITH(edge_p_value(1, 4),
                    ContainsSubstring("edge_p_value: dyson_index = 4 (must be 1 or 2)"));
  CHECK_THROWS_WITH(lower_edge_scaling(6, 5, 1, 3),
                    ContainsSubstring("lower_edge_scaling: dyson_index = 3 (must be 1 or 2)"));
  CHECK_THROWS_WITH(edge_kurtosis_shift(6, 5, -3),
                    ContainsSubstring("edge_kurtosis_shift: excess_kurtosis = -3 (must be"));
  CHECK_THROWS_WITH(
      edge_kurtosis_displacement(5, 5, 1, 1, SpectrumEdge::lower),
      ContainsSubstring("edge_kurtosis_displacement: rows = 5 (must be other than cols"));
  CHECK_THROWS_WITH(TraceRatioEdge(1, 5),
                    ContainsSubstring("TraceRatioEdge: rows = 1 (must be finite and >= 2)"));
  CHECK_THROWS_WITH(TraceRatioEdge(10, 3), ContainsSubstring("the matrix is too small"));
  CHECK_THROWS_AS(log_sf(TraceRatioEdge(50, 20), nan), std::domain_error);
  CHECK_THROWS_WITH(quantile_sf(TraceRatioEdge(50, 20), 0),
                    ContainsSubstring("quantile_sf: q = 0 (must be > 0 and < 1)"));
  CHECK_THROWS_AS(edge_log_p_value(nan), std::domain_error);
}
