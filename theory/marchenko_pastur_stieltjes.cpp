// SPDX-License-Identifier: MIT
/// \file
/// \brief Stieltjes transform of the Marchenko-Pastur law.
#include "theory/marchenko_pastur_stieltjes.hpp"

#include <cmath>

#include "theory/domain_check.hpp"

namespace rmtlab::theory {

std::complex<double> stieltjes_transform(const MarchenkoPastur& law, std::complex<double> z) {
  if (!std::isfinite(z.real()))
    throw_domain_error("stieltjes_transform", "Re z", z.real(), "finite");
  if (!std::isfinite(z.imag()))
    throw_domain_error("stieltjes_transform", "Im z", z.imag(), "finite");
  const double q = law.aspect_ratio(), variance = law.variance();
  if (z == 0.0 && q <= 1)
    throw_domain_error("stieltjes_transform", "z", 0,
                       "different from 0 for aspect_ratio <= 1, where the law reaches 0");
  // z - sigma^2 (1 - c), the difference first: q - 1 is exact beside Q = 1.
  const std::complex<double> linear = z - variance * ((q - 1) / q);
  const std::complex<double> root =
      std::sqrt(z - law.lower_edge()) * std::sqrt(z - law.upper_edge());
  // The product of the two roots of the quadratic is 1 / (c sigma^2 z): one of the two forms adds.
  if (std::norm(linear + root) >= std::norm(linear - root)) return -2.0 / (linear + root);
  return q * (root - linear) / (2 * variance * z);
}

}  // namespace rmtlab::theory
