// SPDX-License-Identifier: MIT
/// \file
/// \brief Denoising by singular values: the optimal shrinker and the optimal hard threshold.
#include "theory/shrinkage.hpp"

#include <algorithm>
#include <cmath>

#include "theory/domain_check.hpp"
#include "theory/marchenko_pastur.hpp"

namespace rmtlab::theory {

double shrunk_singular_value(double aspect_ratio, double y) {
  check_positive("shrunk_singular_value", "aspect_ratio", aspect_ratio);
  if (!(std::isfinite(y) && y >= 0))
    throw_domain_error("shrunk_singular_value", "y", y, "finite and >= 0");
  const double root = 1 / std::sqrt(aspect_ratio);
  if (y <= 1 + root) return 0;
  // The four factors of the difference of squares: no cancellation but the true one at the edge.
  return std::sqrt(((y - 1) - root) * ((y - 1) + root)) *
         std::sqrt(((y + 1) - root) * ((y + 1) + root)) / y;
}

double optimal_hard_threshold(double aspect_ratio) {
  check_positive("optimal_hard_threshold", "aspect_ratio", aspect_ratio);
  const double c = 1 / aspect_ratio;
  return std::sqrt(2 * (c + 1) + 8 * c / (c + 1 + std::sqrt(c * (c + 14) + 1)));
}

double optimal_median_threshold(double aspect_ratio) {
  check_positive("optimal_median_threshold", "aspect_ratio", aspect_ratio);
  const double ratio = std::max(aspect_ratio, 1 / aspect_ratio);
  return optimal_hard_threshold(ratio) / std::sqrt(quantile(MarchenkoPastur(ratio), 0.5));
}

}  // namespace rmtlab::theory
