// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/laguerre_spectrum.hpp.
#include "sim/ensembles/laguerre_spectrum.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "sim/ensembles/spiked_matrix.hpp"
#include "sim/ensembles/wishart_spectrum.hpp"
#include "tests/catch.hpp"
#include "tests/sim/ensembles/sample_checks.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/tracy_widom.hpp"
#include "theory/wishart_edge.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;
using rmtlab::core::Stream;
using rmtlab::theory::SpikeKind;
using namespace rmtlab;
using namespace rmtlab::ensembles;
using namespace rmtlab::tests;

/// Spectrum of a dense complex matrix, E|w|^2 = 1.
arma::vec complex_spectrum(arma::uword rows, arma::uword cols, Stream& stream) {
  const arma::cx_mat W(gaussian_matrix(rows, cols, 0.5, stream),
                       gaussian_matrix(rows, cols, 0.5, stream));
  return arma::eig_sym(arma::cx_mat(W.t() * W)) / static_cast<double>(rows);
}

/// lambda_max, lambda_min and mean spacing ratio of `count` spectra, one column each.
template <class F>
arma::mat features(int count, F draw) {
  arma::mat table(static_cast<arma::uword>(count), 3);
  table.each_row([&](arma::rowvec& row) {
    const arma::vec values = draw();
    row = {values.back(), values.front(), mean_gap_ratio(values)};
  });
  return table;
}

}  // namespace

// |z| < 4 has false-alarm rate 6e-5 and the Kolmogorov-Smirnov statistic < 2.3 has 5e-5, per comparison.

TEST_CASE("laguerre_spectrum: moments of the trace at any Dyson index",
          "[ensembles][statistical]") {
  // E tr X = M, Var tr X = 2M / (beta N), E tr X^2 = M (N + M - 1 + 2/beta) / N, N not an integer.
  const double beta = GENERATE(0.3, 2.0, 7.5);
  CAPTURE(beta);
  const double n = 30.5, m = 12;
  const Laguerre ensemble{.rows = n, .cols = 12, .dyson_index = beta, .variance = 3};
  Stream stream = Stream(20240602).child("moments").child(std::to_string(beta));
  const int draws = 3000;
  arma::vec first(draws), second(draws);
  for (arma::uword r = 0; r < first.n_elem; ++r) {
    const arma::vec values = laguerre_spectrum(ensemble, stream) / 3;
    first[r] = arma::accu(values);
    second[r] = arma::accu(arma::square(values));
  }
  CHECK(std::abs(z_against(first, m)) < 4);
  CHECK(std::abs(z_variance(first, 2 * m / (beta * n))) < 4);
  CHECK(std::abs(z_against(second, m * (n + m - 1 + 2 / beta) / n)) < 4);
  // Negative control: the second moment of a quarter of the Dyson index.
  CHECK(std::abs(z_against(second, m * (n + m - 1 + 8 / beta) / n)) > 4);
}

TEST_CASE("laguerre_spectrum: real and complex spectra as from dense matrices",
          "[ensembles][statistical][slow]") {
  const int dyson_index = GENERATE(1, 2);
  CAPTURE(dyson_index);
  const std::size_t rows = 30, cols = 20;
  const Stream root = Stream(20240603).child(static_cast<std::uint64_t>(dyson_index));
  Stream fast = root.child("fast"), dense = root.child("dense");
  const int draws = 2000;
  const auto bidiagonal = [&](double n, double beta, Stream& stream) {
    return features(draws, [&] {
      return laguerre_spectrum({.rows = n, .cols = cols, .dyson_index = beta}, stream);
    });
  };
  const arma::mat expected = features(draws, [&] {
    return dyson_index == 1 ? spectrum(gaussian_matrix(rows, cols, 1.0, dense))
                            : complex_spectrum(rows, cols, dense);
  });
  const arma::mat seen = bidiagonal(rows, dyson_index, fast);
  for (arma::uword k = 0; k < 3; ++k) {
    CAPTURE(k);
    CHECK(ks_between(seen.col(k), expected.col(k)) < 2.3);
  }
  // Negative controls: two rows more move both extremes, the other Dyson index everything.
  Stream wrong = root.child("wrong");
  const arma::mat more_rows = bidiagonal(rows + 2, dyson_index, wrong);
  const arma::mat other_index = bidiagonal(rows, 3 - dyson_index, wrong);
  CHECK(ks_between(more_rows.col(0), expected.col(0)) > 2.3);
  CHECK(ks_between(more_rows.col(1), expected.col(1)) > 2.3);
  for (arma::uword k = 0; k < 3; ++k) CHECK(ks_between(other_index.col(k), expected.col(k)) > 2.3);
}

