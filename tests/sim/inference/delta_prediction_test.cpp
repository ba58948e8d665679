// SPDX-License-Identifier: MIT
// Planted matrices: what training added to noise that is known, and what one should see.
#include "sim/inference/delta_prediction.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "sim/core/random.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "sim/ensembles/haar.hpp"
#include "sim/spectra/singular_vectors.hpp"
#include "sim/spectra/spectrum.hpp"
#include "tests/catch.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/spiked.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace rmtlab::inference {
namespace {

constexpr std::size_t rows = 400, cols = 100;
constexpr double share = 0.7, entry_variance = 0.004;
constexpr double variance = share * share * entry_variance;
const double aspect_ratio = 4, critical = 0.5;

// h at a critical window w.
double excess_at(double window) {
  return critical * (1 + window * std::pow(1 + critical, 2.0 / 3) / std::cbrt(double{cols}));
}

// Delta with these excesses, Haar vectors.
arma::mat planted(const arma::vec& excess, core::Stream& stream) {
  const arma::mat u = ensembles::haar_frame(rows, excess.n_elem, stream);
  const arma::mat v = ensembles::haar_frame(cols, excess.n_elem, stream);
  return u * arma::diagmat(arma::sqrt(excess * variance * double{rows})) * v.t();
}

struct Draw {
  DeltaPrediction prediction;
  double observed;  // lambda_max of W
};

Draw draw_with(const arma::mat& delta, core::Stream& stream) {
  const arma::mat W_0 = ensembles::gaussian_matrix(rows, cols, entry_variance, stream);
  const arma::mat W = share * W_0 + delta;
  return {predict_from_delta(W, W_0, share, entry_variance),
          spectra::spectrum_of(W).eigenvalues.back()};
}

struct Errors {
  double isolated = 0, dressed = 0;  // means of observed / predicted - 1
};

Errors mean_errors(const arma::vec& excess, int draws, std::uint64_t seed) {
  core::Stream stream(seed);
  Errors mean;
  for (int r = 0; r < draws; ++r) {
    const arma::mat delta = planted(excess, stream);
    const Draw draw = draw_with(delta, stream);
    mean.isolated += (draw.observed / draw.prediction.lambda_max - 1) / draws;
    mean.dressed += (draw.observed / draw.prediction.dressed_lambda_max - 1) / draws;
  }
  return mean;
}

TEST_CASE("delta_prediction: a lone spike lies where predicted", "[inference][limit]") {
  const double window = GENERATE(10.0, 25.0, 100.0);
  const double h = excess_at(window);
  const auto spike = theory::Spike::additive(aspect_ratio, std::sqrt(h), variance);
  const Errors errors = mean_errors({h}, 100, 131 + static_cast<std::uint64_t>(window));
  CAPTURE(window, errors.isolated);
  // 4 standard errors of the mean of 100 draws (6e-5); terms of order 1/M are smaller.
  const double error =
      std::sqrt(fluctuation_variance(spike) / rows / 100) / outlier_location(spike);
  CHECK(std::abs(errors.isolated) < 4 * error);
  CHECK(std::abs(errors.dressed - errors.isolated) < 1e-9);
}

TEST_CASE("delta_prediction: what is in Delta comes back", "[inference][accuracy]") {
  core::Stream stream(32);
  const arma::vec excess{excess_at(40), excess_at(20), 0.3 * critical};
  const arma::mat delta = planted(excess, stream);
  const Draw draw = draw_with(delta, stream);
  const DeltaPrediction& p = draw.prediction;
  CHECK_THAT(p.variance, WithinRel(variance, 1e-14));
  CHECK_THAT(p.mean_square, WithinRel(variance, 4 * std::sqrt(2.0 / (rows * cols))));
  CHECK_THAT(p.norm_ratio * std::sqrt(p.mean_square * rows * cols),
             WithinRel(arma::norm(delta, "fro"), 1e-12));
  REQUIRE(p.singular_values.n_elem == cols);
  CHECK_THAT(p.singular_values.back(), WithinRel(std::sqrt(excess[0] * variance * rows), 1e-9));
  CHECK_THAT(p.strength, WithinRel(excess[0] / critical, 1e-9));
  CHECK_THAT(p.window, WithinRel(40.0, 1e-8));
  CHECK(p.outlier_count == 2);
  CHECK(p.label == DeltaLabel::bulk_plus_spikes);
  // Orientation is a matter of bookkeeping.
  const arma::mat W_0 = ensembles::gaussian_matrix(rows, cols, entry_variance, stream);
  const arma::mat W = share * W_0 + delta, W_t = W.t(), W_0t = W_0.t();
  CHECK_THAT(
      predict_from_delta(W_t, W_0t, share, entry_variance).dressed_lambda_max,
      WithinRel(predict_from_delta(W, W_0, share, entry_variance).dressed_lambda_max, 1e-10));
}

// W_0 that has something along the spike: the plain formula misses it, the aligned one does not.
TEST_CASE("delta_prediction: what W_0 has along the spike counts", "[inference]") {
  const double t = GENERATE(-0.3, 0.2);
  core::Stream stream = core::Stream(35).child(t > 0 ? "with" : "against");
  constexpr int draws = 60;
  double plain = 0, aligned = 0, turned = 0;
  for (int r = 0; r < draws; ++r) {
    const double s = std::sqrt(excess_at(60) * variance * rows);
    arma::vec u = ensembles::gaussian_matrix(rows, 1, 1, stream).col(0);
    arma::vec v = ensembles::gaussian_matrix(cols, 1, 1, stream).col(0);
    u /= arma::norm(u);
    v /= arma::norm(v);
    const arma::mat delta = s * u * v.t();
    arma::mat W_0 = ensembles::gaussian_matrix(rows, cols, entry_variance, stream);
    W_0 += (t * s / share - arma::dot(u, W_0 * v)) * u * v.t();
    const arma::mat W = share * W_0 + delta;
    const auto p = predict_from_delta(W, W_0, share, entry_variance);
    CHECK_THAT(p.alignment, WithinAbs(t, 1e-9));
    const double observed = spectra::spectrum_of(W).eigenvalues.back();
    plain += observed / p.lambda_max / draws;
    aligned += observed / p.aligned_lambda_max / draws;
    turned += predict_from_delta(W.t(), W_0.t(), share, entry_variance).aligned_lambda_max /
              p.aligned_lambda_max / draws;
  }
  // One draw scatters by about 3 %, but not along the spike, which is fixed: 4 standard errors are 1.6 %.
  CHECK_THAT(aligned, WithinAbs(1, 0.016));
  CHECK(std::abs(plain - 1) > 0.1);  // the negative control
  CHECK_THAT(turned, WithinAbs(1, 1e-9));
}

// Eight spikes of nearly one strength: what an independent W_0 has between them raises the largest eigenvalue
// above the formula of the strongest alone. With the whole span it is predicted, and scatters less.
TEST_CASE("delta_prediction: spikes that mix", "[inference]") {
  core::Stream stream(37);
  constexpr int draws = 60;
  arma::vec alone(draws), together(draws), one_pair(draws);
  const arma::vec excess = excess_at(40) * arma::linspace(1, 0.93, 8);
  const arma::mat delta = planted(excess, stream);
  const auto pair = spectra::top_singular_vectors(delta, 1);
  for (int r = 0; r < draws; ++r) {
    const arma::mat W_0 = ensembles::gaussian_matrix(rows, cols, entry_variance, stream);
    const arma::mat W = share * W_0 + delta;
    const auto p = predict_from_delta(W, W_0, share, entry_variance);
    REQUIRE(p.outlier_count == 8);
    const double observed = spectra::spectrum_of(W).eigenvalues.back();
    const auto at = static_cast<arma::uword>(r);
    alone[at] = observed / p.lambda_max;
    together[at] = observed / p.aligned_lambda_max;
    const double s = p.singular_values.back() * (1 + p.alignment);
    one_pair[at] = observed / outlier_location(theory::Spike::additive(
                                  aspect_ratio, std::sqrt(s * s / (rows * variance)), variance));
    CHECK_THAT(p.alignment * p.singular_values.back(),
               WithinRel(arma::as_scalar(pair.left.t() * (share * W_0) * pair.right), 1e-8));
  }
  const double error = arma::stddev(together) / std::sqrt(draws);
  CAPTURE(arma::mean(alone), arma::mean(one_pair), arma::mean(together), error);
  CHECK(std::abs(arma::mean(together) - 1) < 4 * error + 0.005);  // terms of order 1/M
  CHECK(arma::mean(alone) - 1 > 0.02);                            // negative controls
  CHECK(arma::mean(one_pair) - 1 > 0.02);
  CHECK(arma::stddev(together) < arma::stddev(one_pair));
}

TEST_CASE("delta_prediction: labels of finitely many spikes", "[inference]") {
  core::Stream stream(33);
  const auto label = [&](const arma::vec& excess) {
    return draw_with(planted(excess, stream), stream).prediction.label;
  };
  // lambda_plus = 2.25; 1.5 of that is (1 + h)(1 + 0.25/h) at h = 1.995.
  CHECK(label({1.9, 1.2}) == DeltaLabel::bleeding_out);
  CHECK(label({2.1, 1.2}) == DeltaLabel::bulk_plus_spikes);
  CHECK(label({0.9 * critical, 0.5 * critical}) == DeltaLabel::random_like);
  CHECK(label({excess_at(3.9)}) == std::nullopt);
  CHECK(label({excess_at(4.1)}) == DeltaLabel::bleeding_out);
  CHECK(label(arma::vec(9, arma::fill::value(3))) == DeltaLabel::bulk_plus_spikes);
  CHECK(label(arma::vec(10, arma::fill::value(3))) == DeltaLabel::extensive);
  CHECK(name(DeltaLabel::extensive) == "extensive");
  CHECK(name(DeltaLabel::bulk_plus_spikes) == "bulk+spikes");
}

// The negative control: what was learned replaced by noise of the same norm.
TEST_CASE("delta_prediction: noise added to noise is random-like at any strength",
          "[inference][null]") {
  const double norm_ratio = GENERATE(0.1, 0.5, 1.0, 3.0);
  core::Stream stream = core::Stream(34).child(static_cast<std::uint64_t>(10 * norm_ratio));
  int wrong = 0;
  double isolated = 0, dressed = 0;
  constexpr int draws = 50;
  for (int r = 0; r < draws; ++r) {
    const arma::mat noise =
        ensembles::gaussian_matrix(rows, cols, norm_ratio * norm_ratio * variance, stream);
    const Draw draw = draw_with(noise, stream);
    wrong += draw.prediction.label != DeltaLabel::random_like;
    isolated += draw.observed / draw.prediction.lambda_max / draws;
    dressed += draw.observed / draw.prediction.dressed_lambda_max / draws;
    // Each singular value taken for a planted one would be supercritical: the control is no idle one.
    if (norm_ratio >= 1) CHECK(draw.prediction.strength > 2);
  }
  // Each with probability 0.001: two or more of 50 with 0.0012.
  CHECK(wrong <= 1);
  // The edge of a finite matrix: mean of Tracy-Widom, -1.2 scales of 1.7 % each; 4 standard errors are
  // 1 %. The dressed edge starts from a sample of the edge of Delta.
  CHECK_THAT(isolated, WithinAbs(1 - 0.02, 0.012));
  CHECK_THAT(dressed, WithinAbs(1 - 0.01, 0.02));
}

TEST_CASE("delta_prediction: all of Delta counts where it has every rank", "[inference][limit]") {
  // h = 6 k^(-1/4): 100 values from 6 down to 1.9, not one of them alone.
  const arma::vec excess = 6 * arma::pow(arma::regspace(1, double{cols}), -0.25);
  const Errors errors = mean_errors(excess, 40, 35);
  CAPTURE(errors.isolated, errors.dressed);
  CHECK(std::abs(errors.dressed) < 0.012);
  CHECK(errors.isolated > 0.04);
  core::Stream stream(36);
  const Draw draw = draw_with(planted(excess, stream), stream);
  CHECK(draw.prediction.label == DeltaLabel::extensive);
}

TEST_CASE("delta_prediction: a Delta that knows W_0 is found out", "[inference]") {
  core::Stream stream(37);
  const arma::mat W_0 = ensembles::gaussian_matrix(rows, cols, entry_variance, stream);
  const arma::mat W = 2 * share * W_0;
  const auto p = predict_from_delta(W, W_0, share, entry_variance);
  CHECK(p.label == DeltaLabel::random_like);
  // Variances of independent parts would add up to 2; here amplitudes do, to 4.
  CHECK_THAT(spectra::spectrum_of(W).eigenvalues.back() / p.lambda_max, WithinAbs(2, 0.1));
}

TEST_CASE("delta_prediction: nothing learned", "[inference]") {
  core::Stream stream(38);
  const arma::mat W_0 = ensembles::gaussian_matrix(rows, cols, entry_variance, stream);
  const auto p = predict_from_delta(W_0, W_0, 1, entry_variance);
  CHECK(p.norm_ratio == 0);
  CHECK(p.strength == 0);
  CHECK(p.noise_p_value == 1);
  CHECK(p.label == DeltaLabel::random_like);
  const double edge = theory::MarchenkoPastur(aspect_ratio, entry_variance).upper_edge();
  CHECK_THAT(p.lambda_max, WithinRel(edge, 1e-13));
  CHECK_THAT(p.dressed_lambda_max, WithinRel(edge, 1e-13));
}

TEST_CASE("delta_prediction: where nothing is left of the noise, Delta is what is seen",
          "[inference]") {
  core::Stream stream(39);
  const double a = GENERATE(1e-3, 1e-12, 1e-40);
  const arma::mat W_0 = ensembles::gaussian_matrix(rows, cols, entry_variance, stream);
  const arma::mat W = a * W_0 + planted(arma::regspace(1, 20.0), stream);
  const auto p = predict_from_delta(W, W_0, a, entry_variance);
  CHECK(p.label == DeltaLabel::extensive);
  const double seen = spectra::spectrum_of(W).eigenvalues.back();
  CHECK_THAT(p.lambda_max, WithinRel(seen, 1e-3));
  CHECK_THAT(p.dressed_lambda_max, WithinRel(seen, 1e-3));
}

TEST_CASE("delta_prediction: bad arguments", "[inference][errors]") {
  const arma::mat W(4, 3, arma::fill::ones), other(3, 3, arma::fill::ones), narrow(4, 1);
  CHECK_THROWS_WITH(predict_from_delta(W, other, 1, 1),
                    ContainsSubstring("W is 4 x 3 and W_0 3 x 3"));
  CHECK_THROWS_AS(predict_from_delta(narrow, narrow, 1, 1), std::invalid_argument);
  CHECK_THROWS_WITH(predict_from_delta(W, W, 1, 0), ContainsSubstring("entry_variance = 0"));
  CHECK_THROWS_WITH(predict_from_delta(W, W, 0, 1), ContainsSubstring("a^2 entry_variance = 0"));
}

}  // namespace
}  // namespace rmtlab::inference
