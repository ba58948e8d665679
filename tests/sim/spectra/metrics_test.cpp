// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/spectra/metrics.hpp.
#include "sim/spectra/metrics.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include <armadillo>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using rmtlab::spectra::Spectrum;
using namespace rmtlab::spectra;

constexpr double eps = std::numeric_limits<double>::epsilon();

Spectrum spectrum_with(const arma::vec& eigenvalues, std::size_t rows) {
  Spectrum spectrum;
  spectrum.rows = rows;
  spectrum.cols = eigenvalues.n_elem;
  spectrum.eigenvalues = eigenvalues;
  spectrum.epsilon = eps;
  return spectrum;
}

}  // namespace

TEST_CASE("metrics: values that can be checked by hand", "[spectra]") {
  const arma::vec values = {0, 1, 1, 2};
  CHECK(lambda_max(values) == 2);
  CHECK(lambda_min(values) == 0);
  CHECK(mean_eigenvalue(values) == 1);
  CHECK(stable_rank(values) == 2);
  // p = 0, 1/4, 1/4, 1/2: entropy 3/2 ln 2 = 0.75 ln 4.
  CHECK_THAT(matrix_entropy(values), WithinRel(0.75, 4 * eps));
  CHECK_THAT(matrix_entropy(values, 3), WithinRel(1.5 * std::log(2.0) / std::log(3.0), 4 * eps));
  CHECK(lower_quartile_over_mean(values) == 0.75);  // position 3/4 between 0 and 1
  CHECK(fraction_near_zero(values) == 0.25);
  CHECK(fraction_near_zero(values, 1.5) == 0.75);

  const Spectrum spectrum = spectrum_with(values, 8);
  CHECK_THAT(frobenius_norm(spectrum), WithinRel(std::sqrt(32.0), eps));
  CHECK(spectral_norm(spectrum) == 4);
  const HardRank rank = hard_rank(spectrum);
  CHECK(rank.rank == 3);
  CHECK_THAT(rank.tolerance, WithinRel(8 * eps * 4, eps));
}

TEST_CASE("metrics: agree with the definitions on the matrix itself", "[spectra][property]") {
  rmtlab::core::Stream stream(11);
  arma::mat W(60, 25);
  for (double& w : W) w = stream.normal();
  const Spectrum spectrum = spectrum_of(W);
  // Independent routes (entry sums, SVD); sums of 1500 roundings of one sign.
  const double spectral = arma::norm(W, 2), frobenius = arma::norm(W, "fro");
  CHECK_THAT(frobenius_norm(spectrum), WithinRel(frobenius, 100 * eps));
  CHECK_THAT(spectral_norm(spectrum), WithinRel(spectral, 100 * eps));
  CHECK_THAT(stable_rank(spectrum.eigenvalues),
             WithinRel(frobenius * frobenius / spectral / spectral, 200 * eps));
  CHECK_THAT(mean_eigenvalue(spectrum.eigenvalues), WithinRel(arma::accu(W % W) / 1500, 100 * eps));
  CHECK(hard_rank(spectrum).rank == 25);
}

TEST_CASE("metrics: extremes of stable rank and entropy, and freedom of scale",
          "[spectra][limit]") {
  const arma::vec equal(10, arma::fill::value(0.3));
  CHECK_THAT(matrix_entropy(equal), WithinAbs(1, 4 * eps));
  CHECK_THAT(stable_rank(equal), WithinRel(10.0, 4 * eps));
  arma::vec single(10, arma::fill::zeros);
  single[3] = 5;
  CHECK(matrix_entropy(single) == 0);
  CHECK(stable_rank(single) == 1);
  const arma::vec values = {1, 2, 5, 9, 40};
  for (const double scale : {0x1p-600, 0x1p600}) {  // exact: powers of two
    CHECK(matrix_entropy(scale * values) == matrix_entropy(values));
    CHECK(stable_rank(scale * values) == stable_rank(values));
    CHECK(lower_quartile_over_mean(scale * values) == lower_quartile_over_mean(values));
  }
}

TEST_CASE("metrics: the order of eigenvalues does not matter", "[spectra][property]") {
  const arma::vec values = {9, 1, 40, 2, 5};
  CHECK(lower_quartile_over_mean(values) == lower_quartile_over_mean(arma::sort(values)));
  CHECK(lambda_max(values) == 40);
  CHECK(lambda_min(values) == 1);
}

TEST_CASE("metrics: hard rank knows the precision of the data", "[spectra]") {
  rmtlab::core::Stream stream(12);
  arma::mat left(100, 9), right(9, 40);
  for (double& w : left) w = stream.normal();
  for (double& w : right) w = stream.normal();
  const arma::mat W = left * right;
  CHECK(hard_rank(spectrum_of(W)).rank == 9);
  const arma::fmat single = arma::conv_to<arma::fmat>::from(W);
  CHECK(hard_rank(spectrum_of(single)).rank == 9);
  // The same numbers taken for double precision: rounding to single has filled the rank.
  CHECK(hard_rank(spectrum_of(arma::conv_to<arma::mat>::from(single))).rank == 40);
  CHECK(hard_rank(spectrum_of(arma::mat(6, 4, arma::fill::zeros))).rank == 0);
}

