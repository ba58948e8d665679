// SPDX-License-Identifier: MIT
/// \file
/// \brief Where the extreme eigenvalues of pure noise lie: centers, scales and p-values.
#pragma once

namespace rmtlab::theory {

/// Which end of the spectrum.
enum class SpectrumEdge { upper, lower };

/// \f$(\lambda_{\max}-\text{center})/\text{scale}\f$ tends to the Tracy-Widom law of the entries'
/// Dyson index.
struct EdgeScaling {
  double center;  ///< in units of the eigenvalues
  double scale;   ///< in units of the eigenvalues, > 0
};

/// \f$(\text{center}-\log\lambda_{\min})/\text{scale}\f$ tends to the same law: the logarithm makes
/// the distribution of a small positive number symmetric enough to be useful at M = 10.
struct LogEdgeScaling {
  double center;  ///< of log lambda
  double scale;   ///< of log lambda, > 0
};

/// Numbers (a, b) that stand for (N, M) in the formulas of the upper edge.
enum class EdgeConstants {
  /// Error O(min(N, M)^(-2/3)). Real: (N - 1/2, M - 1/2) \cite Ma2012. Complex: a mean over
  /// (N - 1/2, M + 1/2) and (N + 1/2, M - 1/2) \cite ElKaroui2006.
  ma,
  /// Real: (max - 1, min) of N, M, error O(min(N, M)^(-1/3)) \cite Johnstone2001. Complex: (N, M)
  /// \cite Johansson2000, an error of the same order as above but larger.
  johnstone,
};

/**
 * \brief Center and scale of the largest eigenvalue of \f$X=W^*W/N\f$.
 *
 * W is `rows` x `cols` = N x M with independent Gaussian entries of mean 0 and
 * \f$\mathrm E|w|^2=\sigma^2\f$, real (Dyson index 1) or complex (2); universal for other entries with a
 * fourth moment, more slowly (`edge_kurtosis_shift`). With (a, b) from `constants`,
 * \f[
 *   \text{center}=\frac{\sigma^2}{N}(\sqrt a+\sqrt b)^2,\qquad
 *   \text{scale}=\frac{\sigma^2}{N}(\sqrt a+\sqrt b)
 *     \left(\frac1{\sqrt a}+\frac1{\sqrt b}\right)^{1/3}.
 * \f]
 * As N, M grow the center tends to the upper edge \f$\lambda_+\f$ and the scale to
 * \f$Q^{-1/2}\lambda_+^{2/3}M^{-2/3}\f$ at unit variance. N < M is allowed: W and its transpose
 * have the same nonzero eigenvalues, and the division is by `rows` all the same. Rows and columns are
 * real numbers because effective ones are not integers.
 *
 * The complex second-order constants average those of the two pairs, \f$(c_1,s_1)\f$ and
 * \f$(c_2,s_2)\f$: with \f$\gamma=(c_1/c_2)\sqrt{s_2/s_1}\f$,
 * \f[
 *   \text{center}=\frac{s_1^{-1/2}+s_2^{-1/2}}{c_1^{-1}s_1^{-1/2}+c_2^{-1}s_2^{-1/2}},\qquad
 *   \text{scale}=\frac{1+\gamma}{s_1^{-1}+\gamma s_2^{-1}} .
 * \f]
 *
 * Accuracy of the law against exact finite probabilities (`WishartExtremeEigenvalue`) where they exceed
 * 0.8, the range of tests. Real, Ma: within 0.009 at 10 x 5, 0.005 at 100 x 10, 0.003 at 200 x 20;
 * Johnstone's: 0.022, 0.033, 0.025. Complex, weighted: 0.0051, 0.0032, 0.0022; plain: 0.0064, 0.0038,
 * 0.0025. Over all probabilities the error is up to ten times as large.
 *
 * \throws std::domain_error unless `rows` and `cols` are finite and >= 1 (for `johnstone` and real
 *         entries one of them > 1), `variance` is finite and > 0, and `dyson_index` is 1 or 2.
 */
EdgeScaling upper_edge_scaling(double rows, double cols, double variance = 1,
                               EdgeConstants constants = EdgeConstants::ma, int dyson_index = 1);

/**
 * \brief Center and scale of the logarithm of the smallest eigenvalue of \f$X=W^*W/N\f$.
 *
 * For N > M, with a = N - 1/2 and b = M - 1/2 for real entries (\cite Ma2012, Theorem 2), a = N and
 * b = M for complex ones,
 * \f[
 *   \mu=(\sqrt a-\sqrt b)^2,\quad
 *   s=(\sqrt a-\sqrt b)\left(\frac1{\sqrt b}-\frac1{\sqrt a}\right)^{1/3},\quad
 *   \text{scale}=\frac s\mu,\quad
 *   \text{center}=\log\frac{\sigma^2\mu}{N}+\frac{\text{scale}^2}8 .
 * \f]
 * A square matrix has a hard edge at 0 with another law (theory/hard_edge.hpp), so N = M is refused.
 *
 * Accuracy: exact size of the 5 % test, real 0.0467, 0.0483, 0.0481, 0.0494, 0.0478 and complex 0.0473,
 * 0.0482, 0.0480, 0.0491, 0.0483 at 10 x 5, 20 x 10, 100 x 10, 60 x 30, 70 x 64. It fails as N - M
 * becomes small: 0.0425 and 0.0474 at 12 x 10, 0.0355 and 0.0493 at 101 x 100, where the complex 1 %
 * test has size 0.0060. The exact law covers those.
 *
 * \throws std::domain_error unless `rows` > `cols` >= 1, both finite, `variance` > 0, and
 *         `dyson_index` is 1 or 2.
 */
LogEdgeScaling lower_edge_scaling(double rows, double cols, double variance = 1,
                                  int dyson_index = 1);

/// Standardised largest eigenvalue: how many scales `lambda` lies above the center.
/// \throws std::domain_error if `lambda` is NaN.
double edge_z(const EdgeScaling& edge, double lambda);

/// Standardised smallest eigenvalue: how many scales log(lambda) lies *below* the center, so that
/// large z means an outlier here too. Infinite at lambda = 0.
/// \throws std::domain_error if `lambda` is NaN or negative.
double edge_z(const LogEdgeScaling& edge, double lambda);

/// P-value of a standardised extreme eigenvalue: 1 - F(z), F of the entries' Dyson index, with relative
/// accuracy.
/// \throws std::domain_error if `z` is NaN or `dyson_index` is not 1 or 2.
double edge_p_value(double z, int dyson_index = 1);

/// Its natural logarithm, for outliers whose p-value is no double (z > 106 for real entries).
/// \throws std::domain_error if `z` is NaN or `dyson_index` is not 1 or 2.
double edge_log_p_value(double z, int dyson_index = 1);

/**
 * \brief How far an excess kurtosis of the entries pushes the standardised extreme eigenvalue outwards:
 * \f$\kappa\,\lambda_\pm^{1/3}M^{-1/3}\f$ in units of z, \f$\lambda_\pm=(1\pm Q^{-1/2})^2\f$.
 *
 * \f$\kappa=\mathrm E w^4/\sigma^4-3\f$ for real entries; symmetric in N and M. Compare `edge_z` minus
 * this with the Tracy-Widom law. It is the leading term, of relative order M^(-1/3) to the width; the
 * size of the 5 % edge test at M = 64 without it is 0.015-0.03 for uniform and Rademacher entries, 0.1 for
 * Student's t with 10 degrees of freedom.
 *
 * Checked on simulated means (1500 to 8000 matrices a case, standard error 0.02 or less; uniform,
 * Rademacher and Laplace entries at 60 x 30, 200 x 20, 128 x 64, 640 x 64): the shift seen is 0.66 to
 * 0.77 of this one at M = 20 and 30 and 0.75 to 0.96 at M = 64 at the upper edge, 0.80 to 0.97 at the
 * lower one.
 *
 * The form at the upper edge is that for sparse matrices, \cite HwangLeeSchnelli2019. Both follow from
 * the correction \f$\frac\kappa\pi\cos2\theta\,d\theta\f$ to the number of eigenvalues, theta the position
 * in the bulk from 0 at \f$\lambda_+\f$ to \f$\pi\f$ at \f$\lambda_-\f$, read as a shift of the edges.
 *
 * \throws std::domain_error unless `rows` and `cols` are finite and >= 1, `excess_kurtosis` is finite and
 *         >= -2, and rows and cols differ at the lower edge.
 */
double edge_kurtosis_shift(double rows, double cols, double excess_kurtosis,
                           SpectrumEdge edge = SpectrumEdge::upper);

/// The same in units of lambda, \f$\pm\sigma^2\kappa\lambda_\pm Q^{1/2}/N\f$: where the edge moves, to the
/// right at the upper and to the left at the lower one for a positive \f$\kappa\f$.
/// \throws std::domain_error as `edge_kurtosis_shift`, or unless `variance` is finite and > 0.
double edge_kurtosis_displacement(double rows, double cols, double excess_kurtosis,
                                  double variance = 1, SpectrumEdge edge = SpectrumEdge::upper);

/**
 * \brief Law of the standardised largest eigenvalue when the variance of the entries is estimated from
 * the same matrix by the mean eigenvalue.
 *
 * z is `edge_z` of the largest eigenvalue with `upper_edge_scaling(rows, cols, tr X / M)` (the default
 * constants), that is, the standardised trace ratio \f$U=\lambda_{\max}/(\operatorname{tr}X/M)\f$. A
 * large eigenvalue raises the estimate too, so z spreads less than the Tracy-Widom law F does; with F
 * itself the 1 % test rejects 0.3 % at 100 x 10.
 *
 * For Gaussian entries U and the trace are independent and \f$\lambda_{\max}=U\,T\f$ with
 * \f$kT\f$ a Gamma variable of shape \f$k=\beta NM/2\f$. To first order in
 * \f$v=(\text{center}/\text{scale})^2/k\f$,
 * \f[ P(z\le s)=F(s)-\tfrac v2F''(s) \f]
 * (\cite Nadler2011 for real entries), which turns negative in the tail at v = 0.6 and s > 3. Here the
 * factor T is removed by a saddle point instead. With \f$\theta\f$ the local exponent of the tail,
 * \f$1-F\sim\lambda^{-\theta}\f$, at z', and K the logarithm of \f$\mathrm E\,T^\theta\f$,
 * \f[ P(z>s)=(1-F(z'))\,\frac{e^{\theta K'(\theta)-K(\theta)}}{\sqrt{1-K''(\theta)\,\ell}},\qquad
 *     \frac{\text{center}/\text{scale}+z'}{\text{center}/\text{scale}+s}=e^{K'(\theta)}, \f]
 * \f$\ell\f$ the slope of \f$\theta\f$ in \f$\log\lambda\f$; the same to first order, positive and
 * decreasing.
 *
 * Accuracy (10^6 Gaussian matrices each): size of the 10, 5, 1 and 0.1 % tests 0.0946, 0.0472, 0.0096,
 * 0.0011 at 100 x 10 (v = 0.60), 0.0972, 0.0487, 0.0103, 0.0012 at 50 x 50 (0.37), where those with the
 * variance known are 0.0966, 0.0479, 0.0095, 0.0010 and 0.0979, 0.0490, 0.0100, 0.0011. Probabilities
 * below the median are good to 0.04 absolute only. Meant for v < 0.7.
 */
class TraceRatioEdge {
public:
  /// \throws std::domain_error unless `rows` and `cols` are finite, >= 2 and so large that v < 1.2, and
  ///         `dyson_index` is 1 or 2.
  TraceRatioEdge(double rows, double cols, int dyson_index = 1);

