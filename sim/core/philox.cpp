// SPDX-License-Identifier: MIT
#include "sim/core/philox.hpp"

#include <Random123/philox.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace rmtlab::core {
namespace {

using Identity = std::array<std::uint32_t, 4>;
using Words = std::span<std::uint64_t>;

#ifdef __x86_64__

constexpr std::size_t vectors = 2;          // independent ones, to overlap their multiplications
constexpr std::size_t lanes = 4 * vectors;  // blocks at a time

// One 32-bit word of the counter in each 64-bit lane. `vpmuludq` reads the lower halves only, so
// what lies in the upper ones does not matter until the words are put together. The compiler does
// not find this instruction by itself (g++ 12: three of them and more).
[[gnu::target("avx2")]] void eight_blocks(const Identity& identity, std::uint64_t first,
                                          std::uint64_t* words) {
  const __m256i multiplier0 = _mm256_set1_epi64x(PHILOX_M4x32_0);
  const __m256i multiplier1 = _mm256_set1_epi64x(PHILOX_M4x32_1);
  const __m256i low_half = _mm256_set1_epi64x(0xffffffffU);
  const __m256i counting = _mm256_set_epi64x(3, 2, 1, 0);
  __m256i c[4][vectors];
  for (std::size_t v = 0; v < vectors; ++v) {
    c[0][v] = _mm256_add_epi64(_mm256_set1_epi64x(static_cast<long long>(first + 4 * v)), counting);
    c[1][v] = _mm256_srli_epi64(c[0][v], 32);
    c[2][v] = _mm256_set1_epi64x(identity[2]);
    c[3][v] = _mm256_set1_epi64x(identity[3]);
  }
  std::uint32_t key0 = identity[0], key1 = identity[1];
  for (int round = 0; round < 10; ++round) {
    const __m256i k0 = _mm256_set1_epi64x(key0), k1 = _mm256_set1_epi64x(key1);
    for (std::size_t v = 0; v < vectors; ++v) {
      const __m256i p0 = _mm256_mul_epu32(c[0][v], multiplier0);
      const __m256i p1 = _mm256_mul_epu32(c[2][v], multiplier1);
      c[0][v] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p1, 32), c[1][v]), k0);
      c[2][v] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p0, 32), c[3][v]), k1);
      c[1][v] = p1;
      c[3][v] = p0;
    }
    key0 += PHILOX_W32_0;
    key1 += PHILOX_W32_1;
  }
  for (std::size_t v = 0; v < vectors; ++v) {
    const __m256i low =
        _mm256_or_si256(_mm256_and_si256(c[0][v], low_half), _mm256_slli_epi64(c[1][v], 32));
    const __m256i high =
        _mm256_or_si256(_mm256_and_si256(c[2][v], low_half), _mm256_slli_epi64(c[3][v], 32));
    // From (words 0 of four blocks, words 1) to the order of the stream.
    const __m256i even = _mm256_unpacklo_epi64(low, high);  // blocks 0 and 2
    const __m256i odd = _mm256_unpackhi_epi64(low, high);   // blocks 1 and 3
    auto* out = reinterpret_cast<__m256i*>(words + 8 * v);
    _mm256_storeu_si256(out, _mm256_permute2x128_si256(even, odd, 0x20));
    _mm256_storeu_si256(out + 1, _mm256_permute2x128_si256(even, odd, 0x31));
  }
}

#endif

}  // namespace

void philox_words_plain(const Identity& identity, std::uint64_t first, Words words) {
  const r123::Philox4x32::key_type key{{identity[0], identity[1]}};
  for (std::size_t i = 0; i < words.size(); i += 2, ++first) {
    const r123::Philox4x32::ctr_type counter{{static_cast<std::uint32_t>(first),
                                              static_cast<std::uint32_t>(first >> 32), identity[2],
                                              identity[3]}};
    const auto block = r123::Philox4x32{}(counter, key);
    words[i] = block[0] | std::uint64_t{block[1]} << 32;
    if (i + 1 < words.size()) words[i + 1] = block[2] | std::uint64_t{block[3]} << 32;
  }
}

void philox_words(const Identity& identity, std::uint64_t first, Words words) {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2"))
    for (; words.size() >= 2 * lanes; words = words.subspan(2 * lanes), first += lanes)
      eight_blocks(identity, first, words.data());
#endif
  philox_words_plain(identity, first, words);
}

}  // namespace rmtlab::core
