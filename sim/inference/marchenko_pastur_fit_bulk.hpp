// SPDX-License-Identifier: MIT
/// \file
/// \brief Variance of the noise under the outliers, and how many outliers there are.
///
/// The first half of `fit_marchenko_pastur`, on its own because the simulated null
/// (sim/inference/bulk_null.hpp) has to put its draws through exactly the same procedure.
#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>

namespace rmtlab::inference {

/// A fit that the data do not allow; `what()` is the reason, meant for the reader of a report.
class FitError : public std::runtime_error {
public:
  explicit FitError(const std::string& reason) : std::runtime_error(reason) {}
};

/// Fewest eigenvalues a fit may have: with fewer, quantiles in steps of 0.1 are the same few points.
inline constexpr std::size_t smallest_spectrum = 20;

/// Level of the sequential edge test by default: the probability that pure noise shows any outlier.
inline constexpr double default_familywise_level = 0.01;

struct BulkFit {
  double sigma2 = 0;              ///< entry variance of the noise
  std::size_t outlier_count = 0;  ///< k, the largest eigenvalues set apart
  double ks = 0;  ///< distance of the remaining M - k to their Marchenko-Pastur law, in [0, 1]
  int iterations = 0;
  bool outlier_limit_reached = false;  ///< the count ran into M/2: no bulk to speak of
};

/**
 * \brief Splits a spectrum into bulk and outliers and fits the variance of the bulk.
 *
 * With k outliers set apart, the other M - k eigenvalues are compared with the law of an
 * (N - k) x (M - k) Gaussian matrix: a strong signal occupies k directions on either side and what
 * is orthogonal to it is noise of that shape. So \f$N\lambda/(N-k)\f$ follows Marchenko-Pastur with
 * aspect ratio (N - k)/(M - k). This was chosen by measurement on Gaussian matrices plus k Haar
 * spikes, 784 x 128, 60 draws, standard errors 0.0009 in sigma2; M D = number of bulk eigenvalues
 * times KS distance, 2.40 for pure noise:
 *
 * | law of the bulk                | k = 5, at 2-4 lambda_+ | k = 10, at 2-4   | k = 10, at 10-50 |
 * |--------------------------------|------------------------|------------------|------------------|
 * | N/M                            | -0.22 %, M D 2.67      | -0.78 %, 3.35    | -0.52 %, 3.34    |
 * | N/(M-k) \cite Kritchman2009    | -0.82 %, M D 2.41      | -1.77 %, 2.46    | -1.56 %, 2.43    |
 * | (N-k)/(M-k), eigenvalues / N   | -0.72 %, M D 2.38      | -1.62 %, 2.37    | -1.39 %, 2.30    |
 * | (N-k)/(M-k), times N / (N-k)   | -0.08 %, M D 2.39      | -0.35 %, 2.37    | -0.12 %, 2.30    |
 *
 * (error of sigma2, then M D). Weak spikes push the bulk down a little more: -0.65 % at k = 10,
 * 1.3-2 lambda_+.
 *
 * Two steps alternate until the set of outliers repeats:
 *  1. sigma2 = median over p = .1, .2, ..., .7 of (empirical quantile of the bulk at p) / (quantile
 *     of the law). The upper half of the bulk may be wrong without moving it far. The reference quantile is
 *     that of the *mean* spectral distribution at finite M, real case:
 *     \f$F+\frac1M\left(\frac14-\frac{\theta}{2\pi}\right)\f$, \f$\theta=\arccos\f$ of the position in
 *     the bulk from \f$\lambda_-\f$ (0) to \f$\lambda_+\f$ (pi) (\cite DumitriuEdelman2006); without it
 *     sigma2 is 0.75 % low at 128 x 128.
 *  2. outliers are counted from the largest down: eigenvalue number j + 1 is one if the p-value
 *     `outlier_p_value` of its edge z, j removed, is below `level`; the first that is not ends the count.
 *
 * If the counts run in a cycle the smallest count of it is kept. At most M/2 eigenvalues are set
 * apart, since a bulk is a majority. On a spectrum that decays all the way
 * (a geometric one, say) the count runs into this limit; what is fitted then is the lower half, and its
 * `ks` says how badly.
 *
 * \param ascending all M eigenvalues of W^T W / N, ascending, >= 0
 * \param rows N >= M
 * \param level familywise level of the outlier test, in (0, 1)
 * \throws FitError if there are fewer than `smallest_spectrum` eigenvalues, or so many are zero that
 *   sigma2 would be zero.
 */
BulkFit fit_bulk(std::span<const double> ascending, std::size_t rows, double level);

/// Standardised distance of `lambda`, the largest of the eigenvalues left when `removed` are set
/// apart, from the edge of noise of shape (rows - removed) x (cols - removed):
/// theory::upper_edge_scaling with eigenvalues divided by `rows`. Dimensionless.
double outlier_z(double lambda, double sigma2, std::size_t rows, std::size_t cols,
                 std::size_t removed);

/**
 * \brief P-value of an edge z when the variance was fitted by `fit_bulk` to the same spectrum.
 *
 * Error in sigma2 widens z. To good accuracy it adds an independent normal number of variance
 * \f$v=(1+9.5/Q)M^{-2/3}\f$ to the Tracy-Widom variable (measured excess variance times
 * \f$M^{2/3}\f$, mean of M = 60 and 250, 3000 Gaussian spectra each: 11.1, 7.6, 5.3, 3.1, 2.6, 1.4 at
 * Q = 1, 1.3, 2, 4, 8, 30), so
 * \f[ p=\mathrm E\left[1-F_1(z+\sqrt v\,G)\right],\qquad G\ \text{standard normal}, \f]
 * by Gauss-Hermite quadrature with seven nodes. Without it the 1 % test rejects 2.2 % of Gaussian
 * spectra at 60 x 60; sizes with it are in tests/sim/inference/marchenko_pastur_fit_test.cpp.
 *
 * Underflows to 0 beyond z of about 100; `removed` as in `outlier_z`.
 */
double outlier_p_value(double z, std::size_t rows, std::size_t cols, std::size_t removed);

/// Kolmogorov-Smirnov distance (two-sided) of ascending values to the Marchenko-Pastur law with
/// aspect ratio Q and entry variance `sigma2`.
double marchenko_pastur_distance(std::span<const double> ascending, double aspect_ratio,
                                 double sigma2);

}  // namespace rmtlab::inference
