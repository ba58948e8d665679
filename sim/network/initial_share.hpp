// SPDX-License-Identifier: MIT
/// \file
/// \brief What a training has left of the initial weights.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "sim/network/optimizer.hpp"
#include "sim/network/schedule.hpp"
#include "sim/network/training.hpp"

namespace rmtlab::network {

/// Why no single number says what is left of W_l(0); empty if one does.
///
/// The rule must be linear in the weights. `l1`, `spectral_penalty` and `max_norm` are not, nor is Adam
/// with coupled decay, which divides the decay by the size of the gradient. Clipping is no obstacle: it
/// acts on the gradient of the loss alone.
/// \param l the layer: penalties whose factor is 0 there do not count
std::string_view initial_share_obstacle(const OptimizerConfig& config, std::size_t l);

/**
 * \brief The factor a(t) in \f$W_l(t)=a(t)\,W_l(0)+\Delta_l\f$: what t steps of the optimiser without any
 * gradient of the loss would leave of a weight that starts at 1.
 *
 * Where the rule is linear in the weights the two parts simply add, and Delta is what the gradients have
 * put there (which depend on W(0), of course). With rate r_t and decay d of this layer, the scalar is
 * iterated by the rule of `Optimizer`, v starting at 0:
 *   - coupled sgd: \f$v\leftarrow\mu v-r_td\,a,\quad a\leftarrow a+v\f$
 *   - coupled nesterov: the same v, \f$a\leftarrow a+\mu v-r_td\,a\f$
 *   - decoupled, any method: \f$a\leftarrow(1-r_td)\,a\f$
 *
 * In double, with coefficients rounded to float as training has them: 1 - r d of a decoupled decay as
 * weak as r d = 4e-7 is then off by up to 7 % of r d. What the weights' own rounding adds is not in it.
 * For a constant rate a is near exp(-wd S), S = `sgd_time`, for coupled decay and exp(-wd (1 - mu) S) for
 * decoupled: 0.980233 against 0.980199 at momentum 0.9, rate 0.002, wd 2e-4, 5000 steps (tested), the
 * difference being the start of the velocity (`startup_factor`). Too large r d makes |a| grow: no error.
 *
 * O(steps), a few arithmetic operations each.
 * \returns nothing where `initial_share_obstacle` has a reason
 * \throws std::domain_error naming a setting outside its range.
 * \throws std::invalid_argument if there are factors per layer and none for layer l.
 */
std::optional<double> initial_share(const OptimizerConfig& config, const Schedule& schedule,
                                    std::size_t l, std::size_t steps);

/// As above, for a `Trainer` with this configuration on `samples` samples.
/// \throws std::domain_error also if samples is 0.
std::optional<double> initial_share(const TrainingConfig& config, std::size_t samples,
                                    std::size_t l, std::size_t steps);

}  // namespace rmtlab::network
