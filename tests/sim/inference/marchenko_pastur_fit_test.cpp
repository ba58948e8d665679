// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/marchenko_pastur_fit.hpp.
#include "sim/inference/marchenko_pastur_fit.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/ensembles/ensemble.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "sim/ensembles/repeated_rows.hpp"
#include "sim/ensembles/spiked_matrix.hpp"
#include "sim/ensembles/wishart_spectrum.hpp"
#include "sim/inference/null_atlas.hpp"
#include "tests/catch.hpp"
#include "theory/marchenko_pastur.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using core::Stream;
using ensembles::correlation_eigenvalues;
using ensembles::gaussian_matrix;
using ensembles::wishart_spectrum;

std::span<const double> view(const arma::vec& values) { return {values.memptr(), values.n_elem}; }

// Eigenvalues of noise and additive spikes whose outliers fall at `positions` times lambda_plus.
arma::vec with_spikes(std::size_t rows, std::size_t cols, const std::vector<double>& positions,
                      Stream stream) {
  ensembles::SpikedModel model;
  for (const double x : positions)
    model.strengths.push_back({ensembles::StrengthScale::outlier, x});
  return correlation_eigenvalues(
      ensembles::spiked_matrix(gaussian_matrix(rows, cols, 1, stream), 1, model, stream).W);
}

TEST_CASE("marchenko_pastur_fit: finds planted spikes, their strengths and the noise under them",
          "[inference][statistical]") {
  // Five spikes at 2 to 4 lambda_plus are at z > 50: never missed. A sixth outlier is the 1 % test on
  // the rest: three or more of 20 has probability 1e-3. Of 100 intervals of 95 %, 4.5 standard deviations below
  // 95 is 85.
  const std::vector<double> positions = {2.0, 2.5, 3.0, 3.5, 4.0};
  const double lambda_plus = std::pow(1 + std::sqrt(128.0 / 784), 2);
  int more = 0, covered = 0, sigma2_covered = 0;
  for (std::uint64_t r = 0; r < 20; ++r) {
    CAPTURE(r);
    const arma::vec values = with_spikes(784, 128, positions, Stream(61).child(r));
    const auto fit = fit_marchenko_pastur(values, 784, 128);
    REQUIRE(fit.outliers.size() >= 5);
    more += fit.outliers.size() > 5;
    if (fit.outliers.size() > 5) continue;
    CHECK_FALSE(fit.outlier_limit_reached);
    CHECK(fit.bulk_count == 123);
    CHECK(fit.outlier_fraction == 5.0 / 128);
    CHECK(fit.fewest_spikes == 5);
    CHECK(fit.most_spikes >= 5);
    CHECK(fit.effective_rows == 784);
    // One fit scatters by (2/NM)^(1/2) = 0.0045: 5 standard deviations.
    CHECK_THAT(fit.sigma2, WithinAbs(1, 0.0225));
    sigma2_covered += fit.sigma2_ci.lower <= 1 && 1 <= fit.sigma2_ci.upper;
    CHECK_THAT(fit.lambda_plus, WithinRel(fit.sigma2 * lambda_plus, 1e-14));
    CHECK_THAT(fit.lambda_minus,
               WithinRel(fit.sigma2 * std::pow(1 - std::sqrt(128.0 / 784), 2), 1e-12));
    CHECK(fit.outliers.front().lambda == values.back());
    CHECK(fit.outliers.back().lambda == values[123]);
    CHECK(fit.outliers.front().z == fit.edge_z);
    CHECK(fit.outliers.front().p_value == fit.edge_p_value);
    CHECK(fit.outliers.back().p_value < 1e-20);
    CHECK(fit.lower_outliers.size() <= 1);
    CHECK(fit.ks_all > 3 * fit.ks_bulk);
    CHECK_THAT(fit.outlier_trace_fraction,
               WithinRel(arma::accu(values.tail(5)) / arma::accu(values), 1e-13));
    for (std::size_t j = 0; j < 5; ++j) {
      const double h = ensembles::spike_excess(
          {ensembles::StrengthScale::outlier, positions[4 - j]}, 784.0 / 128);
      const auto& spike = fit.outliers[j].spike;
      covered += spike.strength_ci.lower <= std::sqrt(h) && std::sqrt(h) <= spike.strength_ci.upper;
      CHECK_FALSE(spike.cannot_tell);
    }
  }
  CHECK(more <= 2);
  CHECK(covered >= 85 - 5 * more);
  CHECK(sigma2_covered >= 14 - more);
}

