// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/spectra/spectrum.hpp.
#include "sim/spectra/spectrum.hpp"

#include <cmath>
#include <limits>

#include <armadillo>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using rmtlab::core::Stream;
using rmtlab::spectra::Method;
using rmtlab::spectra::spectrum_of;

constexpr double eps = std::numeric_limits<double>::epsilon();

arma::mat gaussian(arma::uword rows, arma::uword cols, Stream stream) {
  arma::mat W(rows, cols);
  for (double& w : W) w = stream.normal();
  return W;
}

// An N x M matrix with the given singular values between random orthonormal vectors.
arma::mat with_singular_values(arma::uword rows, const arma::vec& values, const Stream& stream) {
  arma::mat left, right, unused;
  arma::qr_econ(left, unused, gaussian(rows, values.n_elem, stream.child("left")));
  arma::qr_econ(right, unused, gaussian(values.n_elem, values.n_elem, stream.child("right")));
  return left * arma::diagmat(values) * right.t();
}

}  // namespace

TEST_CASE("spectrum: a matrix that can be checked by hand", "[spectra]") {
  const arma::mat W = {{3, 0}, {0, 4}, {0, 0}};
  const auto spectrum = spectrum_of(W);
  CHECK(spectrum.rows == 3);
  CHECK(spectrum.cols == 2);
  CHECK_FALSE(spectrum.transposed);
  CHECK(spectrum.method == Method::gram);
  CHECK(rmtlab::spectra::name(spectrum.method) == "gram");
  CHECK(spectrum.epsilon == eps);
  CHECK(spectrum.aspect_ratio() == 1.5);
  REQUIRE(spectrum.eigenvalues.n_elem == 2);
  CHECK_THAT(spectrum.eigenvalues[0], WithinRel(3.0, 4 * eps));  // 9 / 3
  CHECK_THAT(spectrum.eigenvalues[1], WithinRel(16.0 / 3.0, 4 * eps));
}

TEST_CASE("spectrum: a wide matrix is transposed on entry", "[spectra][property]") {
  const arma::mat W = gaussian(20, 70, Stream(1));
  const auto wide = spectrum_of(W);
  const auto tall = spectrum_of(arma::mat(W.t()));
  CHECK(wide.transposed);
  CHECK_FALSE(tall.transposed);
  CHECK(wide.rows == 70);
  CHECK(wide.cols == 20);
  // Two roundings of the same sums of 70 products; conditions of Gaussian eigenvalues here ~ 10.
  CHECK(arma::abs(wide.eigenvalues / tall.eigenvalues - 1).max() < 200 * eps);
  CHECK_THAT(arma::accu(tall.eigenvalues), WithinRel(arma::accu(W % W) / 70, 50 * eps));
  CHECK(tall.eigenvalues.is_sorted());
}

TEST_CASE("spectrum: gram is accurate down to its limit", "[spectra][accuracy]") {
  // From 1 down to 2e-5 in singular values: a ratio of eigenvalues of 4e-10, above 1e-10.
  const arma::vec values = arma::logspace(std::log10(2e-5), 0, 40);
  const auto spectrum = spectrum_of(with_singular_values(60, values, Stream(2)));
  CHECK(spectrum.method == Method::gram);
  const arma::vec wanted = arma::square(values) / 60;
  const double worst = arma::abs(spectrum.eigenvalues / wanted - 1).max();
  CAPTURE(worst);
  CHECK(worst < 3e-6);  // the bound of the header: a few eps / 1e-10
}

TEST_CASE("spectrum: small singular values switch to svd and are right", "[spectra][accuracy]") {
  const arma::vec values = arma::logspace(-13, 0, 40);
  const auto spectrum = spectrum_of(with_singular_values(60, values, Stream(3)));
  CHECK(spectrum.method == Method::svd);
  CHECK(rmtlab::spectra::name(spectrum.method) == "svd");
  CHECK(spectrum.eigenvalues.is_sorted());
  const double worst = arma::abs(arma::sqrt(60 * spectrum.eigenvalues) - values).max();
  CAPTURE(worst);
  CHECK(worst < 3e-15);  // the bound of the header: backward stable, times nu_max = 1
}

