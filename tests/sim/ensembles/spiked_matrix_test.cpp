// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/spiked_matrix.hpp.
#include "sim/ensembles/spiked_matrix.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <vector>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "tests/catch.hpp"
#include "tests/sim/ensembles/sample_checks.hpp"
#include "theory/marchenko_pastur.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using rmtlab::core::Stream;
using namespace rmtlab;
using namespace rmtlab::ensembles;
using namespace rmtlab::tests;
using theory::Spike;
using theory::SpikeKind;

constexpr double eps = std::numeric_limits<double>::epsilon();

std::vector<SpikeStrength> excesses(std::initializer_list<double> values) {
  std::vector<SpikeStrength> result;
  for (const double value : values) result.push_back({StrengthScale::excess, value});
  return result;
}

/// Standard Cauchy entries: noise of infinite variance.
arma::mat cauchy_matrix(arma::uword rows, arma::uword cols, Stream& stream) {
  arma::mat W(rows, cols);
  for (double& w : W) w = std::tan(std::numbers::pi * (stream.uniform() - 0.5));
  return W;
}

}  // namespace

TEST_CASE("spiked_matrix: three ways to say how strong a spike is", "[ensembles][property]") {
  const double q = GENERATE(0.5, 1.0, 4.0);
  CAPTURE(q);
  const double critical = theory::bbp_threshold(q);
  CHECK(spike_excess({StrengthScale::excess, 0.37}, q) == 0.37);
  CHECK(spike_excess({StrengthScale::threshold, 1.5}, q) == 1.5 * critical);
  const theory::MarchenkoPastur bulk(q);
  for (const double ratio : {1.01, 1.5, 20.0}) {
    const double h = spike_excess({StrengthScale::outlier, ratio}, q);
    const Spike spike = Spike::covariance(q, 1 + h);
    CHECK(theory::is_supercritical(spike));
    CHECK_THAT(theory::outlier_location(spike), WithinRel(ratio * bulk.upper_edge(), 1e-13));
  }
  CHECK_THAT(spike_excess({StrengthScale::outlier, 1}, q), WithinRel(critical, 1e-7));
  if (q <= 1) return;
  const double below = 0.5 * bulk.lower_edge() / bulk.upper_edge();
  const double h = spike_excess({StrengthScale::outlier, below}, q);
  CHECK(h < -critical);
  CHECK_THAT(theory::outlier_location(Spike::covariance(q, 1 + h)),
             WithinRel(below * bulk.upper_edge(), 1e-13));
}

TEST_CASE("spiked_matrix: what is planted is what was asked for", "[ensembles][property]") {
  const std::size_t rows = GENERATE(20U, 6U), cols = 9;  // N > M and N < M
  const double variance = 1.7, n = static_cast<double>(rows);
  Stream stream = Stream(20240640).child(rows);
  SpikedModel model{.kind = SpikeKind::additive, .strengths = excesses({3, 0.5})};
  // Noise of any law: here the sum of a heavy-tailed bulk and spikes.
  const arma::mat noise = cauchy_matrix(rows, cols, stream);
  const double size = arma::abs(noise).max();

  const SpikedMatrix additive = spiked_matrix(noise, variance, model, stream);
  const arma::vec singular = arma::svd(arma::mat(additive.W - noise));
  CHECK_THAT(singular[0], WithinAbs(std::sqrt(3 * variance * n), 40 * eps * size));
  CHECK_THAT(singular[1], WithinAbs(std::sqrt(0.5 * variance * n), 40 * eps * size));
  CHECK(singular[2] < 40 * eps * size);
  const arma::mat planted = std::sqrt(variance * n) * additive.left *
                            arma::diagmat(arma::vec{std::sqrt(3.0), std::sqrt(0.5)}) *
                            additive.right.t();
  CHECK(arma::approx_equal(additive.W - noise, planted, "absdiff", 40 * eps * size));

  model.kind = SpikeKind::covariance;
  model.strengths = excesses({3, -0.6});
  const SpikedMatrix spiked = spiked_matrix(noise, variance, model, stream);
  const arma::mat population =
      arma::eye(cols, cols) + spiked.right * arma::diagmat(arma::vec{3, -0.6}) * spiked.right.t();
  CHECK(arma::approx_equal(spiked.W, noise * arma::sqrtmat_sympd(population), "absdiff",
                           100 * eps * size));
  CHECK(arma::approx_equal(spiked.left, arma::normalise(noise * spiked.right), "absdiff", 1e-13));
  CHECK_THAT(spiked.spikes[1].excess(), WithinAbs(-0.6, eps));
  CHECK(spiked.spikes[0].variance() == variance);

  model.strengths.clear();
  CHECK(arma::all(arma::vectorise(spiked_matrix(noise, variance, model, stream).W == noise)));
}