TEST_CASE("marchenko_pastur_fit: the five tests of a bulk, and the first of them beside",
          "[inference]") {
  Stream stream(62);
  const arma::vec values = wishart_spectrum(90, 45, 1.7, stream);
  const auto fit = fit_marchenko_pastur(values, 90, 45);
  REQUIRE(fit.outliers.empty());
  CHECK_THAT(fit.sigma2, WithinRel(arma::mean(values), 1e-14));
  const auto statistics = bulk_statistics(view(values), 2, 0);
  for (std::size_t t = 0; t < all_bulk_tests.size(); ++t) {
    const BulkTest test = all_bulk_tests[t];
    CHECK(fit.tests[t].test == test);
    CHECK(fit.tests[t].statistic == statistics[test]);
    CHECK(fit.tests[t].p_value == NullAtlas::standard().p_value(test, statistics[test], 90, 45, 0));
    CHECK(fit.tests[t].p_value > 0);
    CHECK(fit.tests[t].p_value <= 1);
  }
  CHECK(fit.p_value == fit.tests[0].p_value);
  CHECK(fit.ks_bulk == statistics.ks);
  const auto brute = [&] {
    const theory::MarchenkoPastur law(2.0, arma::mean(values));
    double worst = 0;
    for (const double x : values) {  // both one-sided limits at every jump
      const double below = arma::accu(values < x) / 45.0, upto = arma::accu(values <= x) / 45.0;
      worst = std::max({worst, std::abs(cdf(law, x) - below), std::abs(cdf(law, x) - upto)});
    }
    return worst;
  };
  CHECK_THAT(fit.ks_all, WithinAbs(brute(), 1e-15));
  CHECK(distance_to_random(values, 90) == fit.ks_all);
  CHECK(fit.outlier_trace_fraction == 0);
  CHECK(fit.zero_count == 0);
  CHECK(fit.fewest_spikes == 0);
}

TEST_CASE("marchenko_pastur_fit: order and scale do not matter, results repeat",
          "[inference][property][repro]") {
  const arma::vec values = with_spikes(160, 40, {2.0, 3.0}, Stream(63));
  const auto fit = fit_marchenko_pastur(values, 160, 40);
  CHECK(fit.outliers.size() == 2);
  const auto reversed = fit_marchenko_pastur(arma::reverse(values), 160, 40);
  CHECK(reversed.sigma2 == fit.sigma2);
  CHECK(reversed.p_value == fit.p_value);
  CHECK(reversed.ks_bulk == fit.ks_bulk);
  const double scale = GENERATE(0x1p-300, 0x1p300);  // powers of two
  const auto scaled = fit_marchenko_pastur(scale * values, 160, 40);
  CHECK_THAT(scaled.sigma2, WithinRel(scale * fit.sigma2, 1e-13));
  CHECK_THAT(scaled.sigma2_ci.upper, WithinRel(scale * fit.sigma2_ci.upper, 1e-12));
  CHECK_THAT(scaled.edge_z, WithinRel(fit.edge_z, 1e-11));
  CHECK_THAT(scaled.outliers[0].spike.strength, WithinRel(fit.outliers[0].spike.strength, 1e-11));
  CHECK_THAT(scaled.p_value, WithinRel(fit.p_value, 1e-9));
}

