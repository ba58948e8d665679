// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/threshold_rule.hpp.
#include "sim/inference/threshold_rule.hpp"

#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/inference/power_law.hpp"
#include "sim/inference/power_law_alternatives.hpp"
#include "sim/spectra/spectrum.hpp"
#include "tests/catch.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using rmtlab::core::Stream;
using namespace rmtlab::inference;

constexpr arma::uword rows = 784, cols = 128;

// Noise as the rule sees it; each test changes what it is about.
PhaseEvidence noise() {
  return {.eigenvalue_count = 128,
          .lower_quartile_over_mean = 0.66,
          .fraction_near_zero = 0,
          .ks_all = 0.02,
          .bulk = BulkEvidence{.edge_z = -1.2,
                               .edge_p_value = 0.5,
                               .lambda_max_over_lambda_plus = 0.98,
                               .outlier_count = 0,
                               .outlier_fraction = 0,
                               .outlier_trace_fraction = 0,
                               .ks_bulk = 2.4 / 128,
                               .ks_bulk_p_value = 0.5},
          .tail = std::nullopt};
}

PhaseEvidence with_outliers(double ratio) {
  PhaseEvidence evidence = noise();
  evidence.bulk->outlier_count = 3;
  evidence.bulk->outlier_fraction = 3.0 / 128;
  evidence.bulk->outlier_trace_fraction = 0.05;
  evidence.bulk->lambda_max_over_lambda_plus = ratio;
  return evidence;
}

constexpr TailEvidence good_tail = {
    .exponent = 2.5, .ks = 0.05, .tail_fraction = 0.3, .against_exponential = 3};

arma::mat gaussian(arma::uword n, arma::uword m, Stream stream) {
  arma::mat W(n, m);
  for (double& w : W) w = stream.normal();
  return W;
}

// Noise plus orthonormal directions that put outliers at `positions` times lambda_plus.
arma::mat with_spikes(const arma::vec& positions, const Stream& stream) {
  const double inverse = static_cast<double>(cols) / static_cast<double>(rows);
  arma::mat left, right, unused;
  arma::qr_econ(left, unused, gaussian(rows, positions.n_elem, stream.child("left")));
  arma::qr_econ(right, unused, gaussian(cols, positions.n_elem, stream.child("right")));
  const arma::vec b = positions * std::pow(1 + std::sqrt(inverse), 2) - 1 - inverse;
  const arma::vec strengths =
      arma::sqrt(static_cast<double>(rows) * (b + arma::sqrt(b % b - 4 * inverse)) / 2);
  return gaussian(rows, cols, stream.child("noise")) + left * arma::diagmat(strengths) * right.t();
}

// Columns of variance i^-exponent, i = 1 .. M.
arma::mat decaying(double exponent, const Stream& stream) {
  arma::mat W = gaussian(rows, cols, stream);
  for (arma::uword j = 0; j < cols; ++j)
    W.col(j) *= std::pow(static_cast<double>(j + 1), -exponent / 2);
  return W;
}

arma::mat low_rank(const Stream& stream) {
  return gaussian(rows, 9, stream.child("left")) * gaussian(9, cols, stream.child("right")) +
         1e-3 * gaussian(rows, cols, stream.child("noise"));
}

// Symmetric Pareto entries, P(abs(w) > t) = t^-mu for t > 1.
arma::mat pareto(double mu, Stream stream) {
  arma::mat W(rows, cols);
  for (double& w : W) {
    const double magnitude = std::pow(stream.uniform(), -1 / mu);
    w = stream.below(2) == 0 ? magnitude : -magnitude;
  }
  return W;
}

arma::mat student5(Stream stream) {
  arma::mat W(rows, cols);
  for (double& w : W) w = stream.normal() / std::sqrt(stream.gamma(2.5) / 2.5);
  return W;
}

// The whole path from a matrix to its name.
ThresholdVerdict decide(const arma::mat& W) {
  const auto spectrum = rmtlab::spectra::spectrum_of(W);
  const arma::vec& values = spectrum.eigenvalues;
  std::optional<MarchenkoPasturFit> bulk;
  try {
    bulk = fit_marchenko_pastur(values, spectrum.rows, spectrum.cols);
  } catch (const FitError&) {  // leaves `bulk` absent, as a report would
  }
  const CountedValues sample =
      count_values(std::span<const double>(values.memptr(), values.n_elem));
  const PowerLawFit fit = fit_power_law(sample, {.min_tail = 10});
  const double count = static_cast<double>(values.n_elem);
  const TailEvidence tail = {
      .exponent = fit.alpha,
      .ks = fit.ks,
      .tail_fraction = static_cast<double>(fit.n_tail) / count,
      .against_exponential = exponential_alternative(sample, fit).ratio_normalised};
  const PhaseInput input{.eigenvalues = values, .rows = spectrum.rows, .marchenko_pastur = bulk};
  return decide_by_thresholds(collect_evidence(input, tail));
}

