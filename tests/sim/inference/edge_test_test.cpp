// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/edge_test.hpp.
#include "sim/inference/edge_test.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <armadillo>

#include "sim/ensembles/wishart_spectrum.hpp"
#include "sim/inference/bulk_variance.hpp"
#include "sim/inference/null_simulation.hpp"
#include "tests/catch.hpp"
#include "theory/hard_edge.hpp"
#include "theory/tracy_widom.hpp"
#include "theory/wishart_edge.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using core::Stream;
using ensembles::wishart_spectrum;

struct Shape {
  std::size_t rows, cols;
};

TEST_CASE("edge_test: both edges of noise are rejected as often as the level says",
          "[inference][statistical]") {
  // 2000 draws. At 5 %: 100 expected, binomial standard deviation 9.7; at 1 %: 20 and 4.4. 4.5 of them (false
  // alarm 7e-6, for Poisson tails 2e-5) on top of an approximation that is within 8 % of the level at
  // these shapes (theory/wishart_edge.hpp): 48 ... 155 and 2 ... 43.
  const auto [rows, cols] = GENERATE(Shape{60, 60}, Shape{150, 100}, Shape{400, 50});
  CAPTURE(rows, cols);
  Stream stream = Stream(11).child(rows);
  int upper5 = 0, upper1 = 0, lower5 = 0, lower1 = 0, wrong5 = 0;
  for (int r = 0; r < 2000; ++r) {
    const arma::vec values = wishart_spectrum(rows, cols, 0.3, stream);
    const double sigma2 = arma::mean(values);
    const double upper = upper_edge_test(values.back(), sigma2, rows, cols, 0, 0).p_value;
    const double lower = lower_edge_test(values.front(), sigma2, rows, cols, 0, 0).p_value;
    upper5 += upper < 0.05;
    upper1 += upper < 0.01;
    lower5 += lower < 0.05;
    lower1 += lower < 0.01;
    wrong5 += upper_edge_test(values.back(), 0.96 * sigma2, rows, cols, 0, 0).p_value < 0.05;
  }
  for (const int rejected : {upper5, lower5}) {
    CHECK(rejected >= 48);
    CHECK(rejected <= 155);
  }
  for (const int rejected : {upper1, lower1}) {
    CHECK(rejected >= 2);
    CHECK(rejected <= 43);
  }
  CHECK(wrong5 > 155);  // negative control: a variance 4 % low is noticed
}

TEST_CASE("edge_test: the kurtosis correction restores the size for signs",
          "[inference][statistical]") {
  // Rademacher entries at 128 x 64: without the correction 0.02 of 1000 at 5 %, with it the
  // level. Binomial standard deviation 6.9: 4.5 of them around 50 are 19 ... 81; the correction itself is
  // short by up to a fourth of its shift, 0.1 to 0.2 in z, as is the approximation of the mean.
  Stream stream(12);
  int corrected = 0, uncorrected = 0, wrong_sign = 0;
  for (int r = 0; r < 1000; ++r) {
    const arma::vec values = null_spectrum(NullEntries::rademacher, 128, 64, stream);
    const double sigma2 = arma::mean(values), largest = values.back();
    corrected += upper_edge_test(largest, sigma2, 128, 64, 0, -2).p_value < 0.05;
    uncorrected += upper_edge_test(largest, sigma2, 128, 64, 0, 0).p_value < 0.05;
    wrong_sign += upper_edge_test(largest, sigma2, 128, 64, 0, 2).p_value < 0.05;
  }
  CAPTURE(corrected, uncorrected, wrong_sign);
  CHECK(corrected >= 19);
  CHECK(corrected <= 81);
  CHECK(uncorrected < 19);  // negative controls
  CHECK(wrong_sign <= uncorrected);
}

