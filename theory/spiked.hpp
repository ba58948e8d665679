// SPDX-License-Identifier: MIT
/// \file
/// \brief One spike in noise: when it shows, where its outlier lies, and what the outlier tells.
#pragma once

namespace rmtlab::theory {

/// How the spike enters the matrix. Both kinds share threshold and location; they differ in the
/// fluctuation of the outlier and in the N-vector.
enum class SpikeKind {
  covariance,  ///< W = Z Sigma^(1/2): one population eigenvalue differs from the others
  additive,    ///< W = Z + a fixed matrix of rank one
};

/**
 * \brief A single spike beside noise of variance \f$\sigma^2\f$ in an \f$N\times M\f$ matrix.
 *
 * With \f$Q=N/M\f$ and \f$c=1/Q\f$, everything depends on the excess \f$h\f$:
 * \f$h=\ell-1\f$ for a population eigenvalue \f$\ell\sigma^2\f$ (rows of W independent with that
 * covariance), \f$h=S^2\f$ for \f$W=Z+S\sigma\sqrt N\,ab^{\mathsf T}\f$ with unit vectors
 * \f$a\in\mathbf R^N\f$, \f$b\in\mathbf R^M\f$. The spike shows iff \f$|h|>c^{1/2}\f$.
 *
 * A covariance spike with \f$\ell<1\f$ has \f$h<0\f$; its outlier lies below the bulk (Q > 1 only).
 *
 * Accuracy: every function below stays within 16 eps relative, times \f$c/(h^2-c)\f$ where it
 * vanishes at the threshold; checked on reference values ([accuracy]).
 *
 * \cite BaikBenArousPeche2005, \cite BaikSilverstein2006 Theorem 1.1 (location), \cite Paul2007
 * (fluctuation, M-vector), \cite BenaychGeorgesNadakuditi2012 (additive).
 */
class Spike {
public:
  /// \param aspect_ratio Q > 0
  /// \param population_eigenvalue \f$\ell>0\f$ in units of the variance: 1 is no spike
  /// \param variance \f$\sigma^2>0\f$ of the entries without the spike
  /// \throws std::domain_error naming the offending parameter and its value.
  static Spike covariance(double aspect_ratio, double population_eigenvalue, double variance = 1);

  /// \param aspect_ratio Q > 0
  /// \param strength \f$S\ge0\f$, singular value of the planted matrix in units of
  ///        \f$\sigma\sqrt N\f$
  /// \param variance \f$\sigma^2>0\f$ of the noise
  /// \throws std::domain_error naming the offending parameter and its value.
  static Spike additive(double aspect_ratio, double strength, double variance = 1);

  [[nodiscard]] SpikeKind kind() const { return kind_; }
  [[nodiscard]] double aspect_ratio() const { return aspect_ratio_; }
  [[nodiscard]] double variance() const { return variance_; }
  [[nodiscard]] double excess() const { return excess_; }  ///< h

private:
  Spike(SpikeKind kind, double aspect_ratio, double excess, double variance)
      : kind_(kind), aspect_ratio_(aspect_ratio), excess_(excess), variance_(variance) {}