template <class Draw>
std::map<Phase, int> votes(std::string_view kind, Draw draw) {
  std::map<Phase, int> count;
  for (std::uint64_t r = 0; r < 20; ++r)
    ++count[decide(draw(Stream(50).child(kind).child(r))).phase];
  return count;
}

}  // namespace

TEST_CASE("phase: noise, with and without a slightly uneven bulk", "[inference]") {
  PhaseEvidence evidence = noise();
  CHECK(decide_by_thresholds(evidence).phase == Phase::random_like);
  CHECK_THAT(decide_by_thresholds(evidence).reason,
             ContainsSubstring("2.4 / M away from noise (less than 3.5)"));
  evidence.bulk->ks_bulk = 3.8 / 128;  // between the two limits: outliers would decide
  CHECK(decide_by_thresholds(evidence).phase == Phase::random_like);
  CHECK_THAT(decide_by_thresholds(evidence).reason, ContainsSubstring("(between 3.5 and 4.025)"));
  evidence.bulk->ks_bulk = 4.1 / 128;
  CHECK(decide_by_thresholds(evidence).phase == Phase::bulk_decay);
  CHECK_THAT(decide_by_thresholds(evidence).reason,
             ContainsSubstring("4.1 / M away from noise (more than"));
}

TEST_CASE("phase: outliers", "[inference]") {
  CHECK(decide_by_thresholds(with_outliers(1.49)).phase == Phase::bleeding_out);
  CHECK(decide_by_thresholds(with_outliers(1.5)).phase == Phase::bulk_plus_spikes);
  CHECK_THAT(decide_by_thresholds(with_outliers(1.25)).reason,
             ContainsSubstring("the largest of 3 outliers is at 1.25 lambda_plus (below 1.5)"));
  PhaseEvidence many = with_outliers(2);
  many.bulk->outlier_count = 11;
  many.bulk->outlier_fraction = 0.086;
  CHECK(decide_by_thresholds(many).phase == Phase::bulk_decay);
  CHECK_THAT(decide_by_thresholds(many).reason, ContainsSubstring("11 outliers are 0.086 of all"));
}

TEST_CASE("phase: a heavy tail needs a good fit and weight", "[inference]") {
  PhaseEvidence evidence = with_outliers(30);
  evidence.tail = good_tail;
  CHECK(decide_by_thresholds(evidence).phase ==
        Phase::bulk_plus_spikes);  // a fit, but too little weight
  evidence.ks_all = 0.3;
  CHECK(decide_by_thresholds(evidence).phase == Phase::heavy_tailed);
  CHECK_THAT(decide_by_thresholds(evidence).reason, ContainsSubstring("exponent 2.5"));
  evidence.ks_all = 0.2;
  evidence.bulk->outlier_trace_fraction = 0.5;
  CHECK(decide_by_thresholds(evidence).phase == Phase::heavy_tailed);
  CHECK_THAT(decide_by_thresholds(evidence).reason,
             ContainsSubstring("outliers hold 0.5 of the trace"));

  const auto spoiled = [&](double TailEvidence::*member, double value) {
    PhaseEvidence worse = evidence;
    (*worse.tail).*member = value;
    return decide_by_thresholds(worse).phase;
  };
  CHECK(spoiled(&TailEvidence::ks, 0.1) == Phase::bulk_plus_spikes);
  CHECK(spoiled(&TailEvidence::exponent, 1.3) == Phase::bulk_plus_spikes);
  CHECK(spoiled(&TailEvidence::exponent, 5) == Phase::bulk_plus_spikes);
  CHECK(spoiled(&TailEvidence::tail_fraction, 0.149) == Phase::bulk_plus_spikes);
  CHECK(spoiled(&TailEvidence::against_exponential, 1) == Phase::bulk_plus_spikes);
}

TEST_CASE("phase: collapse goes before everything else", "[inference]") {
  PhaseEvidence evidence = with_outliers(30);
  evidence.tail = good_tail;
  evidence.ks_all = 0.6;
  evidence.lower_quartile_over_mean = 0.0099;
  CHECK(decide_by_thresholds(evidence).phase == Phase::rank_collapse);
  CHECK_THAT(decide_by_thresholds(evidence).reason,
             ContainsSubstring("lower quartile of the eigenvalues is 0.0099 of their mean"));
  evidence.lower_quartile_over_mean = 0.01;
  CHECK(decide_by_thresholds(evidence).phase == Phase::heavy_tailed);
}

