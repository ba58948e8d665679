// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/phase_classifier.hpp and phase_decision.hpp.
#include "sim/inference/phase_classifier.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

#include "sim/core/random.hpp"
#include "sim/core/sha256.hpp"
#include "sim/ensembles/phase_families.hpp"
#include "sim/inference/matrix_analysis.hpp"
#include "tests/catch.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using theory::Phase;

// Samples in which one statistic alone tells each question's answer, with noise.
std::vector<PhaseSample> planted_samples(core::Stream stream, std::size_t per_phase) {
  std::vector<PhaseSample> samples;
  for (const Phase phase : theory::all_phases)
    for (std::size_t i = 0; i < per_phase; ++i) {
      PhaseSample sample{{}, phase};
      for (double& s : sample.statistics) s = stream.normal();
      const auto shift = [&](std::string_view name, bool yes) {
        sample.statistics[phase_statistic_index(name)] += yes ? 6 : -6;
      };
      shift("collapse_depth", phase != Phase::rank_collapse);
      shift("cvm_evidence", phase == Phase::bulk_decay || phase == Phase::heavy_tailed);
      shift("ks_all", phase == Phase::heavy_tailed);
      shift("edge_evidence", phase == Phase::bleeding_out || phase == Phase::bulk_plus_spikes);
      shift("log_ratio", phase == Phase::bulk_plus_spikes);
      samples.push_back(sample);
    }
  return samples;
}

TEST_CASE("phase classifier: probabilities are products along the questions", "[inference]") {
  const auto p = phase_probabilities({0.1, 0.2, 0.3, 0.4, 0.5});
  CHECK_THAT(p[0], WithinRel(0.9 * 0.8 * 0.6, 1e-14));
  CHECK_THAT(p[1], WithinRel(0.9 * 0.8 * 0.4 * 0.5, 1e-14));
  CHECK_THAT(p[2], WithinRel(0.9 * 0.8 * 0.4 * 0.5, 1e-14));
  CHECK_THAT(p[3], WithinRel(0.9 * 0.2 * 0.7, 1e-14));
  CHECK_THAT(p[4], WithinRel(0.9 * 0.2 * 0.3, 1e-14));
  CHECK_THAT(p[5], WithinRel(0.1, 1e-14));
  CHECK_THAT(std::accumulate(p.begin(), p.end(), 0.0), WithinAbs(1, 1e-14));
}

TEST_CASE("phase classifier: learns what tells the phases apart", "[inference]") {
  const auto classifier = PhaseClassifier::train(planted_samples(core::Stream(1), 60));
  std::size_t right = 0, all = 0;
  for (const PhaseSample& sample : planted_samples(core::Stream(2), 50)) {
    right += classifier.classify(sample.statistics).phase == sample.phase;
    ++all;
  }
  // The shift is 12 standard deviations apart: what is left are the other statistics' chance weights.
  CHECK(right > 0.97 * static_cast<double>(all));
  // Negative control: with the labels permuted cyclically over samples there is nothing to learn.
  auto mixed = planted_samples(core::Stream(1), 60);
  for (std::size_t i = 0; i < mixed.size(); ++i) mixed[i].phase = theory::all_phases[i % 6];
  const auto blind = PhaseClassifier::train(mixed);
  right = 0;
  for (const PhaseSample& sample : planted_samples(core::Stream(2), 50))
    right += blind.classify(sample.statistics).phase == sample.phase;
  // 300 labels at chance 1/6 by groups of like statistics: far below the above.
  CHECK(right < 0.5 * static_cast<double>(all));
}