TEST_CASE("spectrum: rank deficient and zero matrices", "[spectra][limit]") {
  const arma::mat low = gaussian(50, 3, Stream(4)) * gaussian(3, 30, Stream(5));
  const auto deficient = spectrum_of(low);
  CHECK(deficient.method == Method::svd);
  // Zero eigenvalues come out as squares of rounding errors, never negative.
  CHECK(deficient.eigenvalues.min() >= 0);
  CHECK(deficient.eigenvalues[26] < 1e-28 * deficient.eigenvalues[29]);
  CHECK(deficient.eigenvalues[27] > 1e-3 * deficient.eigenvalues[29]);

  const auto zero = spectrum_of(arma::mat(5, 3, arma::fill::zeros));
  CHECK(zero.method == Method::gram);
  CHECK(arma::all(zero.eigenvalues == 0));

  const auto single = spectrum_of(arma::mat(1, 1, arma::fill::value(-2.0)));
  CHECK(single.eigenvalues[0] == 4);
  const auto row = spectrum_of(arma::mat({{3, 4}}));
  CHECK_THAT(row.eigenvalues[0], WithinRel(12.5, 4 * eps));
}

TEST_CASE("spectrum: single precision is converted exactly", "[spectra]") {
  const arma::mat W = gaussian(40, 30, Stream(6));
  const arma::fmat single = arma::conv_to<arma::fmat>::from(W);
  const auto spectrum = spectrum_of(single);
  const auto same = spectrum_of(arma::conv_to<arma::mat>::from(single));
  CHECK(arma::all(spectrum.eigenvalues == same.eigenvalues));
  CHECK(spectrum.epsilon == std::numeric_limits<float>::epsilon());
}

TEST_CASE("spectrum: extreme but legal scales", "[spectra][limit]") {
  const arma::mat W = gaussian(40, 30, Stream(7));
  const double scale = GENERATE(0x1p-490, 0x1p490);  // powers of two: nothing is rounded
  const auto plain = spectrum_of(W);
  const auto scaled = spectrum_of(arma::mat(scale * W));
  // dsyev rescales matrices outside its safe range by a number that is not a power of two.
  CHECK(arma::abs(scaled.eigenvalues / scale / scale / plain.eigenvalues - 1).max() < 1000 * eps);
}

TEST_CASE("spectrum: refuses what has no spectrum", "[spectra][errors]") {
  CHECK_THROWS_AS(spectrum_of(arma::mat()), std::invalid_argument);
  CHECK_THROWS_WITH(spectrum_of(arma::mat(0, 4)),
                    ContainsSubstring("spectrum_of: W is 0 x 4 (must have at least one entry)"));
  arma::mat W(3, 8, arma::fill::ones);
  W(2, 1) = std::numeric_limits<double>::infinity();
  W(1, 5) = std::nan("");  // first in row order, not in memory
  CHECK_THROWS_AS(spectrum_of(W), std::domain_error);
  CHECK_THROWS_WITH(spectrum_of(W), ContainsSubstring("W(1, 5) = nan (must be finite)"));
  W(1, 5) = 1;
  CHECK_THROWS_WITH(spectrum_of(W), ContainsSubstring("W(2, 1) = inf (must be finite)"));
  W(2, 1) = -1e151;
  CHECK_THROWS_WITH(spectrum_of(W),
                    ContainsSubstring("W(2, 1) = -1e+151 (must be at most 1e150 in magnitude"));
  CHECK_THROWS_WITH(spectrum_of(arma::mat(2, 2, arma::fill::value(1e-160))),
                    ContainsSubstring("largest entry of W = 1e-160 (must be zero or at least"));
}
