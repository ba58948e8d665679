// SPDX-License-Identifier: MIT
/// \file
/// \brief Universality classes of W^T W by the tail of the entries, and the relations of alpha and mu.
#pragma once

#include <span>
#include <string_view>

namespace rmtlab::theory {

/// Class of an N x M matrix of independent centred entries with \f$P(|w|>t)\sim t^{-\mu}\f$.
enum class UniversalityClass {
  light_tailed,            ///< mu > 4, also Gaussian: finite fourth moment
  fourth_moment_boundary,  ///< mu = 4
  weakly_heavy,            ///< 2 < mu < 4: finite variance, infinite fourth moment
  variance_boundary,       ///< mu = 2: the variance diverges like a logarithm
  heavy,                   ///< 0 < mu < 2: infinite variance
};

/// \param mu tail index of the entries; infinity for lighter tails than any power
/// \throws std::domain_error unless mu > 0.
UniversalityClass universality_class(double mu);

/**
 * \brief What is known of the spectrum of \f$W^{\mathsf T}W\f$ as N grows with N/M = Q fixed.
 *
 * | | mu > 4 | mu = 4 | 2 < mu < 4 | mu = 2 | mu < 2 |
 * |---|---|---|---|---|---|
 * | limiting density | Marchenko-Pastur | the same | the same | the same | heavy-tailed |
 * | largest eigenvalue | Tracy-Widom at the edge | outlier or edge | outlier | Frechet | Frechet |
 * | order of \f$\lambda_{\max}(W^{\mathsf T}W/N)\f$ | 1 | 1 | \f$N^{4/\mu-1}\f$ | N | \f$N^{4/\mu-1}\f$ |
 * | outliers expected | \f$N^{2-\mu/2}\to0\f$ | finite | \f$N^{2-\mu/2}\f$ | N / log | no bulk edge |
 *
 * Finite variance is all that the Marchenko-Pastur theorem needs; the fourth moment decides about the
 * edge only. The published class table \cite MartinMahoney2021 differs in one place: it gives the
 * *limiting* density of 2 < mu < 4 as a power law of exponent \f$1+\mu/2\f$. That is the exponent of the
 * outliers (their expected number beyond lambda is \f$\propto\lambda^{-\mu/2}\f$), which are a share
 * \f$N^{1-\mu/2}\to0\f$ of the spectrum. `published` keeps what the table says, `remark` what holds.
 *
 * \cite MarchenkoPastur1967; \cite BaiSilverstein2010 (fourth moment); \cite Soshnikov2004,
 * \cite AuffingerBenArousPeche2009 (Frechet); \cite BiroliBouchaudPotters2007 (mu = 4);
 * \cite BelinschiDemboGuionnet2009 (mu < 2).
 */
struct UniversalityFacts {
  UniversalityClass universality_class;
  std::string_view name;            ///< for tables
  std::string_view published_name;  ///< what the published table calls it
  std::string_view density;         ///< limiting spectral law, by its name in the catalogue
  std::string_view edge;            ///< law of the largest eigenvalue, by its name in the catalogue
  /// A limiting spectrum needs \f$W^{\mathsf T}W\f$ divided by N to this power (for Pareto entries; at
  /// mu = 2 also by a logarithm): 1, or 2/mu below 2.
  double normalization_order;
  double
      density_exponent;  ///< alpha of the limiting density; infinity where its support is bounded
  double largest_order;  ///< \f$\lambda_{\max}(W^{\mathsf T}W/N)\f$ grows like N to this power
  /// Tail of the limit law of the scaled \f$\lambda_{\max}\f$, \f$P(>x)\sim x^{-\mu/2}\f$; infinity for
  /// mu > 4, where that tail is lighter than any power.
  double largest_shape;
  /// The expected number of eigenvalues beyond the edge of the bulk grows like N to this power; NaN for
  /// mu < 2, where the bulk has no edge. Negative: none in the limit.
  double outlier_order;
  std::string_view published;  ///< limiting density and edge of the published table
  std::string_view remark;     ///< what holds
};

/// \throws std::domain_error unless mu > 0; infinity for lighter tails than any power.
UniversalityFacts universality_facts(double mu);

/// Order of magnitude of the largest eigenvalue of \f$W^{\mathsf T}W/N\f$ for symmetric Pareto entries
/// \f$P(|w|>u)=u^{-\mu}\f$, u > 1: the level \f$(NM)^{2/\mu}/N\f$ that the square of one entry exceeds on
/// average for mu <= 4, and the edge \f$\sigma^2(1+Q^{-1/2})^2\f$, \f$\sigma^2=\mu/(\mu-2)\f$, if that is
/// larger (mu > 2). In units of those entries; the exact laws are `Frechet` and `SpikeMapped`.
/// \throws std::domain_error unless mu is finite and > 0, rows and cols are finite and >= 1.
double largest_eigenvalue_scale(double mu, double rows, double cols);

/**
 * \brief A linear relation \f$\alpha=a\mu+b\f$ between the exponent of a density of eigenvalues and the
 * tail index of the entries, with the range of mu in which it is stated.
 */
struct ExponentRelation {
  std::string_view name, source;
  double slope, intercept, mu_lower, mu_upper;
};

/**
 * \brief The relations in use.
 *
 * | name | alpha | range of mu | what it is |
 * |---|---|---|---|
 * | limit | 1 + mu/2 | (0, 2) | theorem: tail of the limiting density |
 * | outliers | 1 + mu/2 | (2, infinity) | theorem: density of the few outliers far beyond the edge |
 * | published-small | 0.649 mu + 0.862 | (0, 1.78) | fit to one draw per mu, N = 2000, M = 1000 |
 * | published-large | 1.21 mu - 0.0253 | (1.78, 4) | the same fit, other half of its points |
 *
 * The published ones describe what an estimator of power laws returned for single matrices of one size,
 * with positive entries that were not centred; they are no property of the class. Fitted to the next
 * sizes the slope at large mu is another (2.6 at M = 5000, 2.3 at Q = 10), because for mu > 2 the
 * estimator mixes a growing bulk with a vanishing share of outliers. The two halves do not meet:
 * 2.017 and 2.128 at mu = 1.78.
 */
std::span<const ExponentRelation> exponent_relations();

/// The relation with this name.
/// \throws std::domain_error for another name.
const ExponentRelation& exponent_relation(std::string_view name);

/// alpha at mu.
/// \throws std::domain_error unless mu lies inside the range of the relation.
double exponent(const ExponentRelation& relation, double mu);

/// mu at alpha, the inverse of `exponent`.
/// \throws std::domain_error unless that mu lies inside the range of the relation.
double tail_index(const ExponentRelation& relation, double alpha);

}  // namespace rmtlab::theory
