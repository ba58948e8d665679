// SPDX-License-Identifier: MIT
#include "sim/inference/phase_baselines.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "theory/marchenko_pastur.hpp"

namespace rmtlab::inference {

theory::Phase phase_by_exponent(double alpha) {
  if (alpha <= 4) return theory::Phase::heavy_tailed;
  if (alpha <= 6) return theory::Phase::bulk_decay;
  if (alpha <= 8) return theory::Phase::bulk_plus_spikes;
  return theory::Phase::random_like;
}

double density_distance(const arma::vec& eigenvalues, std::size_t rows) {
  if (eigenvalues.is_empty() || rows < eigenvalues.n_elem || !(eigenvalues.max() > 0))
    throw std::domain_error(
        fmt::format("density_distance: {} eigenvalues of {} rows (must be at least 1, not all "
                    "zero, and no more than rows)",
                    eigenvalues.n_elem, rows));
  const auto m = static_cast<double>(eigenvalues.n_elem);
  const theory::MarchenkoPastur law(static_cast<double>(rows) / m, arma::mean(eigenvalues));
  const auto bins = static_cast<std::size_t>(std::ceil(2 * std::cbrt(m)));
  std::vector<double> counts(bins, 0.0);
  for (const double lambda : eigenvalues)
    counts[std::min(static_cast<std::size_t>(theory::cdf(law, lambda) * static_cast<double>(bins)),
                    bins - 1)] += 1;
  double distance = 0;
  for (const double count : counts)
    distance += std::abs(count / m - 1 / static_cast<double>(bins)) / 2;
  return distance;
}

}  // namespace rmtlab::inference
