// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/tail_mechanism.hpp.
#include "sim/inference/tail_mechanism.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "sim/core/random.hpp"
#include "sim/ensembles/probe_families.hpp"
#include "tests/catch.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using ensembles::Mechanism;

double at(const MechanismStatistics& s, std::string_view name) {
  const auto list = mechanism_statistic_list();
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const auto& x) { return x.name == name; });
  return s[static_cast<std::size_t>(std::distance(list.begin(), found))];
}

MechanismStatistics statistics_of(const arma::mat& W) {
  return mechanism_statistics(W, analyze_matrix(W));
}

arma::mat draw(std::string_view ensemble, const theory::NamedParameters& parameters) {
  core::Stream stream = core::Stream(21).child(ensemble);
  return ensembles::make_ensemble(ensemble, parameters).matrix(400, 200, stream);
}

TEST_CASE("tail mechanism: what each statistic is about", "[inference]") {
  const auto noise = statistics_of(draw("gaussian", {}));
  const auto entries = statistics_of(draw("pareto", {{"mu", "1"}}));
  const auto population = statistics_of(draw("power-law-covariance", {{"alpha", "2"}}));
  const auto weak = statistics_of(draw("weak-repulsion", {{"alpha", "2"}, {"repulsion", "0"}}));
  // One entry makes the largest singular value; vectors are single components; shuffling keeps it.
  CHECK(at(entries, "largest_entry") > 0.9);
  CHECK(at(population, "largest_entry") < 0.4);
  CHECK(at(entries, "right_localization") > 3);
  CHECK_THAT(at(population, "right_localization"), WithinAbs(0, 0.3));
  CHECK(at(entries, "shuffled_ks") > 0.3);
  CHECK(at(population, "shuffled_ks") < 0.1);
  CHECK_THAT(at(entries, "shuffled_ratio"), WithinAbs(0, 0.5));
  CHECK(at(population, "shuffled_ratio") > 1);
  // Levels without repulsion are Poisson: 2 ln 2 - 1 = 0.386; noise has 0.531 (s.d. 0.02 here).
  CHECK_THAT(at(weak, "gap_ratio"), WithinAbs(2 * std::log(2.0) - 1, 0.08));
  CHECK_THAT(at(noise, "gap_ratio"), WithinAbs(0.531, 0.06));
  for (const double value : noise) CHECK(std::isfinite(value));
}

TEST_CASE("tail mechanism: the verdict is a function of the matrix", "[inference]") {
  const arma::mat W = draw("power-law-covariance", {{"alpha", "2"}});
  CHECK(statistics_of(W) == statistics_of(W));
  const auto verdict = MechanismClassifier::shipped().classify(statistics_of(W));
  CHECK_THAT(std::accumulate(verdict.probabilities.begin(), verdict.probabilities.end(), 0.0),
             WithinAbs(1, 1e-12));
  CHECK(verdict.mechanism == Mechanism::heavy_population);
}

TEST_CASE("tail mechanism: the shipped classifier on one draw of each probe", "[inference]") {
  std::size_t right = 0, all = 0;
  for (const auto& family : ensembles::probe_families(ensembles::Probe::mechanism)) {
    const auto ensemble = make_member(family, strength_at(family, 0.5));
    const auto truth = ensemble.truth(500, 250).mechanism;
    if (std::find(tail_mechanisms.begin(), tail_mechanisms.end(), truth) == tail_mechanisms.end())
      continue;
    core::Stream stream = core::Stream(5).child(family.name);
    const arma::mat W = ensemble.matrix(500, 250, stream);
    right += MechanismClassifier::shipped().classify(statistics_of(W)).mechanism == truth;
    ++all;
  }
  CHECK(all >= 8);
  CHECK(right + 1 >= all);
}

TEST_CASE("tail mechanism: refuses what it cannot know", "[inference][limit]") {
  CHECK_THROWS_AS(statistics_of(arma::mat(60, 40, arma::fill::zeros)), std::exception);
  CHECK_THROWS_WITH(MechanismClassifier::train({{{}, Mechanism::noise}}),
                    ContainsSubstring("noise is not told apart"));
  CHECK_THROWS_WITH(MechanismClassifier::train({{{}, Mechanism::spikes}}),
                    ContainsSubstring("no sample is"));
  CHECK_THROWS_AS(
      MechanismClassifier::from_csv("score,statistic,center,scale,coefficient\nspikes,x,0,1,1\n"),
      std::runtime_error);
}

}  // namespace
}  // namespace rmtlab::inference
