// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/wigner.hpp.
#include "sim/ensembles/wigner.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <armadillo>

#include "tests/catch.hpp"
#include "theory/heavy_tailed_mp.hpp"
#include "theory/semicircle.hpp"
#include "theory/tracy_widom.hpp"

namespace {

using namespace rmtlab;
using namespace rmtlab::ensembles;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using core::Stream;

/// Kolmogorov distance of ascending `values` to a continuous law.
template <class Law>
double ks_distance(const arma::vec& values, const Law& law) {
  const auto n = static_cast<double>(values.n_elem);
  double largest = 0;
  for (arma::uword i = 0; i < values.n_elem; ++i) {
    const double p = cdf(law, values[i]), k = static_cast<double>(i);
    largest = std::max({largest, std::abs(p - k / n), std::abs(p - (k + 1) / n)});
  }
  return largest;
}

double z_against(const arma::vec& values, double mean) {
  return (arma::mean(values) - mean) /
         (arma::stddev(values) / std::sqrt(static_cast<double>(values.n_elem)));
}

}  // namespace

// |z| < 4 throughout: false alarm 6e-5 per comparison for a normal z; the seeds are fixed.

TEST_CASE("wigner: entries", "[ensembles][statistical]") {
  for (const EntryLaw& law :
       {EntryLaw{}, EntryLaw{.kind = EntryKind::uniform},
        EntryLaw{.kind = EntryKind::pareto, .tail_index = 9, .centring = Centring::centred}}) {
    CAPTURE(name(law.kind));
    Stream stream = Stream(20240701).child("entries");
    const arma::uword n = 300;
    const arma::mat H = wigner_matrix(n, law, Scaling::variance, stream);
    CHECK(arma::approx_equal(H, H.t(), "absdiff", 0.0));
    const arma::vec above = H(arma::trimatu_ind(arma::size(H), 1)) * std::sqrt(300.0);
    CHECK(std::abs(z_against(above, 0)) < 4);
    CHECK(std::abs(z_against(arma::square(above), 1)) < 4);
    CHECK(std::abs(z_against(arma::square(H.diag() * std::sqrt(300.0)), 2)) < 4);
    if (law.kind != EntryKind::pareto)  // negative control; Pareto squares are too spread for it
      CHECK(std::abs(z_against(arma::square(H.diag() * std::sqrt(300.0)), 1)) > 4);
  }
  Stream a(1), b(1);
  const EntryLaw uniform{.kind = EntryKind::uniform};
  // Scaling::none keeps the variance of the law, 1/3.
  CHECK(arma::approx_equal(std::sqrt(3.0) * wigner_matrix(20, uniform, Scaling::none, a),
                           wigner_matrix(20, uniform, Scaling::variance, b), "absdiff", 1e-15));
}

TEST_CASE("wigner: spectrum tends to the semicircle as log n / n", "[ensembles][limit]") {
  // n KS / log n is 0.52 +- 0.03 for n from 50 to 200 (mean of 20 draws, standard error 0.02): rigid
  // levels, far below the n^(-1/2) of independent ones.
  const EntryLaw law = GENERATE(EntryLaw{}, EntryLaw{.kind = EntryKind::rademacher},
                                EntryLaw{.kind = EntryKind::student_t, .tail_index = 6});
  CAPTURE(name(law.kind));
  double previous = 1;
  for (const std::size_t n : {40, 80, 160}) {
    CAPTURE(n);
    Stream stream = Stream(20240702).child(n);
    double sum = 0, wrong = 0;
    for (int r = 0; r < 20; ++r) {
      const arma::vec values = wigner_spectrum(n, law, Scaling::variance, stream);
      REQUIRE(values.n_elem == n);
      sum += ks_distance(values, theory::Semicircle(1)) / 20;
      wrong += ks_distance(values, theory::Semicircle(1.1)) / 20;
    }
    const double size = static_cast<double>(n);
    CHECK_THAT(sum * size / std::log(size), WithinAbs(0.55, 0.15));
    CHECK(sum < 0.7 * previous);
    previous = sum;
    if (n == 160) CHECK(wrong > 2 * sum);  // negative control: radius 10 % too large
  }
}

TEST_CASE("wigner: heavy entries follow the law of Levy matrices", "[ensembles][limit]") {
  // P(|x| > t) = P(Lambda > t^2) with Lambda of HeavyTailedMp(mu, 1). The distance of 8192 pooled
  // eigenvalues: 0.004 to 0.010 measured, the smaller n the larger (a bias of order 1/n); that of 8192
  // independent values exceeds 0.018 with probability 1 %.
  const double mu = GENERATE(1.0, 1.5);
  CAPTURE(mu);
  const theory::HeavyTailedMp law(mu, 1), wrong(mu + 0.2, 1);
  for (const std::size_t n : {64, 128}) {
    CAPTURE(n);
    Stream stream = Stream(20240703).child(n);
    arma::vec pooled;
    for (std::size_t r = 0; r < 8192 / n; ++r)
      pooled = arma::join_cols(
          pooled, wigner_spectrum(n, {.kind = EntryKind::root_stable, .tail_index = mu},
                                  Scaling::tail, stream));
    pooled = arma::sort(arma::abs(pooled));
    const auto distance = [&](const theory::HeavyTailedMp& limit) {
      double largest = 0;
      for (arma::uword i = 40; i < pooled.n_elem; i += 82) {
        const double beyond =
            1 - (static_cast<double>(i) + 0.5) / static_cast<double>(pooled.n_elem);
        largest = std::max(largest, std::abs(sf(limit, pooled[i] * pooled[i]) - beyond));
      }
      return largest;
    };
    CHECK(distance(law) < 0.018);
    CHECK(distance(wrong) > 0.036);  // negative control
  }
}