  [[nodiscard]] double rows() const { return rows_; }
  [[nodiscard]] double cols() const { return cols_; }
  [[nodiscard]] int dyson_index() const { return dyson_index_; }
  /// center / scale of the largest eigenvalue.
  [[nodiscard]] double relative_center() const { return relative_center_; }
  /// k, the shape of the trace's Gamma law.
  [[nodiscard]] double trace_shape() const { return dyson_index_ * rows_ * cols_ / 2; }
  /// v, the variance that the estimate takes away from z.
  [[nodiscard]] double variance_reduction() const {
    return relative_center_ * relative_center_ / trace_shape();
  }
  /// Largest z' that is used; from there on log sf falls as that of the Tracy-Widom law.
  [[nodiscard]] double last_saddle() const { return last_saddle_; }

private:
  double rows_, cols_;
  int dyson_index_;
  double relative_center_ = 0, last_saddle_ = 0;
};

/// P-value of a standardised trace ratio, positive at any z that a double holds.
/// \throws std::domain_error if `z` is NaN.
double sf(const TraceRatioEdge& law, double z);

double cdf(const TraceRatioEdge& law, double z);  ///< 1 - sf; \throws std::domain_error if NaN

/// log sf, also where that underflows. \throws std::domain_error if `z` is NaN.
double log_sf(const TraceRatioEdge& law, double z);

/// The z with sf = q: critical value of the test of level q.
/// \throws std::domain_error unless 0 < q < 1.
double quantile_sf(const TraceRatioEdge& law, double q);

/// The z with cdf = p.
/// \throws std::domain_error unless 0 < p < 1.
double quantile(const TraceRatioEdge& law, double p);

}  // namespace rmtlab::theory
