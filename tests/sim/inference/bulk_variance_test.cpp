// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/bulk_variance.hpp.
#include "sim/inference/bulk_variance.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

#include <armadillo>

#include "sim/ensembles/ensemble.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "sim/ensembles/spiked_matrix.hpp"
#include "sim/ensembles/wishart_spectrum.hpp"
#include "sim/inference/null_simulation.hpp"
#include "tests/catch.hpp"
#include "theory/marchenko_pastur.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using core::Stream;
using ensembles::wishart_spectrum;

std::span<const double> view(const arma::vec& values) { return {values.memptr(), values.n_elem}; }

arma::vec spiked_spectrum(std::size_t rows, std::size_t cols, theory::SpikeKind kind, std::size_t k,
                          Stream stream) {
  ensembles::SpikedModel model{.kind = kind, .strengths = {}};
  for (std::size_t j = 0; j < k; ++j)
    model.strengths.push_back(
        {ensembles::StrengthScale::threshold, 3 + 0.5 * static_cast<double>(j)});
  return ensembles::correlation_eigenvalues(
      ensembles::spiked_matrix(ensembles::gaussian_matrix(rows, cols, 1, stream), 1, model, stream)
          .W);
}

double standard_error(const arma::vec& values) {
  return arma::stddev(values) / std::sqrt(static_cast<double>(values.n_elem));
}

// Composite Simpson rule of g over the angle in the bulk.
template <class G>
double integral(const G& g) {
  constexpr int panels = 2000;
  double sum = 0;
  for (int i = 0; i <= panels; ++i)
    sum += g(std::numbers::pi * i / panels) * (i == 0 || i == panels ? 1 : i % 2 ? 4 : 2);
  return sum * std::numbers::pi / panels / 3;
}

TEST_CASE("bulk_variance: without outliers the trace estimator is the mean eigenvalue",
          "[inference]") {
  Stream stream(1);
  const arma::vec values = wishart_spectrum(90, 45, 1.7, stream);
  CHECK_THAT(trace_variance(view(values), 90, 0), WithinRel(arma::mean(values), 1e-14));
  CHECK(bulk_variance(VarianceEstimator::trace, view(values), 90, 3) ==
        trace_variance(view(values), 90, 3));
  CHECK(bulk_variance(VarianceEstimator::quantile, view(values), 90, 3) ==
        quantile_variance(view(values), 90, 3));
}

TEST_CASE("bulk_variance: outliers at their predicted places give the variance back",
          "[inference][accuracy]") {
  // Bulk of 60 whose mean is short of sigma2 by sum (1 + h) / h / N, outliers at (1 + h)(1 + c/h), c = 60/N.
  const double sigma2 = GENERATE(1.0, 1e-8, 37.0);
  const std::vector<double> excesses = {0.9, 1.5, 4, 30};
  constexpr double n = 130, m = 60, c = m / n;
  double pushed = 0;
  for (const double h : excesses) pushed += (1 + h) / h / n;
  arma::vec values = arma::linspace(0.3, 1.7, 60);
  values *= sigma2 * (1 - pushed) / arma::mean(values);
  arma::vec outliers(excesses.size());
  for (std::size_t j = 0; j < excesses.size(); ++j)
    outliers[j] = sigma2 * (1 + excesses[j]) * (1 + c / excesses[j]);
  values = arma::join_cols(values, outliers);
  // The iteration stops at a relative step of 1e-14 and contracts by a tenth or better.
  CHECK_THAT(trace_variance(view(values), 130, excesses.size()), WithinRel(sigma2, 1e-13));
}

TEST_CASE("bulk_variance: unbiased under spikes, of either kind", "[inference][statistical]") {
  // 250 matrices of 240 x 60; relative standard deviation of one fit sqrt(2/NM) = 0.012. |z| < 4 (false alarm
  // 6e-5 a case), with the next order of the expansion, k/N^2 of a few tenths of 1e-3, on top.
  const auto kind = GENERATE(theory::SpikeKind::additive, theory::SpikeKind::covariance);
  const std::size_t k = GENERATE(3, 10);
  CAPTURE(k, static_cast<int>(kind));
  arma::vec estimate(250), bulk_mean(250), mean(250);
  for (arma::uword r = 0; r < estimate.n_elem; ++r) {
    const arma::vec values = spiked_spectrum(240, 60, kind, k, Stream(2).child(k).child(r));
    estimate[r] = trace_variance(view(values), 240, k);
    bulk_mean[r] = arma::mean(values.head(60 - k));
    mean[r] = arma::mean(values);
  }
  const double band = 4 * standard_error(estimate) + 5e-4;
  CHECK_THAT(arma::mean(estimate), WithinAbs(1, band));
  // Negative controls: k/N (1 + 1/h) and more are missing, or the spikes' trace is added.
  CHECK(arma::mean(bulk_mean) < 1 - 2 * band);
  CHECK(arma::mean(mean) > 1 + 2 * band);
}

