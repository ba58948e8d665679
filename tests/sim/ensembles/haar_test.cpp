// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/haar.hpp.
#include "sim/ensembles/haar.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "sim/ensembles/laguerre_spectrum.hpp"
#include "tests/catch.hpp"
#include "tests/sim/ensembles/sample_checks.hpp"
#include "theory/porter_thomas.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using rmtlab::core::Stream;
using namespace rmtlab;
using namespace rmtlab::ensembles;
using namespace rmtlab::tests;

constexpr double eps = std::numeric_limits<double>::epsilon();

double departure_from_orthonormal(const arma::mat& frame) {
  return arma::abs(frame.t() * frame - arma::eye(frame.n_cols, frame.n_cols)).max();
}

}  // namespace

// |z| < 4: false alarm 6e-5 per comparison.

TEST_CASE("haar: frames are orthonormal", "[ensembles][property]") {
  struct Shape {
    std::size_t n, k;
  };
  const auto [n, k] = GENERATE(Shape{1, 1}, Shape{7, 1}, Shape{7, 7}, Shape{60, 13});
  Stream stream = Stream(20240620).child(n).child(k);
  const arma::mat frame = haar_frame(n, k, stream);
  CHECK(frame.n_rows == n);
  CHECK(frame.n_cols == k);
  CHECK(departure_from_orthonormal(frame) < 20 * eps);
  if (n > 1) CHECK(arma::any(arma::vectorise(haar_frame(n, 1, stream)) != frame.col(0)));
}

TEST_CASE("haar: moments of an orthogonal matrix", "[ensembles][statistical]") {
  // Exact (Weingarten): E O_11^4 = 3 / n(n+2), E O_11^2 O_12^2 = 1 / n(n+2),
  // E O_11^2 O_22^2 = (n+1) / (n-1)n(n+2), E O_11 O_12 O_21 O_22 = -1 / (n-1)n(n+2); the trace has
  // mean 0 and variance 1 for n >= 2.
  const double n = 5;
  Stream stream = Stream(20240621).child("moments"), other = Stream(20240621).child("unsigned");
  const int draws = 10000;
  arma::mat seen(draws, 6);
  arma::vec raw_trace(draws);
  for (arma::uword r = 0; r < seen.n_rows; ++r) {
    const arma::mat O = haar_frame(5, 5, stream);
    seen.row(r) = {std::pow(O(0, 0), 4),
                   std::pow(O(0, 0) * O(0, 1), 2),
                   std::pow(O(0, 0) * O(1, 1), 2),
                   O(0, 0) * O(0, 1) * O(1, 0) * O(1, 1),
                   arma::trace(O),
                   std::pow(arma::trace(O), 2)};
    arma::mat Q, R;
    REQUIRE(arma::qr(Q, R, gaussian_matrix(5, 5, 1.0, other)));
    raw_trace[r] = arma::trace(Q);
  }
  CHECK(std::abs(z_against(seen.col(0), 3 / (n * (n + 2)))) < 4);
  CHECK(std::abs(z_against(seen.col(1), 1 / (n * (n + 2)))) < 4);
  CHECK(std::abs(z_against(seen.col(2), (n + 1) / ((n - 1) * n * (n + 2)))) < 4);
  CHECK(std::abs(z_against(seen.col(3), -1 / ((n - 1) * n * (n + 2)))) < 4);
  CHECK(std::abs(z_against(seen.col(4), 0)) < 4);
  CHECK(std::abs(z_against(seen.col(5), 1)) < 4);
  // Negative control: QR as LAPACK gives it, without the signs of R's diagonal.
  CHECK(std::abs(z_against(raw_trace, 0)) > 4);
}

