// SPDX-License-Identifier: MIT
/// \file
/// \brief Tracy-Widom laws: fluctuations of the largest eigenvalue at a soft edge.
#pragma once

namespace rmtlab::theory {

/// Scale of the argument at Dyson index 4, where three are in use. With F4u(t) = (D-(t) + D+(t)) / 2
/// and D-+ the Fredholm determinants det(1 -+ T_t) described at `TracyWidom`:
enum class TracyWidomConvention {
  sqrt2,     ///< F4u(sqrt(2) s), mean -2.3069; the most common \cite Bornemann2010
  unscaled,  ///< F4u(s), mean -3.2624; the cosh form \cite TracyWidom1996
  beta,  ///< F4u(2^(2/3) s), mean -2.0552; the stochastic Airy operator \cite RamirezRiderVirag2011
};

/**
 * \brief Tracy-Widom law of Dyson index \f$\beta\in\{1,2,4\}\f$.
 *
 * The limit of \f$(\lambda_{\max}-\text{center})/\text{scale}\f$ for real (1), complex (2) and
 * quaternion (4) matrices with a soft spectral edge; centers and scales are in
 * theory/wishart_edge.hpp. With \f$T_t\f$ the operator on \f$L^2(0,\infty)\f$ with kernel
 * \f$\mathrm{Ai}(x+y+t)\f$ and \f$D_\mp(t)=\det(1\mp T_t)\f$,
 * \f[
 *    F_1=D_-,\qquad F_2=D_-D_+,\qquad F_{4u}=\tfrac12(D_-+D_+)
 * \f]
 * (\cite FerrariSpohn2005, \cite Bornemann2010). The argument is dimensionless, on the whole line.
 *
 * How: log F and log(1 - F) are piecewise polynomials on [-12, 8], made with 110 digits by
 * theory/tables/make_tracy_widom_table.cpp; below that the asymptotic series of Painleve II's
 * Hastings-McLeod solution, above it a polynomial in s^(-3/2) times the leading exponential, which
 * reaches to infinity. No state, safe to call from any thread.
 *
 * Accuracy, measured on 20-digit values and checked in tests/theory/tracy_widom_test.cpp: absolute
 * 3e-16 in cdf, sf and pdf; relative 2e-14 in sf up to s = 10 (4e-15 for Dyson index 1 and 2), 1e-14
 * in log_cdf below and log_sf above the median (2e-15 for Dyson index 1). In the far tails cdf, sf
 * and pdf have the relative error of any exponential, eps times their logarithm: 3e-14 for F1(-15).
 * About 50 ns per value, 350 ns per quantile.
 */
class TracyWidom {
public:
  /// `convention` has a meaning for `dyson_index` 4 only.
  /// \throws std::domain_error unless `dyson_index` is 1, 2 or 4.
  explicit TracyWidom(int dyson_index = 1,
                      TracyWidomConvention convention = TracyWidomConvention::sqrt2);

  [[nodiscard]] int dyson_index() const { return dyson_index_; }
  [[nodiscard]] TracyWidomConvention convention() const { return convention_; }
  /// The factor c in F(s) = F4u(c s); 1 for Dyson index 1 and 2.
  [[nodiscard]] double argument_scale() const { return argument_scale_; }

private:
  int dyson_index_;
  TracyWidomConvention convention_;
  double argument_scale_;
};

/// Density F'(s). \throws std::domain_error if `s` is NaN.
double pdf(const TracyWidom& law, double s);

/// Its derivative F''(s), positive below the mode: what smears the law by a little, as an estimated
/// variance does (theory/wishart_edge.hpp). Absolute error 5e-14; relative, that of pdf on both tails.
/// \throws std::domain_error if `s` is NaN.
double pdf_derivative(const TracyWidom& law, double s);

/// Distribution function F(s). \throws std::domain_error if `s` is NaN.
double cdf(const TracyWidom& law, double s);

/// Survival function 1 - F(s), with relative accuracy until it underflows (s = 106 for Dyson index
/// 1): the p-value of a largest eigenvalue. \throws std::domain_error if `s` is NaN.
double sf(const TracyWidom& law, double s);

/// log F(s), finite for |s| <= 1e100: -|s|^3/24 (1), -|s|^3/12 (2) to leading order on the left.
/// \throws std::domain_error if `s` is NaN.
double log_cdf(const TracyWidom& law, double s);

/// log(1 - F(s)), finite for |s| <= 1e100: -(2/3) s^(3/2) (1), -(4/3) s^(3/2) (2) to leading
/// order. \throws std::domain_error if `s` is NaN.
double log_sf(const TracyWidom& law, double s);

/// The s with F(s) = p, within 4 eps (|s| + 1) + the effect of rounding p.
/// \throws std::domain_error unless 0 < p < 1 (the support has no end points).
double quantile(const TracyWidom& law, double p);

/// The s with 1 - F(s) = q: as `quantile(1 - q)`, without losing small q.
/// \throws std::domain_error unless 0 < q < 1.
double quantile_sf(const TracyWidom& law, double q);

/// Moments, constants of 20 digits rounded to double; moments 1 and 2 depend on the convention.
double mean(const TracyWidom& law);
double variance(const TracyWidom& law);         ///< second central moment
double skewness(const TracyWidom& law);         ///< third standardised moment
double kurtosis_excess(const TracyWidom& law);  ///< fourth standardised moment minus 3

}  // namespace rmtlab::theory