TEST_CASE("bulk_variance: the robust estimators are unbiased on noise",
          "[inference][statistical]") {
  struct Case {
    VarianceEstimator estimator;
    double least, most;  // standard deviation over that of the trace, (2/NM)^(1/2)
  };
  const auto [estimator, least, most] =
      GENERATE(Case{VarianceEstimator::trace, 0.9, 1.1}, Case{VarianceEstimator::quantile, 1.1, 2},
               Case{VarianceEstimator::median, 1.1, 3}, Case{VarianceEstimator::lower_edge, 1, 12});
  const auto [rows, cols] = GENERATE(std::pair{784, 128}, std::pair{90, 60}, std::pair{60, 60});
  CAPTURE(name(estimator), rows, cols);
  Stream stream = Stream(3).child(static_cast<std::uint64_t>(rows));
  arma::vec estimate(500);
  for (double& value : estimate)
    value = bulk_variance(estimator,
                          view(wishart_spectrum(static_cast<std::size_t>(rows),
                                                static_cast<std::size_t>(cols), 2.5, stream)),
                          static_cast<std::size_t>(rows), 0) /
            2.5;
  const double best = std::sqrt(2.0 / (rows * cols)), spread = arma::stddev(estimate) / best;
  CAPTURE(arma::mean(estimate), standard_error(estimate), spread);
  // |z| < 4: false alarm 6e-5. The lowest levels at the hard edge, of order 1/M^2, are no estimator of
  // the variance to within that.
  if (estimator == VarianceEstimator::lower_edge && rows == cols) return;
  CHECK(std::abs(arma::mean(estimate) - 1) < 4 * standard_error(estimate));
  CHECK(spread > least);
  CHECK(spread < most);
}

TEST_CASE("bulk_variance: the quantiles need the mean law at this size",
          "[inference][statistical]") {
  // Negative control of the test above: median of the limit law itself, at 60 x 60.
  Stream stream = Stream(3).child("control");
  const double plain = quantile(theory::MarchenkoPastur(1), 0.5);
  arma::vec estimate(1000), without(1000);
  for (arma::uword r = 0; r < estimate.n_elem; ++r) {
    const arma::vec values = wishart_spectrum(60, 60, 1, stream);
    estimate[r] = bulk_variance(VarianceEstimator::median, view(values), 60, 0);
    without[r] = arma::median(values) / plain;
  }
  CHECK(std::abs(arma::mean(estimate) - 1) < 4 * standard_error(estimate));
  CHECK(std::abs(arma::mean(without) - 1) > 4 * standard_error(without));
}

TEST_CASE("bulk_variance: a decaying upper half moves the quantiles less than the trace",
          "[inference]") {
  Stream stream(4);
  arma::vec values = wishart_spectrum(400, 200, 1, stream);
  for (arma::uword i = 160; i < 200; ++i)
    values[i] *= 1 + 0.2 * static_cast<double>(i - 159);  // a fifth, up to 9 times as large
  const double by_quantile = quantile_variance(view(values), 400, 0);
  const double by_trace = trace_variance(view(values), 400, 0);
  CHECK_THAT(by_quantile, WithinAbs(1, 0.06));
  CHECK(by_trace > 2);
}

TEST_CASE("bulk_variance: the interval covers as often as it says", "[inference][statistical]") {
  // 1000 draws: 4.5 binomial standard deviations of 0.0069 are 31 counts (false alarm 7e-6).
  const auto [rows, cols] = GENERATE(std::pair{150, 50}, std::pair{40, 40});
  Stream stream = Stream(5).child(static_cast<std::uint64_t>(rows));
  int covered = 0, by_half = 0;
  for (int r = 0; r < 1000; ++r) {
    const arma::vec values =
        wishart_spectrum(static_cast<std::size_t>(rows), static_cast<std::size_t>(cols), 3, stream);
    const double sigma2 = trace_variance(view(values), static_cast<std::size_t>(rows), 0);
    const auto [lower, upper] =
        variance_interval(sigma2, view(values), static_cast<std::size_t>(rows), 0, 0, 0.95);
    covered += lower <= 3 && 3 <= upper;
    by_half += (lower + sigma2) / 2 <= 3 && 3 <= (sigma2 + upper) / 2;
  }
  CHECK(covered >= 919);
  CHECK(covered <= 981);
  CHECK(by_half < 800);  // negative control: half as wide covers 0.67
}

