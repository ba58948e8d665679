// SPDX-License-Identifier: MIT
#include "sim/experiments/limit_law.hpp"

#include <cmath>
#include <limits>

#include "sim/spectra/level_statistics.hpp"

namespace rmtlab::experiments {

ScaledLaw::ScaledLaw(const ensembles::LimitLaw& law)
    : law_(theory::make_law(law.name, law.parameters)), unit_(law.unit) {}

double ScaledLaw::distance(std::span<const double> ascending) const {
  // The limit from the left one representable number below: exact for the laws here, whose atoms
  // are at single points and whose densities are finite but at a hard edge.
  return spectra::ks_distance(
      ascending, [this](double x) { return cdf(x); },
      [this](double x) {
        return cdf(std::nextafter(x, -std::numeric_limits<double>::infinity()));
      });
}

}  // namespace rmtlab::experiments
