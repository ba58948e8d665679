// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/bulk_statistics.hpp.
#include "sim/inference/bulk_statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <vector>

#include <armadillo>

#include "sim/ensembles/wishart_spectrum.hpp"
#include "sim/inference/bulk_variance.hpp"
#include "sim/inference/edge_test.hpp"
#include "sim/inference/null_simulation.hpp"
#include "sim/spectra/level_statistics.hpp"
#include "tests/catch.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/number_variance.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using core::Stream;
using ensembles::wishart_spectrum;

std::span<const double> view(const arma::vec& values) { return {values.memptr(), values.n_elem}; }

// The law's own quantiles, (i + 1/2)/m.
arma::vec levels_of_law(std::size_t m, double aspect_ratio) {
  const theory::MarchenkoPastur law(aspect_ratio);
  arma::vec values(m);
  for (arma::uword i = 0; i < m; ++i)
    values[i] = quantile(law, (static_cast<double>(i) + 0.5) / static_cast<double>(m));
  return values;
}

// Independent draws from the law: the right density, no repulsion.
arma::vec poisson_levels(std::size_t m, double aspect_ratio, Stream& stream) {
  const theory::MarchenkoPastur law(aspect_ratio);
  arma::vec values(m);
  for (double& x : values) x = quantile(law, stream.uniform());
  return arma::sort(values);
}

// Standardised sums of `draws` matrices, one row each, judged as of entries with `kurtosis`.
arma::mat chebyshev_draws(NullEntries entries, std::size_t rows, std::size_t cols, double kurtosis,
                          std::size_t draws, Stream stream) {
  arma::mat sums(draws, last_degree - first_degree + 1);
  for (std::size_t r = 0; r < draws; ++r) {
    const arma::vec values = null_spectrum(entries, rows, cols, stream);
    const auto statistics = bulk_statistics(
        view(values), static_cast<double>(rows) / static_cast<double>(cols), kurtosis);
    for (arma::uword n = 0; n < sums.n_cols; ++n) sums(r, n) = statistics.chebyshev[n];
  }
  return sums;
}

TEST_CASE("bulk_statistics: Chebyshev sums of noise have mean 0 and variance 1",
          "[inference][statistical]") {
  // 600 matrices: the mean has a standard error of 0.041, the variance one of 0.058. 4.5 of them (false alarm
  // 7e-6 each, 20 each) and what is left of order 1/M at M = 80: 0.05 of the mean, 0.1 of the variance.
  struct Case {
    NullEntries entries;
    std::size_t rows, cols;
  };
  const auto [entries, rows, cols] =
      GENERATE(Case{NullEntries::gaussian, 160, 80}, Case{NullEntries::gaussian, 80, 80},
               Case{NullEntries::rademacher, 160, 80}, Case{NullEntries::uniform, 160, 80});
  CAPTURE(name(entries), rows, cols);
  const arma::mat sums =
      chebyshev_draws(entries, rows, cols, excess_kurtosis(entries), 600, Stream(31).child(rows));
  const arma::rowvec mean = arma::mean(sums), variance = arma::var(sums);
  for (arma::uword n = 0; n < sums.n_cols; ++n) {
    CAPTURE(n + first_degree, mean[n], variance[n]);
    CHECK_THAT(mean[n], WithinAbs(0, 0.235));
    CHECK_THAT(variance[n], WithinAbs(1, 0.36));
  }
}

TEST_CASE("bulk_statistics: Chebyshev sums tell the kurtosis of the entries",
          "[inference][statistical]") {
  // Negative control of the above: judged as Gaussian, signs shift the sum of degree 2 by kappa/2 = -1, the
  // others by nothing.
  const arma::mat sums = chebyshev_draws(NullEntries::rademacher, 160, 80, 0, 400, Stream(32));
  const arma::rowvec mean = arma::mean(sums);
  CHECK_THAT(mean[0], WithinAbs(-1, 0.27));
  for (arma::uword n = 1; n < mean.n_elem; ++n) CHECK_THAT(mean[n], WithinAbs(0, 0.27));
}

