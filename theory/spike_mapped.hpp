// SPDX-License-Identifier: MIT
/// \file
/// \brief Largest eigenvalue of a heavy-tailed matrix whose bulk is still Marchenko-Pastur.
#pragma once

namespace rmtlab::theory {

/**
 * \brief Law of \f$\lambda_{\max}\f$ of \f$X=W^{\mathsf T}W/N\f$ for entries with Pareto tails of index
 * \f$\mu>2\f$.
 *
 * W is N x M with independent symmetric entries, \f$P(|w|>u)=u^{-\mu}\f$ for u >= 1, divided by
 * their standard deviation \f$(\mu/(\mu-2))^{1/2}\f$, so the bulk is Marchenko-Pastur with variance 1. Each
 * large entry acts as an additive spike of excess \f$h=w^2/N\f$, and the largest one decides:
 * \f[
 *   P(\lambda_{\max}\le\lambda)=e^{-n(\lambda)},\quad
 *   n(\lambda)=\Bigl(\frac{h(\lambda)}{b}\Bigr)^{-\mu/2},\quad
 *   b=\frac{(NM)^{2/\mu}}N\,\frac{\mu-2}\mu,\quad
 *   h(\lambda)=\tfrac12\Bigl(\lambda-1-c+\sqrt{(\lambda-\lambda_-)(\lambda-\lambda_+)}\Bigr)
 * \f]
 * for \f$\lambda\ge\lambda_+\f$, c = M/N. n is the expected number of outliers beyond lambda. The
 * rest, \f$e^{-n(\lambda_+)}\f$, is an atom at the edge: matrices without an outlier, whose largest
 * eigenvalue follows the Tracy-Widom law of the edge on a finer scale.
 *
 * As N grows: the Frechet law for \f$\mu<4\f$, a limit with a finite atom at \f$\mu=4\f$, the edge
 * alone for \f$\mu>4\f$. Ignored: fluctuations of an outlier about its place (order \f$N^{-1/2}\f$).
 *
 * \cite BiroliBouchaudPotters2007.
 */
class SpikeMapped {
public:
  /// \throws std::domain_error unless mu is finite and > 2, rows and cols finite and >= 1.
  SpikeMapped(double mu, double rows, double cols);
  [[nodiscard]] double mu() const { return mu_; }
  [[nodiscard]] double rows() const { return rows_; }
  [[nodiscard]] double cols() const { return cols_; }
  [[nodiscard]] double lower_edge() const { return lower_edge_; }
  [[nodiscard]] double upper_edge() const { return upper_edge_; }
  /// Typical excess b of the largest entry.
  [[nodiscard]] double excess_scale() const { return excess_scale_; }

private:
  double mu_, rows_, cols_, lower_edge_, upper_edge_, excess_scale_;
};

/// Expected number of entries strong enough to leave the bulk,
/// \f$n(\lambda_+)=(\sqrt c/b)^{-\mu/2}\f$; their number is Poisson in the limit.
double expected_outliers(const SpikeMapped& law);

/// Expected number of outliers beyond lambda, \f$n(\lambda)\f$; below the edge that of the edge.
/// \throws std::domain_error if lambda is NaN.
double expected_outliers(const SpikeMapped& law, double lambda);

/// Mass at the edge, \f$e^{-n(\lambda_+)}\f$: the probability of no outlier.
double edge_atom(const SpikeMapped& law);

/// Density of the part beyond the edge, per unit of lambda; it grows as
/// \f$(\lambda-\lambda_+)^{-1/2}\f$ towards the edge and is 0 at and below it.
/// \throws std::domain_error if lambda is NaN.
double pdf(const SpikeMapped& law, double lambda);

/// P(Lambda <= lambda): 0 below the edge, the atom at it. Relative error of n below 1e-12 for
/// lambda >= 1.001 lambda_+, of cdf below that times n.
/// \throws std::domain_error if lambda is NaN.
double cdf(const SpikeMapped& law, double lambda);

/// P(Lambda > lambda), without cancellation.
/// \throws std::domain_error if lambda is NaN.
double sf(const SpikeMapped& law, double lambda);

double log_cdf(const SpikeMapped& law, double lambda);  ///< -n(lambda); -infinity below the edge
double log_sf(const SpikeMapped& law, double lambda);   ///< accurate at both ends

/// The smallest lambda with cdf >= p: the edge while p <= atom, infinity at p = 1.
/// \throws std::domain_error unless 0 <= p <= 1.
double quantile(const SpikeMapped& law, double p);

/// The smallest lambda with sf <= q, without losing small q.
/// \throws std::domain_error unless 0 <= q <= 1.
double quantile_sf(const SpikeMapped& law, double q);

/// Mean, atom included, in terms of incomplete gamma functions (checked by quadrature to 1e-5).
double mean(const SpikeMapped& law);

}  // namespace rmtlab::theory
