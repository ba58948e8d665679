// SPDX-License-Identifier: MIT
/// \file
/// \brief The distance of simulated numbers to the law that theory gives them.
#pragma once

#include <span>

#include "sim/ensembles/ensemble.hpp"
#include "theory/law_catalogue.hpp"

namespace rmtlab::experiments {

/// A law of the catalogue in the units of the eigenvalues.
class ScaledLaw {
public:
  /// \throws std::domain_error if theory does not have the law at these parameters.
  explicit ScaledLaw(const ensembles::LimitLaw& law);

  [[nodiscard]] double cdf(double lambda) const { return law_.cdf(lambda / unit_); }
  [[nodiscard]] double quantile(double p) const { return unit_ * law_.quantile(p); }
  [[nodiscard]] const theory::Law& standard() const { return law_; }
  [[nodiscard]] double unit() const { return unit_; }
  /// Kolmogorov-Smirnov distance of ascending values; an atom of the law is no distance.
  [[nodiscard]] double distance(std::span<const double> ascending) const;

private:
  theory::Law law_;
  double unit_;
};

}  // namespace rmtlab::experiments
