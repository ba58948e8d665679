// SPDX-License-Identifier: MIT
/// \file
/// \brief How far a bulk is from noise: five statistics of its levels.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace rmtlab::inference {

/// The tests of a bulk, in the order in which they are reported.
enum class BulkTest { ks, cramer_von_mises, chebyshev, gap_ratio, number_variance };
inline constexpr std::array all_bulk_tests = {BulkTest::ks, BulkTest::cramer_von_mises,
                                              BulkTest::chebyshev, BulkTest::gap_ratio,
                                              BulkTest::number_variance};

/// `"ks"`, `"cramer_von_mises"`, `"chebyshev"`, `"gap_ratio"`, `"number_variance"`.
std::string_view name(BulkTest test);

/// Degrees of the Chebyshev polynomials: 2 ... 6. Degree 1 is the fitted mean.
inline constexpr int first_degree = 2, last_degree = 6;
/// L of the number variance, in mean spacings.
inline constexpr double window_length = 5;

/**
 * \brief Statistics of m bulk eigenvalues, each growing with the distance from noise.
 *
 * With eigenvalues divided by their mean, F the Marchenko-Pastur law of the bulk's shape and
 * \f$F_c=F+\frac1m(\dots)\f$ its mean law at this size (`mean_count_correction`, kurtosis of the entries
 * included), \f$u_i=mF_c(\lambda_i)\f$ are unfolded levels: evenly spaced on (0, m), with fluctuations of order
 * \f$\sqrt{\log m}\f$ because they repel.
 *
 * | | | null |
 * |---|---|---|
 * | ks | \f$\max_i\max(u_i-i+1,\,i-u_i)\f$, that is m times the Kolmogorov-Smirnov distance | \f$\frac{\sqrt2}\pi\log m+O(1)\f$ |
 * | cramer_von_mises | \f$\frac1m\sum_i(u_i-i+\frac12)^2\f$ | \f$\frac1{\pi^2}\log m+O(1)\f$ |
 * | chebyshev | \f$\sum_{n=2}^6\frac2n\bigl(\sum_iT_n(x_i)-m\,\mathrm E_FT_n-\frac{1+(-1)^n}4-\frac\kappa2\delta_{n2}\bigr)^2\f$, x the position in the bulk on [-1, 1] | chi-square, 5 degrees |
 * | gap_ratio | \f$\sqrt m\,(0.5307-\bar r)\f$, \f$\bar r\f$ the mean ratio of neighbouring spacings | O(1) |
 * | number_variance | mean over windows of length 5 of (levels in it - 5)^2, over that of GOE | 1 + small |
 *
 * The first three see the shape of the density, the last two repulsion. Sums of polynomials of levels
 * are asymptotically independent normal numbers of variance n/2 for real entries, whatever their
 * kurtosis for n > 1 (\cite Johansson1998, \cite LytovaPastur2009); fitting the mean removes
 * n = 1 exactly and, at leading order, nothing else.
 */
struct BulkStatistics {
  std::array<double, all_bulk_tests.size()> values{};
  double ks = 0;              ///< values[ks] / m, the distance itself
  double mean_gap_ratio = 0;  ///< \f$\bar r\f$; 0 if there are too few distinct levels
  std::array<double, last_degree - first_degree + 1> chebyshev{};  ///< standardised, n = 2 ... 6

  [[nodiscard]] double operator[](BulkTest test) const {
    return values[static_cast<std::size_t>(test)];
  }
};

/// \f$u_i=mF_c(\lambda_i)\f$ of a bulk: the arguments and errors are those of `bulk_statistics`.
std::vector<double> unfolded_levels(std::span<const double> bulk, double aspect_ratio,
                                    double excess_kurtosis);

/// \param bulk ascending, at least 10, not all zero
/// \param aspect_ratio of the bulk's shape; \param excess_kurtosis of the entries
/// \throws std::domain_error if the bulk is too short or all zero.
BulkStatistics bulk_statistics(std::span<const double> bulk, double aspect_ratio,
                               double excess_kurtosis);

/// Statistics of the bulk that is left after the outliers of `count_outliers` are set apart, in its own shape.
/// \throws as `bulk_statistics`
BulkStatistics statistics_of_bulk(std::span<const double> ascending, std::size_t rows,
                                  std::size_t outlier_count, double excess_kurtosis);

}  // namespace rmtlab::inference
