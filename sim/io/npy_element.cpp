// SPDX-License-Identifier: MIT
#include "sim/io/npy_element.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace rmtlab::io {
namespace {

template <class T, std::endian order>
T load(const char* address) {
  std::array<char, sizeof(T)> bytes;
  std::memcpy(bytes.data(), address, sizeof(T));
  if constexpr (order != std::endian::native) std::reverse(bytes.begin(), bytes.end());
  return std::bit_cast<T>(bytes);
}

template <class T, std::endian order>
double decode(const char* address) {
  return static_cast<double>(load<T, order>(address));
}

/// IEEE 754 binary16: sign, 5 bits of exponent with bias 15, 10 bits of fraction. Exact in a
/// double.
template <std::endian order>
double decode_half(const char* address) {
  const auto bits = load<std::uint16_t, order>(address);
  const int exponent = (bits >> 10) & 0x1f;
  const int fraction = bits & 0x3ff;
  double magnitude = 0;
  if (exponent == 0x1f) {
    magnitude = fraction == 0 ? std::numeric_limits<double>::infinity()
                              : std::numeric_limits<double>::quiet_NaN();
  } else if (exponent == 0) {
    magnitude = std::ldexp(fraction, -24);
  } else {
    magnitude = std::ldexp(fraction + 0x400, exponent - 25);
  }
  return std::copysign(magnitude, (bits & 0x8000) != 0 ? -1.0 : 1.0);
}

struct Row {
  std::string_view name;
  std::size_t size;
  double (*little)(const char*);
  double (*big)(const char*);
};

template <class T>
constexpr Row row(std::string_view name) {
  return {name, sizeof(T), decode<T, std::endian::little>, decode<T, std::endian::big>};
}

static_assert(sizeof(float) == 4 && std::numeric_limits<float>::is_iec559);
constexpr std::array<Row, 11> elements = {
    Row{"f2", 2, decode_half<std::endian::little>, decode_half<std::endian::big>},
    row<float>("f4"),
    row<double>("f8"),
    row<std::int8_t>("i1"),
    row<std::int16_t>("i2"),
    row<std::int32_t>("i4"),
    row<std::int64_t>("i8"),
    row<std::uint8_t>("u1"),
    row<std::uint16_t>("u2"),
    row<std::uint32_t>("u4"),
    row<std::uint64_t>("u8")};

}  // namespace

std::optional<NpyElement> find_npy_element(std::string_view dtype) {
  if (dtype.empty()) return std::nullopt;
  const char order = dtype.front();
  for (const Row& known : elements) {
    const bool has_order = order == '<' || order == '>' || (order == '|' && known.size == 1);
    if (!has_order || dtype.substr(1) != known.name) continue;
    return NpyElement{known.size, order == '>' ? known.big : known.little};
  }
  return std::nullopt;
}

}  // namespace rmtlab::io
