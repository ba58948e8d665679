// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/marchenko_pastur_fit.hpp and marchenko_pastur_fit_bulk.hpp.
#include "sim/inference/marchenko_pastur_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <stdexcept>

#include <armadillo>
#include <fmt/format.h>

#include "sim/core/random.hpp"
#include "sim/ensembles/wishart_spectrum.hpp"
#include "sim/spectra/spectrum.hpp"
#include "tests/catch.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/wishart_edge.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using rmtlab::core::Stream;
using rmtlab::ensembles::wishart_spectrum;
using rmtlab::inference::BulkNull;
using rmtlab::inference::fit_bulk;
using rmtlab::inference::fit_marchenko_pastur;
using rmtlab::inference::FitError;
using rmtlab::inference::outlier_p_value;
using rmtlab::inference::outlier_z;

// One null for the whole file: a shape is simulated once.
const BulkNull& shared_null() {
  static const BulkNull null;
  return null;
}

std::span<const double> view(const arma::vec& values) { return {values.memptr(), values.n_elem}; }

arma::mat gaussian(arma::uword rows, arma::uword cols, Stream stream) {
  arma::mat W(rows, cols);
  for (double& w : W) w = stream.normal();
  return W;
}

// Gaussian plus k orthonormal directions of strengths such that outliers fall at `positions` times
// lambda_plus: lambda = (1 + x)(x + 1/Q) / x for a signal of squared singular value N x.
arma::mat with_spikes(arma::uword rows, arma::uword cols, const arma::vec& positions,
                      const Stream& stream) {
  const double inverse = static_cast<double>(cols) / static_cast<double>(rows);
  arma::mat left, right, unused;
  arma::qr_econ(left, unused, gaussian(rows, positions.n_elem, stream.child("left")));
  arma::qr_econ(right, unused, gaussian(cols, positions.n_elem, stream.child("right")));
  arma::vec strengths(positions.n_elem);
  for (arma::uword i = 0; i < positions.n_elem; ++i) {
    const double target = positions[i] * std::pow(1 + std::sqrt(inverse), 2);
    const double b = target - 1 - inverse;
    strengths[i] = std::sqrt(static_cast<double>(rows) * (b + std::sqrt(b * b - 4 * inverse)) / 2);
  }
  return gaussian(rows, cols, stream.child("noise")) + left * arma::diagmat(strengths) * right.t();
}

// Columns of variance 1 - spread and 1 + spread, half of each: a bulk that is not noise.
arma::mat two_point(arma::uword rows, arma::uword cols, double spread, const Stream& stream) {
  arma::mat W = gaussian(rows, cols, stream);
  for (arma::uword j = 0; j < cols; ++j) W.col(j) *= std::sqrt(j % 2 ? 1 + spread : 1 - spread);
  return W;
}

}  // namespace

TEST_CASE("marchenko_pastur_fit: sigma2 is unbiased on noise", "[inference][statistical]") {
  // |z| < 4: false alarm 6e-5. The relative standard deviation of one fit is about
  // 1.3 (1.8 at Q = 1) times sqrt(2 / NM); the negative control is 4 to 8 standard errors away.
  struct Case {
    std::size_t rows, cols;
    double control;
  };
  const auto [rows, cols, control] =
      GENERATE(Case{784, 128, 1.003}, Case{90, 60, 1.01}, Case{60, 60, 1.02});
  CAPTURE(rows, cols);
  Stream stream = Stream(31).child("sigma2").child(rows).child(cols);
  arma::vec sigma2(600);
  for (double& value : sigma2)
    value = fit_bulk(view(wishart_spectrum(rows, cols, 2.5, stream)), rows, 0.01).sigma2 / 2.5;
  const double error = arma::stddev(sigma2) / std::sqrt(600.0);
  CAPTURE(arma::mean(sigma2), error);
  CHECK(std::abs(arma::mean(sigma2) - 1) < 4 * error);
  CHECK(std::abs(arma::mean(sigma2) * control - 1) > 4 * error);
  const double best = std::sqrt(2.0 / static_cast<double>(rows * cols));
  CHECK(arma::stddev(sigma2) < 2 * best);  // the header's 1.8, and 10 % for 600 draws
}

