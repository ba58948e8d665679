// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of theory/gap_ratio.hpp.
#include "theory/gap_ratio.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "tests/catch.hpp"
#include "tests/theory/law_checks.hpp"
#include "tests/theory/reference_table.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;
using namespace rmtlab;
using namespace rmtlab::theory;

namespace {
constexpr double eps = std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("gap_ratio: matches reference values", "[theory][accuracy]") {
  for (const auto& row : tests::reference_rows("reference/rmt/gap_ratio.csv")) {
    const std::string& name = row.text("law");
    if (name == "poisson") continue;
    const GapRatio law(name.back() - '0');
    CAPTURE(name, row.text("arg"));
    const double expected = row.number("value_or_pdf");
    if (row.text("kind") == "mean_rtilde") {
      CHECK_THAT(mean_folded(law), WithinRel(expected, 4 * eps));
      continue;
    }
    const double r = row.number("arg");
    CHECK_THAT(pdf(law, r), WithinRel(expected, 64 * eps));
    CHECK_THAT(cdf(law, r), WithinRel(row.number("cdf"), 64 * eps));
    if (r > 0) CHECK_THAT(sf(law, 1 / r), WithinRel(row.number("cdf"), 64 * eps));
  }
}

TEST_CASE("gap_ratio: moments, symmetry and tails", "[theory][property]") {
  for (const int beta : {1, 2, 4}) {
    const GapRatio law(beta);
    CAPTURE(beta);
    // The half r > 1 by the symmetry r -> 1/r.
    const auto folded = [&law](auto f) {
      return tests::integrate([&](double r) { return (f(r) + f(1 / r)) * pdf(law, r); }, 1);
    };
    CHECK_THAT(folded([](double) { return 1.0; }), WithinRel(1.0, 1e-13));
    CHECK_THAT(folded([](double r) { return r; }), WithinRel(mean(law), 1e-13));
    CHECK_THAT(folded([](double r) { return std::min(r, 1 / r); }),
               WithinRel(mean_folded(law), 1e-13));
    if (beta > 1)
      CHECK_THAT(folded([](double r) { return r * r; }) - mean(law) * mean(law),
                 WithinRel(variance(law), 1e-12));
    CHECK_THAT(tests::integrate([&](double r) { return pdf(law, r); }, 0.6),
               WithinRel(cdf(law, 0.6), 1e-13));
    // p ~ r^beta at zero: cdf = r pdf / (beta + 1), next order in r.
    CHECK_THAT(cdf(law, 1e-9), WithinRel(1e-9 * pdf(law, 1e-9) / (beta + 1), 1e-8));
    CHECK_THAT(pdf(law, 7.0), WithinRel(pdf(law, 1 / 7.0) / 49, 16 * eps));
    CHECK_THAT(cdf(law, 1), WithinRel(0.5, 8 * eps));
    CHECK(quantile(law, 0.5) == 1);
    tests::check_quantiles(law, 128 * eps);
  }
  CHECK(variance(GapRatio(1)) == infinity);
}

TEST_CASE("gap_ratio: rejects arguments outside the domain", "[theory][errors]") {
  CHECK_THROWS_WITH(GapRatio(0),
                    ContainsSubstring("GapRatio: dyson_index = 0 (must be 1, 2 or 4)"));
  CHECK_THROWS_AS(cdf(GapRatio(1), std::nan("")), std::domain_error);
  CHECK_THROWS_WITH(quantile(GapRatio(1), 2), ContainsSubstring("quantile: p = 2"));
}