TEST_CASE("spiked_matrix: localised vectors", "[ensembles][property]") {
  Stream stream = Stream(20240641).child("localised");
  const SpikedModel model{.strengths = excesses({3, 2}), .left_support = 5, .right_support = 2};
  const SpikedMatrix spiked =
      spiked_matrix(gaussian_matrix(20, 9, 1.0, stream), 1.0, model, stream);
  CHECK(arma::accu(spiked.left != 0) == 10);
  CHECK(arma::accu(spiked.right != 0) == 4);
}

TEST_CASE("spiked_matrix: predictions", "[ensembles][property]") {
  const std::vector<Spike> spikes = {Spike::covariance(4, 1.3), Spike::covariance(4, 3),
                                     Spike::covariance(4, 0.2)};
  const arma::vec predicted = predicted_outliers(spikes);
  CHECK(predicted[0] == 2.25);                              // below the threshold: the edge
  CHECK_THAT(predicted[1], WithinRel(3 * 1.125, 4 * eps));  // (1 + h)(1 + c/h)
  CHECK_THAT(predicted[2], WithinRel(0.2 * (1 - 0.25 / 0.8), 4 * eps));
  CHECK_THAT(strongest_outlier_ratio(spikes), WithinRel(1.5, 4 * eps));
  CHECK(strongest_outlier_ratio({spikes[0], spikes[2]}) == 1);
  CHECK(strongest_window(spikes, 1000) == theory::critical_window(spikes[1], 1000));
  CHECK(strongest_window({}, 1000) == -std::numeric_limits<double>::infinity());
}