  SpikeKind kind_;
  double aspect_ratio_, excess_, variance_;
};

/// The critical excess \f$h_c=Q^{-1/2}\f$: \f$\ell_c=1+h_c\f$ (and \f$1-h_c\f$ below the bulk),
/// \f$S_c=h_c^{1/2}=Q^{-1/4}\f$.
/// \throws std::domain_error unless aspect_ratio is finite and > 0.
double bbp_threshold(double aspect_ratio);

/// Whether the spike leaves the bulk as N grows: \f$|h|>h_c\f$.
bool is_supercritical(const Spike& spike);

/// Limit of the spike's eigenvalue of \f$W^{\mathsf T}W/N\f$, in units of lambda:
/// \f$\sigma^2(1+h)(1+c/h)\f$ above the threshold, else the edge of the bulk on its side
/// (the lower one for h < 0).
double outlier_location(const Spike& spike);

/**
 * \brief \f$\lim N\operatorname{Var}\lambda\f$ of the outlier, in units of lambda squared.
 *
 * \f$\sigma^4\frac2\beta(1-c/h^2)\f$ times \f$(1+h)^2\f$ for a covariance spike and times
 * \f$2h+1+c\f$ for an additive one: the direction of a covariance spike is loaded with random
 * weights, whose fluctuation a fixed matrix does not have. The limit law is Gaussian. 0 at and
 * below the threshold, where fluctuations are of the smaller order \f$N^{-2/3}\f$.
 *
 * Gaussian entries; other fourth moments change it unless the vectors are delocalised.
 * \throws std::domain_error unless dyson_index is 1 or 2.
 */
double fluctuation_variance(const Spike& spike, int dyson_index = 1);

/// Squared cosine between the outlier's right singular vector (length M) and the spike's direction:
/// \f$(1-c/h^2)/(1+c/h)\f$, 0 at and below the threshold. Both kinds.
double overlap_right(const Spike& spike);

/// Squared cosine between the outlier's left singular vector (length N) and the spike's.
///
/// Additive: with the planted vector a, \f$(1-c/h^2)/(1+1/h)\f$. Covariance: with the loadings
/// \f$Zb\f$ of the population direction b on the rows, \f$1-c/h^2\f$. 0 at and below the threshold.
double overlap_left(const Spike& spike);

/// The excess whose outlier lies at `lambda`: the inverse of `outlier_location` in h,
/// \f[ h=\tfrac12\left(x-1-c\pm\sqrt{(x-x_-)(x-x_+)}\right),\quad x=\lambda/\sigma^2, \f]
/// with + above the bulk and - (a negative h) between 0 and the lower edge when Q > 1.
/// \f$h_c\f$ at the upper edge itself. Relative error below 8 eps away from the edges; near an edge e
/// the root turns an error d of lambda into one of order sqrt(d).
/// \throws std::domain_error if lambda lies inside the bulk or at or below 0, or is not finite.
double excess_from_outlier(double aspect_ratio, double lambda, double variance = 1);

/// Estimate of the population eigenvalue \f$\ell=1+h\f$ (units of the variance) from an outlier.
/// \throws std::domain_error as `excess_from_outlier`.
double population_eigenvalue_from_outlier(double aspect_ratio, double lambda, double variance = 1);

/// Estimate of the additive strength \f$S=\sqrt h\f$ (units of sigma sqrt(N)) from an outlier.
/// \throws std::domain_error as `excess_from_outlier`, and below the bulk.
double strength_from_outlier(double aspect_ratio, double lambda, double variance = 1);

/// Position in the critical window,
/// \f$w=(|h|/h_c-1)\,M^{1/3}/(1+Q^{-1/2})^{2/3}\f$: the distance from the threshold in units at
/// which the law of the largest eigenvalue moves from Tracy-Widom (w far below 0) to the Gaussian
/// (w far above 0). In between neither limit describes a matrix of this size.
/// \throws std::domain_error unless cols is finite and > 0.
double critical_window(const Spike& spike, double cols);

/**
 * \brief Spike added to a Wigner matrix: \f$H/\sqrt N+\theta\sigma vv^{\mathsf T}\f$, |v| = 1, with
 * off-diagonal entries of H of variance \f$\sigma^2\f$ (semicircle of radius \f$2\sigma\f$).
 *
 * It shows iff \f$\theta>1\f$. \cite Peche2006, \cite CapitaineDonatiMartinFeral2009.
 */
class WignerSpike {
public:
  /// \throws std::domain_error unless both arguments are finite and > 0.
  explicit WignerSpike(double theta, double sigma = 1);
  [[nodiscard]] double theta() const { return theta_; }
  [[nodiscard]] double sigma() const { return sigma_; }

private:
  double theta_, sigma_;
};

/// Whether \f$\theta>1\f$.
bool is_supercritical(const WignerSpike& spike);

/// \f$\sigma(\theta+1/\theta)\f$ above the threshold, else the edge \f$2\sigma\f$.
double outlier_location(const WignerSpike& spike);

/// \f$\lim N\operatorname{Var}\lambda=\frac2\beta\sigma^2(1-\theta^{-2})\f$ for the Gaussian
/// ensembles; 0 at and below the threshold.
/// \throws std::domain_error unless dyson_index is 1 or 2.
double fluctuation_variance(const WignerSpike& spike, int dyson_index = 1);

/// Squared cosine between the outlier's eigenvector and v: \f$1-\theta^{-2}\f$, 0 below.
double overlap(const WignerSpike& spike);

/// The \f$\theta\f$ whose outlier lies at `lambda`:
/// \f$(x+\sqrt{x^2-4})/2,\ x=\lambda/\sigma\f$.
/// \throws std::domain_error unless lambda >= 2 sigma, both finite, sigma > 0.
double theta_from_outlier(double lambda, double sigma = 1);

}  // namespace rmtlab::theory
