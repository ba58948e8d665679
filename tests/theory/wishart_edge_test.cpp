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
#include <utility>

#include <armadillo>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"
#include "tests/theory/reference_table.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/tracy_widom.hpp"

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

TEST_CASE("wishart_edge: p-values and their logarithms", "[theory][property]") {
  const double z = 3.2721960590;  // the 0.999 quantile of Tracy-Widom 1
  CHECK_THAT(edge_p_value(z), WithinRel(1e-3, 1e-9));
  CHECK_THAT(edge_log_p_value(z), WithinRel(std::log(1e-3), 1e-9));
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
  CHECK_THROWS_AS(edge_log_p_value(nan), std::domain_error);
}