TEST_CASE("marchenko_pastur_fit: the outlier test keeps its level", "[inference][statistical]") {
  // Rejections of 2000 at 1 %: 6 to 36 is the central 99.9 % of Binomial(2000, 0.01).
  struct Shape {
    std::size_t rows, cols;
  };
  const auto [rows, cols] =
      GENERATE(Shape{60, 60}, Shape{150, 100}, Shape{784, 128}, Shape{960, 60});
  Stream stream = Stream(32).child("size").child(rows).child(cols);
  int rejected = 0, too_small_a_variance = 0;
  for (int r = 0; r < 2000; ++r) {
    const arma::vec values = wishart_spectrum(rows, cols, 1.0, stream);
    const auto fit = fit_bulk(view(values), rows, 0.01);
    rejected += fit.outlier_count > 0;
    const double wrong = outlier_z(values.back(), 0.96 * fit.sigma2, rows, cols, 0);
    too_small_a_variance += outlier_p_value(wrong, rows, cols, 0) < 0.01;
  }
  WARN(fmt::format("size of the 1 % outlier test at {} x {}: {:.4f}", rows, cols,
                   rejected / 2000.0));
  CHECK(rejected >= 6);
  CHECK(rejected <= 36);
  CHECK(too_small_a_variance > 36);  // negative control: a variance 4 % low is noticed
}

TEST_CASE("marchenko_pastur_fit: the p-value of the bulk is uniform on noise",
          "[inference][statistical]") {
  // 400 spectra from a stream of their own. Distance of their p-values to uniform: the null itself
  // is a sample of 999, so the two-sample bound for a false alarm of 1e-3 applies.
  const std::size_t rows = 784, cols = 128;
  Stream stream = Stream(33).child("uniform");
  arma::vec p(400);
  for (double& value : p)
    value =
        fit_marchenko_pastur(wishart_spectrum(rows, cols, 0.1, stream), rows, cols, shared_null())
            .p_value;
  p = arma::sort(p);
  double distance = 0;
  for (arma::uword i = 0; i < p.n_elem; ++i) {
    const double rank = static_cast<double>(i);
    distance = std::max({distance, std::abs(p[i] - rank / 400), std::abs(p[i] - (rank + 1) / 400)});
  }
  CHECK(distance < 1.95 * std::sqrt(1 / 400.0 + 1 / 999.0));
}

TEST_CASE("marchenko_pastur_fit: a bulk that is not noise is rejected",
          "[inference][statistical]") {
  // 800 x 400, half the columns with variance 0.8, half with 1.2: all of 20 rejected at 1 %.
  // (At 5 %, 100 draws: +-5 % is rejected in 0.11, +-10 % in 0.75, +-20 % in all.)
  // Noise: 4 or more of 20 rejected happens with probability 4e-5.
  int noise_rejected = 0, wrong_rejected = 0;
  for (std::uint64_t r = 0; r < 20; ++r) {
    const Stream stream = Stream(34).child(r);
    const auto wrong = rmtlab::spectra::spectrum_of(two_point(800, 400, 0.2, stream));
    wrong_rejected +=
        fit_marchenko_pastur(wrong.eigenvalues, 800, 400, shared_null()).p_value <= 0.01;
    Stream noise = stream.child("noise");
    noise_rejected +=
        fit_marchenko_pastur(wishart_spectrum(800, 400, 1.0, noise), 800, 400, shared_null())
            .p_value <= 0.01;
  }
  CHECK(wrong_rejected == 20);
  CHECK(noise_rejected <= 3);
}