TEST_CASE("metrics: tolerances of the hard rank by hand", "[spectra]") {
  Spectrum spectrum = spectrum_with({0, 1, 1, 2}, 8);  // nu_max = 4, |W|_F = sqrt(32)
  const auto tolerance = [&](RankRule rule) { return hard_rank(spectrum, rule).tolerance; };
  CHECK(tolerance(RankRule::shape) == hard_rank(spectrum).tolerance);
  // N + M + 1 = 13
  CHECK_THAT(tolerance(RankRule::numerical_recipes), WithinRel(eps * std::sqrt(13.0) * 2, 8 * eps));
  CHECK_THAT(tolerance(RankRule::published), WithinRel(eps / std::sqrt(13.0) * 2, 8 * eps));
  CHECK_THAT(tolerance(RankRule::backward_error),
             WithinRel(eps * (std::sqrt(32.0) / 2 + 2 * 4), 8 * eps));
  spectrum.epsilon = 0x1p-23;  // stored in single precision, decomposed in double
  CHECK_THAT(tolerance(RankRule::backward_error),
             WithinRel(0x1p-23 * std::sqrt(32.0) / 2 + eps * 8, 8 * eps));
}

TEST_CASE("metrics: rules for the hard rank on matrices of known rank", "[spectra]") {
  rmtlab::core::Stream stream(13);
  int published_too_many = 0;
  for (const auto& [rows, cols, rank] :
       {std::tuple{100, 40, 9}, std::tuple{150, 150, 1}, std::tuple{300, 100, 50}}) {
    CAPTURE(rows, cols, rank);
    arma::mat left(rows, rank), right(rank, cols);
    for (double& w : left) w = stream.normal();
    for (double& w : right) w = stream.normal();
    const arma::mat W = left * right;
    for (const Spectrum& spectrum :
         {spectrum_of(W), spectrum_of(arma::conv_to<arma::fmat>::from(W))}) {
      const auto count = static_cast<std::size_t>(rank);
      for (const RankRule rule :
           {RankRule::shape, RankRule::backward_error, RankRule::numerical_recipes})
        CHECK(hard_rank(spectrum, rule).rank == count);
      // Negative control: the published tolerance lies below the rounding of the entries.
      published_too_many += hard_rank(spectrum, RankRule::published).rank > count;
      CHECK(matrix_entropy(spectrum, RankRule::backward_error) ==
            (rank == 1 ? 0 : matrix_entropy(spectrum.eigenvalues, count)));
    }
    // What was not rounded away counts: smallest values 100 times the guaranteed tolerance.
    arma::mat u, v;
    arma::vec s;
    REQUIRE(arma::svd_econ(u, s, v, left * right + arma::mat(rows, cols, arma::fill::eye)));
    s = arma::logspace(-11, 0, s.n_elem);
    const Spectrum full = spectrum_of(arma::mat(u * arma::diagmat(s) * v.t()));
    CHECK(hard_rank(full, RankRule::backward_error).rank == full.cols);
  }
  CHECK(published_too_many == 6);
  CHECK_THROWS_AS(
      matrix_entropy(spectrum_with(arma::vec(4, arma::fill::zeros), 8), RankRule::shape),
      std::domain_error);
  CHECK(name(RankRule::backward_error) == "backward_error");
}

TEST_CASE("metrics: refuse what is undefined", "[spectra][errors]") {
  const arma::vec zeros(4, arma::fill::zeros), one = {2.0};
  CHECK_THROWS_AS(stable_rank(arma::vec()), std::invalid_argument);
  CHECK_THROWS_WITH(lambda_max(arma::vec()),
                    ContainsSubstring("lambda_max: eigenvalues is empty (must have at least one)"));
  CHECK_THROWS_WITH(
      stable_rank(zeros),
      ContainsSubstring("stable_rank: sum of eigenvalues = 0 (must be finite and > 0"));
  CHECK_THROWS_WITH(matrix_entropy(zeros), ContainsSubstring("undefined for a zero matrix"));
  CHECK_THROWS_AS(lower_quartile_over_mean(zeros), std::domain_error);
  CHECK_THROWS_AS(fraction_near_zero(zeros), std::domain_error);
  CHECK_THROWS_WITH(matrix_entropy(one), ContainsSubstring("matrix_entropy: M = 1 (must be >= 2"));
  CHECK_THROWS_WITH(matrix_entropy(zeros, 1),
                    ContainsSubstring("rank = 1 (must be >= 2 and at most M = 4)"));
  CHECK_THROWS_AS(matrix_entropy(zeros, 5), std::domain_error);
  CHECK_THROWS_WITH(
      stable_rank(arma::vec({1, -2})),
      ContainsSubstring("stable_rank: eigenvalues[1] = -2 (must be finite and >= 0)"));
  CHECK_THROWS_AS(lambda_min(arma::vec({1, std::nan("")})), std::domain_error);
  CHECK_THROWS_WITH(fraction_near_zero(arma::vec({1, 2}), 0),
                    ContainsSubstring("ratio = 0 (must be finite and > 0)"));
  CHECK_THROWS_AS(spectral_norm(Spectrum{}), std::invalid_argument);
}

TEST_CASE("metrics: rounding of zero is told from small eigenvalues", "[spectra]") {
  const arma::vec x{1e-40, 1e-20, 3e-16, 1e-10, 1};
  CHECK(positive_part(x).n_elem == 2);  // 5 eps = 1.1e-15
  CHECK(resolved_part(x).n_elem == 4);  // 1.2e-30
  CHECK(positive_part(arma::vec(3, arma::fill::zeros)).is_empty());
  CHECK(resolved_part({}).is_empty());
}
