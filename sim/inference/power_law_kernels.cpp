// SPDX-License-Identifier: MIT
#include "sim/inference/power_law_kernels.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

// Compiled with -ffp-contract=off, for the same bits everywhere, and -fno-trapping-math, without
// which selections are branches (CMakeLists.txt). The bodies are inlined into one wrapper for each
// instruction set; everything is in an unnamed namespace, so that the linker cannot pick a copy made
// for AVX for code that runs elsewhere.
namespace rmtlab::inference {
namespace {

#define RMTLAB_INLINE [[gnu::always_inline]] inline

// e^x = 2^k e^r with k the integer nearest to x / ln 2, |r| <= ln(2)/2 = 0.347. The Taylor
// polynomial of degree 13 leaves r^14/14! < 5e-18. Adding 1.5 2^52 rounds to an integer and leaves k
// in the low bits, whence it is shifted into the exponent.
RMTLAB_INLINE double exp_body(double x) {
  constexpr double log2_e = 0x1.71547652b82fep0;
  constexpr double ln2_high = 0x1.62e42fee00000p-1;  // 33 bits: k ln2_high is exact
  constexpr double ln2_low = 0x1.a39ef35793c76p-33;
  constexpr double to_integer = 0x1.8p52;
  x = x > -708 ? x : -708;
  const double shifted = x * log2_e + to_integer;
  const double k = shifted - to_integer;
  const double r = (x - k * ln2_high) - k * ln2_low;
  const double r2 = r * r;
  const double r4 = r2 * r2;
  const double q0 = (1.0 / 2 + r * (1.0 / 6)) + r2 * (1.0 / 24 + r * (1.0 / 120));
  const double q1 = (1.0 / 720 + r * (1.0 / 5040)) + r2 * (1.0 / 40320 + r * (1.0 / 362880));
  const double q2 =
      (1.0 / 3628800 + r * (1.0 / 39916800)) + r2 * (1.0 / 479001600 + r * (1.0 / 6227020800));
  const double p = 1 + (r + r2 * (q0 + r4 * (q1 + r4 * q2)));
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(p) +
                               (std::bit_cast<std::uint64_t>(shifted) << 52));
}

// u = 2^k f with f between sqrt(1/2) and sqrt(2), and ln f = 2 artanh((f - 1)/(f + 1)) by its series:
// s <= 0.172, and s^23/23 < 2e-19 s is left out. k is moved to positive numbers, whose conversion to
// double is an addition.
RMTLAB_INLINE double minus_log_body(double u) {
  constexpr std::uint64_t sqrt_half = 0x3fe6a09e667f3bcd;
  constexpr std::uint64_t to_double = 0x4330000000000000;  // 2^52
  constexpr std::uint64_t moved = 1024;
  constexpr double ln2_high = 0x1.62e42fee00000p-1;
  constexpr double ln2_low = 0x1.a39ef35793c76p-33;
  const auto bits = std::bit_cast<std::uint64_t>(u);
  const std::uint64_t k_moved = (bits - sqrt_half + (moved << 52)) >> 52;
  const double k =
      std::bit_cast<double>(k_moved | to_double) - (0x1p52 + static_cast<double>(moved));
  const double f = std::bit_cast<double>(bits - ((k_moved - moved) << 52));
  const double s = (f - 1) / (f + 1);
  const double t = s * s;
  const double t2 = t * t;
  const double t4 = t2 * t2;
  const double q0 = (1.0 / 3 + t * (1.0 / 5)) + t2 * (1.0 / 7 + t * (1.0 / 9));
  const double q1 = (1.0 / 11 + t * (1.0 / 13)) + t2 * (1.0 / 15 + t * (1.0 / 17));
  const double q2 = 1.0 / 19 + t * (1.0 / 21);
  const double series = t * (q0 + t4 * (q1 + t4 * q2));
  return -(k * ln2_high + (k * ln2_low + 2 * (s + s * series)));
}

RMTLAB_INLINE double larger(double x, double y) { return x > y ? x : y; }

// ln(u'/u) = 2 artanh(s), s = (u' - u)/(u' + u): the difference is exact, so that neighbours lose
// nothing. Up to u'/u = 1.1 the series to s^11 leaves s^13/13 < 1e-17 s.
RMTLAB_INLINE double log_of_near(double lower, double upper) {
  const double s = (upper - lower) / (upper + lower);
  const double t = s * s;
  const double series =
      t * (1.0 / 3 + t * (1.0 / 5 + t * (1.0 / 7 + t * (1.0 / 9 + t * (1.0 / 11)))));
  return 2 * (s + s * series);
}

RMTLAB_INLINE bool is_near(double lower, double upper) {
  constexpr double largest_sum = 0x1p1022;
  return (static_cast<int>(upper - lower <= 0.1 * lower) &
          static_cast<int>(upper <= largest_sum)) != 0;
}

double log_of_far(double lower, double upper) {
  if (upper <= 2 * lower) return std::log1p((upper - lower) / lower);
  const double ratio = upper / lower;
  return std::isfinite(ratio) ? std::log(ratio) : std::log(upper) - std::log(lower);
}

RMTLAB_INLINE void log_spacings_body(const double* __restrict values, std::size_t count,
                                     double* __restrict out) {
  constexpr std::size_t block = 64;
  for (std::size_t start = 0; start < count; start += block) {
    const std::size_t end = std::min(count, start + block);
    for (std::size_t k = start; k < end; ++k) out[k] = log_of_near(values[k], values[k + 1]);
    int far = 0;
    for (std::size_t k = start; k < end; ++k) far += is_near(values[k], values[k + 1]) ? 0 : 1;
    if (far == 0) continue;
    for (std::size_t k = start; k < end; ++k)
      if (!is_near(values[k], values[k + 1])) out[k] = log_of_far(values[k], values[k + 1]);
  }
}

RMTLAB_INLINE void expected_body(const double* __restrict y, std::size_t stride, std::size_t count,
                                 double y_i, double a, double m, double* __restrict out) {
  if (stride == 1) {
    for (std::size_t k = 0; k < count; ++k) out[k] = m * exp_body(-a * (y[k] - y_i));
    return;
  }
  for (std::size_t k = 0; k < count; ++k) out[k] = y[k * stride];
  for (std::size_t k = 0; k < count; ++k) out[k] = m * exp_body(-a * (out[k] - y_i));
}

RMTLAB_INLINE double largest_gap_body(const double* __restrict expected,
                                      const double* __restrict up, std::size_t count,
                                      double last_rank) {
  // Independent running maxima: one chain of dependent comparisons would not be vectorised.
  constexpr std::size_t lanes = 16;
  const std::size_t whole = count - count % lanes;
  double best[lanes] = {};
  for (std::size_t k = 0; k < whole; k += lanes)
    for (std::size_t l = 0; l < lanes; ++l) {
      const double e = expected[k + l];
      const double gap = larger(up[k + l] - e, e - (up[k + l + 1] + last_rank));
      best[l] = larger(gap, best[l]);
    }
  double all = 0;
  for (const double lane : best) all = larger(lane, all);
  for (std::size_t k = whole; k < count; ++k) {
    const double gap = larger(up[k] - expected[k], expected[k] - (up[k + 1] + last_rank));
    all = larger(gap, all);
  }
  return all;
}

RMTLAB_INLINE void raise_bounds_body(const double* __restrict y, const double* __restrict a,
                                     const double* __restrict m, std::size_t count,
                                     const Witness& witness, double* __restrict bound) {
  const Witness w = witness;
  for (std::size_t k = 0; k < count; ++k) {
    const double expected = m[k] * exp_body(-a[k] * (w.log_value - y[k]));
    const double gap = larger(w.at_least - expected, expected - w.below_top) / m[k];
    bound[k] = larger(gap, bound[k]);
  }
}

RMTLAB_INLINE void minus_log_loop(double* x, std::size_t count) {
  for (std::size_t k = 0; k < count; ++k) x[k] = minus_log_body(x[k]);
}

// NOLINTBEGIN(bugprone-macro-parentheses): an attribute in parentheses is none
#define RMTLAB_KERNELS(NAME, TARGET)                                                              \
  struct NAME {                                                                                   \
    TARGET static void log_spacings(const double* values, std::size_t count, double* out) {       \
      log_spacings_body(values, count, out);                                                      \
    }                                                                                             \
    TARGET static void expected(const double* y, std::size_t stride, std::size_t count,           \
                                double y_i, double a, double m, double* out) {                    \
      expected_body(y, stride, count, y_i, a, m, out);                                            \
    }                                                                                             \
    TARGET static double largest_gap(const double* expected, const double* up, std::size_t count, \
                                     double last_rank) {                                          \
      return largest_gap_body(expected, up, count, last_rank);                                    \
    }                                                                                             \
    TARGET static void raise_bounds(const double* y, const double* a, const double* m,            \
                                    std::size_t count, const Witness& witness, double* bound) {   \
      raise_bounds_body(y, a, m, count, witness, bound);                                          \
    }                                                                                             \
    TARGET static void minus_log(double* x, std::size_t count) { minus_log_loop(x, count); }      \
    static constexpr PowerLawKernels table{log_spacings, expected, largest_gap, raise_bounds,     \
                                           minus_log};                                            \
  };
// NOLINTEND(bugprone-macro-parentheses)

RMTLAB_KERNELS(Plain, )
#ifdef __x86_64__
RMTLAB_KERNELS(Avx2, [[gnu::target("avx2")]])
RMTLAB_KERNELS(Avx512, [[gnu::target("avx2,avx512f,avx512dq,avx512vl")]])
#endif
#undef RMTLAB_KERNELS

}  // namespace

double exp_of_negative(double x) { return exp_body(x); }

double minus_log_of_uniform(double u) { return minus_log_body(u); }

double log_ratio(double lower, double upper) {
  return is_near(lower, upper) ? log_of_near(lower, upper) : log_of_far(lower, upper);
}

PowerLawInstructions widest_power_law_instructions() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return PowerLawInstructions::avx512;
  if (__builtin_cpu_supports("avx2")) return PowerLawInstructions::avx2;
#endif
  return PowerLawInstructions::plain;
}

const PowerLawKernels& power_law_kernels([[maybe_unused]] PowerLawInstructions set) {
#ifdef __x86_64__
  if (set == PowerLawInstructions::avx512) return Avx512::table;
  if (set == PowerLawInstructions::avx2) return Avx2::table;
#endif
  return Plain::table;
}

const PowerLawKernels& power_law_kernels() {
  static const PowerLawKernels& widest = power_law_kernels(widest_power_law_instructions());
  return widest;
}

}  // namespace rmtlab::inference
