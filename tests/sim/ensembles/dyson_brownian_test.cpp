// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/ensembles/dyson_brownian.hpp.
#include "sim/ensembles/dyson_brownian.hpp"

#include <cmath>
#include <stdexcept>

#include <armadillo>

#include "sim/core/random.hpp"
#include "sim/ensembles/gaussian_matrix.hpp"
#include "tests/catch.hpp"
#include "tests/sim/ensembles/sample_checks.hpp"
#include "theory/marchenko_pastur.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;
using rmtlab::core::Stream;
using namespace rmtlab;
using namespace rmtlab::ensembles;
using namespace rmtlab::tests;

/// A start with one large singular value.
arma::mat start(arma::uword rows, arma::uword cols) {
  arma::mat W(rows, cols, arma::fill::zeros);
  W(0, 0) = 9;
  W(1, 1) = 3;
  return W;
}

}  // namespace

TEST_CASE("dyson_brownian: variance of the increments", "[ensembles][property]") {
  const DysonBrownian free{.reversion = 0, .diffusion = 3}, bound{.reversion = 0.7, .diffusion = 3};
  CHECK(noise_variance(free, 2) == 18);
  CHECK(noise_variance(bound, 0) == 0);
  CHECK_THAT(noise_variance(bound, 1e3), WithinRel(9 / 1.4, 1e-15));  // stationary
  CHECK_THAT(noise_variance(bound, 2), WithinRel(9 * (1 - std::exp(-2.8)) / 1.4, 1e-14));
  CHECK_THAT(noise_variance({.reversion = 1e-12, .diffusion = 3}, 2), WithinRel(18.0, 1e-11));
  // Two steps are one: v(s + t) = exp(-2 gamma t) v(s) + v(t).
  CHECK_THAT(
      noise_variance(bound, 0.8),
      WithinRel(std::exp(-1.4 * 0.5) * noise_variance(bound, 0.3) + noise_variance(bound, 0.5),
                1e-14));
}

TEST_CASE("dyson_brownian: moments of the trace", "[ensembles][statistical]") {
  // W = D + sigma Z with D = exp(-gamma t) W(0): N tr X is sigma^2 times a noncentral chi^2 with NM
  // degrees, mean |D|^2 + NM sigma^2, variance 4 sigma^2 |D|^2 + 2 NM sigma^4. |z| < 4: 6e-5 each.
  const DysonBrownian process{.reversion = 0.5, .diffusion = 1.3};
  const double time = 0.9, variance = noise_variance(process, time);
  Stream stream = Stream(20240660).child("trace");
  const arma::vec trace = sample(6000, [&] {
    return arma::accu(arma::square(dyson_brownian_step(start(8, 5), process, time, stream)));
  });
  const double signal = std::exp(-2 * 0.5 * time) * 90;
  CHECK(std::abs(z_against(trace, signal + 40 * variance)) < 4);
  CHECK(std::abs(z_variance(trace, 4 * variance * signal + 80 * variance * variance)) < 4);
  CHECK(std::abs(z_against(trace, 90 + 40 * variance)) > 4);  // negative control: no decay
}

TEST_CASE("dyson_brownian: many steps have the law of one", "[ensembles][statistical]") {
  // Extreme singular values and spacing ratios at time t; false alarm 5e-5 each. Negative control: a
  // reversion of 0.25 in place of 0.3.
  const DysonBrownian process{.reversion = 0.3, .diffusion = 1};
  const double time = 1.5;
  const Stream root = Stream(20240661);
  Stream once = root.child("once"), stepped = root.child("stepped"), other = root.child("other");
  const int draws = 1000;
  const auto features = [&](const DysonBrownian& law, int steps, Stream& stream) {
    arma::mat table(draws, 3);
    table.each_row([&](arma::rowvec& row) {
      arma::mat W = start(14, 10);
      for (int i = 0; i < steps; ++i) W = dyson_brownian_step(W, law, time / steps, stream);
      const arma::vec values = spectrum(W);
      row = {values.back(), values.front(), mean_gap_ratio(values)};
    });
    return table;
  };
  const arma::mat one = features(process, 1, once), many = features(process, 7, stepped);
  for (arma::uword k = 0; k < 3; ++k) CHECK(ks_between(one.col(k), many.col(k)) < 2.3);
  CHECK(ks_between(features({.reversion = 0.25, .diffusion = 1}, 1, other).col(0), many.col(0)) >
        2.3);
}

TEST_CASE("dyson_brownian: forgets its start", "[ensembles][statistical]") {
  // exp(-gamma t) = 4e-9: stationary noise of variance s^2 / 2 gamma, hence Marchenko-Pastur
  // (distance in units of log M / M: 0.5, mean of 4).
  const DysonBrownian process{.reversion = 0.5, .diffusion = 2};
  Stream stream = Stream(20240662).child("stationary");
  double right = 0, wrong = 0;
  for (int i = 0; i < 4; ++i) {
    arma::mat W = 10 * start(160, 80);
    for (int step = 0; step < 3; ++step) W = dyson_brownian_step(W, process, 13, stream);
    const arma::vec values = spectrum(W);
    const auto distance = [&](double variance) {
      return 80 / std::log(80.0) * ks_distance(values, [&](double x) {
               return cdf(theory::MarchenkoPastur(2, variance), x);
             });
    };
    right += distance(4) / 4;
    wrong += distance(4.4) / 4;
  }
  CHECK(right < 1);
  CHECK(wrong > 1);
}

TEST_CASE("dyson_brownian: refuses impossible parameters", "[ensembles][errors]") {
  CHECK_THROWS_WITH(noise_variance({.reversion = -1}, 1),
                    ContainsSubstring("DysonBrownian: reversion = -1 (must be finite and >= 0)"));
  CHECK_THROWS_WITH(noise_variance({.diffusion = 0}, 1), ContainsSubstring("diffusion = 0"));
  CHECK_THROWS_WITH(noise_variance({}, -1), ContainsSubstring("time = -1"));
}
