// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/phase_statistics.hpp.
#include "sim/inference/phase_statistics.hpp"

#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>

#include "sim/core/random.hpp"
#include "sim/ensembles/phase_families.hpp"
#include "sim/inference/matrix_analysis.hpp"
#include "tests/catch.hpp"
#include "theory/marchenko_pastur.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

double at(const std::array<double, phase_statistic_count>& s, std::string_view name) {
  return s[phase_statistic_index(name)];
}

std::array<double, phase_statistic_count> statistics_of(const arma::vec& ascending,
                                                        std::size_t rows) {
  PhaseInput input;
  input.eigenvalues = ascending;
  input.rows = rows;
  return phase_statistics(input);
}

// The law's own quantiles: the spectrum of noise without its fluctuations.
arma::vec exact_noise(std::size_t rows, std::size_t cols) {
  const theory::MarchenkoPastur law(static_cast<double>(rows) / static_cast<double>(cols), 1.0);
  arma::vec x(cols);
  for (std::size_t i = 0; i < cols; ++i)
    x[i] = quantile(law, (static_cast<double>(i) + 0.5) / static_cast<double>(cols));
  return x;
}

TEST_CASE("phase statistics: names once, each with a meaning", "[inference]") {
  std::set<std::string_view> names;
  for (const auto& statistic : phase_statistic_list()) {
    CHECK(names.insert(statistic.name).second);
    CHECK_FALSE(statistic.meaning.empty());
  }
  CHECK_THROWS_AS(phase_statistic_index("stretch_21"), std::domain_error);
}

TEST_CASE("phase statistics: the spectrum of noise is not stretched", "[inference]") {
  const auto s = statistics_of(exact_noise(400, 100), 400);
  for (const char* name : {"stretch_02", "stretch_10", "stretch_20", "stretch_80"})
    CHECK_THAT(at(s, name), WithinAbs(0, 0.01));
  CHECK(at(s, "stretch_top") < 0.02);
  CHECK(at(s, "ks_all") < 0.01);
  CHECK_THAT(at(s, "log_cols"), WithinRel(std::log(100.0) - 5, 1e-14));
  CHECK_THAT(at(s, "log_aspect_ratio"), WithinRel(std::log(4.0), 1e-14));
  // The unit of the eigenvalues changes nothing.
  const auto scaled = statistics_of(1e-7 * exact_noise(400, 100), 400);
  for (std::size_t i = 0; i < s.size(); ++i) CHECK_THAT(scaled[i], WithinAbs(s[i], 1e-9));
}

TEST_CASE("phase statistics: a spectrum stretched by hand", "[inference]") {
  // Taking each logarithm twice as far from the median stretches every quantile by what it was.
  const arma::vec x = exact_noise(400, 100);
  const double middle = std::sqrt(x[49] * x[50]);
  const auto s = statistics_of(middle * arma::square(x / middle), 400);
  const theory::MarchenkoPastur law(4, 1.0);
  const auto expected = [&](double p) { return std::log(quantile(law, p) / middle); };
  CHECK_THAT(at(s, "stretch_80"), WithinAbs(expected(0.8), 0.01));
  CHECK_THAT(at(s, "stretch_10"), WithinAbs(-expected(0.1), 0.02));
}

TEST_CASE("phase statistics: collapse is measured with the entries clipped", "[inference]") {
  // Identical levels and two entries that make 1e6 times their eigenvalue: no collapse once they are cut.
  PhaseInput input;
  input.eigenvalues = arma::vec(50, arma::fill::ones);
  input.eigenvalues.tail(2).fill(1e6);
  input.rows = 100;
  CHECK_THAT(at(phase_statistics(input), "collapse_depth"),
             WithinAbs(std::log10(1e3 / (1e6 / 49)), 1e-3));
  input.clipped_eigenvalues = arma::vec(50, arma::fill::ones);
  CHECK_THAT(at(phase_statistics(input), "collapse_depth"), WithinRel(3.0, 1e-12));
  // One huge eigenvalue is not counted in the mean, whatever made it.
  input.clipped_eigenvalues->back() = 1e12;
  CHECK_THAT(at(phase_statistics(input), "collapse_depth"), WithinRel(3.0, 1e-12));
}

TEST_CASE("phase statistics: finite for every family", "[inference]") {
  for (const auto& family : ensembles::phase_families()) {
    core::Stream stream = core::Stream(9).child(family.name);
    const arma::mat W = make_member(family, strength_at(family, 1)).matrix(90, 60, stream);
    const auto analysis = analyze_matrix(W);
    CAPTURE(family.name);
    REQUIRE(analysis.decision.statistics);
    for (const double value : *analysis.decision.statistics) CHECK(std::isfinite(value));
  }
}

TEST_CASE("phase statistics: refuses what is no spectrum", "[inference][limit]") {
  CHECK_THROWS_AS(statistics_of(arma::vec(9, arma::fill::ones), 20), std::domain_error);
  CHECK_THROWS_AS(statistics_of(arma::vec(20, arma::fill::ones), 19), std::domain_error);
  CHECK_THROWS_AS(statistics_of(arma::vec(20, arma::fill::zeros), 20), std::domain_error);
}

}  // namespace
}  // namespace rmtlab::inference
