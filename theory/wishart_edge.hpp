// SPDX-License-Identifier: MIT
/// \file
/// \brief Where the extreme eigenvalues of pure noise lie: centers, scales and p-values.
#pragma once

namespace rmtlab::theory {

/// \f$(\lambda_{\max}-\text{center})/\text{scale}\f$ tends to the Tracy-Widom law of Dyson index 1.
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
  ma,         ///< (N - 1/2, M - 1/2): error O(min(N, M)^(-2/3)) \cite Ma2012
  johnstone,  ///< (max - 1, min) of N, M: error O(min(N, M)^(-1/3)) \cite Johnstone2001
};

/**
 * \brief Center and scale of the largest eigenvalue of \f$X=W^{\mathsf T}W/N\f$.
 *
 * W is `rows` x `cols` = N x M with independent real Gaussian entries of mean 0 and the given
 * variance (universal for other entries with a fourth moment, more slowly). With (a, b) from
 * `constants`,
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
 * Accuracy of the law with Ma's constants, against exact finite probabilities where they exceed
 * 0.8 (the range of tests): within 0.009 at 10 x 5, 0.005 at 100 x 10, 0.003 at 200 x 20.
 * Johnstone's: 0.022, 0.033, 0.025.
 *
 * \throws std::domain_error unless `rows` and `cols` are finite and >= 1 (one of them > 1 for
 *         `johnstone`) and `variance` is finite and > 0.
 */
EdgeScaling upper_edge_scaling(double rows, double cols, double variance = 1,
                               EdgeConstants constants = EdgeConstants::ma);

/**
 * \brief Center and scale of the logarithm of the smallest eigenvalue of \f$X=W^{\mathsf T}W/N\f$.
 *
 * For N > M, with a = N - 1/2 and b = M - 1/2 (\cite Ma2012, Theorem 2),
 * \f[
 *   \mu=(\sqrt a-\sqrt b)^2,\quad
 *   s=(\sqrt a-\sqrt b)\left(\frac1{\sqrt b}-\frac1{\sqrt a}\right)^{1/3},\quad
 *   \text{scale}=\frac s\mu,\quad
 *   \text{center}=\log\frac{\sigma^2\mu}{N}+\frac{\text{scale}^2}8 .
 * \f]
 * A square matrix has a hard edge at 0 with another law (\cite Edelman1988), so N = M is refused.
 *
 * Accuracy: simulated size of the 5 % test 0.0465-0.0485 at 20 x 10, 100 x 10, 60 x 30 (20000
 * matrices each, standard deviation 0.0015) and 70 x 64 (8000).
 *
 * \throws std::domain_error unless `rows` > `cols` >= 1, both finite, and `variance` > 0.
 */
LogEdgeScaling lower_edge_scaling(double rows, double cols, double variance = 1);

/// Standardised largest eigenvalue: how many scales `lambda` lies above the center.
/// \throws std::domain_error if `lambda` is NaN.
double edge_z(const EdgeScaling& edge, double lambda);

/// Standardised smallest eigenvalue: how many scales log(lambda) lies *below* the center, so that
/// large z means an outlier here too. Infinite at lambda = 0.
/// \throws std::domain_error if `lambda` is NaN or negative.
double edge_z(const LogEdgeScaling& edge, double lambda);

/// P-value of a standardised extreme eigenvalue: 1 - F1(z), with relative accuracy.
/// \throws std::domain_error if `z` is NaN.
double edge_p_value(double z);

/// Its natural logarithm, for outliers whose p-value is no double (z > 106).
/// \throws std::domain_error if `z` is NaN.
double edge_log_p_value(double z);

}  // namespace rmtlab::theory