TEST_CASE("marchenko_pastur_fit: finds planted spikes and the noise under them",
          "[inference][statistical]") {
  // Five spikes at 2 to 4 lambda_plus are at z > 50: never missed. A sixth outlier is the 1 % test on
  // the rest; none in these 20 seeds. sigma2 of one matrix scatters by 0.6 %: 4 standard deviations.
  const arma::vec positions = {2.0, 2.5, 3.0, 3.5, 4.0};
  const double lambda_plus = std::pow(1 + std::sqrt(128.0 / 784), 2);
  for (std::uint64_t r = 0; r < 20; ++r) {
    CAPTURE(r);
    const auto spectrum =
        rmtlab::spectra::spectrum_of(with_spikes(784, 128, positions, Stream(35).child(r)));
    const auto fit = fit_marchenko_pastur(spectrum.eigenvalues, 784, 128, shared_null());
    REQUIRE(fit.outliers.size() == 5);
    CHECK_FALSE(fit.outlier_limit_reached);
    CHECK(fit.bulk_count == 123);
    CHECK(fit.outlier_fraction == 5.0 / 128);
    CHECK_THAT(fit.sigma2, WithinAbs(1, 0.025));
    CHECK_THAT(fit.lambda_plus, WithinRel(fit.sigma2 * lambda_plus, 1e-14));
    // Strongest first, near where theory puts it (s.d. of an outlier here below 4 %).
    CHECK_THAT(fit.outliers.front().lambda, WithinRel(4 * lambda_plus, 0.16));
    CHECK(fit.outliers.back().lambda == spectrum.eigenvalues[123]);
    CHECK(fit.outliers.front().z == fit.edge_z);
    CHECK(fit.outliers.front().p_value == fit.edge_p_value);
    CHECK(fit.outliers.back().p_value < 1e-20);
    CHECK(fit.p_value > 0.001);
    CHECK(fit.ks_all > 3 * fit.ks_bulk);
    CHECK_THAT(fit.outlier_trace_fraction, WithinRel(arma::accu(spectrum.eigenvalues.tail(5)) /
                                                         arma::accu(spectrum.eigenvalues),
                                                     1e-13));
  }
}

TEST_CASE("marchenko_pastur_fit: the law of the bulk under k spikes", "[inference][statistical]") {
  // The table in marchenko_pastur_fit_bulk.hpp, its last row: error of sigma2 with k = 10 at 10-50
  // lambda_plus is -0.12 % +- 0.09 %; 60 draws here, |error| < 0.45 % is 4 standard errors beyond.
  // Negative control: with the aspect ratio N/(M-k) and no factor (N-k)/N the same quantiles give
  // 1.3 to 1.6 % less (k/N for the factor alone), outside.
  arma::vec sigma2(60);
  for (arma::uword r = 0; r < sigma2.n_elem; ++r) {
    const auto spectrum = rmtlab::spectra::spectrum_of(
        with_spikes(784, 128, arma::linspace(10, 50, 10), Stream(36).child(r)));
    const auto fit = fit_bulk(view(spectrum.eigenvalues), 784, 0.01);
    sigma2[r] = fit.sigma2;
  }
  CHECK_THAT(arma::mean(sigma2), WithinAbs(1, 0.0045));
  CHECK(std::abs(arma::mean(sigma2) * (774.0 / 784) - 1) > 0.0045);
}

TEST_CASE("marchenko_pastur_fit: distances agree with their definition", "[inference]") {
  Stream stream(37);
  const arma::vec values = wishart_spectrum(90, 45, 1.7, stream);
  const auto fit = fit_marchenko_pastur(values, 90, 45, shared_null());
  REQUIRE(fit.outliers.empty());
  const auto brute = [&](double variance) {
    const rmtlab::theory::MarchenkoPastur law(2.0, variance);
    double worst = 0;
    for (const double x : values) {  // both one-sided limits at every jump
      const double below = arma::accu(values < x) / 45.0, upto = arma::accu(values <= x) / 45.0;
      worst = std::max({worst, std::abs(cdf(law, x) - below), std::abs(cdf(law, x) - upto)});
    }
    return worst;
  };
  CHECK_THAT(fit.ks_bulk, WithinAbs(brute(fit.sigma2), 1e-15));
  CHECK_THAT(fit.ks_all, WithinAbs(brute(arma::mean(values)), 1e-15));
  CHECK(rmtlab::inference::distance_to_random(values, 90) == fit.ks_all);
  CHECK(fit.outlier_trace_fraction == 0);
  CHECK(fit.lambda_minus < fit.lambda_plus);
  CHECK(fit.zero_count == 0);
}