TEST_CASE("phase classifier: the table is the classifier", "[inference]") {
  const auto classifier = PhaseClassifier::train(planted_samples(core::Stream(1), 30));
  const auto copy = PhaseClassifier::from_csv(classifier.csv());
  CHECK(copy.csv() == classifier.csv());
  CHECK(copy.hash() == classifier.hash());
  CHECK(classifier.hash() == core::sha256_hex(classifier.csv()));
  const auto statistics = planted_samples(core::Stream(3), 1)[4].statistics;
  CHECK(copy.classify(statistics).probabilities == classifier.classify(statistics).probabilities);
  // The contributions and the intercept make the answer.
  const auto result = classifier.classify(statistics);
  for (const PhaseAnswer& answer : result.answers) {
    CHECK(std::is_sorted(
        answer.contributions.begin(), answer.contributions.end(),
        [](const auto& a, const auto& b) { return std::abs(a.log_odds) > std::abs(b.log_odds); }));
    CHECK(answer.yes >= 0);
    CHECK(answer.yes <= 1);
  }
  CHECK(result.abstained == (*std::max_element(result.probabilities.begin(),
                                               result.probabilities.end()) < certain_enough));
}

TEST_CASE("phase classifier: what cannot be trained or read is refused", "[inference]") {
  auto samples = planted_samples(core::Stream(1), 3);
  std::erase_if(samples, [](const auto& s) { return s.phase == Phase::bulk_decay; });
  CHECK_THROWS_WITH(PhaseClassifier::train(samples), ContainsSubstring("no sample is bulk-decay"));
  const std::string head = "score,statistic,center,scale,coefficient\n";
  CHECK_THROWS_WITH(PhaseClassifier::from_csv(head + "collapsed,collapse_depth,0,1,1\n"),
                    ContainsSubstring("nothing answers the question 'extensive'"));
  CHECK_THROWS_AS(PhaseClassifier::from_csv("x"), std::runtime_error);
}

// The shipped table on plain cases of each phase at the strong end; configs/phase_benchmark.yaml measures
// the rest. Twenty families that are not hard, one draw each of two shapes.
TEST_CASE("phase classifier: the shipped one knows the plain cases", "[inference]") {
  std::size_t right = 0, all = 0;
  for (const auto& family : ensembles::phase_families()) {
    if (family.is_hard) continue;
    for (const std::size_t cols : {128, 200}) {
      const auto ensemble = make_member(family, strength_at(family, 0.9));
      const auto truth = ensemble.truth(3 * cols, cols);
      if (!truth.phase) continue;
      core::Stream stream = core::Stream(77).child(family.name).child(cols);
      const auto decision = analyze_matrix(ensemble.matrix(3 * cols, cols, stream)).decision;
      CAPTURE(family.name, cols, decision.reason);
      CHECK_THAT(std::accumulate(decision.probabilities.begin(), decision.probabilities.end(), 0.0),
                 WithinAbs(1, 1e-12));
      CHECK_FALSE(decision.reason.empty());
      right += decision.phase == *truth.phase;
      ++all;
    }
  }
  CHECK(static_cast<double>(right) >= 0.9 * static_cast<double>(all));
}

TEST_CASE("phase decision: matrices beyond the statistics", "[inference][limit]") {
  const auto zero = analyze_matrix(arma::mat(60, 40, arma::fill::zeros)).decision;
  CHECK(zero.phase == Phase::rank_collapse);
  CHECK_FALSE(zero.abstained);
  const auto tiny = analyze_matrix(arma::mat(8, 5, arma::fill::randn)).decision;
  CHECK(tiny.abstained);
  CHECK_THAT(tiny.reason, ContainsSubstring("at least 10"));
}

TEST_CASE("phase decision: one huge entry or eigenvalue is no collapse", "[inference]") {
  core::Stream stream(5);
  arma::mat W(300, 100);
  for (double& w : W) w = stream.normal();
  arma::mat entry = W;
  entry(7, 7) = 1e5;
  CHECK(analyze_matrix(entry).decision.phase != Phase::rank_collapse);
  const arma::mat direction = W + 3 * arma::mat(300, 100, arma::fill::ones);
  CHECK(analyze_matrix(direction).decision.phase == Phase::bulk_plus_spikes);
  // The control: a matrix of rank 20 and a floor.
  arma::mat left(300, 20), right(20, 100);
  for (double& w : left) w = stream.normal();
  for (double& w : right) w = stream.normal();
  CHECK(analyze_matrix(arma::mat(left * right + 1e-3 * W)).decision.phase == Phase::rank_collapse);
}

}  // namespace
}  // namespace rmtlab::inference
