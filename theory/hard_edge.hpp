// SPDX-License-Identifier: MIT
/// \file
/// \brief Edelman's law: the smallest eigenvalue of a square matrix of noise, at the hard edge 0.
#pragma once

namespace rmtlab::theory {

/// Finite size or N to infinity.
enum class HardEdgeForm { exact, limit };

/**
 * \brief Law of \f$\lambda_{\min}(W^*W)/N\f$, W a square N x N matrix of independent Gaussian entries
 * of mean 0 and \f$\mathrm E|w|^2=\sigma^2\f$, real (Dyson index 1) or complex (2).
 *
 * Q = 1 is the one aspect ratio at which the smallest eigenvalue follows no Tracy-Widom law: it lies
 * within \f$\sigma^2/N^2\f$ of zero, where the density of Marchenko-Pastur diverges. With
 * \f$y=N^2\lambda/\sigma^2\f$,
 * \f[ \text{complex: }P(\lambda_{\min}>\lambda)=e^{-y}\text{ for every }N;\qquad
 *     \text{real: }P=e^{-y/2}\,\mathrm E\,e^{-\sqrt{y/N}\,\chi_N}
 *     \;\longrightarrow\;e^{-y/2-\sqrt y}, \f]
 * \f$\chi_N\f$ a chi variable of N degrees of freedom. The expectation is
 * \f$\Gamma(\tfrac{N+1}2)\pi^{-1/2}U(\tfrac N2,\tfrac12,\tfrac y{2N})\f$ with Tricomi's function; its
 * derivative is the density that Edelman gives. (He counts complex entries with
 * \f$\mathrm E|w|^2=2\f$: his \f$e^{-N\lambda/2}\f$ is this \f$e^{-y}\f$.)
 *
 * The expectation is taken by the trapezoidal rule on the logarithm of the integration variable, shifted
 * to the peak of the integrand: an analytic function that decays exponentially on either side, so that
 * 40 (large N) to 500 (N = 1) nodes leave rounding. 1 (large N) to 20 us a value, 0.1 us for the limit.
 *
 * Accuracy: relative error of cdf, sf and pdf below 4e-14 (2e-14 measured up to N = 61), log_sf below
 * 1e-14 (1 + |log sf|), at any N; checked against Tricomi's function, the general law of the smallest
 * eigenvalue and closed forms in tests/theory/hard_edge_test.cpp. The limit in place of the exact law
 * changes the cdf by at most 0.12/N.
 *
 * \cite Edelman1988
 */
class HardEdge {
public:
  /// \throws std::domain_error unless `size` >= 1, `dyson_index` is 1 or 2, and `variance` is finite
  ///         and > 0.
  explicit HardEdge(int size, int dyson_index = 1, double variance = 1,
                    HardEdgeForm form = HardEdgeForm::exact);

  [[nodiscard]] int size() const { return size_; }  ///< N = M
  [[nodiscard]] int dyson_index() const { return dyson_index_; }
  [[nodiscard]] double variance() const { return variance_; }
  [[nodiscard]] HardEdgeForm form() const { return form_; }
  /// \f$\sigma^2/N^2\f$, lambda over y.
  [[nodiscard]] double unit() const { return variance_ / size_ / size_; }

private:
  int size_, dyson_index_;
  double variance_;
  HardEdgeForm form_;
};

/// Density per unit of lambda; 0 for lambda <= 0, although it diverges as lambda^(-1/2) above (real).
/// \throws std::domain_error if lambda is NaN.
double pdf(const HardEdge& law, double lambda);

/// P-value of a smallest eigenvalue that is suspiciously small.
/// \throws std::domain_error if lambda is NaN.
double cdf(const HardEdge& law, double lambda);

double sf(const HardEdge& law, double lambda);  ///< 1 - cdf; \throws std::domain_error if NaN

double log_cdf(const HardEdge& law, double lambda);  ///< \throws std::domain_error if lambda is NaN

/// log(1 - cdf), also where that underflows. \throws std::domain_error if lambda is NaN.
double log_sf(const HardEdge& law, double lambda);

/// The lambda with cdf = p, 0 and infinity at the ends.
/// \throws std::domain_error unless 0 <= p <= 1.
double quantile(const HardEdge& law, double p);

/// The lambda with sf = q, without losing small q.
/// \throws std::domain_error unless 0 <= q <= 1.
double quantile_sf(const HardEdge& law, double q);

/// Of lambda. In units of sigma^2 / N^2: 1 (complex), 0.68864 (real limit).
double mean(const HardEdge& law);

/// Of lambda. In units of sigma^4 / N^4: 1 (complex), 1.03492 (real limit).
double variance(const HardEdge& law);

}  // namespace rmtlab::theory
