// SPDX-License-Identifier: MIT
#include "sim/inference/softmax_regression.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

namespace rmtlab::inference {
namespace {

constexpr int most_steps = 100;
constexpr double tolerance = 1e-8;
// Makes the equations solvable where no likelihood does: in the sum of the intercepts, which is then
// set to 0.
constexpr double intercept_ridge = 1e-9;

void check(const arma::mat& X, const std::vector<std::size_t>& classes, std::size_t class_count,
           const arma::vec& weights, double ridge) {
  if (classes.size() != X.n_rows || weights.n_elem != X.n_rows || X.n_rows == 0)
    throw std::invalid_argument(
        fmt::format("fit_softmax: {} samples, {} classes and {} weights (must be equally many)",
                    X.n_rows, classes.size(), weights.n_elem));
  for (const std::size_t c : classes)
    if (c >= class_count)
      throw std::invalid_argument(
          fmt::format("fit_softmax: class = {} (must be below {})", c, class_count));
  if (!(ridge > 0) || !std::isfinite(ridge))
    throw std::domain_error(fmt::format("fit_softmax: ridge = {} (must be > 0)", ridge));
  if (!X.is_finite() || !weights.is_finite() || weights.min() < 0)
    throw std::domain_error("fit_softmax: predictors and weights must be finite, weights >= 0");
}

// Rows to probabilities, in place.
void normalise_rows(arma::mat& scores) {
  scores.each_col() -= arma::max(scores, 1);
  scores = arma::exp(scores);
  scores.each_col() /= arma::sum(scores, 1);
}

// One sample a row, a constant first; theta is (p + 1) x K, penalties its diagonal.
class Objective {
public:
  Objective(const arma::mat& X, const std::vector<std::size_t>& classes, std::size_t class_count,
            const arma::vec& weights, double ridge)
      : X_(arma::join_rows(arma::vec(X.n_rows, arma::fill::ones), X)),
        target_(X.n_rows, class_count, arma::fill::zeros),
        weights_(weights),
        penalty_(X_.n_cols, arma::fill::value(ridge)) {
    penalty_[0] = intercept_ridge;
    for (std::size_t i = 0; i < classes.size(); ++i) target_(i, classes[i]) = 1;
  }

  [[nodiscard]] double value(const arma::mat& theta) const {
    arma::mat scores = X_ * theta;
    const arma::vec top = arma::max(scores, 1);
    scores.each_col() -= top;
    const arma::vec chosen = arma::sum(scores % target_, 1);
    const arma::vec log_sum = arma::log(arma::sum(arma::exp(scores), 1));
    return arma::dot(weights_, log_sum - chosen) +
           arma::accu(arma::square(theta).eval().each_col() % penalty_) / 2;
  }

  // The step -H^-1 g.
  [[nodiscard]] arma::mat step(const arma::mat& theta) const {
    arma::mat p = X_ * theta;
    normalise_rows(p);
    arma::mat weighted = p - target_;
    weighted.each_col() %= weights_;
    const arma::mat gradient = X_.t() * weighted + theta.each_col() % penalty_;
    const arma::uword d = X_.n_cols, K = target_.n_cols;
    arma::mat hessian(d * K, d * K);
    for (arma::uword k = 0; k < K; ++k)
      for (arma::uword l = k; l < K; ++l) {
        const arma::vec factor = weights_ % p.col(k) % ((k == l ? 1.0 : 0.0) - p.col(l));
        const arma::mat block = X_.t() * (X_.each_col() % factor);
        hessian.submat(k * d, l * d, arma::size(d, d)) = block;
        hessian.submat(l * d, k * d, arma::size(d, d)) = block;
      }
    hessian.diag() += arma::repmat(penalty_, K, 1);
    const arma::vec solution =
        arma::solve(hessian, arma::vectorise(gradient), arma::solve_opts::likely_sympd);
    arma::mat step = -arma::reshape(solution, d, K);
    step.row(0) -= arma::mean(step.row(0));
    return step;
  }

private:
  arma::mat X_, target_;
  arma::vec weights_, penalty_;
};

}  // namespace

std::vector<double> SoftmaxModel::probabilities(std::span<const double> x) const {
  if (x.size() != coefficients.n_rows)
    throw std::invalid_argument(
        fmt::format("SoftmaxModel: {} predictors (must be {})", x.size(), coefficients.n_rows));
  arma::mat scores = intercepts;
  for (std::size_t j = 0; j < x.size(); ++j) scores += x[j] * coefficients.row(j);
  normalise_rows(scores);
  return {scores.begin(), scores.end()};
}

SoftmaxModel fit_softmax(const arma::mat& X, const std::vector<std::size_t>& classes,
                         std::size_t class_count, const arma::vec& weights, double ridge) {
  check(X, classes, class_count, weights, ridge);
  const Objective objective(X, classes, class_count, weights, ridge);
  arma::mat theta(X.n_cols + 1, class_count, arma::fill::zeros);
  double value = objective.value(theta);
  for (int steps = 0; steps < most_steps; ++steps) {
    const arma::mat step = objective.step(theta);
    // Newton's step may overshoot where the probabilities are saturated: halve it until it descends.
    double length = 1;
    double next = objective.value(theta + step);
    while (next > value && length > 1e-6) {
      length /= 2;
      next = objective.value(theta + length * step);
    }
    if (next <= value) {
      theta += length * step;
      value = next;
    }
    if (length * arma::abs(step).max() < tolerance || next > value) {
      return {theta.tail_rows(X.n_cols), theta.row(0)};
    }
  }
  throw std::runtime_error(
      fmt::format("fit_softmax: not at the minimum after {} Newton steps", most_steps));
}

std::vector<double> StandardisedSoftmax::probabilities(std::span<const double> x) const {
  if (x.size() != centers.n_elem)
    throw std::invalid_argument(
        fmt::format("StandardisedSoftmax: {} predictors (must be {})", x.size(), centers.n_elem));
  std::vector<double> standardised(x.begin(), x.end());
  for (std::size_t j = 0; j < x.size(); ++j) standardised[j] = (x[j] - centers[j]) / scales[j];
  return model.probabilities(standardised);
}

StandardisedSoftmax fit_balanced_softmax(arma::mat X, const std::vector<std::size_t>& classes,
                                         std::size_t class_count,
                                         const std::vector<std::size_t>& groups, double ridge) {
  if (groups.size() != X.n_rows)
    throw std::invalid_argument(
        fmt::format("fit_balanced_softmax: {} groups of {} samples (must be equally many)",
                    groups.size(), X.n_rows));
  std::map<std::size_t, double> counts;
  for (const std::size_t group : groups) ++counts[group];
  arma::vec weights(groups.size());
  for (std::size_t i = 0; i < groups.size(); ++i)
    weights[i] = static_cast<double>(groups.size()) /
                 (static_cast<double>(counts.size()) * counts[groups[i]]);
  StandardisedSoftmax result;
  result.centers = arma::mean(X, 0);
  result.scales = arma::stddev(X, 0, 0) + 1e-9;
  X.each_row() -= result.centers;
  X.each_row() /= result.scales;
  result.model = fit_softmax(X, classes, class_count, weights, ridge);
  return result;
}

}  // namespace rmtlab::inference
