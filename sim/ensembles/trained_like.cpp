// SPDX-License-Identifier: MIT
/// \file
/// \brief What training makes of a layer, in the simplest terms: shrunken initial weights and a few
/// learned directions.
#include "sim/ensembles/trained_like.hpp"

#include <cmath>
#include <utility>

#include "theory/domain_check.hpp"

namespace rmtlab::ensembles {

SpikedMatrix trained_like(arma::mat initial, double variance, const TrainedLike& model,
                          core::Stream& stream) {
  theory::check_positive("trained_like", "variance", variance);
  theory::check_positive("trained_like", "initial_scale", model.initial_scale);
  const double remaining = variance * model.initial_scale * model.initial_scale;
  SpikedModel spikes{theory::SpikeKind::additive, {}, model.left_support, model.right_support};
  for (const double nu : model.singular_values) {
    if (!(std::isfinite(nu) && nu >= 0))
      theory::throw_domain_error("trained_like", "singular value", nu, "finite and >= 0");
    const double excess = nu / remaining * nu / static_cast<double>(initial.n_rows);
    spikes.strengths.push_back({StrengthScale::excess, excess});
  }
  initial *= model.initial_scale;
  return spiked_matrix(std::move(initial), remaining, spikes, stream);
}

}  // namespace rmtlab::ensembles
