// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/softmax_regression.hpp.
#include "sim/inference/softmax_regression.hpp"

#include <cmath>
#include <stdexcept>

#include "sim/core/random.hpp"
#include "tests/catch.hpp"

namespace rmtlab::inference {
namespace {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("softmax regression: without predictors the probabilities are the shares",
          "[inference]") {
  const arma::mat X(10, 1, arma::fill::zeros);
  const std::vector<std::size_t> classes{0, 0, 0, 0, 0, 1, 1, 1, 2, 2};
  const auto model = fit_softmax(X, classes, 3, arma::vec(10, arma::fill::ones), 1);
  const auto p = model.probabilities(std::vector<double>{0.0});
  CHECK_THAT(p[0], WithinAbs(0.5, 1e-7));
  CHECK_THAT(p[1], WithinAbs(0.3, 1e-7));
  CHECK_THAT(p[2], WithinAbs(0.2, 1e-7));
  // A weight counts a sample as often.
  arma::vec weights(10, arma::fill::ones);
  weights[9] = 11;
  const auto weighted = fit_softmax(X, classes, 3, weights, 1).probabilities(std::vector{0.0});
  CHECK_THAT(weighted[2], WithinAbs(0.6, 1e-7));
}

TEST_CASE("softmax regression: one binary predictor has the log odds ratio as its slope",
          "[inference]") {
  // Counts (x, class): (0,0) 30, (0,1) 10, (1,0) 5, (1,1) 15: ln((15/5)/(10/30)) = ln 9.
  arma::mat X(60, 1);
  std::vector<std::size_t> classes(60);
  for (std::size_t i = 0; i < 60; ++i) {
    X(i, 0) = i < 40 ? 0 : 1;
    classes[i] = (i >= 30 && i < 40) || i >= 45 ? 1 : 0;
  }
  const auto model = fit_softmax(X, classes, 2, arma::vec(60, arma::fill::ones), 1e-9);
  CHECK_THAT(model.coefficients(0, 1) - model.coefficients(0, 0), WithinRel(std::log(9.0), 1e-6));
  CHECK_THAT(model.intercepts[1] - model.intercepts[0], WithinRel(std::log(1.0 / 3), 1e-6));
}

TEST_CASE("softmax regression: the gradient vanishes at the minimum", "[inference]") {
  // By central differences of the objective written down plainly, with three classes and weights.
  core::Stream stream(3);
  const std::size_t n = 200, d = 3, K = 3;
  const double ridge = 0.7;
  arma::mat X(n, d);
  for (double& x : X) x = stream.normal();
  std::vector<std::size_t> classes(n);
  arma::vec weights(n);
  for (std::size_t i = 0; i < n; ++i) {
    classes[i] = X(i, 0) + stream.normal() > 0.5 ? 2 : stream.below(2);
    weights[i] = 0.5 + stream.uniform();
  }
  const auto model = fit_softmax(X, classes, K, weights, ridge);
  const auto objective = [&](const SoftmaxModel& m) {
    double sum = ridge / 2 * arma::accu(arma::square(m.coefficients));
    for (std::size_t i = 0; i < n; ++i) {
      const arma::rowvec x = X.row(i);
      const auto p = m.probabilities(std::vector<double>(x.begin(), x.end()));
      sum -= weights[i] * std::log(p[classes[i]]);
    }
    return sum;
  };
  const double step = 1e-5;
  for (std::size_t k = 0; k < K; ++k)
    for (std::size_t j = 0; j <= d; ++j) {
      SoftmaxModel up = model, down = model;
      (j < d ? up.coefficients(j, k) : up.intercepts[k]) += step;
      (j < d ? down.coefficients(j, k) : down.intercepts[k]) -= step;
      // Differences of numbers near 200 resolve 200 eps / 1e-5 = 5e-9; curvature is below 100.
      CHECK_THAT((objective(up) - objective(down)) / (2 * step), WithinAbs(0, 1e-6));
    }
  CHECK_THAT(arma::accu(model.intercepts), WithinAbs(0, 1e-6));
}

TEST_CASE("softmax regression: separable classes stay finite, and certain", "[inference]") {
  arma::mat X(40, 1);
  std::vector<std::size_t> classes(40);
  for (std::size_t i = 0; i < 40; ++i) {
    X(i, 0) = i < 20 ? -1.0 : 1.0;
    classes[i] = i < 20 ? 0 : 1;
  }
  const auto model = fit_softmax(X, classes, 2, arma::vec(40, arma::fill::ones), 0.01);
  CHECK(model.coefficients.is_finite());
  CHECK(model.probabilities(std::vector{1.0})[1] > 0.99);
}

TEST_CASE("softmax regression: units and group sizes change nothing when balanced", "[inference]") {
  core::Stream stream(8);
  arma::mat X(90, 2);
  std::vector<std::size_t> classes(90);
  for (std::size_t i = 0; i < 90; ++i) {
    classes[i] = i < 30 ? 1 : 0;
    X(i, 0) = stream.normal() + (i < 30 ? 1.0 : 0.0);
    X(i, 1) = stream.normal();
  }
  const auto plain = fit_balanced_softmax(X, classes, 2, classes, 0.5);
  arma::mat other = X;
  other.col(0) = 1e6 * X.col(0) + 7;
  const auto scaled = fit_balanced_softmax(other, classes, 2, classes, 0.5);
  const std::vector<double> x{0.4, -1};
  CHECK_THAT(scaled.probabilities(std::vector<double>{1e6 * 0.4 + 7, -1.0})[1],
             WithinRel(plain.probabilities(x)[1], 1e-6));
  // One third and two thirds of the samples, and still one half each.
  const auto prior =
      fit_balanced_softmax(arma::mat(90, 1, arma::fill::zeros), classes, 2, classes, 0.5);
  CHECK_THAT(prior.probabilities(std::vector<double>{0.0})[1], WithinAbs(0.5, 1e-7));
  CHECK_THROWS_AS(fit_balanced_softmax(X, classes, 2, {0, 1}, 0.5), std::invalid_argument);
  CHECK_THROWS_AS(plain.probabilities(std::vector<double>{1.0}), std::invalid_argument);
}

TEST_CASE("softmax regression: refuses what it cannot fit", "[inference]") {
  const arma::mat X(3, 1, arma::fill::ones);
  const arma::vec ones(3, arma::fill::ones);
  CHECK_THROWS_AS(fit_softmax(X, {0, 1}, 2, ones, 1), std::invalid_argument);
  CHECK_THROWS_AS(fit_softmax(X, {0, 1, 2}, 2, ones, 1), std::invalid_argument);
  CHECK_THROWS_AS(fit_softmax(X, {0, 1, 1}, 2, ones, 0), std::domain_error);
  CHECK_THROWS_AS(fit_softmax(X, {0, 1, 1}, 2, -ones, 1), std::domain_error);
  const auto model = fit_softmax(X, {0, 1, 1}, 2, ones, 1);
  CHECK_THROWS_AS(model.probabilities(std::vector{1.0, 2.0}), std::invalid_argument);
}

}  // namespace
}  // namespace rmtlab::inference
