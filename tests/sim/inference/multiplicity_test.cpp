// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/multiplicity.hpp.
#include "sim/inference/multiplicity.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using Values = std::vector<double>;

const double nan = std::numeric_limits<double>::quiet_NaN();

void check_equal(const Values& found, const Values& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(i);
    CHECK_THAT(found[i], WithinRel(expected[i], 1e-14));
  }
}

TEST_CASE("multiplicity: the example of Benjamini and Hochberg 1995", "[inference][reference]") {
  // Section 4.1, 15 hypotheses: four are rejected at 5 %, three by Bonferroni's rule.
  const Values p{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
  const Values adjusted = benjamini_hochberg(p);
  check_equal(adjusted, {0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.447 / 7, 0.447 / 7, 0.0645,
                         0.0765, 0.486, 6.393 / 11, 0.714875, 9.792 / 13, 11.385 / 14, 1});
  int rejected = 0, bonferroni = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    rejected += adjusted[i] <= 0.05;
    bonferroni += 15 * p[i] <= 0.05;
  }
  CHECK(rejected == 4);
  CHECK(bonferroni == 3);
}

TEST_CASE("multiplicity: order, ties, zeros and tests not made", "[inference]") {
  // Three tests: 0.02 and 0.02 share rank 2, so both become 0.03; 0.5 stays.
  check_equal(benjamini_hochberg(Values{0.5, 0.02, 0.02}), {0.5, 0.03, 0.03});
  const Values with_absent = benjamini_hochberg(Values{nan, 0.5, 0.02, nan, 0.02});
  CHECK(std::isnan(with_absent[0]));
  CHECK(std::isnan(with_absent[3]));
  check_equal({with_absent[1], with_absent[2], with_absent[4]}, {0.5, 0.03, 0.03});
  CHECK(benjamini_hochberg(Values{0, 1}) == Values{0, 1});
  CHECK(benjamini_hochberg(Values{}).empty());
  CHECK(std::isnan(benjamini_hochberg(Values{nan}).front()));
  CHECK(benjamini_hochberg(Values{0.3}) == Values{0.3});
}

TEST_CASE("multiplicity: any dependence costs the harmonic sum", "[inference]") {
  // m = 4: 1 + 1/2 + 1/3 + 1/4 = 25/12, cut at 1.
  // Ranks 1 to 4 of 0.01, 0.03, 0.04, 0.9: 4 p / rank = 0.04, 0.06 -> 0.16/3, 0.16/3, 0.9.
  check_equal(benjamini_yekutieli(Values{0.01, 0.04, 0.03, 0.9}), {0.25 / 3, 1.0 / 9, 1.0 / 9, 1});
  CHECK(benjamini_yekutieli(Values{0.01, 0.04, nan, 0.03, 0.9})[4] == 1);
  CHECK(std::isnan(benjamini_yekutieli(Values{0.01, nan})[1]));
  CHECK(benjamini_yekutieli(Values{0.3}) == Values{0.3});
}

TEST_CASE("multiplicity: the false discovery rate is q m0 / m", "[inference][statistical]") {
  // 80 true and 20 false hypotheses, independent: exactly 0.08 at q = 0.1, and 0.08 over the harmonic
  // sum 5.187 for the other. |error| < 4.5 standard errors: false alarm 7e-6 each.
  struct Rate {
    double sum = 0, squares = 0;
    int of = 0;
    void add(const Values& p, double q) {
      int rejected = 0, wrong = 0;
      for (std::size_t i = 0; i < p.size(); ++i)
        if (p[i] <= q) ++rejected, wrong += i < 80;
      const double share = rejected > 0 ? static_cast<double>(wrong) / rejected : 0;
      sum += share, squares += share * share, ++of;
    }
    [[nodiscard]] double mean() const { return sum / of; }
    [[nodiscard]] double error() const { return std::sqrt((squares / of - mean() * mean()) / of); }
  };
  core::Stream stream = core::Stream(1).child("false discovery rate");
  Rate plain, hochberg, yekutieli;
  for (int r = 0; r < 2000; ++r) {
    Values p(100);
    for (std::size_t i = 0; i < 100; ++i) p[i] = std::pow(stream.uniform(), i < 80 ? 1 : 8);
    plain.add(p, 0.1);
    hochberg.add(benjamini_hochberg(p), 0.1);
    yekutieli.add(benjamini_yekutieli(p), 0.1);
  }
  CAPTURE(hochberg.mean(), hochberg.error(), yekutieli.mean(), yekutieli.error());
  CHECK_THAT(hochberg.mean(), WithinAbs(0.08, 4.5 * hochberg.error()));
  CHECK_THAT(yekutieli.mean(), WithinAbs(0.08 / 5.18738, 4.5 * yekutieli.error()));
  CHECK(std::abs(hochberg.mean() - 0.1) > 4.5 * hochberg.error());  // the rate is not q itself
  CHECK(plain.mean() > 0.2);  // negative control: p-values as they are
}

TEST_CASE("multiplicity: refuses what is no probability", "[inference][errors]") {
  CHECK_THROWS_WITH(benjamini_hochberg(Values{0.5, 1.5}),
                    ContainsSubstring("benjamini_hochberg: p_values[1] = 1.5 (must be in [0, 1]"));
  CHECK_THROWS_AS(benjamini_yekutieli(Values{-0.1}), std::domain_error);
}

}  // namespace
}  // namespace rmtlab::inference
