// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/ensemble_catalogue.hpp: every row can be made, drawn and believed.
#include "sim/ensembles/ensemble_catalogue.hpp"

#include <cmath>
#include <set>
#include <stdexcept>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"
#include "theory/law_catalogue.hpp"

using namespace rmtlab;
using namespace rmtlab::ensembles;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;

namespace {

core::Stream stream_for(std::string_view name) { return core::Stream(6).child(name); }

}  // namespace

TEST_CASE("ensembles: every row draws what it declares", "[ensembles]") {
  std::set<std::string_view> names;
  for (const EnsembleEntry& entry : ensemble_catalogue()) {
    CAPTURE(entry.name);
    CHECK(names.insert(entry.name).second);
    CHECK(entry.help.size() > 20);
    const Ensemble ensemble = make_ensemble(entry.name);
    core::Stream stream = stream_for(entry.name), again = stream_for(entry.name);
    const arma::mat W = ensemble.matrix(60, 40, stream);
    CHECK(W.n_rows == 60);
    CHECK(W.n_cols == 40);
    CHECK(W.is_finite());
    CHECK(arma::approx_equal(W, ensemble.matrix(60, 40, again), "absdiff", 0));
    const arma::vec spectrum = sample_spectrum(ensemble, 60, 40, stream);
    CHECK(spectrum.n_elem == 40);
    CHECK(spectrum.is_sorted());
    CHECK(spectrum.front() >= 0);
    const auto truth = ensemble.truth(60, 40);
    CHECK_FALSE(truth.reason.empty());
    // The laws it names exist, and accept the parameters.
    if (truth.limit) CHECK(theory::make_law(truth.limit->name, truth.limit->parameters).cdf);
    if (truth.largest) CHECK(theory::make_law(truth.largest->name, truth.largest->parameters).cdf);
  }
}

TEST_CASE("ensembles: the fast spectra and largest eigenvalues have the matrices' means",
          "[ensembles]") {
  // Mean of lambda_max over 200 draws of 40 x 20, fast against dense: within 4.5 standard errors of
  // the difference; false alarms 7e-6 each.
  for (const EnsembleEntry& entry : ensemble_catalogue()) {
    const Ensemble ensemble = make_ensemble(entry.name);
    if (!ensemble.fast_spectrum) continue;
    CAPTURE(entry.name);
    constexpr int draws = 200;
    arma::vec dense(draws), fast(draws), largest(draws);
    for (arma::uword i = 0; i < draws; ++i) {
      core::Stream stream = stream_for(entry.name).child(i);
      dense[i] = std::log(correlation_eigenvalues(ensemble.matrix(40, 20, stream)).back());
      fast[i] = std::log(ensemble.fast_spectrum(40, 20, stream).back());
      largest[i] = std::log(sample_largest(ensemble, 40, 20, stream));
    }
    const double error = std::sqrt((arma::var(dense) + arma::var(fast)) / draws);
    CHECK(std::abs(arma::mean(dense) - arma::mean(fast)) < 4.5 * error);
    CHECK(std::abs(arma::mean(dense) - arma::mean(largest)) < 4.5 * error);
  }
}

TEST_CASE("ensembles: wide matrices have zeros", "[ensembles]") {
  core::Stream stream = stream_for("wide");
  const Ensemble gaussian = make_ensemble("gaussian", {{"sigma2", "4"}});
  const arma::mat W = gaussian.matrix(20, 50, stream);
  const arma::vec x = correlation_eigenvalues(W);
  REQUIRE(x.n_elem == 50);
  CHECK(arma::accu(x == 0) == 30);
  CHECK_THAT(arma::accu(x), WithinRel(arma::accu(W % W) / 20, 1e-12));
}

TEST_CASE("ensembles: rounding keeps the number of bits", "[ensembles]") {
  core::Stream stream = stream_for("bits"), same = stream_for("bits");
  const arma::mat exact = make_ensemble("gaussian").matrix(30, 20, stream);
  const arma::mat coarse = make_ensemble("gaussian", {{"mantissa_bits", "8"}}).matrix(30, 20, same);
  const arma::mat relative = arma::abs(coarse / exact - 1);
  CHECK(relative.max() <= std::ldexp(1.0, -8));
  CHECK(relative.max() > std::ldexp(1.0, -10));
}

TEST_CASE("ensembles: bad names and parameters say what would be right", "[ensembles]") {
  CHECK_THROWS_WITH(make_ensemble("gausian"), ContainsSubstring("did you mean gaussian?"));
  CHECK_THROWS_WITH(make_ensemble("gaussian", {{"sigma", "1"}}),
                    ContainsSubstring("gaussian: parameter = sigma (must be one of"));
  CHECK_THROWS_WITH(make_ensemble("pareto", {{"mu", "-1"}}),
                    ContainsSubstring("pareto: mu = -1 (must be > 0)"));
  CHECK_THROWS_WITH(make_ensemble("pareto", {{"mu", "1.5"}, {"scaling", "variance"}}),
                    ContainsSubstring("pareto: scaling = variance (must be tail or none"));
  CHECK_THROWS_WITH(make_ensemble("additive-spikes", {{"strengths", "0.9"}}),
                    ContainsSubstring("strengths = 0.9 (must be >= 1 for scale = outlier"));
  CHECK_THROWS_AS(make_ensemble("pareto", {{"mu", "0.9"}, {"centring", "centred"}}),
                  std::domain_error);
}
