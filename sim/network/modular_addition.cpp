// SPDX-License-Identifier: MIT
#include "sim/network/modular_addition.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

namespace rmtlab::network {
namespace {

void check(const ModularAdditionConfig& c) {
  if (c.classes < 2 || c.classes > modular_addition_limit)
    throw std::domain_error(fmt::format("make_modular_addition: classes = {} (must be 2 to {})",
                                        c.classes, modular_addition_limit));
  if (!(c.train_share > 0 && c.train_share < 1))
    throw std::domain_error(fmt::format(
        "make_modular_addition: train_share = {} (must be > 0 and < 1)", c.train_share));
  if (!(c.input_norm2 > 0) || !std::isfinite(c.input_norm2))
    throw std::domain_error(fmt::format(
        "make_modular_addition: input_norm2 = {} (must be finite and > 0)", c.input_norm2));
}

Dataset encode(const ModularAdditionConfig& config, std::span<const std::uint32_t> pairs) {
  const std::size_t p = config.classes;
  const auto one = static_cast<float>(std::sqrt(config.input_norm2 / 2));
  Dataset data{2 * p, p, std::vector<float>(pairs.size() * 2 * p), {}};
  data.labels.reserve(pairs.size());
  for (std::size_t s = 0; s < pairs.size(); ++s) {
    const std::size_t a = pairs[s] / p, b = pairs[s] % p;
    data.inputs[s * 2 * p + a] = one;
    data.inputs[s * 2 * p + p + b] = one;
    data.labels.push_back(static_cast<Label>((a + b) % p));
  }
  return data;
}

}  // namespace

std::size_t modular_addition_samples(const ModularAdditionConfig& config) {
  const std::size_t pairs = config.classes * config.classes;
  const auto wanted = std::llround(config.train_share * static_cast<double>(pairs));
  return std::clamp<std::size_t>(static_cast<std::size_t>(wanted), 1, pairs - 1);
}

DataSplit make_modular_addition(const ModularAdditionConfig& config, const core::Stream& stream) {
  check(config);
  const std::size_t count = modular_addition_samples(config);
  const std::vector<std::uint32_t> pairs = stream.child("split").permutation(
      static_cast<std::uint32_t>(config.classes * config.classes));
  const std::span<const std::uint32_t> all(pairs);
  return {encode(config, all.first(count)), encode(config, all.subspan(count))};
}

}  // namespace rmtlab::network
