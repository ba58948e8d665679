// SPDX-License-Identifier: MIT
/// \file
/// \brief Softmax (multinomial logistic) regression with a ridge penalty.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <armadillo>

namespace rmtlab::inference {

/// Probabilities of K classes, \f$p_k\propto\exp(a_k+\sum_jx_jB_{jk})\f$.
struct SoftmaxModel {
  arma::mat coefficients;   ///< B, p x K
  arma::rowvec intercepts;  ///< a, length K

  /// \param x p predictors \throws std::invalid_argument for another number.
  [[nodiscard]] std::vector<double> probabilities(std::span<const double> x) const;
};

/**
 * \brief Minimises \f$-\sum_iw_i\ln p_{c_i}(x_i)+\frac r2\sum_{jk}B_{jk}^2\f$ by Newton's method.
 *
 * The penalty makes the minimum unique and finite however well the classes separate; a and B come out
 * with mean 0 over the classes. Predictors should be of comparable size, as one ridge serves them all.
 * Stops when no coefficient moves by more than 1e-8; the objective is convex, so that is the minimum.
 *
 * \param X n x p, one sample a row; \param classes n of them, 0 to K - 1; \param weights n, >= 0
 * \param ridge r > 0
 * \throws std::invalid_argument if the sizes do not fit or a class is not below `class_count`.
 * \throws std::domain_error unless r > 0 and everything is finite.
 * \throws std::runtime_error if 100 steps are not enough.
 */
SoftmaxModel fit_softmax(const arma::mat& X, const std::vector<std::size_t>& classes,
                         std::size_t class_count, const arma::vec& weights, double ridge);

/// A model of standardised predictors, (x - center) / scale.
struct StandardisedSoftmax {
  SoftmaxModel model;
  arma::rowvec centers, scales;  ///< means, and standard deviations + 1e-9, of the samples

  /// \param x p predictors as measured \throws std::invalid_argument for another number.
  [[nodiscard]] std::vector<double> probabilities(std::span<const double> x) const;
};

/**
 * \brief `fit_softmax` of standardised predictors, in which every group of samples has the same weight in all.
 *
 * \param X n x p as measured; \param groups n of them: samples of one number are one group
 * \throws as `fit_softmax`
 */
StandardisedSoftmax fit_balanced_softmax(arma::mat X, const std::vector<std::size_t>& classes,
                                         std::size_t class_count,
                                         const std::vector<std::size_t>& groups, double ridge);

}  // namespace rmtlab::inference
