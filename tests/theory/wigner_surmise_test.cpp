// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/wigner_surmise.hpp.
#include "theory/wigner_surmise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"
#include "tests/theory/law_checks.hpp"
#include "tests/theory/reference_table.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;

namespace {
constexpr double eps = std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("wigner_surmise: matches reference values", "[theory][accuracy]") {
  const std::map<std::string, int> ensembles = {{"goe", 1}, {"gue", 2}, {"gse", 4}};
  for (const auto& row : tests::reference_rows("reference/rmt/wigner_surmise.csv"))
    for (const auto& [name, beta] : ensembles) {
      const WignerSurmise law(beta);
      const double s = row.number("s");
      CAPTURE(name, s);
      const double tolerance = 32 * eps * (1 + law.rate() * s * s);
      CHECK_THAT(pdf(law, s), WithinRel(row.number(name + "_pdf"), tolerance));
      CHECK_THAT(cdf(law, s), WithinRel(row.number(name + "_cdf"), tolerance));
      CHECK_THAT(sf(law, s), WithinAbs(1 - row.number(name + "_cdf"), 4 * eps));
    }
}

TEST_CASE("wigner_surmise: is as close to the exact spacing law as it says", "[theory][limit]") {
  const std::map<std::string, std::pair<int, double>> ensembles = {
      {"goe", {1, 0.0065}}, {"gue", {2, 0.0012}}, {"gse", {4, 0.0005}}};
  double largest = 0;
  const auto rows = tests::reference_rows("reference/rmt/spacing_exact.csv");
  for (const auto& row : rows) {
    const auto& [beta, bound] = ensembles.at(row.text("ensemble"));
    const double s = row.number("s");
    CAPTURE(beta, s);
    const double difference = std::abs(cdf(WignerSurmise(beta), s) - row.number("spacing_cdf"));
    CHECK(difference < bound);
    largest = std::max(largest, difference);
  }
  if (!rows.empty()) CHECK(largest > 0.006);  // it is an approximation
}

TEST_CASE("wigner_surmise: moments, tails and closed forms", "[theory][property]") {
  for (const int beta : {1, 2, 4}) {
    const WignerSurmise law(beta);
    CAPTURE(beta);
    // Beyond s = 9 less than exp(-63) is left.
    const auto moment = [&law](int k) {
      return tests::integrate([&](double s) { return std::pow(s, k) * pdf(law, s); }, 9);
    };
    CHECK_THAT(moment(0), WithinRel(1.0, 1e-13));
    CHECK_THAT(moment(1), WithinRel(mean(law), 1e-13));
    CHECK_THAT(moment(2) - 1, WithinRel(variance(law), 1e-12));
    tests::check_quantiles(law, 64 * eps * (1 + 460));  // log(1e-200) = -460 multiplies a rounding
    CHECK_THAT(log_sf(law, 3), WithinRel(std::log(sf(law, 3)), 8 * eps));
  }
  CHECK_THAT(variance(WignerSurmise(1)), WithinAbs(0.27324, 5e-6));
  CHECK_THAT(variance(WignerSurmise(2)), WithinAbs(0.17810, 5e-6));
  CHECK_THAT(variance(WignerSurmise(4)), WithinAbs(0.10447, 5e-6));
  // sf = exp(-pi s^2 / 4) for beta = 1, at any depth.
  CHECK_THAT(log_sf(WignerSurmise(1), 1e4), WithinRel(-0.25e8 * std::acos(-1.0), 4 * eps));
  CHECK(log_sf(WignerSurmise(2), infinity) == -infinity);
  CHECK(log_sf(WignerSurmise(2), -1) == 0);
}

TEST_CASE("wigner_surmise: is the spacing of 2 x 2 matrices", "[theory][statistical]") {
  // beta = 1: [[a, c], [c, b]] with Var a = Var b = 2 Var c; the spacing is sqrt((a-b)^2 + 4 c^2).
  const int draws = 4000;
  core::Stream stream = core::Stream(20240613).child("spacing");
  std::vector<double> spacings(draws);
  double total = 0;
  for (double& s : spacings) {
    const double a = std::sqrt(2.0) * stream.normal(), b = std::sqrt(2.0) * stream.normal();
    s = std::hypot(a - b, 2 * stream.normal());
    total += s;
  }
  std::sort(spacings.begin(), spacings.end());
  double right = 0, wrong = 0;
  for (int i = 0; i < draws; ++i) {
    const double s = spacings[static_cast<std::size_t>(i)] * draws / total;
    right = std::max(right, std::abs(cdf(WignerSurmise(1), s) - (i + 0.5) / draws));
    wrong = std::max(wrong, std::abs(cdf(WignerSurmise(2), s) - (i + 0.5) / draws));
  }
  // Kolmogorov's 0.1 % point is 1.95 / sqrt(4000) = 0.031 (the fitted mean makes it conservative).
  CHECK(right < 0.031);
  CHECK(wrong > 0.031);  // negative control
}

TEST_CASE("wigner_surmise: rejects arguments outside the domain", "[theory][errors]") {
  CHECK_THROWS_WITH(WignerSurmise(3),
                    ContainsSubstring("WignerSurmise: dyson_index = 3 (must be 1, 2 or 4)"));
  CHECK_THROWS_AS(cdf(WignerSurmise(1), std::nan("")), std::domain_error);
  CHECK_THROWS_WITH(quantile_sf(WignerSurmise(1), -1), ContainsSubstring("quantile_sf: q = -1"));
  CHECK(pdf(WignerSurmise(4), 1e200) == 0);  // not infinity times 0
  CHECK(sf(WignerSurmise(4), 1e100) == 0);
}
