// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/phase_scores.hpp and phase_baselines.hpp.
#include "sim/inference/phase_scores.hpp"

#include <cmath>
#include <stdexcept>

#include "sim/core/random.hpp"
#include "sim/inference/phase_baselines.hpp"
#include "tests/catch.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using theory::Phase;

ScoredLabel label(Phase truth, Phase phase, double probability, bool abstained = false) {
  ScoredLabel l{truth, phase, abstained, {}};
  l.probabilities.fill((1 - probability) / 5);
  l.probabilities[static_cast<std::size_t>(phase)] = probability;
  return l;
}

TEST_CASE("phase scores: counted by hand", "[inference]") {
  // Four random-like, one wrong and one abstained; one heavy-tailed, right. Phases count the same.
  const std::vector<ScoredLabel> labels{label(Phase::random_like, Phase::random_like, 0.9),
                                        label(Phase::random_like, Phase::random_like, 0.9),
                                        label(Phase::random_like, Phase::random_like, 0.6, true),
                                        label(Phase::random_like, Phase::bulk_decay, 0.8),
                                        label(Phase::heavy_tailed, Phase::heavy_tailed, 1)};
  const auto s = score_phases(labels);
  CHECK(s.counts[0] == 4);
  CHECK(s.confusion[0][0] == 3);
  CHECK(s.confusion[0][3] == 1);
  CHECK(s.confusion_kept[0][0] == 2);
  CHECK_THAT(s.balanced_accuracy, WithinRel((0.75 + 1) / 2, 1e-14));
  CHECK_THAT(s.balanced_accuracy_kept, WithinRel((2.0 / 3 + 1) / 2, 1e-14));
  CHECK_THAT(s.abstained, WithinRel(0.125, 1e-14));
  // Brier: right with p: (1-p)^2 (1 + 1/5); wrong with p = 0.8 and 0.04 elsewhere.
  const double right9 = 0.01 * 1.2, right6 = 0.16 * 1.2;
  const double wrong = 0.96 * 0.96 + 0.64 + 4 * 0.0016;
  CHECK_THAT(s.brier, WithinRel((2 * right9 + right6 + wrong) / 8, 1e-12));
  CHECK_THAT(s.log_score,
             WithinRel(-(2 * std::log(0.9) + std::log(0.6) + std::log(0.04)) / 8, 1e-12));
  // Bins: 0.9: 2 (1 - 0.9)/8 with the certain one at 1: + (1 - 1)/2; 0.6: 0.4/8; 0.8: -0.8/8.
  CHECK_THAT(s.calibration_error, WithinRel((0.2 + 0.4 + 0.8) / 8, 1e-12));
  CHECK_THROWS_AS(score_phases({}), std::invalid_argument);
}

TEST_CASE("phase scores: the interval of a lead holds it, and holds 0 for equals", "[inference]") {
  // Two classifiers right with probability 0.9 and 0.8, independently: the lead is 0.1.
  core::Stream stream(12);
  std::vector<ScoredLabel> good, poor, same;
  for (int i = 0; i < 600; ++i) {
    const Phase truth = theory::all_phases[static_cast<std::size_t>(i % 6)];
    const Phase other = theory::all_phases[static_cast<std::size_t>((i + 1) % 6)];
    good.push_back(label(truth, stream.uniform() < 0.9 ? truth : other, 1));
    same.push_back(label(truth, stream.uniform() < 0.9 ? truth : other, 1));
    poor.push_back(label(truth, stream.uniform() < 0.8 ? truth : other, 1));
  }
  // Standard error sqrt((0.09 + 0.16) / 600) = 0.020: both statements fail in 1e-4 of seeds or so.
  const auto lead = accuracy_difference(good, poor, core::Stream(1));
  CHECK(lead.lower < 0.1 + 0.06);
  CHECK(lead.upper > 0.1 - 0.06);
  CHECK_THAT(lead.upper - lead.lower, WithinAbs(4 * 0.0204, 0.02));
  const auto none = accuracy_difference(good, same, core::Stream(1));
  CHECK(none.lower < 0.05);
  CHECK(none.upper > -0.05);
  good.pop_back();
  CHECK_THROWS_AS(accuracy_difference(good, poor, core::Stream(1)), std::invalid_argument);
}

TEST_CASE("phase baselines: exponent windows and the distance of densities", "[inference]") {
  CHECK(phase_by_exponent(2.5) == Phase::heavy_tailed);
  CHECK(phase_by_exponent(5) == Phase::bulk_decay);
  CHECK(phase_by_exponent(7) == Phase::bulk_plus_spikes);
  CHECK(phase_by_exponent(9) == Phase::random_like);
  // All eigenvalues in one of the 2 * 4 = 8 bins of M = 64: distance 7/8.
  CHECK_THAT(density_distance(arma::vec(64, arma::fill::ones), 128), WithinRel(7.0 / 8, 1e-12));
  CHECK_THROWS_AS(density_distance(arma::vec(64, arma::fill::zeros), 128), std::domain_error);
}

}  // namespace
}  // namespace rmtlab::inference
