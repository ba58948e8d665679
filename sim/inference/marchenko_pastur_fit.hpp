// SPDX-License-Identifier: MIT
/// \file
/// \brief Marchenko-Pastur fit of a spectrum: bulk, outliers, and whether the bulk is noise at all.
#pragma once

#include <cstddef>
#include <vector>

#include <armadillo>

#include "sim/inference/bulk_null.hpp"
#include "sim/inference/marchenko_pastur_fit_bulk.hpp"

namespace rmtlab::inference {

struct MarchenkoPasturOptions {
  double familywise_level = default_familywise_level;  ///< of the outlier test, in (0, 1)
};

/// An eigenvalue outside the bulk.
struct Outlier {
  double lambda;   ///< in units of sigma2
  double z;        ///< `outlier_z`, those above it removed
  double p_value;  ///< `outlier_p_value`; 0 when it underflows
};

/// Result of `fit_marchenko_pastur`. N, M are the shape of W, Q = N / M, k the number of outliers.
struct MarchenkoPasturFit {
  double sigma2 = 0;  ///< entry variance of the noise
  double lambda_minus =
      0;  ///< \f$\sigma^2(1-Q^{-1/2})^2\f$, asymptotic edges of noise of shape N x M
  double lambda_plus = 0;         ///< \f$\sigma^2(1+Q^{-1/2})^2\f$
  std::vector<Outlier> outliers;  ///< from the largest down; empty if there are none
  double edge_z = 0;              ///< largest eigenvalue against the edge of the fitted bulk
  double edge_p_value = 0;        ///< its p-value (`outlier_p_value`)
  double ks_bulk = 0;             ///< KS distance of the bulk to its law (`fit_bulk`)
  double p_value = 0;  ///< of `ks_bulk`, simulated null; small means the bulk is not noise
  double ks_all = 0;   ///< KS distance of all M to Marchenko-Pastur (Q, mean eigenvalue)
  double outlier_trace_fraction = 0;   ///< share of the trace in the outliers, in [0, 1]
  double outlier_fraction = 0;         ///< k / M
  std::size_t bulk_count = 0;          ///< M - k
  std::size_t zero_count = 0;          ///< eigenvalues that count as zero (they are in the bulk)
  int iterations = 0;                  ///< variance fits until the set of outliers repeated
  bool outlier_limit_reached = false;  ///< `BulkFit::outlier_limit_reached`: no bulk
};

/**
 * \brief Fits noise plus outliers to the eigenvalues of \f$W^{\mathsf T}W/N\f$.
 *
 * Variance and outliers by `fit_bulk`: quantile matching of the bulk, and the sequential
 * Tracy-Widom test of \cite Kritchman2009 from the largest eigenvalue down. Eigenvalues at or below
 * M eps lambda_max are set to zero first; they are rounding.
 *
 * Measured (tests/sim/inference/marchenko_pastur_fit_test.cpp): relative standard deviation of
 * sigma2 1.2 to 1.8 times \f$(2/NM)^{1/2}\f$, the best possible (Q = 30 to 1); bias below 0.1 % from
 * M = 50; size of the outlier test at 1 % is 0.007-0.013 for Q from 1 to 16; the goodness-of-fit
 * p-value is uniform on Gaussian matrices; at 5 % and 800 x 400 it rejects column variances of 1 +- 0.05,
 * 1 +- 0.1 and 1 +- 0.2 (half of each) in 0.11, 0.75 and all of 100 draws.
 *
 * The edge test presumes entries with light tails: an excess kurtosis k4 shifts the edge z by about
 * \f$k_4\lambda_+^{1/3}M^{-1/3}\f$ (unit variance).
 *
 * \param eigenvalues all M, in any order, zeros included
 * \param rows N
 * \param cols M
 * \param null holds simulated nulls between calls; the result does not depend on its history
 * \throws std::invalid_argument if there are not `cols` eigenvalues.
 * \throws std::domain_error if rows < cols, an eigenvalue is negative or not finite, or the level is
 *   outside (0, 1).
 * \throws FitError if the data allow no fit: fewer than 20 eigenvalues, or too many zeros.
 */
MarchenkoPasturFit fit_marchenko_pastur(const arma::vec& eigenvalues, std::size_t rows,
                                        std::size_t cols, const BulkNull& null,
                                        const MarchenkoPasturOptions& options = {});

/// `MarchenkoPasturFit::ks_all` alone, which exists for every spectrum but that of a zero matrix:
/// the distance of all eigenvalues to Marchenko-Pastur with Q = rows / M and the mean eigenvalue as
/// variance. \throws as `fit_marchenko_pastur`; std::domain_error if all eigenvalues are zero.
double distance_to_random(const arma::vec& eigenvalues, std::size_t rows);

}  // namespace rmtlab::inference