TEST_CASE("spiked_matrix: two outliers and one spike that does not show",
          "[ensembles][statistical][slow]") {
  // Excesses 5 and 2.5 above the threshold 0.707, 0.3 below. Dense matrices at three sizes, Haar and
  // localised vectors: means within 4 standard errors (false alarm 6e-5 each) and 12/N of the limits,
  // the size of the terms of order 1/N for two spikes (measured at most 8/N at N = 60).
  const SpikeKind kind = GENERATE(SpikeKind::covariance, SpikeKind::additive);
  const std::size_t support = GENERATE(0U, 3U);
  CAPTURE(kind == SpikeKind::additive, support);
  const SpikedModel model{.kind = kind,
                          .strengths = excesses({5, 2.5, 0.3}),
                          .left_support = support,
                          .right_support = support};
  for (const std::size_t cols : {30U, 60U, 120U}) {
    const std::size_t rows = 2 * cols;
    const auto n = static_cast<double>(rows), m = static_cast<double>(cols);
    Stream stream =
        Stream(20240642).child(cols).child(support).child(kind == SpikeKind::additive ? 1 : 0);
    const int draws = 9000 / static_cast<int>(cols);
    arma::mat lambda(draws, 3), right(draws, 3), left(draws, 3);
    std::vector<Spike> spikes;
    for (arma::uword d = 0; d < lambda.n_rows; ++d) {
      const SpikedMatrix spiked =
          spiked_matrix(gaussian_matrix(rows, cols, 2.0, stream), 2.0, model, stream);
      arma::vec values;
      arma::mat vectors;
      REQUIRE(arma::eig_sym(values, vectors, arma::mat(spiked.W.t() * spiked.W / n)));
      for (arma::uword k = 0; k < 3; ++k) {
        const arma::vec v = vectors.col(cols - 1 - k);
        lambda(d, k) = values[cols - 1 - k];
        right(d, k) = std::pow(arma::dot(v, spiked.right.col(k)), 2);
        left(d, k) = std::pow(arma::dot(arma::normalise(spiked.W * v), spiked.left.col(k)), 2);
      }
      spikes = spiked.spikes;
    }
    CAPTURE(cols);
    for (arma::uword k = 0; k < 2; ++k) {
      const Spike& spike = spikes[k];
      CAPTURE(k);
      const double unit = theory::outlier_location(spike);
      CHECK_THAT(arma::mean(lambda.col(k)) / unit,
                 WithinAbs(1, 4 * standard_error(lambda.col(k)) / unit + 12 / n));
      CHECK_THAT(arma::mean(right.col(k)), WithinAbs(theory::overlap_right(spike),
                                                     4 * standard_error(right.col(k)) + 12 / n));
      CHECK_THAT(arma::mean(left.col(k)),
                 WithinAbs(theory::overlap_left(spike), 4 * standard_error(left.col(k)) + 12 / n));
      // Standard deviation of a sample variance (2 / draws)^(1/2), and the other kind excluded for
      // the stronger spike, where the two are apart by a factor 2.9.
      const double spread = std::sqrt(2.0 / draws);
      const double ratio = n * arma::var(lambda.col(k)) / theory::fluctuation_variance(spike);
      CHECK_THAT(ratio, WithinAbs(1, 4 * spread + 12 / n));
      if (k > 0 || cols > 60) continue;  // too few draws at the largest size
      const SpikeKind wrong_kind =
          kind == SpikeKind::additive ? SpikeKind::covariance : SpikeKind::additive;
      const Spike wrong = spike_of_excess(wrong_kind, spike.excess(), 2, 2.0);
      const double wrong_ratio = n * arma::var(lambda.col(k)) / theory::fluctuation_variance(wrong);
      CHECK(std::abs(wrong_ratio - 1) > 4 * spread);
    }
    // The spike below the threshold: no outlier, no overlap beyond order 1/M.
    const theory::MarchenkoPastur bulk(2, 2.0);
    CHECK(arma::mean(lambda.col(2)) < bulk.upper_edge());
    CHECK(m * arma::mean(right.col(2)) < 8);
    CHECK(m * arma::mean(right.col(1)) > 15);
  }
}

TEST_CASE("spiked_matrix: refuses what does not fit", "[ensembles][errors]") {
  Stream stream(1);
  const arma::mat noise(6, 4, arma::fill::zeros);
  CHECK_THROWS_WITH(spike_excess({StrengthScale::outlier, 0.9}, 1.0),
                    ContainsSubstring("spike_excess: outlier / upper edge = 0.9 (must be >= 1)"));
  CHECK_THROWS_WITH(spike_excess({StrengthScale::outlier, 0.9}, 4.0),
                    ContainsSubstring("(must be >= 1, or > 0 and < 0.1111111111111111"));
  CHECK_THROWS_AS(spike_excess({StrengthScale::excess, std::nan("")}, 4.0), std::domain_error);
  CHECK_THROWS_WITH(
      spiked_matrix(noise, 1.0, {.strengths = excesses({-0.5})}, stream),
      ContainsSubstring("spike_of_excess: excess of an additive spike = -0.5 (must be >= 0)"));
  CHECK_THROWS_WITH(spiked_matrix(noise, 1.0, {.strengths = excesses({1, 1, 1, 1, 1})}, stream),
                    ContainsSubstring("spiked_matrix: 5 spikes (must be at most min(N, M) = 4)"));
  CHECK_THROWS_WITH(spiked_matrix(noise, 0.0, {}, stream),
                    ContainsSubstring("variance = 0 (must be finite and > 0)"));
  CHECK_THROWS_AS(spiked_matrix(arma::mat(), 1.0, {}, stream), std::invalid_argument);
  CHECK_THROWS_WITH(
      spiked_matrix(noise, 1.0, {.strengths = excesses({1, 1}), .right_support = 3}, stream),
      ContainsSubstring("localised_frame: support = 3 (must be from 1 to n / k = 2)"));
}
