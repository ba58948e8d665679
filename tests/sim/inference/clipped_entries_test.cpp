// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/clipped_entries.hpp.
#include "sim/inference/clipped_entries.hpp"

#include <cmath>

#include "sim/core/random.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "sim/ensembles/low_rank.hpp"
#include "sim/ensembles/row_profile.hpp"
#include "tests/catch.hpp"

using namespace rmtlab;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using inference::clipped_entries;

namespace {

arma::mat bounded_noise(arma::uword rows, arma::uword cols, std::uint64_t seed) {
  core::Stream stream(seed);
  return arma::clamp(ensembles::gaussian_matrix(rows, cols, 1, stream), -2.0, 2.0);
}

// Share of the squared singular values below a thousandth of their mean.
double lost_share(const arma::mat& W) {
  const arma::vec x = arma::square(arma::svd(W));
  return static_cast<double>(arma::accu(x < 1e-3 * arma::mean(x))) / static_cast<double>(x.n_elem);
}

}  // namespace

TEST_CASE("clipped entries: cut at five deviations of row and column", "[inference]") {
  // |w_ij| = a_i b_j but for one entry: medians are a_i times the median of b, and b_j over it.
  const arma::vec a{1, 2, 4, 8, 16};
  const arma::vec b{1, 3, 9};
  arma::mat W = a * b.t();
  W(2, 1) = -1e5;
  const auto clipped = clipped_entries(W);
  REQUIRE(clipped);
  // Row 2 is (4, -1e5, 36): its median is 36, 12 times the other rows' measure, so its limit is too.
  CHECK_THAT((*clipped)(2, 1), WithinRel(-5 * 1.4826 * 36, 1e-14));
  W(2, 1) = (*clipped)(2, 1);
  CHECK(arma::approx_equal(*clipped, W, "absdiff", 0.0));
}

TEST_CASE("clipped entries: nothing where nothing stands out", "[inference]") {
  const arma::mat noise = bounded_noise(60, 40, 4);
  CHECK_FALSE(clipped_entries(noise));
  CHECK_FALSE(clipped_entries(1e-9 * noise));
  CHECK_FALSE(clipped_entries(arma::mat(5, 5, arma::fill::zeros)));
  CHECK_FALSE(clipped_entries(arma::mat()));
  // Scales of rows and columns are theirs: rows 1e6 times as large as others are no outliers.
  arma::mat scaled = noise;
  scaled.head_rows(5) *= 1e6;
  scaled.head_cols(30) *= 1e-4;
  CHECK_FALSE(clipped_entries(scaled));
  // A row with one entry among zeros has no scale that the entry could exceed.
  arma::mat sparse = noise;
  sparse.row(0).zeros();
  sparse(0, 0) = 1e6;
  CHECK_FALSE(clipped_entries(sparse));
}

TEST_CASE("clipped entries: heavy entries lose their tail, a collapse stays one", "[inference]") {
  core::Stream stream(6);
  arma::mat heavy(200, 100);
  for (double& w : heavy) w = stream.normal() / std::pow(stream.uniform(), 1 / 0.8);
  CHECK(lost_share(heavy) > 0.2);
  CHECK(lost_share(clipped_entries(heavy).value()) < 0.05);

  // Rank 30 of 128 with rows of very different size, as where inputs differ in variance.
  const arma::mat low =
      ensembles::low_rank_matrix(512, 128, {.rank = 30, .floor_variance = 0}, stream);
  arma::vec variances(512);
  for (double& v : variances) v = std::pow(stream.normal(), 4);
  const arma::mat W = ensembles::row_profile(low, variances) +
                      1e-3 * ensembles::gaussian_matrix(512, 128, 1, stream);
  const double lost = 1 - 30.0 / 128;
  CHECK_THAT(lost_share(W), WithinAbs(lost, 0.01));
  CHECK_THAT(lost_share(clipped_entries(W).value_or(W)), WithinAbs(lost, 0.01));
  // The negative control, one limit for all entries: most of the collapse is gone.
  const double limit = 5 * 1.4826 * arma::median(arma::vectorise(arma::abs(W)));
  CHECK(lost_share(arma::clamp(W, -limit, limit)) < 0.4);
}
