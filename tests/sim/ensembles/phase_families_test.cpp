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
#include "tests/catch.hpp"

using namespace rmtlab;
using namespace rmtlab::ensembles;
using theory::Phase;
namespace definition = theory::phase_definition;

namespace {

// Entries beyond 5 robust standard deviations are cut back to there: one huge entry is no collapse.
arma::mat clipped(arma::mat W) {
  const double limit = 5 * 1.4826 * arma::median(arma::abs(arma::vectorise(W)));
  W.transform([limit](double w) { return std::clamp(w, -limit, limit); });
  return W;
}

double share_below(const arma::vec& x, double level) {
  return static_cast<double>(arma::accu(x < level)) / static_cast<double>(x.n_elem);
}

}  // namespace

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
      if (truth.phase) CHECK(*truth.phase == family.phase);
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
    const arma::vec x = correlation_eigenvalues(W), y = correlation_eigenvalues(clipped(W));
    CAPTURE(family.name);
    const double collapsed = share_below(y, definition::collapsed_level * arma::mean(y));
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
  CHECK_FALSE(make_ensemble("low-rank", {{"rank_fraction", "0.9"}}).truth(784, 128).phase);
  CHECK_FALSE(make_ensemble("low-rank", {{"floor", "0.1"}}).truth(784, 128).phase);
  CHECK_FALSE(make_ensemble("dead-units", {{"fraction", "0.1"}}).truth(784, 128).phase);
  CHECK_FALSE(make_ensemble("pareto", {{"mu", "3"}}).truth(784, 128).phase);
  CHECK(make_ensemble("pareto", {{"mu", "5"}}).truth(784, 128).phase == Phase::random_like);
  CHECK(make_ensemble("power-law-covariance", {{"fraction", "0.1"}}).truth(784, 128).phase ==
        Phase::bulk_decay);
}