TEST_CASE("marchenko_pastur_fit: options reach the tests and the intervals", "[inference]") {
  const arma::vec values = with_spikes(300, 100, {1.5, 2.0}, Stream(64));
  const auto plain = fit_marchenko_pastur(values, 300, 100);
  REQUIRE(plain.outliers.size() == 2);
  const auto covariance =
      fit_marchenko_pastur(values, 300, 100, {.spike_kind = theory::SpikeKind::covariance});
  for (std::size_t j = 0; j < 2; ++j) {
    const double s = plain.outliers[j].spike.strength;
    CHECK_THAT(covariance.outliers[j].spike.strength, WithinRel(1 + s * s, 1e-12));
    CHECK(covariance.outliers[j].spike.excess_ci.upper > plain.outliers[j].spike.excess_ci.upper);
  }
  // Narrower coverage, narrower intervals; the error of sigma2 that enters the strength is the same.
  const auto narrow = fit_marchenko_pastur(values, 300, 100, {.coverage = 0.5});
  CHECK(narrow.sigma2_ci.upper < plain.sigma2_ci.upper);
  const double error = std::log(plain.sigma2_ci.upper / plain.sigma2_ci.lower) / (2 * 1.959964);
  const auto expected = estimate_spike(theory::SpikeKind::additive, values.back(), plain.sigma2,
                                       error, 300, 100, 0.5);
  CHECK_THAT(narrow.outliers[0].spike.strength_ci.upper - narrow.outliers[0].spike.strength,
             WithinRel(expected.strength_ci.upper - expected.strength, 1e-4));
  // A kurtosis moves the edge outwards.
  CHECK(fit_marchenko_pastur(values, 300, 100, {.excess_kurtosis = 1}).edge_z < plain.edge_z);
  CHECK(fit_marchenko_pastur(values, 300, 100, {.excess_kurtosis = -1}).sigma2_ci.upper <
        plain.sigma2_ci.upper);
  const auto robust =
      fit_marchenko_pastur(values, 300, 100, {.estimator = VarianceEstimator::quantile});
  CHECK(robust.sigma2 == quantile_variance(view(values), 300, robust.outliers.size()));
  CHECK(fit_marchenko_pastur(values, 300, 100, {.familywise_level = 1e-300}).outliers.empty());
}

TEST_CASE("marchenko_pastur_fit: bounds for the number of spikes", "[inference][statistical]") {
  // One spike at the end of the critical window, as strong as a certain one must be: whether found or not, the
  // bounds hold it. 30 matrices; missed with probability 0.006 each or found twice with 0.01: three or
  // more misses has probability 0.01, five 1e-4.
  const double h =
      theory::bbp_threshold(2) *
      (1 + certain_window * std::pow(1 + theory::bbp_threshold(2), 2.0 / 3) / std::cbrt(100.0));
  int held = 0, by_count = 0;
  for (std::uint64_t r = 0; r < 30; ++r) {
    Stream stream = Stream(65).child(r);
    const ensembles::SpikedModel model{.strengths = {{ensembles::StrengthScale::excess, h}}};
    const auto fit = fit_marchenko_pastur(
        correlation_eigenvalues(
            ensembles::spiked_matrix(gaussian_matrix(200, 100, 1, stream), 1, model, stream).W),
        200, 100);
    CHECK(fit.fewest_spikes == fit.outliers.size());
    CHECK(fit.most_spikes >= fit.fewest_spikes);
    held += fit.fewest_spikes <= 1 && 1 <= fit.most_spikes;
    by_count += fit.outliers.size() == 1;
  }
  CAPTURE(held, by_count);
  CHECK(held >= 26);
  CHECK(by_count < held);  // negative control: the count alone
}

TEST_CASE("marchenko_pastur_fit: a covariance spike below one is a lower outlier", "[inference]") {
  Stream stream(66);
  const ensembles::SpikedModel model{.kind = theory::SpikeKind::covariance,
                                     .strengths = {{ensembles::StrengthScale::excess, -0.95}}};
  const arma::vec values = correlation_eigenvalues(
      ensembles::spiked_matrix(gaussian_matrix(400, 100, 1, stream), 1, model, stream).W);
  const auto fit = fit_marchenko_pastur(values, 400, 100);
  REQUIRE(fit.lower_outliers.size() == 1);
  CHECK(fit.lower_outliers[0].lambda == values[0]);
  CHECK(fit.lower_outliers[0].p_value < 1e-6);
  CHECK(fit.lower_outliers[0].spike.strength == 0);
  CHECK(fit.outliers.empty());
}