TEST_CASE("laguerre_spectrum: spikes as in dense matrices", "[ensembles][statistical][slow]") {
  const SpikeKind kind = GENERATE(SpikeKind::covariance, SpikeKind::additive);
  const double excess = GENERATE(0.3, 4.0);  // the threshold is at 0.707
  CAPTURE(kind == SpikeKind::additive, excess);
  const std::size_t rows = 40, cols = 20;
  const Stream root = Stream(20240604)
                          .child(excess > 1 ? 1 : 0)
                          .child(kind == SpikeKind::additive ? "additive" : "covariance");
  Stream fast = root.child("fast"), dense = root.child("dense");
  const SpikedModel model{.kind = kind, .strengths = {{StrengthScale::excess, excess}}};
  const Laguerre ensemble{.rows = 40, .cols = cols, .variance = 1, .spike = kind, .excess = excess};
  const int draws = 1500;
  arma::mat expected(draws, 4), seen(draws, 4);
  for (arma::uword r = 0; r < expected.n_rows; ++r) {
    const SpikedMatrix planted =
        spiked_matrix(gaussian_matrix(rows, cols, 1.0, dense), 1.0, model, dense);
    arma::mat U, V;
    arma::vec values;
    REQUIRE(arma::svd_econ(U, values, V, planted.W));
    expected.row(r) = {values.front() * values.front() / 40.0, values.back() * values.back() / 40.0,
                       std::pow(arma::dot(V.col(0), planted.right.col(0)), 2),
                       std::pow(arma::dot(U.col(0), planted.left.col(0)), 2)};
    const LaguerreOutlier outlier = laguerre_outlier(ensemble, fast);
    const arma::vec all = laguerre_spectrum(ensemble, fast);
    seen.row(r) = {outlier.lambda, all.front(), outlier.overlap_right, outlier.overlap_left};
  }
  for (arma::uword k = 0; k < 4; ++k) {
    CAPTURE(k);
    CHECK(ks_between(seen.col(k), expected.col(k)) < 2.3);
  }
  // Negative control: the other kind of spike, where it is strong enough to be told apart: its
  // eigenvalue fluctuates otherwise, its N-vector is another one.
  if (excess < 1) return;
  Laguerre other = ensemble;
  other.spike = kind == SpikeKind::additive ? SpikeKind::covariance : SpikeKind::additive;
  arma::mat wrong(draws, 2);
  wrong.each_row([&](arma::rowvec& row) {
    const LaguerreOutlier outlier = laguerre_outlier(other, fast);
    row = {outlier.lambda, outlier.overlap_left};
  });
  CHECK(ks_between(wrong.col(0), expected.col(0)) > 2.3);
  CHECK(ks_between(wrong.col(1), expected.col(3)) > 2.3);
}

TEST_CASE("laguerre_spectrum: the first rows know the largest eigenvalue",
          "[ensembles][accuracy]") {
  struct Case {
    double rows;
    std::size_t cols;
    double dyson_index, excess;
  };
  // At, below and above the threshold, square and tall, where most rows are left out.
  const auto c = GENERATE(Case{400, 400, 1, 0}, Case{800, 400, 1, 0.7071}, Case{4000, 400, 1, 0},
                          Case{400, 400, 2, 1}, Case{800, 400, 4, 3}, Case{100, 60, 0.5, 0});
  CAPTURE(c.rows, c.dyson_index, c.excess);
  const Laguerre ensemble{
      .rows = c.rows, .cols = c.cols, .dyson_index = c.dyson_index, .excess = c.excess};
  for (std::uint64_t i = 0; i < 10; ++i) {
    Stream full = Stream(20240605).child(i), first = full;
    // dqds itself is some eps off: measured 7e-15 at most.
    CHECK_THAT(laguerre_largest(ensemble, first),
               WithinRel(laguerre_spectrum(ensemble, full).back(), 3e-14));
  }
}

TEST_CASE("laguerre_spectrum: the largest eigenvalue follows Tracy and Widom",
          "[ensembles][statistical]") {
  const int dyson_index = GENERATE(1, 2);
  CAPTURE(dyson_index);
  const std::size_t cols = 500;
  const double rows = 1000;
  Stream stream = Stream(20240606).child(static_cast<std::uint64_t>(dyson_index));
  const int draws = 3000;
  const double beta = dyson_index;
  const arma::vec largest = sample(draws, [&] {
    return laguerre_largest({.rows = rows, .cols = cols, .dyson_index = beta}, stream);
  });
  const theory::EdgeScaling edge =
      theory::upper_edge_scaling(rows, cols, 1, theory::EdgeConstants::ma, dyson_index);
  const auto distance = [&](int law) {
    return ks_distance(largest, [&](double x) {
      return cdf(theory::TracyWidom(law), (x - edge.center) / edge.scale);
    });
  };
  // 2.3 / sqrt(3000) = 0.042 plus the difference of the laws at this size, below 0.005.
  CHECK(distance(dyson_index) < 0.047);
  CHECK(distance(3 - dyson_index) > 0.047);  // negative control
}

