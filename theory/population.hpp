// SPDX-License-Identifier: MIT
/// \file
/// \brief Continuous laws of the eigenvalues of a population covariance.
#pragma once

#include <complex>
#include <limits>
#include <memory>
#include <vector>

namespace rmtlab::theory {

/**
 * \brief Spectral law H of a population covariance with a density h on one interval.
 *
 * | family | density h | interval |
 * |---|---|---|
 * | power law | \f$\propto\tau^{-\alpha}\f$ | (minimum, maximum), the maximum may be infinite |
 * | gamma | \f$\propto\tau^{k-1}e^{-\tau/\theta}\f$, shape k, scale \f$\theta\f$ | (0, infinity) |
 * | lognormal | \f$\propto\tau^{-1}e^{-\log^2(\tau/m)/(2\sigma^2)}\f$, median m = scale | (0, infinity) |
 * | uniform | constant | (minimum, maximum) |
 *
 * The exponential law is the gamma law of shape 1. Each h continues analytically to the plane cut along
 * the negative axis. All that the general Marchenko-Pastur law needs are integrals
 * \f$\int F(\tau)\,dH(\tau)\f$ of functions like \f$\tau^k/(x-\tau)^j\f$ with x in the upper half plane,
 * whose path may be moved into the lower one, away from x:
 * \f[ \int F\,dH=\sum_jw_jF(\tau_j)+\text{error},\qquad\sum_jw_j=1, \f]
 * with complex nodes and weights that do not depend on F (`nodes`). The path is a ray from the lower end
 * (an arc between the ends), \f$\tau=\tau_-+s\,\sigma\f$ or \f$\tau_-+s\,\sigma/(1+\sigma)\f$ with
 * \f$\sigma=e^{t-i\psi}\f$, and the rule is the trapezoidal one in t. An x in the closed upper half plane
 * keeps the distance \f$\psi\f$ from the path in this logarithmic scale, wherever it lies - also on the
 * support and beside its ends - so the error is of order \f$e^{-2\pi\psi/h}\f$, 3e-20, for a step
 * \f$h=0.14\psi\f$. 100 to 1000 nodes, more where the density falls slowly to one side.
 *
 * - Units: those of eigenvalues, as `scale`, `minimum`, `maximum`.
 * - `alpha` is the exponent of the density, as for every spectral density in the project: the tail of
 *   the population is \f$\propto\tau^{1-\alpha}\f$.
 *
 * Accuracy: integrals of \f$\tau/(x-\tau)\f$ within 2e-14 of closed forms on the support and beside it,
 * plus the rounding of the nodes, 4 eps times an end over the distance of x to it ([accuracy]).
 */
class Population {
public:
  /// \pre 1.05 <= alpha <= 1e4; minimum finite and > 0; maximum > 1.0001 minimum, or infinite.
  /// \throws std::domain_error naming the offending parameter and its value; so do all of these.
  static Population power_law(double alpha, double minimum,
                              double maximum = std::numeric_limits<double>::infinity());
  /// \pre 0.1 <= shape <= 1e6; scale finite and > 0.
  static Population gamma(double shape, double scale);
  /// \param sigma standard deviation of the logarithm, 1e-3 <= sigma <= 5
  /// \param scale median, finite and > 0
  static Population lognormal(double sigma, double scale);
  /// \pre minimum finite and > 0; maximum finite and > 1.0001 minimum.
  static Population uniform(double minimum, double maximum);

  /// What a family is; defined in population.cpp.
  struct Family;

  struct Node {
    std::complex<double> value, weight;
  };
  /// Nodes in the lower half plane and weights of sum 1.
  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  [[nodiscard]] double lower() const { return lower_; }  ///< lower end of the support, may be 0
  [[nodiscard]] double upper() const { return upper_; }  ///< upper end, may be infinite
  /// An eigenvalue of the order of most others, where a search may start.
  [[nodiscard]] double typical() const { return typical_; }
  /// Angle of x seen from the ends, \f$\arg\sigma(x)\f$, over \f$\psi\f$: 0 on the support, negative on
  /// the way to the path, which is at -1.
  [[nodiscard]] double angle(std::complex<double> x) const;
  [[nodiscard]] const Family& family() const { return *family_; }
  /// Of the family's density, which is known up to a constant.
  [[nodiscard]] double normalization() const { return normalization_; }

private:
  explicit Population(std::shared_ptr<const Family> family);

  std::shared_ptr<const Family> family_;
  double lower_, upper_, typical_, normalization_ = 1;
  std::vector<Node> nodes_;
};

/// The density h, per unit of tau; 0 outside the support.
/// \throws std::domain_error if tau is NaN.
double pdf(const Population& population, double tau);

/// The analytic continuation of h from the support. \pre tau is not on the negative axis or 0.
std::complex<double> density(const Population& population, std::complex<double> tau);

/// Share of eigenvalues up to tau, with relative accuracy where it is small.
/// \throws std::domain_error if tau is NaN.
double cdf(const Population& population, double tau);

/// Share of eigenvalues above tau, with relative accuracy where it is small.
/// \throws std::domain_error if tau is NaN.
double sf(const Population& population, double tau);

/// \f$\int\tau^kdH\f$ in closed form; infinity for a power law without maximum and
/// \f$k\ge\alpha-1\f$. Relative error below 1e-13.
/// \throws std::domain_error if k < 0.
double moment(const Population& population, int k);

double mean(const Population& population);  ///< moment 1

/// Relative error below 1e-12; infinity if the second moment is.
double variance(const Population& population);

}  // namespace rmtlab::theory