TEST_CASE("marchenko_pastur_fit: order and scale do not matter, results repeat",
          "[inference][property][repro]") {
  const auto spectrum =
      rmtlab::spectra::spectrum_of(with_spikes(160, 40, arma::vec{2.0, 3.0}, Stream(38)));
  const arma::vec& values = spectrum.eigenvalues;
  const auto fit = fit_marchenko_pastur(values, 160, 40, shared_null());
  CHECK(fit.outliers.size() == 2);
  const auto reversed = fit_marchenko_pastur(arma::reverse(values), 160, 40, BulkNull());
  CHECK(reversed.sigma2 == fit.sigma2);
  CHECK(reversed.p_value == fit.p_value);
  CHECK(reversed.ks_bulk == fit.ks_bulk);
  const double scale = GENERATE(0x1p-300, 0x1p300);  // powers of two
  const auto scaled = fit_marchenko_pastur(scale * values, 160, 40, shared_null());
  CHECK_THAT(scaled.sigma2, WithinRel(scale * fit.sigma2, 1e-13));
  CHECK_THAT(scaled.edge_z, WithinRel(fit.edge_z, 1e-11));
  CHECK_THAT(scaled.ks_bulk, WithinAbs(fit.ks_bulk, 1e-13));
}

TEST_CASE("marchenko_pastur_fit: p-value of an outlier is Tracy-Widom widened by the fit",
          "[inference][accuracy]") {
  // The seven-node quadrature against the trapezoid rule with 4001 nodes on [-12, 12].
  const double z = GENERATE(-2.0, 0.0, 2.0, 4.0);
  const auto [rows, cols] = GENERATE(std::pair{60, 60}, std::pair{784, 128}, std::pair{4000, 1000});
  CAPTURE(z, rows, cols);
  const double q = static_cast<double>(rows) / cols;
  const double spread = std::sqrt((1 + 9.5 / q) * std::pow(cols, -2.0 / 3));
  double p = 0;
  for (int i = -2000; i <= 2000; ++i) {
    const double g = 12.0 * i / 2000;
    p += 12.0 / 2000 * std::exp(-g * g / 2) / std::sqrt(2 * std::numbers::pi) *
         rmtlab::theory::edge_p_value(z + spread * g);
  }
  const double got =
      outlier_p_value(z, static_cast<std::size_t>(rows), static_cast<std::size_t>(cols), 0);
  CHECK_THAT(got, WithinRel(p, 1e-3));  // truncation of the quadrature, largest at 60 x 60, z = 4
  CHECK(outlier_p_value(400, 784, 128, 0) == 0);
}

TEST_CASE("marchenko_pastur_fit: at most half of a decaying spectrum is set apart",
          "[inference][limit]") {
  // Columns of variance 1/i: the count overshoots into the limit and settles below it.
  arma::mat W = gaussian(784, 128, Stream(42));
  for (arma::uword j = 0; j < W.n_cols; ++j) W.col(j) /= std::sqrt(static_cast<double>(j + 1));
  const auto spectrum = rmtlab::spectra::spectrum_of(W);
  const auto fit = fit_marchenko_pastur(spectrum.eigenvalues, 784, 128, shared_null());
  CHECK(fit.outliers.size() > 32);
  CHECK(fit.outliers.size() <= 64);
  CHECK(fit.outlier_trace_fraction > 0.5);
  CHECK(fit.lambda_plus < 0.1 * spectrum.eigenvalues.back());
  CHECK(fit.p_value == 0.001);  // 1 / (R + 1), the smallest there is
  CHECK_FALSE(fit.outlier_limit_reached);

  const auto geometric = fit_marchenko_pastur(arma::logspace(-8, 0, 60), 100, 60, shared_null());
  CHECK(geometric.outlier_limit_reached);
  CHECK(geometric.outliers.size() <= 30);
}