TEST_CASE("bulk_statistics: Chebyshev sums of the law's own levels leave only the known mean",
          "[inference][accuracy]") {
  // sum T_n over the m quantiles of the law is m E T_n up to the error of the midpoint rule, so what is left
  // is minus the mean of noise over (n/2)^(1/2): -1/2 for even n (kappa / 2 more at n = 2), 0 for odd n.
  const double q = GENERATE(1.25, 2.0, 10.0), kappa = GENERATE(-2.0, 0.0);
  CAPTURE(q, kappa);
  const arma::vec values = levels_of_law(4000, q);
  const auto statistics = bulk_statistics(view(values), q, kappa);
  for (int n = first_degree; n <= last_degree; ++n) {
    const double noise = (n % 2 == 0 ? 0.5 : 0) + (n == 2 ? kappa / 2 : 0);
    CAPTURE(n);
    CHECK_THAT(statistics.chebyshev[static_cast<std::size_t>(n - first_degree)],
               WithinAbs(-noise / std::sqrt(n / 2.0), 0.02));
  }
  // By hand for degrees 2 and 3: E T_2 = -(1 - c)/2, E T_3 = c^(1/2) (1 - c)/2 of the law's moments.
  const theory::MarchenkoPastur law(q);
  const double c = 1 / q, mu2 = moment(law, 2), mu3 = moment(law, 3), a = 1 + c;
  const double x2 = (mu2 - 2 * a + a * a) / (4 * c);
  const double x3 = (mu3 - 3 * a * mu2 + 3 * a * a - a * a * a) / (8 * c * std::sqrt(c));
  CHECK_THAT(2 * x2 - 1, WithinRel(-(1 - c) / 2, 1e-10));
  CHECK_THAT(4 * x3 - 3 * (1 - a) / (2 * std::sqrt(c)),
             WithinRel(std::sqrt(c) * (1 - c) / 2, 1e-8));
}

TEST_CASE("bulk_statistics: distances agree with their definition", "[inference]") {
  Stream stream(33);
  const arma::vec values = wishart_spectrum(90, 45, 1.7, stream);
  const double kappa = -0.8;
  const auto statistics = bulk_statistics(view(values), 2, kappa);
  const theory::MarchenkoPastur law(2, arma::mean(values));
  double worst = 0, squares = 0;
  for (arma::uword i = 0; i < 45; ++i) {
    const double position = (2 * values[i] - law.lower_edge() - law.upper_edge()) /
                            (law.upper_edge() - law.lower_edge());
    const double theta = std::acos(-std::clamp(position, -1.0, 1.0));
    const double u = 45 * cdf(law, values[i]) + 0.25 - theta / (2 * std::numbers::pi) +
                     kappa * std::sin(2 * theta) / (2 * std::numbers::pi);
    const double rank = static_cast<double>(i);
    worst = std::max({worst, u - rank, rank + 1 - u});
    squares += std::pow(u - rank - 0.5, 2) / 45;
  }
  CHECK_THAT(statistics[BulkTest::ks], WithinRel(worst, 1e-11));
  CHECK_THAT(statistics.ks, WithinRel(worst / 45, 1e-11));
  CHECK_THAT(statistics[BulkTest::cramer_von_mises], WithinRel(squares, 1e-10));
  double chi_square = 0;
  for (const double sum : statistics.chebyshev) chi_square += sum * sum;
  CHECK_THAT(statistics[BulkTest::chebyshev], WithinRel(chi_square, 1e-14));
  CHECK(statistics.mean_gap_ratio == *spectra::mean_gap_ratio(view(values), 0, 45));
  CHECK_THAT(statistics[BulkTest::gap_ratio],
             WithinRel(std::sqrt(45.0) * (0.5307 - statistics.mean_gap_ratio), 1e-14));
}

