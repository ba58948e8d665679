// SPDX-License-Identifier: MIT
/// \file
/// \brief What follows from a generator's parameters: phase, limit law, outliers.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <armadillo>

#include "sim/ensembles/ensemble.hpp"
#include "sim/ensembles/population_levels.hpp"
#include "theory/spiked.hpp"

namespace rmtlab::ensembles {

/// Independent entries with a fourth moment: random-like, the Marchenko-Pastur law of `variance`.
GroundTruth noise_truth(std::size_t rows, std::size_t cols, double variance);

/// Independent entries of tail index mu: heavy-tailed with alpha = 1 + mu/2 for mu < 2 (where
/// 1.3 <= alpha), nothing that is scored for 2 <= mu <= 4, noise above.
/// \param variance of the entries; not used for mu <= 2
/// \param unit what `rmtlab law heavy-tailed-mp` has to be multiplied by, for mu < 2
GroundTruth heavy_entries_truth(std::size_t rows, std::size_t cols, double tail_index,
                                double variance, double unit);

/// Noise and finitely many spikes: by the predicted position of the strongest outlier, and unscored
/// inside the critical window.
GroundTruth spikes_truth(std::size_t cols, double variance,
                         const std::vector<theory::Spike>& spikes);

/// Rows with a population covariance that is no finite deformation: bulk-decay, or heavy-tailed if a
/// power law holds more than half of the trace.
GroundTruth population_truth(std::size_t rows, std::size_t cols, const Population& population);

/// `marchenko-pastur` at this shape.
LimitLaw marchenko_pastur_limit(std::size_t rows, std::size_t cols, double variance);

/// `general-mp` of these population levels, all > 0, at this shape.
LimitLaw general_mp_limit(std::size_t rows, std::size_t cols, const arma::vec& levels);

/// Share of the eigenvalues below `phase_definition::collapsed_level` times the mean in the limit law
/// theory::GeneralMp of these population levels (>= 0, not all 0).
double collapsed_share_in_limit(std::size_t rows, std::size_t cols, const arma::vec& levels);

/// A population without power-law tail that deforms the whole spectrum: rank-collapse if
/// `collapsed_share_in_limit` reaches `phase_definition::collapsed_share`, else bulk-decay with the reason
/// given.
void set_light_population_phase(GroundTruth& truth, std::size_t rows, std::size_t cols,
                                const arma::vec& levels, std::string reason_of_decay);

}  // namespace rmtlab::ensembles
