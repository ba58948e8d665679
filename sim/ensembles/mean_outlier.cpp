// SPDX-License-Identifier: MIT
/// \file
/// \brief A mean of the entries that is not zero: the spike nobody meant to plant.
#include "sim/ensembles/mean_outlier.hpp"

#include <cmath>

#include "theory/domain_check.hpp"

namespace rmtlab::ensembles {
namespace {

void check_mean(const char* function, double mean) {
  if (!std::isfinite(mean)) theory::throw_domain_error(function, "mean", mean, "finite");
}

}  // namespace

arma::mat with_mean(arma::mat noise, double mean) {
  check_mean("with_mean", mean);
  noise += mean;
  return noise;
}

theory::Spike mean_outlier(std::size_t rows, std::size_t cols, double mean, double variance) {
  if (rows < 1 || cols < 1) theory::throw_domain_error("mean_outlier", "rows * cols", 0.0, ">= 1");
  check_mean("mean_outlier", mean);
  theory::check_positive("mean_outlier", "variance", variance);
  const auto n = static_cast<double>(rows), m = static_cast<double>(cols);
  return theory::Spike::additive(n / m, std::abs(mean) * std::sqrt(m / variance), variance);
}

}  // namespace rmtlab::ensembles