TEST_CASE("edge_test: the kurtosis shifts z outwards, up to the cap", "[inference]") {
  const double lambda = 3.1;
  const auto z = [&](double kurtosis) {
    return upper_edge_test(lambda, 1, 128, 64, 0, kurtosis).z;
  };
  CHECK_THAT(z(0) - z(1), WithinRel(theory::edge_kurtosis_shift(128, 64, 1), 1e-12));
  CHECK_THAT(z(-2) - z(0), WithinRel(theory::edge_kurtosis_shift(128, 64, 2), 1e-12));
  CHECK(z(2) == z(largest_corrected_kurtosis));
  CHECK(z(1000) == z(2));
  CHECK(z(std::numeric_limits<double>::infinity()) == z(2));
  const auto below = [&](double kurtosis) {
    return lower_edge_test(0.08, 1, 128, 64, 0, kurtosis).z;
  };
  CHECK_THAT(
      below(0) - below(1),
      WithinRel(theory::edge_kurtosis_shift(128, 64, 1, theory::SpectrumEdge::lower), 1e-12));
  CHECK(below(5) == below(2));
}

TEST_CASE("edge_test: what is set apart leaves noise of a smaller shape", "[inference]") {
  // z of eigenvalue k + 1 is that of the largest of (N - k) x (M - k) noise normalised by N - k.
  const auto after = upper_edge_test(3.0, 1.1, 100, 50, 5, 0.4);
  const auto alone = upper_edge_test(3.0 * 100 / 95, 1.1, 95, 45, 0, 0.4);
  CHECK_THAT(after.z, WithinRel(alone.z, 1e-13));
  CHECK_THAT(after.p_value, WithinRel(alone.p_value, 1e-12));
  CHECK_THAT(after.p_value, WithinRel(sf(theory::TraceRatioEdge(95, 45), after.z), 1e-14));
  // Below ten the trace ratio has no law; Tracy-Widom's is wider, so that p is larger.
  const auto few = upper_edge_test(3.0, 1.1, 100, 50, 41, 0);
  CHECK(few.p_value == theory::edge_p_value(few.z));
}

TEST_CASE("edge_test: the hard edge of a square matrix", "[inference]") {
  // Edelman: P(lambda_min < y sigma2 / N^2) is exact, and z is the Tracy-Widom quantile of the same p.
  const auto test = lower_edge_test(2e-5, 2.0, 80, 80, 0, 0);
  CHECK(test.p_value == cdf(theory::HardEdge(80, 1, 2.0), 2e-5));
  CHECK_THAT(theory::edge_p_value(test.z), WithinRel(test.p_value, 1e-10));
  CHECK(lower_edge_test(1e-7, 2.0, 80, 80, 0, 0).z > test.z);
  const auto zero = lower_edge_test(0, 1, 80, 80, 0, 0);
  CHECK(zero.p_value == 0);
  CHECK(zero.z == std::numeric_limits<double>::infinity());
  // Where 1 - p underflows: an orthogonal matrix is nowhere near the hard edge.
  const auto all_equal = lower_edge_test(1, 1, 200, 200, 0, 0);
  CHECK(all_equal.p_value == 1);
  CHECK(all_equal.z < -10);
}

TEST_CASE("edge_test: far outside p underflows to 0 and z goes on", "[inference][limit]") {
  const auto far = upper_edge_test(1e6, 1, 200, 100, 0, 0);
  CHECK(far.p_value == 0);
  CHECK(far.z > 1e6);
  const auto zero = lower_edge_test(0, 1, 200, 100, 0, 0);
  CHECK(zero.p_value == 0);
  CHECK(zero.z == std::numeric_limits<double>::infinity());
  CHECK(upper_edge_test(1e-3, 1, 200, 100, 0, 0).p_value == 1);
}

TEST_CASE("edge_test: refuses what is no noise", "[inference][errors]") {
  CHECK_THROWS_AS(upper_edge_test(3, 0, 100, 50, 0, 0), std::domain_error);
  CHECK_THROWS_AS(upper_edge_test(std::nan(""), 1, 100, 50, 0, 0), std::domain_error);
  CHECK_THROWS_AS(upper_edge_test(3, 1, 100, 50, 0, -2.1), std::domain_error);
  CHECK_THROWS_AS(upper_edge_test(3, 1, 100, 50, 0, std::nan("")), std::domain_error);
  CHECK_THROWS_AS(lower_edge_test(0.1, -1, 100, 50, 0, 0), std::domain_error);
  CHECK_THROWS_AS(lower_edge_test(0.1, -1, 50, 50, 0, 0), std::domain_error);
}

}  // namespace
}  // namespace rmtlab::inference