TEST_CASE("phase: always a name, also without a bulk", "[inference][limit]") {
  PhaseEvidence evidence = noise();
  evidence.bulk.reset();
  CHECK(decide_by_thresholds(evidence).phase == Phase::random_like);
  CHECK_THAT(decide_by_thresholds(evidence).reason, ContainsSubstring("no bulk could be fitted"));
  evidence.ks_all = 0.3;
  CHECK(decide_by_thresholds(evidence).phase == Phase::bulk_decay);
  evidence.tail = good_tail;
  CHECK(decide_by_thresholds(evidence).phase == Phase::heavy_tailed);

  const PhaseEvidence zero =
      collect_evidence({.eigenvalues = arma::vec(30, arma::fill::zeros), .rows = 40}, std::nullopt);
  CHECK(decide_by_thresholds(zero).phase == Phase::rank_collapse);
  CHECK_THROWS_WITH(collect_evidence({.eigenvalues = arma::vec{1, -1}, .rows = 40}, std::nullopt),
                    ContainsSubstring("eigenvalues[1] = -1 (must be finite and >= 0)"));
}

TEST_CASE("phase: the evidence by name", "[inference]") {
  PhaseEvidence evidence = with_outliers(1.7);
  const auto bare = describe(evidence);
  evidence.tail = good_tail;
  const auto full = describe(evidence);
  REQUIRE(bare.size() == full.size());
  std::set<std::string> names;
  for (std::size_t i = 0; i < full.size(); ++i) {
    const std::string label(full[i].name);
    CHECK(bare[i].name == full[i].name);
    CHECK(full[i].value.has_value());
    // Columns of these names belong to the label and the exponent themselves.
    CHECK_THAT(label, !EndsWith("phase") && !EndsWith("alpha"));
    names.insert(label);
  }
  CHECK(names.size() == full.size());
  for (const char* wanted : {"edge_z", "lambda_max_over_lambda_plus", "outlier_count",
                             "outlier_fraction", "outlier_trace_fraction", "ks_bulk", "ks_all",
                             "lower_quartile_over_mean", "fraction_near_zero", "collapsed_share"})
    CHECK(names.count(wanted) == 1);
  CHECK(full[4].name == "edge_z");
  CHECK(full[4].value == -1.2);
  CHECK(bare.back().name == "tail_against_exponential");
  CHECK_FALSE(bare.back().value.has_value());
}

// What the rule makes of matrices of known kind, 20 each at 784 x 128. In 100 draws of each (another
// seed) the votes were unanimous except as stated. A bound of 18 of 20 is then missed with probability
// below 1e-3 for a kind that is named right in 99 %.
TEST_CASE("phase: matrices of known kind", "[inference][statistical]") {
  SECTION("Gaussian: random-like") {
    auto count = votes("gaussian", [](const Stream& s) { return gaussian(rows, cols, s); });
    CHECK(count[Phase::random_like] >= 18);
  }
  SECTION("three spikes at 1.2 lambda_plus: bleeding-out") {
    auto count = votes("bleeding", [](const Stream& s) {
      return with_spikes(arma::vec{1.2, 1.2, 1.2}, s);
    });
    CHECK(count[Phase::bleeding_out] >= 18);
  }
  SECTION("six spikes at 2-4 lambda_plus: bulk+spikes") {
    auto count =
        votes("spikes", [](const Stream& s) { return with_spikes(arma::linspace(2, 4, 6), s); });
    CHECK(count[Phase::bulk_plus_spikes] >= 18);
  }
  SECTION("covariance i^-1: heavy-tailed") {
    auto count = votes("power", [](const Stream& s) { return decaying(1, s); });
    CHECK(count[Phase::heavy_tailed] >= 19);
  }
  SECTION("covariance i^-1/2: bulk-decay") {
    auto count = votes("slow", [](const Stream& s) { return decaying(0.5, s); });
    CHECK(count[Phase::bulk_decay] >= 19);
  }
  SECTION("rank 9 and noise of 1e-3: rank-collapse") {
    auto count = votes("collapse", low_rank);
    CHECK(count[Phase::rank_collapse] == 20);
  }
  SECTION("Pareto entries of tail index 1.3: heavy-tailed, but one in four is called a collapse") {
    // Expected failure. 73 heavy-tailed, 26 rank-collapse, 1 bulk-decay of 100: where one entry holds
    // the trace, the mean that the lower quartile is compared with is that entry. 3 binomial
    // standard deviations on either side.
    auto count = votes("pareto", [](const Stream& s) { return pareto(1.3, s); });
    CHECK(count[Phase::heavy_tailed] >= 9);
    CHECK(count[Phase::rank_collapse] <= 11);
    CHECK(count[Phase::heavy_tailed] + count[Phase::rank_collapse] >= 18);
  }
  SECTION("Student t entries with 5 degrees of freedom: one in five shows an outlier") {
    // Expected failure: finite fourth moment, so random-like in the limit, but at this size the
    // excess kurtosis of 6 pushes the edge. 80 random-like, 19 bleeding-out, 1 bulk+spikes of 100.
    auto count = votes("student", [](const Stream& s) { return student5(s); });
    CHECK(count[Phase::random_like] >= 10);
    CHECK(count[Phase::random_like] + count[Phase::bleeding_out] >= 18);
  }
}
