// SPDX-License-Identifier: MIT
#include "sim/inference/radix_sort.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

namespace rmtlab::inference {
namespace {

// Least significant digit first, digits of `bits` bits. All digits are counted in one pass; a digit
// that all values share, as the leading ones often are, is skipped.
template <unsigned bits>
void sort_by_digits(std::vector<double>& values, std::vector<double>& scratch) {
  constexpr std::size_t digits = (64 + bits - 1) / bits;
  constexpr std::size_t base = std::size_t{1} << bits;
  const auto digit = [](double x, std::size_t place) {
    return (std::bit_cast<std::uint64_t>(x) >> (place * bits)) & (base - 1);
  };
  std::array<std::array<std::uint32_t, base>, digits> position{};
  for (const double x : values)
    for (std::size_t place = 0; place < digits; ++place) ++position[place][digit(x, place)];
  for (std::size_t place = 0; place < digits; ++place) {
    auto& next = position[place];
    if (next[digit(values.front(), place)] == values.size()) continue;
    std::uint32_t before = 0;
    for (std::uint32_t& count : next) before += std::exchange(count, before);
    for (const double x : values) scratch[next[digit(x, place)]++] = x;
    values.swap(scratch);
  }
}

}  // namespace

void sort_positive(std::vector<double>& values, std::vector<double>& scratch) {
  constexpr std::size_t few = 64;
  constexpr std::size_t many = 4096;
  if (values.size() < few || values.size() > std::numeric_limits<std::uint32_t>::max())
    return std::sort(values.begin(), values.end());
  scratch.resize(values.size());
  if (values.size() < many)
    sort_by_digits<8>(values, scratch);
  else
    sort_by_digits<11>(values, scratch);
}

}  // namespace rmtlab::inference
