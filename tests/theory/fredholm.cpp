// SPDX-License-Identifier: MIT
/// \file
/// \brief The obvious computation of the Tracy-Widom laws, against which the library's is tested.
#include "tests/theory/fredholm.hpp"

#include <algorithm>
#include <cmath>

#include <armadillo>
#include <gsl/gsl_sf_airy.h>

#include "theory/gauss_legendre.hpp"

namespace rmtlab::tests {

namespace {

double airy(double z) {
  gsl_sf_result result;
  // Only underflow can happen for these arguments; the value is then 0, as it should be.
  gsl_sf_airy_Ai_e(z, GSL_PREC_DOUBLE, &result);
  return result.val;
}

/// Where Ai(2L + s) and Ai(L + s)^2, which measure what is cut off, fall below double precision of
/// the traces.
double cutoff(double s) {
  const double c = std::pow(std::max(s, 0.0), 1.5);
  return std::max({3.0, (std::pow(58.5 + c, 2.0 / 3) - s) / 2, std::pow(29.3 + c, 2.0 / 3) - s});
}

}  // namespace

FredholmValues fredholm(double s) {
  static const theory::GaussLegendre rule(32);
  const arma::uword n = rule.nodes.size();
  const double length = cutoff(s);

  arma::mat kernel(n, n);
  arma::vec source(n);
  for (arma::uword i = 0; i < n; ++i) {
    source(i) = std::sqrt(length * rule.weights[i]) * airy(length * rule.nodes[i] + s);
    for (arma::uword j = 0; j < n; ++j)
      kernel(i, j) = length * std::sqrt(rule.weights[i] * rule.weights[j]) *
                     airy(length * (rule.nodes[i] + rule.nodes[j]) + s);
  }
  arma::vec tau;
  arma::mat vectors;
  arma::eig_sym(tau, vectors, kernel);
  const arma::vec p = vectors.t() * source;

  double log_f1 = 0, log_f2 = 0, half_log_ratio = 0, b = 0, q = airy(s);
  for (arma::uword i = 0; i < n; ++i) {
    log_f1 += std::log1p(-tau(i));
    log_f2 += std::log1p(-tau(i) * tau(i));  // not as a sum of two logarithms that cancel
    half_log_ratio += std::atanh(tau(i));
    const double weight = p(i) * p(i) / (1 - tau(i) * tau(i));
    b += weight;
    q += tau(i) * weight;
  }
  const double d = half_log_ratio;
  const double half_sinh = std::sinh(d / 2);
  const double log_f4 = log_f2 / 2 + std::log1p(2 * half_sinh * half_sinh);  // log cosh d
  FredholmValues values{};
  values.f1 = {std::exp(log_f1), -std::expm1(log_f1), std::exp(log_f1) * (b + q) / 2};
  values.f2 = {std::exp(log_f2), -std::expm1(log_f2), std::exp(log_f2) * b};
  values.f4 = {std::exp(log_f4), -std::expm1(log_f4),
               std::exp(log_f4) * (b - q * std::tanh(d)) / 2};
  values.painleve = q;
  return values;
}

}  // namespace rmtlab::tests
