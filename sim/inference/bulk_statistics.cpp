// SPDX-License-Identifier: MIT
#include "sim/inference/bulk_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/inference/bulk_variance.hpp"
#include "sim/inference/edge_test.hpp"
#include "sim/spectra/level_statistics.hpp"
#include "theory/marchenko_pastur.hpp"
#include "theory/number_variance.hpp"

namespace rmtlab::inference {
namespace {

// Of large real matrices, \cite AtasBogomolnyGiraudRoux2013; the surmise of theory/gap_ratio.hpp gives 0.5359.
constexpr double repelling_gap_ratio = 0.5307;
constexpr std::size_t degrees = last_degree - first_degree + 1;

// E_F T_n of the position in the bulk. With x = cos(phi), lambda = 1 + c + 2 sqrt(c) x, the law is
// 2 sin^2(phi) / (pi lambda) dphi and 1 / lambda has the Fourier coefficients (-sqrt c)^|n| / (1 - c),
// which leaves: E T_n = -(-sqrt c)^(n-2) (1 - c) / 2 for n >= 2.
double expected_chebyshev(int n, double c) { return -std::pow(-std::sqrt(c), n - 2) * (1 - c) / 2; }

std::array<double, degrees> standardised_chebyshev(const std::vector<double>& position, double c,
                                                   double excess_kurtosis) {
  std::array<double, degrees> sums{};
  for (const double x : position) {
    double before = 1, now = x;
    for (int n = 2; n <= last_degree; ++n) {
      before = std::exchange(now, 2 * x * now - before);
      sums[static_cast<std::size_t>(n - first_degree)] += now;
    }
  }
  const auto m = static_cast<double>(position.size());
  for (int n = first_degree; n <= last_degree; ++n) {
    double mean = n % 2 == 0 ? 0.5 : 0.0;
    if (n == 2) mean += excess_kurtosis / 2;
    double& sum = sums[static_cast<std::size_t>(n - first_degree)];
    sum = (sum - m * expected_chebyshev(n, c) - mean) / std::sqrt(n / 2.0);
  }
  return sums;
}

// Mean of (count - L)^2 over windows that start at 0, 1/2, 1, ... spacings.
double mean_square_count_error(const std::vector<double>& unfolded) {
  const auto m = static_cast<double>(unfolded.size());
  double sum = 0;
  std::size_t windows = 0, begin = 0, end = 0;
  for (double start = 0; start + window_length <= m; start += 0.5, ++windows) {
    while (begin < unfolded.size() && unfolded[begin] < start) ++begin;
    end = std::max(end, begin);
    while (end < unfolded.size() && unfolded[end] < start + window_length) ++end;
    const double error = static_cast<double>(end - begin) - window_length;
    sum += error * error;
  }
  return sum / static_cast<double>(windows);
}

// Eigenvalues over their mean as positions in the bulk, -1 to 1, and as levels u.
struct Unfolded {
  std::vector<double> positions, levels;
  double kurtosis;  // as far as it is corrected

  Unfolded(std::span<const double> bulk, double aspect_ratio, double excess_kurtosis)
      : positions(bulk.size()),
        levels(bulk.size()),
        kurtosis(std::min(excess_kurtosis, largest_corrected_kurtosis)) {
    if (bulk.size() < 10)
      throw std::domain_error(
          fmt::format("bulk_statistics: {} eigenvalues (must be >= 10)", bulk.size()));
    const auto m = static_cast<double>(bulk.size());
    const double mean = std::accumulate(bulk.begin(), bulk.end(), 0.0) / m;
    if (!(mean > 0)) throw std::domain_error("bulk_statistics: mean eigenvalue = 0 (must be > 0)");
    const theory::MarchenkoPastur law(aspect_ratio);
    const double middle = (law.lower_edge() + law.upper_edge()) / 2;
    const double half_width = (law.upper_edge() - law.lower_edge()) / 2;
    for (std::size_t i = 0; i < bulk.size(); ++i) {
      positions[i] = std::clamp((bulk[i] / mean - middle) / half_width, -1.0, 1.0);
      levels[i] =
          m * cdf(law, bulk[i] / mean) + mean_count_correction(std::acos(-positions[i]), kurtosis);
    }
  }
};

}  // namespace

std::string_view name(BulkTest test) {
  switch (test) {
    case BulkTest::ks:
      return "ks";
    case BulkTest::cramer_von_mises:
      return "cramer_von_mises";
    case BulkTest::chebyshev:
      return "chebyshev";
    case BulkTest::gap_ratio:
      return "gap_ratio";
    case BulkTest::number_variance:
      break;
  }
  return "number_variance";
}

std::vector<double> unfolded_levels(std::span<const double> bulk, double aspect_ratio,
                                    double excess_kurtosis) {
  return Unfolded(bulk, aspect_ratio, excess_kurtosis).levels;
}

BulkStatistics bulk_statistics(std::span<const double> bulk, double aspect_ratio,
                               double excess_kurtosis) {
  const Unfolded unfolded(bulk, aspect_ratio, excess_kurtosis);
  const auto m = static_cast<double>(bulk.size());
  double largest = 0, squares = 0;
  for (std::size_t i = 0; i < bulk.size(); ++i) {
    const double below = unfolded.levels[i] - static_cast<double>(i);
    largest = std::max({largest, below, 1 - below});
    squares += (below - 0.5) * (below - 0.5);
  }

  BulkStatistics result;
  const auto put = [&](BulkTest test, double value) {
    result.values[static_cast<std::size_t>(test)] = value;
  };
  result.ks = std::min(1.0, largest / m);
  put(BulkTest::ks, largest);
  put(BulkTest::cramer_von_mises, squares / m);
  result.chebyshev =
      standardised_chebyshev(unfolded.positions, 1 / aspect_ratio, unfolded.kurtosis);
  put(BulkTest::chebyshev, std::inner_product(result.chebyshev.begin(), result.chebyshev.end(),
                                              result.chebyshev.begin(), 0.0));
  result.mean_gap_ratio = spectra::mean_gap_ratio(bulk, 0, bulk.size()).value_or(0.0);
  put(BulkTest::gap_ratio, std::sqrt(m) * (repelling_gap_ratio - result.mean_gap_ratio));
  static const double expected = theory::number_variance(1, window_length);
  put(BulkTest::number_variance, mean_square_count_error(unfolded.levels) / expected);
  return result;
}

BulkStatistics statistics_of_bulk(std::span<const double> ascending, std::size_t rows,
                                  std::size_t outlier_count, double excess_kurtosis) {
  const BulkShape shape(rows, ascending.size(), outlier_count);
  return bulk_statistics(ascending.first(ascending.size() - outlier_count), shape.aspect_ratio(),
                         excess_kurtosis);
}

}  // namespace rmtlab::inference