TEST_CASE("bulk_variance: the interval knows the kurtosis of the entries",
          "[inference][statistical]") {
  // Uniform entries, 600 matrices: expected 570 covered, 4.5 standard deviations are 24.
  Stream stream(6);
  int covered = 0, as_gaussian = 0;
  for (int r = 0; r < 600; ++r) {
    const arma::vec values = null_spectrum(NullEntries::uniform, 60, 30, stream);
    const double sigma2 = trace_variance(view(values), 60, 0);
    const auto covers = [&](double kurtosis) {
      const auto [lower, upper] = variance_interval(sigma2, view(values), 60, 0, kurtosis, 0.95);
      return lower <= 1 && 1 <= upper;
    };
    covered += covers(-1.2);
    as_gaussian += covers(0);
  }
  CHECK(covered >= 546);
  CHECK(covered <= 594);
  CHECK(as_gaussian > 594);  // negative control: three standard deviations wide, 0.998
  // The squares of signs do not fluctuate, and neither does their mean.
  const arma::vec signs = null_spectrum(NullEntries::rademacher, 60, 30, stream);
  const double sigma2 = trace_variance(view(signs), 60, 0);
  CHECK_THAT(sigma2, WithinRel(1, 1e-13));
  const auto [lower, upper] = variance_interval(sigma2, view(signs), 60, 0, -2, 0.95);
  CHECK_THAT(lower, WithinRel(sigma2 * (1 - 1e-12), 1e-15));  // what is left is rounding
  CHECK_THAT(upper, WithinRel(sigma2 * (1 + 1e-12), 1e-15));
}

TEST_CASE("bulk_variance: the interval covers under spikes", "[inference][statistical]") {
  // 300 matrices with three spikes each: expected 285 covered, 4.5 standard deviations are 17.
  const auto kind = GENERATE(theory::SpikeKind::additive, theory::SpikeKind::covariance);
  int covered = 0, without_correction = 0;
  for (std::uint64_t r = 0; r < 300; ++r) {
    const arma::vec values = spiked_spectrum(150, 50, kind, 3, Stream(7).child(r));
    const auto covers = [&](double sigma2) {
      const auto [lower, upper] = variance_interval(sigma2, view(values), 150, 3, 0, 0.95);
      return lower <= 1 && 1 <= upper;
    };
    covered += covers(trace_variance(view(values), 150, 3));
    without_correction += covers(arma::mean(values.head(47)));
  }
  CHECK(covered >= 268);
  CHECK(without_correction < 200);  // negative control: the plain mean of the bulk
}

TEST_CASE("bulk_variance: the interval widens with coverage and with weak outliers",
          "[inference][property]") {
  Stream stream(8);
  const arma::vec values = wishart_spectrum(80, 40, 1, stream);
  const auto width = [&](std::size_t removed, double coverage) {
    const auto [lower, upper] = variance_interval(1, view(values), 80, removed, 0, coverage);
    return upper - lower;
  };
  CHECK(width(0, 0.99) > width(0, 0.95));
  CHECK(width(0, 0.95) > width(0, 0.5));
  CHECK(width(2, 0.95) > width(0, 0.95));
  // sigma2 (1 +- 1.96 (2/NM)^(1/2)), to the second order of a chi-square law of 3200 degrees.
  CHECK_THAT(width(0, 0.95), WithinRel(2 * 1.95996 * std::sqrt(2.0 / 3200), 2e-3));
}