TEST_CASE("bulk_statistics: levels that do not repel raise the two repulsion statistics",
          "[inference][statistical]") {
  // Independent levels: ratio 0.3863, so 0.1444 m^(1/2) = 2 at m = 200, and a number variance of 5 over that of
  // GOE, which is 0.64. Both scatter by a tenth of that or so.
  Stream stream(34);
  arma::vec gaps(30), variances(30), noise_gaps(30), noise_variances(30);
  for (arma::uword r = 0; r < gaps.n_elem; ++r) {
    const auto poisson = bulk_statistics(view(poisson_levels(200, 2, stream)), 2, 0);
    const auto noise = bulk_statistics(view(wishart_spectrum(400, 200, 1, stream)), 2, 0);
    gaps[r] = poisson[BulkTest::gap_ratio];
    variances[r] = poisson[BulkTest::number_variance];
    noise_gaps[r] = noise[BulkTest::gap_ratio];
    noise_variances[r] = noise[BulkTest::number_variance];
  }
  CHECK(gaps.min() > noise_gaps.max());
  CHECK(variances.min() > noise_variances.max());
  CHECK_THAT(arma::mean(gaps), WithinAbs(std::sqrt(200.0) * (0.5307 - 0.3863), 0.25));
  CHECK_THAT(arma::mean(noise_gaps), WithinAbs(0, 0.25));
  const double goe = theory::number_variance(1, window_length);
  CHECK_THAT(arma::mean(variances), WithinRel(5 / goe, 0.35));
  CHECK_THAT(arma::mean(noise_variances), WithinAbs(1, 0.25));
}

TEST_CASE("bulk_statistics: a bulk that is too wide raises the shape statistics only",
          "[inference]") {
  // Levels of the law at Q = 1.6 judged as of Q = 2: evenly spaced, wrong density.
  const arma::vec right = levels_of_law(200, 2), wrong = levels_of_law(200, 1.6);
  const auto good = bulk_statistics(view(right), 2, 0), bad = bulk_statistics(view(wrong), 2, 0);
  CHECK(good[BulkTest::ks] < 1);
  CHECK(bad[BulkTest::ks] > 5);
  CHECK(good[BulkTest::cramer_von_mises] < 0.1);
  CHECK(bad[BulkTest::cramer_von_mises] > 5);
  CHECK(good[BulkTest::chebyshev] < 1);
  CHECK(bad[BulkTest::chebyshev] > 50);
  CHECK(bad[BulkTest::gap_ratio] < 0);
}

TEST_CASE("bulk_statistics: the unit does not matter", "[inference][property]") {
  Stream stream(35);
  const arma::vec values = wishart_spectrum(100, 60, 1, stream);
  const auto one = bulk_statistics(view(values), 100.0 / 60, 0);
  const double scale = GENERATE(0x1p-300, 0x1p300, 1.7);
  const auto scaled = bulk_statistics(view(arma::vec(scale * values)), 100.0 / 60, 0);
  for (const BulkTest test : all_bulk_tests) {
    CAPTURE(name(test));
    // Rounding of the mean moves m F by m times a few eps, and clamping at the edges by its root.
    CHECK_THAT(scaled[test], WithinAbs(one[test], 1e-6));
  }
}

TEST_CASE("bulk_statistics: the kurtosis is capped as at the edge", "[inference]") {
  const arma::vec values = levels_of_law(50, 3);
  const auto at = [&](double kurtosis) {
    return bulk_statistics(view(values), 3, kurtosis).values;
  };
  CHECK(at(1e6) == at(largest_corrected_kurtosis));
  CHECK(at(1) != at(largest_corrected_kurtosis));
}

TEST_CASE("bulk_statistics: few distinct levels, and what is refused", "[inference][errors]") {
  const std::vector<double> equal(20, 1.0);
  CHECK(bulk_statistics(equal, 2, 0).mean_gap_ratio == 0);
  CHECK(bulk_statistics(equal, 2, 0).ks > 0.3);
  const std::vector<double> few(9, 1.0), zeros(20, 0.0);
  CHECK_THROWS_AS(bulk_statistics(few, 2, 0), std::domain_error);
  CHECK_THROWS_WITH(bulk_statistics(few, 2, 0),
                    ContainsSubstring("bulk_statistics: 9 eigenvalues (must be >= 10)"));
  CHECK_THROWS_WITH(bulk_statistics(zeros, 2, 0),
                    ContainsSubstring("bulk_statistics: mean eigenvalue = 0 (must be > 0)"));
  CHECK_THROWS_AS(bulk_statistics(equal, 0, 0), std::domain_error);
  CHECK(name(BulkTest::ks) == "ks");
  CHECK(name(BulkTest::cramer_von_mises) == "cramer_von_mises");
  CHECK(name(BulkTest::chebyshev) == "chebyshev");
  CHECK(name(BulkTest::gap_ratio) == "gap_ratio");
  CHECK(name(BulkTest::number_variance) == "number_variance");
}

}  // namespace
}  // namespace rmtlab::inference