TEST_CASE("laguerre_spectrum: spacing ratios of each Dyson index", "[ensembles][statistical]") {
  // Atas et al. 2013, table 1 (large matrices): 0.5307, 0.5996, 0.6744, all +- 0.0001.
  struct Index {
    double beta, ratio;
  };
  const auto [beta, ratio] = GENERATE(Index{1, 0.5307}, Index{2, 0.5996}, Index{4, 0.6744});
  CAPTURE(beta);
  const Laguerre ensemble{.rows = 400, .cols = 200, .dyson_index = beta};
  Stream stream = Stream(20240607).child(static_cast<std::uint64_t>(beta));
  const arma::vec means =
      sample(100, [&] { return mean_gap_ratio(laguerre_spectrum(ensemble, stream)); });
  CHECK(std::abs(z_against(means, ratio)) < 4);  // standard error 0.0026
  CHECK(std::abs(z_against(means, ratio + 0.02)) > 4);
  CHECK(std::abs(z_against(means, ratio - 0.02)) > 4);
}

TEST_CASE("laguerre_spectrum: approaches Marchenko-Pastur as log M / M",
          "[ensembles][statistical]") {
  // Levels are rigid: the Kolmogorov distance is 0.5 log M / M, where independent ones would give
  // 0.87 / sqrt(M), which is 3 to 7 times as much at these sizes. Mean of 8 matrices.
  for (const std::size_t cols : {50U, 100U, 200U, 400U}) {
    const auto m = static_cast<double>(cols);
    Stream stream = Stream(20240608).child(cols);
    double scaled = 0, wrong = 0;
    const int draws = 8;
    for (int i = 0; i < draws; ++i) {
      const arma::vec values = laguerre_spectrum({.rows = 2 * m, .cols = cols}, stream);
      const auto distance = [&](double q) {
        return ks_distance(values, [&](double x) { return cdf(theory::MarchenkoPastur(q), x); });
      };
      scaled += m / std::log(m) * distance(2) / draws;
      wrong += m / std::log(m) * distance(2.5) / draws;
    }
    CAPTURE(cols, scaled, wrong);
    CHECK(scaled > 0.35);
    CHECK(scaled < 0.75);
    CHECK(wrong > 0.75);  // negative control: another aspect ratio
  }
}

TEST_CASE("laguerre_spectrum: wishart_spectrum is the case of Dyson index 1",
          "[ensembles][property]") {
  Stream a = Stream(5).child("x"), b = a;
  const arma::vec general = laguerre_spectrum({.rows = 50, .cols = 30, .variance = 2}, a);
  CHECK(arma::all(general == wishart_spectrum(50, 30, 2.0, b)));
  CHECK(general.is_sorted());
  CHECK(a.bits() == b.bits());
}

TEST_CASE("laguerre_spectrum: refuses impossible parameters", "[ensembles][errors]") {
  Stream stream(1);
  CHECK_THROWS_WITH(laguerre_spectrum({.rows = 5, .cols = 0}, stream),
                    ContainsSubstring("laguerre_spectrum: cols = 0 (must be from 1 to 2^31 - 1)"));
  CHECK_THROWS_WITH(
      laguerre_largest({.rows = 4, .cols = 5}, stream),
      ContainsSubstring("laguerre_largest: rows = 4 (must be finite and > cols - 1)"));
  CHECK_THROWS_AS(laguerre_spectrum({.rows = 5, .cols = 5, .dyson_index = 0}, stream),
                  std::domain_error);
  CHECK_THROWS_WITH(laguerre_spectrum({.rows = 5, .cols = 5, .variance = -1}, stream),
                    ContainsSubstring("variance = -1 (must be finite and > 0)"));
  CHECK_THROWS_WITH(laguerre_spectrum({.rows = 5, .cols = 5, .excess = -1}, stream),
                    ContainsSubstring("excess = -1 (must be finite and > -1)"));
  CHECK_THROWS_WITH(
      laguerre_spectrum({.rows = 5, .cols = 5, .spike = SpikeKind::additive, .excess = -0.5},
                        stream),
      ContainsSubstring("excess = -0.5 (must be finite and >= 0)"));
  CHECK_THROWS_WITH(
      laguerre_spectrum({.rows = 1, .cols = 1, .spike = SpikeKind::additive, .excess = 1}, stream),
      ContainsSubstring("dyson_index * rows = 1 (must be > 1)"));
  CHECK_THROWS_WITH(laguerre_outlier({.rows = 5, .cols = 5, .dyson_index = 2, .excess = 1}, stream),
                    ContainsSubstring("laguerre_outlier: dyson_index = 2 (must be 1)"));
  CHECK_THROWS_WITH(laguerre_outlier({.rows = 5, .cols = 5}, stream),
                    ContainsSubstring("laguerre_outlier: excess = 0 (must be finite and > 0)"));
}
