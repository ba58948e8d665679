// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/phase_families.hpp and of the labels of the catalogue.
#include "sim/ensembles/phase_families.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>

#include "sim/core/random.hpp"
#include "sim/inference/clipped_entries.hpp"
#include "sim/inference/collapse.hpp"
#include "tests/catch.hpp"

using namespace rmtlab;
using namespace rmtlab::ensembles;
using theory::Phase;
namespace definition = theory::phase_definition;

TEST_CASE("phase families: at least three for each phase, names once", "[ensembles]") {
  std::map<Phase, int> count;
  std::set<std::string_view> names;
  for (const PhaseFamily& family : phase_families()) {
    ++count[family.phase];
    CHECK(names.insert(family.name).second);
    CHECK(family.name.substr(0, family.name.find('/')) == name(family.phase));
    CHECK(&find_phase_family(family.name) == &family);
  }
  for (const Phase phase : theory::all_phases) CHECK(count[phase] >= 3);
  CHECK_THROWS_AS(find_phase_family("heavy-tailed/none"), std::domain_error);
  CHECK_THROWS_AS(strength_at(phase_families().front(), 1.1), std::domain_error);
}

TEST_CASE("phase families: declared labels are the family's phase over its range", "[ensembles]") {
  for (const PhaseFamily& family : phase_families()) {
    for (const double t : {0.0, 0.5, 1.0}) {
      const auto truth = make_member(family, strength_at(family, t)).truth(784, 128);
      CAPTURE(family.name, t, truth.reason);
      CHECK_FALSE(truth.reason.empty());
      const Phase expected = t == 0 ? family.weak_phase.value_or(family.phase) : family.phase;
      // A family that crosses a border does so somewhere: in the middle both phases will do.
      if (truth.phase && !(t == 0.5 && family.weak_phase)) CHECK(*truth.phase == expected);
      // The weak end of bleeding-out lies in the critical window: unscored, and said so.
      const bool weak_end = family.phase == Phase::bleeding_out && t == 0;
      CHECK(truth.phase.has_value() != weak_end);
      if (weak_end) CHECK(truth.reason.find("nobody can tell") != std::string::npos);
    }
  }
}

// The label is declared, never measured; these are measurements of what the definitions promise. Each
// bound is far outside the fluctuations seen over 20 seeds, so a failure is a wrong generator.
TEST_CASE("phase families: matrices keep what the definitions promise", "[ensembles]") {
  for (const PhaseFamily& family : phase_families()) {
    const auto truth = make_member(family, strength_at(family, 1)).truth(784, 128);
    core::Stream stream = core::Stream(8).child(family.name);
    const arma::mat W = make_member(family, strength_at(family, 1)).matrix(784, 128, stream);
    const arma::vec x = correlation_eigenvalues(W);
    const arma::mat cut = inference::clipped_entries(W).value_or(W);
    CAPTURE(family.name);
    const double collapsed = inference::collapsed_share(correlation_eigenvalues(cut));
    if (family.phase == Phase::rank_collapse)
      CHECK(collapsed >= definition::collapsed_share);
    else
      CHECK(collapsed < definition::collapsed_share);
    if (!truth.outliers.empty()) {
      // Predicted within five standard deviations of the covariance spike's, the wider one.
      const double predicted = truth.outliers.front();
      CHECK(std::abs(x.back() / predicted - 1) < 5 * std::sqrt(2.0 / 784) * 1.2);
    }
  }
}

TEST_CASE("phase families: the collapse disappears where it is not declared", "[ensembles]") {
  // Negative control: the same generators outside their range.
  const auto phase_of = [](const char* ensemble, const theory::NamedParameters& parameters) {
    return make_ensemble(ensemble, parameters).truth(784, 128).phase;
  };
  CHECK(phase_of("low-rank", {{"rank_fraction", "0.9"}}) == Phase::bulk_decay);
  CHECK(phase_of("low-rank", {{"floor", "0.1"}}) == Phase::bulk_decay);
  CHECK_FALSE(phase_of("low-rank", {{"floor", "2"}}));
  CHECK_FALSE(phase_of("low-rank", {{"floor", "0.1"}, {"rank_fraction", "0.02"}}));
  CHECK_FALSE(phase_of("dead-units", {{"fraction", "0.1"}}));
  CHECK(phase_of("log-linear-covariance", {{"decades", "3"}}) == Phase::bulk_decay);
  CHECK(phase_of("gamma-covariance", {{"shape", "1"}}) == Phase::bulk_decay);
  CHECK_FALSE(phase_of("pareto", {{"mu", "3"}}));
  CHECK(phase_of("pareto", {{"mu", "5"}}) == Phase::random_like);
  CHECK(phase_of("power-law-covariance", {{"fraction", "0.1"}}) == Phase::bulk_decay);
}

// Where the declared label changes, the share of the definition does: measured on large matrices, whose
// shares stray from the limit law by about 1/M.
TEST_CASE("phase families: a collapse begins where a fifth is lost", "[ensembles]") {
  for (const PhaseFamily& family : phase_families()) {
    if (!family.weak_phase || family.phase != Phase::rank_collapse) continue;
    for (const double q : {1.0, 4.0}) {
      const std::size_t cols = 240, rows = static_cast<std::size_t>(q * 240);
      double below = 0, above = 1;  // strengths on either side of the border
      while (above - below > 1e-3) {
        const double t = (below + above) / 2;
        const auto truth = make_member(family, strength_at(family, t)).truth(rows, cols);
        (truth.phase == Phase::rank_collapse ? above : below) = t;
      }
      core::Stream stream = core::Stream(11).child(family.name);
      const auto share_at = [&](double t) {
        const arma::mat W = make_member(family, strength_at(family, t)).matrix(rows, cols, stream);
        const arma::mat cut = inference::clipped_entries(W).value_or(W);
        return inference::collapsed_share(correlation_eigenvalues(cut));
      };
      CAPTURE(family.name, q, strength_at(family, above));
      CHECK(share_at(std::max(0.0, below - 0.06)) < definition::collapsed_share);
      CHECK(share_at(std::min(1.0, above + 0.06)) > definition::collapsed_share);
    }
  }
}