TEST_CASE("bulk_variance: the mean law has the exact first two moments", "[inference][accuracy]") {
  // E tr X = M and E tr X^2 = M (1 + (M + 1 + kappa)/N): the correction contributes 0 and c (1 + kappa).
  // lambda(theta) = 1 + c - 2 c^(1/2) cos theta; the correction is an atom of 1/4 at either edge and a
  // density between. By parts: f(b) C(b+) - integral of f' C, C = 0 beyond the edges.
  const double c = GENERATE(0.05, 0.5, 1.0), kappa = GENERATE(-2.0, -1.2, 0.0, 1.0);
  CAPTURE(c, kappa);
  const auto lambda = [&](double theta) { return 1 + c - 2 * std::sqrt(c) * std::cos(theta); };
  const auto slope = [&](double theta) { return 2 * std::sqrt(c) * std::sin(theta); };
  const double first =
      -integral([&](double t) { return slope(t) * mean_count_correction(t, kappa); });
  const double second = -integral(
      [&](double t) { return 2 * lambda(t) * slope(t) * mean_count_correction(t, kappa); });
  CHECK_THAT(first, WithinAbs(0, 1e-12));
  CHECK_THAT(second, WithinRel(c * (1 + kappa), 1e-10) || WithinAbs(0, 1e-12));
  CHECK(mean_count_correction(0, kappa) == 0.25);
  CHECK_THAT(mean_count_correction(std::numbers::pi, kappa), WithinAbs(-0.25, 1e-15));
}

TEST_CASE("bulk_variance: the second moment of noise is that of the mean law",
          "[inference][statistical]") {
  // The exact moment that the test above relies on. Matrices of 40 x 20; |z| < 4, false alarm 6e-5; negative
  // control: the other kurtosis.
  Stream stream(9);
  for (const NullEntries entries : {NullEntries::gaussian, NullEntries::rademacher}) {
    arma::vec squares(1500);
    for (double& s : squares) {
      const arma::vec values = null_spectrum(entries, 40, 20, stream);
      s = arma::dot(values, values);
    }
    const auto exact = [&](double kappa) { return 20 * (1 + (21 + kappa) / 40); };
    const double kappa = excess_kurtosis(entries), other = kappa == 0 ? -2 : 0;
    CAPTURE(name(entries), arma::mean(squares), standard_error(squares));
    CHECK(std::abs(arma::mean(squares) - exact(kappa)) < 4 * standard_error(squares));
    CHECK(std::abs(arma::mean(squares) - exact(other)) > 4 * standard_error(squares));
  }
}

TEST_CASE("bulk_variance: names, shapes and refusals", "[inference][errors]") {
  CHECK(name(VarianceEstimator::trace) == "trace");
  CHECK(name(VarianceEstimator::quantile) == "quantile");
  CHECK(name(VarianceEstimator::median) == "median");
  CHECK(name(VarianceEstimator::lower_edge) == "lower-edge");
  const BulkShape shape(100, 40, 4);
  CHECK(shape.aspect_ratio() == 96.0 / 36);
  CHECK_THAT(shape.factor, WithinRel(100.0 / 96, 1e-15));

  const std::vector<double> zeros(30, 0.0), ones(30, 1.0);
  CHECK_THROWS_AS(trace_variance(zeros, 60, 0), FitError);
  CHECK_THROWS_WITH(trace_variance(zeros, 60, 2),
                    "too many zero eigenvalues: the variance of the bulk of 28 comes out as zero");
  CHECK_THROWS_WITH(trace_variance(ones, 60, 30),
                    "30 of 30 eigenvalues set apart: no bulk is left");
  for (const VarianceEstimator estimator :
       {VarianceEstimator::quantile, VarianceEstimator::median, VarianceEstimator::lower_edge}) {
    CAPTURE(name(estimator));
    CHECK_THROWS_WITH(bulk_variance(estimator, zeros, 60, 0), ContainsSubstring("bulk of 30"));
    CHECK_THROWS_WITH(bulk_variance(estimator, ones, 60, 21),
                      "a bulk of 9 eigenvalues (at least 10 are needed for quantiles)");
    CHECK_NOTHROW(bulk_variance(estimator, ones, 60, 20));
  }
  CHECK_THROWS_WITH(variance_interval(1, ones, 60, 0, 0, 1),
                    "variance_interval: coverage = 1 (must be in (0, 1))");
  CHECK_THROWS_WITH(variance_interval(1, ones, 60, 0, -3, 0.9),
                    "variance_interval: excess_kurtosis = -3 (must be finite and >= -2)");
  CHECK_THROWS_AS(variance_interval(1, ones, 60, 0, std::nan(""), 0.9), std::domain_error);
  CHECK_THROWS_AS(variance_interval(1, ones, 60, 30, 0, 0.9), FitError);
}

}  // namespace
}  // namespace rmtlab::inference
