// SPDX-License-Identifier: MIT
/// \file
/// \brief Exact laws of the largest and the smallest eigenvalue of noise at finite size.
#pragma once

#include "theory/laguerre_gap.hpp"
#include "theory/wishart_edge.hpp"

namespace rmtlab::theory {

/**
 * \brief Law of an extreme nonzero eigenvalue of \f$X=W^*W/N\f$, W an N x M matrix of independent
 * Gaussian entries of mean 0: what the Tracy-Widom law with `upper_edge_scaling` or
 * `lower_edge_scaling` approximates.
 *
 * The entries have \f$\mathrm E|w|^2=\sigma^2\f$: real (Dyson index 1), or complex (2) with real and
 * imaginary parts of variance \f$\sigma^2/2\f$ each. N < M is allowed: W and its transpose have the same
 * nonzero eigenvalues, and the division is by N, the rows, all the same. Only min(N, M) is limited.
 *
 * Method, accuracy and cost are those of `LaguerreGap`: a few to 100 us a value up to
 * min(N, M) = 60, 5 ms at 200; a quantile costs five to ten values, the moments about a hundred.
 * Accuracy in a sentence: cdf and sf within 2e-14 absolute and the tail beyond the edge within 5e-14
 * relative, up to min(N, M) = 100.
 */
class WishartExtremeEigenvalue {
public:
  /// \throws std::domain_error unless `rows`, `cols` >= 1 with the smaller one <=
  ///         LaguerreGap::largest_order = 200, `dyson_index` is 1 or 2, and `variance` is finite and > 0.
  WishartExtremeEigenvalue(int rows, int cols, int dyson_index = 1, double variance = 1,
                           SpectrumEdge edge = SpectrumEdge::upper);

  [[nodiscard]] int rows() const { return rows_; }
  [[nodiscard]] int cols() const { return cols_; }
  [[nodiscard]] int dyson_index() const { return gap_.dyson_index(); }
  [[nodiscard]] double variance() const { return variance_; }
  [[nodiscard]] SpectrumEdge edge() const { return gap_.edge(); }
  /// \f$\sigma^2/N\f$: lambda over the eigenvalue of \f$W^*W\f$ at unit variance.
  [[nodiscard]] double unit() const { return variance_ / rows_; }
  /// The law of the latter.
  [[nodiscard]] const LaguerreGap& gap() const { return gap_; }

private:
  int rows_, cols_;
  double variance_;
  LaguerreGap gap_;
};

/// Density per unit of lambda; 0 for lambda <= 0. Relative error as that of the tail on its side.
/// \throws std::domain_error if lambda is NaN.
double pdf(const WishartExtremeEigenvalue& law, double lambda);

/// P(extreme eigenvalue <= lambda). \throws std::domain_error if lambda is NaN.
double cdf(const WishartExtremeEigenvalue& law, double lambda);

/// 1 - cdf, the p-value of a largest eigenvalue. \throws std::domain_error if lambda is NaN.
double sf(const WishartExtremeEigenvalue& law, double lambda);

/// \name Logarithms, also where the functions underflow
/// \throws std::domain_error if lambda is NaN.
/// \{
double log_cdf(const WishartExtremeEigenvalue& law, double lambda);
double log_sf(const WishartExtremeEigenvalue& law, double lambda);
/// \}

/// The lambda with cdf = p; 0 and infinity at the ends. Relative error 4 eps plus what the error of cdf
/// makes of it.
/// \throws std::domain_error unless 0 <= p <= 1.
double quantile(const WishartExtremeEigenvalue& law, double p);

/// The lambda with sf = q, without losing small q.
/// \throws std::domain_error unless 0 <= q <= 1.
double quantile_sf(const WishartExtremeEigenvalue& law, double q);

/// Moments of lambda.
struct WishartMoments {
  double mean, variance, skewness, kurtosis_excess;
};

/// By quadrature of the density. Relative error below 1e-12 times mean / standard deviation to the
/// power of the moment; 1 to 40 ms up to min(N, M) = 60, half a second at 200.
WishartMoments moments(const WishartExtremeEigenvalue& law);

double mean(const WishartExtremeEigenvalue& law);      ///< of `moments`
double variance(const WishartExtremeEigenvalue& law);  ///< of `moments`

}  // namespace rmtlab::theory
