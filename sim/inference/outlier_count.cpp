// SPDX-License-Identifier: MIT
#include "sim/inference/outlier_count.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "sim/inference/edge_test.hpp"

namespace rmtlab::inference {
namespace {

class Walk {
public:
  Walk(std::span<const double> ascending, std::size_t rows, const OutlierSettings& settings)
      : ascending_(ascending), rows_(rows), settings_(settings) {
    if (ascending.size() < smallest_spectrum)
      throw FitError(fmt::format("M = {} eigenvalues (at least {} are needed)", ascending.size(),
                                 smallest_spectrum));
  }

  // Whether "at most k spikes" is refused, at the variance given.
  [[nodiscard]] bool refused(std::size_t k, double sigma2) const {
    const double lambda = ascending_[ascending_.size() - 1 - k];
    return upper_edge_test(lambda, sigma2, rows_, ascending_.size(), k, settings_.excess_kurtosis)
               .p_value < settings_.level;
  }
  [[nodiscard]] double variance(std::size_t k) const {
    return bulk_variance(settings_.estimator, ascending_, rows_, k);
  }
  [[nodiscard]] std::size_t limit() const { return ascending_.size() / 2; }

  // Fixed point of "fit by quantiles, count at that variance"; of a cycle, the largest count.
  [[nodiscard]] std::size_t robust_start() const {
    std::vector<std::size_t> counts{0};
    while (true) {
      const double sigma2 = quantile_variance(ascending_, rows_, counts.back());
      std::size_t next = 0;
      while (next < limit() && refused(next, sigma2)) ++next;
      const auto seen = std::find(counts.begin(), counts.end(), next);
      if (seen != counts.end()) return *std::max_element(seen, counts.end());
      counts.push_back(next);
    }
  }

  [[nodiscard]] OutlierCount from(std::size_t k) const {
    while (k > 0 && !refused(k - 1, variance(k - 1))) --k;
    while (k < limit() && refused(k, variance(k))) ++k;
    return {k, variance(k), k == limit()};
  }

private:
  std::span<const double> ascending_;
  std::size_t rows_;
  const OutlierSettings& settings_;
};

}  // namespace

OutlierCount count_outliers(std::span<const double> ascending, std::size_t rows,
                            const OutlierSettings& settings) {
  const Walk walk(ascending, rows, settings);
  return walk.from(walk.robust_start());
}

OutlierCount count_outliers_upwards(std::span<const double> ascending, std::size_t rows,
                                    const OutlierSettings& settings) {
  return Walk(ascending, rows, settings).from(0);
}

std::size_t count_lower_outliers(std::span<const double> ascending, std::size_t rows,
                                 std::size_t removed_above, double sigma2,
                                 const OutlierSettings& settings) {
  const std::size_t most = ascending.size() / 2 - std::min(removed_above, ascending.size() / 2);
  std::size_t k = 0;
  while (k < most && lower_edge_test(ascending[k], sigma2, rows, ascending.size(),
                                     removed_above + k, settings.excess_kurtosis)
                             .p_value < settings.level)
    ++k;
  return k;
}

}  // namespace rmtlab::inference