TEST_CASE("marchenko_pastur_fit: zeros", "[inference][limit]") {
  // A fifth of the columns duplicated: rank 80 of 100. The lowest quantiles are zero, the median
  // of seven is not.
  const arma::mat W = gaussian(300, 80, Stream(39));
  const arma::mat doubled = arma::join_rows(W, W.cols(0, 19));
  const auto spectrum = rmtlab::spectra::spectrum_of(doubled);
  const auto fit = fit_marchenko_pastur(spectrum.eigenvalues, 300, 100, shared_null());
  CHECK(fit.zero_count == 20);
  CHECK(fit.sigma2 > 0);
  CHECK(fit.p_value < 0.01);
}

TEST_CASE("marchenko_pastur_fit: says why a fit is impossible", "[inference][errors]") {
  Stream stream(40);
  const BulkNull& null = shared_null();
  const arma::vec few = wishart_spectrum(50, 19, 1.0, stream);
  CHECK_THROWS_AS(fit_marchenko_pastur(few, 50, 19, null), FitError);
  CHECK_THROWS_WITH(fit_marchenko_pastur(few, 50, 19, null),
                    ContainsSubstring("M = 19 eigenvalues (at least 20 are needed)"));
  arma::vec collapsed(60, arma::fill::zeros);
  collapsed.tail(9).fill(1.0);
  CHECK_THROWS_WITH(fit_marchenko_pastur(collapsed, 100, 60, null),
                    ContainsSubstring("too many zero eigenvalues: the variance of the bulk of 60"));
  CHECK_THROWS_AS(fit_marchenko_pastur(arma::vec(60, arma::fill::zeros), 100, 60, null), FitError);
  const arma::vec geometric = arma::logspace(-30, 0, 60);
  CHECK_THROWS_WITH(fit_marchenko_pastur(geometric, 100, 60, null),
                    ContainsSubstring("too many zero eigenvalues: the variance of the bulk of"));
}

TEST_CASE("marchenko_pastur_fit: refuses arguments that are no spectrum", "[inference][errors]") {
  Stream stream(41);
  const BulkNull& null = shared_null();
  arma::vec values = wishart_spectrum(50, 30, 1.0, stream);
  CHECK_THROWS_AS(fit_marchenko_pastur(values, 50, 31, null), std::invalid_argument);
  CHECK_THROWS_WITH(
      fit_marchenko_pastur(values, 50, 31, null),
      ContainsSubstring("fit_marchenko_pastur: 30 eigenvalues for cols = 31 (must be as many)"));
  CHECK_THROWS_WITH(fit_marchenko_pastur(values, 29, 30, null),
                    ContainsSubstring("rows = 29 (must be >= the number of eigenvalues, 30)"));
  CHECK_THROWS_WITH(fit_marchenko_pastur(values, 50, 30, null, {.familywise_level = 1}),
                    ContainsSubstring("familywise_level = 1 (must be in (0, 1))"));
  values[3] = -1;
  CHECK_THROWS_WITH(fit_marchenko_pastur(values, 50, 30, null),
                    ContainsSubstring("eigenvalues[3] = -1 (must be finite and >= 0)"));
  CHECK_THROWS_WITH(rmtlab::inference::distance_to_random(values, 50),
                    ContainsSubstring("distance_to_random: eigenvalues[3] = -1"));
  CHECK_THROWS_WITH(rmtlab::inference::distance_to_random(arma::vec(3, arma::fill::zeros), 5),
                    ContainsSubstring("undefined for a zero matrix"));
  CHECK_THROWS_AS(rmtlab::inference::distance_to_random(arma::vec(), 5), std::invalid_argument);
}
