// SPDX-License-Identifier: MIT
/// \file
/// \brief Variance of the noise under k outliers: four estimators, and an interval.
#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rmtlab::inference {

/// A fit that the data do not allow; `what()` is the reason, meant for the reader of a report.
class FitError : public std::runtime_error {
public:
  explicit FitError(const std::string& reason) : std::runtime_error(reason) {}
};

/// Fewest eigenvalues a fit may have: with fewer, quantiles in steps of 0.1 are the same few points.
inline constexpr std::size_t smallest_spectrum = 20;

enum class VarianceEstimator {
  trace,       ///< `trace_variance`
  quantile,    ///< `quantile_variance`
  median,      ///< middle of the bulk over the middle of its law
  lower_edge,  ///< the lowest twentieth of the bulk over that of its law
};

/// `"trace"`, `"quantile"`, `"median"`, `"lower-edge"`.
std::string_view name(VarianceEstimator estimator);

/// Aspect ratio of the law that the bulk follows beside k strong outliers, and the factor by which
/// eigenvalues (of W^T W / N) are multiplied before they are compared with it.
///
/// A strong signal of rank k occupies k directions on either side, and what is orthogonal to it is noise of
/// shape (N - k) x (M - k): Q = (N - k)/(M - k), factor N/(N - k).
struct BulkShape {
  double rows;  ///< N - k
  double cols;  ///< M - k
  double factor;

  BulkShape(std::size_t rows_of_w, std::size_t cols_of_w, std::size_t removed);
  [[nodiscard]] double aspect_ratio() const { return rows / cols; }
};

/**
 * \brief Distribution function of the *mean* spectral distribution of M levels of noise, to order 1/M:
 * \f[ F(\lambda)+\frac1M\left(\frac14-\frac\theta{2\pi}+\frac\kappa{2\pi}\sin2\theta\right), \f]
 * F the Marchenko-Pastur law, \f$\theta\f$ the position in the bulk from \f$\lambda_-\f$ (0) to
 * \f$\lambda_+\f$ (\f$\pi\f$), clamped outside, \f$\kappa\f$ the excess kurtosis of the (real) entries.
 *
 * This function returns the bracket. The first two terms are those of Gaussian entries
 * \cite DumitriuEdelman2006; in Chebyshev polynomials of the position they say that
 * \f$\sum T_n\f$ is \f$\frac12\f$ above M times its limit for even n \cite BaiSilverstein2004, and the last one
 * adds \f$\kappa/2\f$ to \f$\sum T_2\f$ only \cite PanZhou2008.
 */
double mean_count_correction(double theta, double excess_kurtosis);

/**
 * \brief Mean eigenvalue with the outliers' pull corrected: the estimator of \cite Kritchman2009.
 *
 * With \f$c=M'/N\f$, \f$M'=M-k\f$, the mean of the bulk is short of \f$\sigma^2\f$ by what the spikes push out of it,
 * and
 * \f[ \sigma^2=\frac{\sum_{j>k}\lambda_j}{M'}\Bigm/\Bigl(1-\frac1N\sum_{j\le k}\frac{1+h_j}{h_j}\Bigr),\qquad
 *     (1+h_j)(1+c/h_j)=\lambda_j/\sigma^2, \f]
 * solved by iteration; outliers below the edge count as at the threshold. Without outliers it is the mean
 * eigenvalue, the best possible: relative variance \f$(2+\kappa)/(NM)\f$.
 *
 * Accuracy: `sigma_bakeoff` (sim/experiments).
 *
 * \param ascending all M eigenvalues of W^T W / N, ascending; \param rows N; \param removed k
 * \throws FitError if it comes out as zero, or k leaves no bulk.
 */
double trace_variance(std::span<const double> ascending, std::size_t rows, std::size_t removed);

/**
 * \brief Median over p = .1, .2, ..., .7 of (empirical quantile of the bulk at p) / (quantile of its law),
 * with the mean law of `mean_count_correction`.
 *
 * The upper half of the bulk may be wrong without moving it far, so it survives where the trace
 * does not: in spectra that decay all the way. Relative standard deviation 1.2 to 1.8 times that of the trace.
 * \cite KeMaLin2023 for the idea.
 *
 * \throws as `trace_variance`; FitError if the bulk has fewer than `smallest_spectrum` / 2 eigenvalues
 */
double quantile_variance(std::span<const double> ascending, std::size_t rows, std::size_t removed);

/// By any of the estimators. \throws as `trace_variance` and, for the others, as `quantile_variance`
double bulk_variance(VarianceEstimator estimator, std::span<const double> ascending,
                     std::size_t rows, std::size_t removed);

struct Interval {
  double lower, upper;
};

/**
 * \brief Interval for \f$\sigma^2\f$ around `trace_variance`.
 *
 * \f$\nu\hat\sigma^2/\sigma^2\f$ is taken as chi-square with
 * \f$\frac2\nu=\frac{2+\kappa}{(N-k)(M-k)}+\sum_{j\le k}\Bigl(\frac{c}{M'h_j^2}\Bigr)^2\frac{2(1+h_j)^2}{N(1-c/h_j^2)}\f$:
 * exact for Gaussian noise without outliers; the sum is what the error of each \f$h_j\f$ adds. Coverage:
 * `sigma_bakeoff`.
 *
 * \param coverage in (0, 1); \param excess_kurtosis \f$\kappa\ge-2\f$ of the entries
 * \throws std::domain_error if one of them is outside its domain; FitError if k leaves no bulk.
 */
Interval variance_interval(double sigma2, std::span<const double> ascending, std::size_t rows,
                           std::size_t removed, double excess_kurtosis, double coverage);

}  // namespace rmtlab::inference