TEST_CASE("haar: components follow Porter and Thomas", "[ensembles][statistical]") {
  const std::size_t n = 20;
  Stream stream = Stream(20240622).child("components");
  const int draws = 4000;
  const arma::vec squares = sample(draws, [&] {
    const arma::mat frame = haar_frame(n, 3, stream);
    return n * frame(11, 2) * frame(11, 2);
  });
  const auto distance = [&](const theory::PorterThomas& law) {
    return ks_distance(squares, [&](double x) { return cdf(law, x); });
  };
  CHECK(distance(theory::PorterThomas(n, 1)) < 2.3 / std::sqrt(draws));  // 5e-5
  CHECK(distance(theory::PorterThomas(n, 2)) > 2.3 / std::sqrt(draws));
}

TEST_CASE("haar: localised vectors live on disjoint supports", "[ensembles][property]") {
  const std::size_t n = 30, k = 3;
  const std::size_t support = GENERATE(1U, 4U, 10U);
  CAPTURE(support);
  Stream stream = Stream(20240623).child(support);
  const auto s = static_cast<double>(support);
  const int draws = 2000;
  arma::vec participation(draws), place(draws);
  for (arma::uword r = 0; r < participation.n_elem; ++r) {
    const arma::mat frame = localised_frame(n, k, support, stream);
    REQUIRE(departure_from_orthonormal(frame) < 8 * eps);
    REQUIRE(arma::accu(frame != 0) == k * support);
    REQUIRE(arma::sum(frame != 0, 1).max() == 1);
    participation[r] = arma::accu(arma::pow(frame.col(1), 4));
    place[r] = frame(17, 2) != 0 ? 1 : 0;
  }
  // Sum of v^4 has mean 3 / (s + 2); each place is taken with probability s / n.
  if (support == 1)
    CHECK(arma::abs(participation - 1).max() < 8 * eps);
  else
    CHECK(std::abs(z_against(participation, 3 / (s + 2))) < 4);
  CHECK(std::abs(z_against(place, s / n)) < 4);
  CHECK(std::abs(z_against(participation + 0.1, 3 / (s + 2))) > 4);
}

TEST_CASE("haar: a matrix with a given spectrum", "[ensembles][property]") {
  Stream stream = Stream(20240624).child("spectrum");
  const arma::vec eigenvalues{7, 0, 0.25, 3, 1e-3};
  const arma::mat W = matrix_with_spectrum(12, eigenvalues, stream);
  CHECK(W.n_rows == 12);
  CHECK(arma::approx_equal(spectrum(W), arma::sort(eigenvalues), "absdiff", 7 * 20 * eps));
  // With the eigenvalues of a Gaussian matrix, W is one: fourth moment 3, and not with equal ones.
  const int draws = 3000;
  const auto fourth = [&](bool gaussian) {
    return sample(draws, [&] {
      const arma::vec values = gaussian ? laguerre_spectrum({.rows = 6, .cols = 4}, stream)
                                        : arma::vec(4, arma::fill::ones);
      return arma::mean(arma::vectorise(arma::pow(matrix_with_spectrum(6, values, stream), 4)));
    });
  };
  CHECK(std::abs(z_against(fourth(true), 3)) < 4);
  CHECK(std::abs(z_against(fourth(false), 3)) > 4);
}

TEST_CASE("haar: refuses impossible shapes", "[ensembles][errors]") {
  Stream stream(1);
  CHECK_THROWS_WITH(haar_frame(3, 4, stream),
                    ContainsSubstring("haar_frame: k = 4 (must be from 1 to n = 3)"));
  CHECK_THROWS_AS(haar_frame(3, 0, stream), std::domain_error);
  CHECK_THROWS_WITH(
      localised_frame(10, 3, 4, stream),
      ContainsSubstring("localised_frame: support = 4 (must be from 1 to n / k = 3)"));
  CHECK_THROWS_WITH(localised_frame(10, 3, 0, stream), ContainsSubstring("support = 0"));
  CHECK_THROWS_WITH(
      matrix_with_spectrum(1, {1, 2}, stream),
      ContainsSubstring("matrix_with_spectrum: 2 eigenvalues (must be from 1 to rows = 1)"));
  CHECK_THROWS_WITH(matrix_with_spectrum(3, {1, -2}, stream),
                    ContainsSubstring("eigenvalue = -2 (must be finite and >= 0)"));
}