TEST_CASE("marchenko_pastur_fit: correlated rows are noise of fewer", "[inference][statistical]") {
  // Every row twice: W^T W / N is that of N/2 rows, exactly. Judged by the shape it is no noise; with N
  // fitted it is, and N comes out as N/2. The sum of T_2 has variance 1, so n' has the relative standard
  // deviation 2/M: 6.7. Of 20 matrices, 5 standard errors.
  arma::vec effective(20);
  int rejected = 0, rejected_by_shape = 0;
  for (arma::uword r = 0; r < effective.n_elem; ++r) {
    Stream stream = Stream(67).child(r);
    const arma::vec values =
        correlation_eigenvalues(ensembles::repeated_rows_matrix(400, 60, 1, {.copies = 2}, stream));
    const auto fit = fit_marchenko_pastur(values, 400, 60, {.effective_aspect_ratio = true});
    effective[r] = fit.effective_rows;
    rejected += fit.p_value < 0.01 || !fit.outliers.empty();
    const auto shape = fit_marchenko_pastur(values, 400, 60);
    rejected_by_shape += shape.p_value < 0.01;
    CHECK(shape.effective_rows == 400);
    CHECK_THAT(fit.lambda_plus,
               WithinRel(fit.sigma2 * std::pow(1 + std::sqrt(60 / fit.effective_rows), 2), 1e-13));
  }
  CAPTURE(arma::mean(effective), arma::stddev(effective));
  CHECK_THAT(arma::mean(effective),
             WithinAbs(200, 5 * arma::stddev(effective) / std::sqrt(20.0) + 1));
  CHECK(arma::stddev(effective) < 20);
  CHECK(rejected <= 3);  // two tests at 1 %: four or more of 20 has probability 6e-4
  CHECK(rejected_by_shape == 20);
}

TEST_CASE("marchenko_pastur_fit: the effective N of independent rows is their number",
          "[inference][statistical]") {
  arma::vec effective(300);
  Stream stream(68);
  for (double& n : effective) n = effective_rows(view(wishart_spectrum(200, 50, 3, stream)));
  CHECK_THAT(arma::mean(effective), WithinAbs(200, 4 * arma::stddev(effective) / std::sqrt(300.0)));
  CHECK_THROWS_AS(effective_rows(std::vector<double>(30, 1.0)), FitError);
  CHECK_THROWS_WITH(effective_rows(std::vector<double>(30, 1.0)),
                    ContainsSubstring("the bulk of 30 is narrower than that of noise"));
  const arma::vec wide = arma::logspace(-3, 0, 30);
  CHECK_THROWS_WITH(effective_rows(view(wide)),
                    ContainsSubstring("the bulk of 30 is as wide as that of noise with only"));
}

TEST_CASE("marchenko_pastur_fit: at most half of a decaying spectrum is set apart",
          "[inference][limit]") {
  // Columns of variance 1/i.
  Stream stream(69);
  arma::mat W = gaussian_matrix(784, 128, 1, stream);
  for (arma::uword j = 0; j < W.n_cols; ++j) W.col(j) /= std::sqrt(static_cast<double>(j + 1));
  const arma::vec values = correlation_eigenvalues(W);
  const auto fit = fit_marchenko_pastur(values, 784, 128);
  CHECK(fit.outliers.size() > 32);
  CHECK(fit.outliers.size() <= 64);
  CHECK(fit.outlier_trace_fraction > 0.5);
  CHECK(fit.lambda_plus < 0.1 * values.back());
  CHECK(fit.tests[static_cast<std::size_t>(BulkTest::chebyshev)].p_value < 1e-4);

  const auto geometric = fit_marchenko_pastur(arma::logspace(-8, 0, 60), 100, 60);
  CHECK(geometric.outlier_limit_reached);
  CHECK(geometric.outliers.size() <= 30);
}

