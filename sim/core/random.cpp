// SPDX-License-Identifier: MIT
#include "sim/core/random.hpp"

#include <cmath>
#include <cstring>
#include <numbers>
#include <numeric>
#include <utility>

#include <Random123/philox.h>

#include "sim/core/sha256.hpp"

namespace rmtlab::core {
namespace {

// What is hashed for a child: the parent's 16 bytes, a tag that keeps names and indices apart, and
// the name's bytes or the index in little-endian order.
std::array<std::uint32_t, 4> derive(const std::array<std::uint32_t, 4>& parent, char tag,
                                    std::string_view bytes) {
  std::string message;
  for (const std::uint32_t word : parent)
    for (int shift = 0; shift < 32; shift += 8)
      message.push_back(static_cast<char>((word >> shift) & 0xffU));
  message.push_back(tag);
  message.append(bytes);
  const Sha256Digest digest = sha256(message);
  std::array<std::uint32_t, 4> identity{};
  for (std::size_t i = 0; i < identity.size(); ++i)
    for (std::size_t b = 0; b < 4; ++b)
      identity[i] |= static_cast<std::uint32_t>(digest[4 * i + b]) << (8 * b);
  return identity;
}

std::string little_endian(std::uint64_t value) {
  std::string bytes;
  for (int shift = 0; shift < 64; shift += 8)
    bytes.push_back(static_cast<char>((value >> shift) & 0xffU));
  return bytes;
}

}  // namespace

Stream::Stream(std::uint64_t seed) : identity_(derive({}, 's', little_endian(seed))) {}

Stream Stream::child(std::string_view name) const { return Stream(derive(identity_, 'n', name)); }

Stream Stream::child(std::uint64_t index) const {
  return Stream(derive(identity_, 'i', little_endian(index)));
}

std::uint64_t Stream::bits() {
  if (used_ == 4) {
    const r123::Philox4x32::key_type key{{identity_[0], identity_[1]}};
    const r123::Philox4x32::ctr_type counter{{static_cast<std::uint32_t>(block_),
                                              static_cast<std::uint32_t>(block_ >> 32),
                                              identity_[2], identity_[3]}};
    const auto block = r123::Philox4x32{}(counter, key);
    for (std::size_t i = 0; i < 4; ++i) words_[i] = block[i];
    ++block_;
    used_ = 0;
  }
  const auto at = static_cast<std::size_t>(used_);
  used_ += 2;
  return words_[at] | (static_cast<std::uint64_t>(words_[at + 1]) << 32);
}

std::uint64_t Stream::position() const {
  return 2 * block_ - static_cast<std::uint64_t>(4 - used_) / 2;
}

void Stream::seek(std::uint64_t position) {
  block_ = position / 2;
  used_ = 4;
  if (position % 2 != 0) bits();
}

double Stream::uniform() { return (static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52; }

std::uint64_t Stream::below(std::uint64_t n) {
  // The high half of bits * n is uniform once the low half clears 2^64 mod n.
  __extension__ using Wide = unsigned __int128;
  Wide product = static_cast<Wide>(bits()) * n;
  auto low = static_cast<std::uint64_t>(product);
  if (low < n) {
    const std::uint64_t threshold = (0 - n) % n;
    while (low < threshold) {
      product = static_cast<Wide>(bits()) * n;
      low = static_cast<std::uint64_t>(product);
    }
  }
  return static_cast<std::uint64_t>(product >> 64);
}

double Stream::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_normal_;
  }
  const double radius = std::sqrt(-2.0 * std::log(uniform()));
  const double angle = 2.0 * std::numbers::pi * uniform();
  spare_normal_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

double Stream::truncated_normal(double limit) {
  double x = normal();
  while (std::abs(x) > limit) x = normal();
  return x;
}

double Stream::gamma(double shape) {
  // Below 1 the method's squeeze fails; Gamma(a) = Gamma(a + 1) U^(1/a).
  if (shape < 1) {
    const double boosted = gamma(shape + 1);
    return boosted * std::pow(uniform(), 1 / shape);
  }
  const double d = shape - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  while (true) {
    const double x = normal();
    const double v = std::pow(1.0 + c * x, 3);
    if (v <= 0) continue;
    if (std::log(uniform()) < 0.5 * x * x + d * (1.0 - v + std::log(v))) return d * v;
  }
}

double Stream::chi(double degrees) { return std::sqrt(2.0 * gamma(0.5 * degrees)); }

std::vector<std::uint32_t> Stream::permutation(std::uint32_t n) {
  std::vector<std::uint32_t> indices(n);
  std::iota(indices.begin(), indices.end(), 0U);
  shuffle(indices);
  return indices;
}

void Stream::shuffle(std::span<std::uint32_t> indices) {
  for (std::size_t i = indices.size(); i > 1; --i) std::swap(indices[i - 1], indices[below(i)]);
}

}  // namespace rmtlab::core