TEST_CASE("wigner: tridiagonal draws have the moments of the ensembles",
          "[ensembles][statistical]") {
  // With a = 2 / beta: E tr H^2 = n - 1 + a, and n^2 E tr H^4 = 2 n^3 + 5 (a - 1) n^2 +
  // (3 a^2 - 5 a + 3) n: 2 n^3 + 5 n^2 + 5 n (GOE), 2 n^3 + n (GUE), the dual of GOE's (GSE).
  const double beta = GENERATE(1.0, 2.0, 4.0, 0.7);
  CAPTURE(beta);
  const double a = 2 / beta, sigma = 1.5;
  for (const std::size_t size : {1, 2, 7, 30}) {
    CAPTURE(size);
    const auto n = static_cast<double>(size);
    Stream stream = Stream(20240704).child(size);
    arma::vec second(3000), fourth(3000);
    for (arma::uword r = 0; r < second.n_elem; ++r) {
      const arma::vec x = hermite_spectrum(size, beta, sigma, stream) / sigma;
      REQUIRE(x.is_sorted());
      second[r] = arma::accu(arma::square(x));
      fourth[r] = arma::accu(arma::pow(x, 4));
    }
    CHECK(std::abs(z_against(second, n - 1 + a)) < 4);
    CHECK(std::abs(z_against(fourth, (2 * n * n + 5 * (a - 1) * n + 3 * a * a - 5 * a + 3) / n)) <
          4);
    // Negative control: half the Dyson index.
    if (size <= 7) CHECK(std::abs(z_against(second, n - 1 + 2 * a)) > 4);
  }
}

TEST_CASE("wigner: dense GOE matrices and tridiagonal draws agree", "[ensembles][statistical]") {
  const std::size_t n = 12;
  Stream dense = Stream(20240705).child("dense"), fast = Stream(20240705).child("fast");
  arma::mat a(n, 4000), b(n, 4000);
  for (arma::uword r = 0; r < a.n_cols; ++r) {
    a.col(r) = wigner_spectrum(n, {}, Scaling::none, dense);
    b.col(r) = hermite_spectrum(n, 1, 1, fast);
  }
  const auto z = [&](const arma::vec& x, const arma::vec& y) {
    return (arma::mean(x) - arma::mean(y)) / std::sqrt((arma::var(x) + arma::var(y)) / 4000);
  };
  for (const arma::uword level : {0, 5, 11}) {
    const arma::vec x = a.row(level).t(), y = b.row(level).t();
    CHECK(std::abs(z(x, y)) < 4);
    CHECK(std::abs(z(arma::square(x), arma::square(y))) < 4);
  }
  const arma::vec gap = (b.row(6) - b.row(5)).t();
  CHECK(std::abs(z((a.row(6) - a.row(5)).t(), gap)) < 4);
  CHECK(std::abs(z(arma::square(a.row(6) - a.row(5)).t(), arma::square(gap))) < 4);
  // Negative control: GUE levels repel more, the square of their gap is less spread.
  arma::vec unitary(4000);
  for (double& x : unitary) {
    const arma::vec levels = hermite_spectrum(n, 2, 1, fast);
    x = std::pow(levels[6] - levels[5], 2);
  }
  CHECK(std::abs(z(unitary, arma::square(gap))) > 4);
}

TEST_CASE("wigner: the largest eigenvalue is Tracy and Widom's", "[ensembles][limit]") {
  // n^(2/3) (lambda_max - 2) with n - 1/2 in place of n in the center for beta = 1 \cite JohnstoneMa2012;
  // what is left is of order n^(-2/3), 0.05 at n = 100, and the mean of 1500 draws has an error of 0.03.
  const std::size_t size = 100;
  const double n = 100;
  for (const int beta : {1, 2}) {
    CAPTURE(beta);
    const double center = beta == 1 ? 2 * std::sqrt(1 - 0.5 / n) : 2;
    Stream stream = Stream(20240706).child(static_cast<std::uint64_t>(beta));
    arma::vec edge(1500);
    for (double& x : edge)
      x = (hermite_spectrum(size, beta, 1, stream).back() - center) * std::pow(n, 2.0 / 3);
    const double error = 4 * arma::stddev(edge) / std::sqrt(1500.0) + 0.05;
    CHECK_THAT(arma::mean(edge), WithinAbs(mean(theory::TracyWidom(beta)), error));
    CHECK(std::abs(arma::mean(edge) - mean(theory::TracyWidom(3 - beta))) > error);  // control
    // Relative error of a variance: sqrt(2 / 1499) = 3.7 %.
    CHECK_THAT(arma::var(edge) / variance(theory::TracyWidom(beta)), WithinAbs(1, 0.2));
  }
}

TEST_CASE("wigner: refuses what is outside its domain", "[ensembles][errors]") {
  Stream stream(1);
  CHECK_THROWS_WITH(wigner_matrix(0, {}, Scaling::none, stream),
                    ContainsSubstring("wigner_matrix: size = 0 (must be from 1 to 2^31 - 1)"));
  CHECK_THROWS_AS(
      wigner_spectrum(5, {.kind = EntryKind::stable, .tail_index = 1}, Scaling::variance, stream),
      std::domain_error);
  CHECK_THROWS_WITH(hermite_spectrum(0, 1, 1, stream),
                    ContainsSubstring("hermite_spectrum: size = 0"));
  CHECK_THROWS_WITH(
      hermite_spectrum(5, 0, 1, stream),
      ContainsSubstring("hermite_spectrum: dyson_index = 0 (must be finite and > 0)"));
  CHECK_THROWS_WITH(hermite_spectrum(5, 1, -1, stream), ContainsSubstring("sigma = -1"));
}
