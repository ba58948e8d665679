// SPDX-License-Identifier: MIT
/// \file
/// \brief Synthetic data: addition modulo p, a rule that can be memorised or understood.
#pragma once

#include <cstddef>

#include "sim/core/random.hpp"
#include "sim/network/dataset.hpp"

namespace rmtlab::network {

/// Largest modulus: the inputs of all pairs take 8 p^3 bytes.
inline constexpr std::size_t modular_addition_limit = 512;

struct ModularAdditionConfig {
  std::size_t classes = 97;  ///< p, 2 to `modular_addition_limit`
  double train_share = 0.5;  ///< of the p^2 pairs, > 0 and < 1
  double input_norm2 = 2;    ///< ||x||^2 of every sample; 2 gives zeros and ones
};

/// Training samples for this setting: the nearest integer to `train_share` p^2, but at least one and at
/// most p^2 - 1. \pre the settings are in their ranges (p may be up to 65536).
std::size_t modular_addition_samples(const ModularAdditionConfig& config);

/**
 * \brief All p^2 pairs (a, b): x in 2p dimensions has sqrt(input_norm2 / 2) at a and at p + b, zero
 * elsewhere; the label is (a + b) mod p.
 *
 * The pairs are permuted at random (child "split" of `stream`); the first `modular_addition_samples`
 * are for training, all others for testing. So a larger share contains the smaller one, and no pair
 * is in both. The inputs are not centred.
 *
 * \throws std::domain_error naming a setting outside its range.
 */
DataSplit make_modular_addition(const ModularAdditionConfig& config, const core::Stream& stream);

}  // namespace rmtlab::network