TEST_CASE("marchenko_pastur_fit: zeros", "[inference][limit]") {
  // A fifth of the columns duplicated: rank 80 of 100.
  Stream stream(70);
  const arma::mat W = gaussian_matrix(300, 80, 1, stream);
  const auto fit =
      fit_marchenko_pastur(correlation_eigenvalues(arma::join_rows(W, W.cols(0, 19))), 300, 100);
  CHECK(fit.zero_count == 20);
  CHECK(fit.sigma2 > 0);
  CHECK(fit.p_value < 0.01);
  CHECK(fit.lower_outliers.size() >= 20);
  CHECK(fit.lower_outliers[0].p_value == 0);
}

TEST_CASE("marchenko_pastur_fit: says why a fit is impossible", "[inference][errors]") {
  Stream stream(71);
  const arma::vec few = wishart_spectrum(50, 19, 1.0, stream);
  CHECK_THROWS_AS(fit_marchenko_pastur(few, 50, 19), FitError);
  CHECK_THROWS_WITH(fit_marchenko_pastur(few, 50, 19),
                    ContainsSubstring("M = 19 eigenvalues (at least 20 are needed)"));
  arma::vec collapsed(60, arma::fill::zeros);
  collapsed.tail(9).fill(1.0);
  CHECK_THROWS_WITH(fit_marchenko_pastur(collapsed, 100, 60),
                    ContainsSubstring("too many zero eigenvalues: the variance of the bulk of 60"));
  CHECK_THROWS_AS(fit_marchenko_pastur(arma::vec(60, arma::fill::zeros), 100, 60), FitError);
  const arma::vec geometric = arma::logspace(-30, 0, 60);
  CHECK_THROWS_WITH(fit_marchenko_pastur(geometric, 100, 60),
                    ContainsSubstring("too many zero eigenvalues: the variance of the bulk of"));
  CHECK_THROWS_AS(fit_marchenko_pastur(arma::vec(30, arma::fill::ones), 100, 30,
                                       {.effective_aspect_ratio = true}),
                  FitError);
}

TEST_CASE("marchenko_pastur_fit: refuses arguments that are no spectrum", "[inference][errors]") {
  Stream stream(72);
  arma::vec values = wishart_spectrum(50, 30, 1.0, stream);
  CHECK_THROWS_AS(fit_marchenko_pastur(values, 50, 31), std::invalid_argument);
  CHECK_THROWS_WITH(
      fit_marchenko_pastur(values, 50, 31),
      ContainsSubstring("fit_marchenko_pastur: 30 eigenvalues for cols = 31 (must be as many)"));
  CHECK_THROWS_WITH(fit_marchenko_pastur(values, 29, 30),
                    ContainsSubstring("rows = 29 (must be >= the number of eigenvalues, 30)"));
  CHECK_THROWS_WITH(fit_marchenko_pastur(values, 50, 30, {.familywise_level = 1}),
                    ContainsSubstring("familywise_level = 1 (must be in (0, 1))"));
  CHECK_THROWS_WITH(fit_marchenko_pastur(values, 50, 30, {.coverage = 0}),
                    ContainsSubstring("coverage = 0 (must be in (0, 1))"));
  CHECK_THROWS_WITH(fit_marchenko_pastur(values, 50, 30, {.excess_kurtosis = -2.5}),
                    ContainsSubstring("excess_kurtosis = -2.5 (must be finite and >= -2)"));
  values[3] = -1;
  CHECK_THROWS_WITH(fit_marchenko_pastur(values, 50, 30),
                    ContainsSubstring("eigenvalues[3] = -1 (must be finite and >= 0)"));
  CHECK_THROWS_WITH(distance_to_random(values, 50),
                    ContainsSubstring("distance_to_random: eigenvalues[3] = -1"));
  CHECK_THROWS_WITH(distance_to_random(arma::vec(3, arma::fill::zeros), 5),
                    ContainsSubstring("undefined for a zero matrix"));
  CHECK_THROWS_AS(distance_to_random(arma::vec(), 5), std::invalid_argument);
}

}  // namespace
}  // namespace rmtlab::inference
