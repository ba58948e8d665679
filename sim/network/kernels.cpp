// SPDX-License-Identifier: MIT
#include "sim/network/kernels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

// The bodies are written once in plain C++ and inlined into one wrapper per instruction set; the
// compiler vectorises each for its target. `target_clones` would do the same through ifunc
// resolvers, which run before AddressSanitizer is ready. All in an unnamed namespace, so that no
// copy compiled for AVX can be picked by the linker for code that runs elsewhere.
namespace rmtlab::network {
namespace {

#define RMTLAB_INLINE [[gnu::always_inline]] inline

template <class Real, std::size_t B>
RMTLAB_INLINE void forward_body(Real* __restrict y, const Real* __restrict x,
                                const Real* __restrict w, const Real* __restrict bias,
                                std::size_t n, std::size_t m) {
  for (std::size_t b = 0; b < B; ++b) std::copy_n(bias, m, y + b * m);
  // Four rows of w at a time: one load and store of y for four products.
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    const Real* __restrict w0 = w + i * m;
    Real c[B][4];
    for (std::size_t b = 0; b < B; ++b)
      for (std::size_t r = 0; r < 4; ++r) c[b][r] = x[b * n + i + r];
    for (std::size_t j = 0; j < m; ++j)
      for (std::size_t b = 0; b < B; ++b)
        y[b * m + j] += c[b][0] * w0[j] + c[b][1] * w0[m + j] + c[b][2] * w0[2 * m + j] +
                        c[b][3] * w0[3 * m + j];
  }
  for (; i < n; ++i)
    for (std::size_t b = 0; b < B; ++b)
      for (std::size_t j = 0; j < m; ++j) y[b * m + j] += x[b * n + i] * w[i * m + j];
}

template <class Real>
RMTLAB_INLINE void backward_body(Real* __restrict dx, const Real* __restrict dy,
                                 const Real* __restrict w, std::size_t B, std::size_t n,
                                 std::size_t m) {
  // Sixteen partial sums: without them the sum is one chain of dependent additions, which the
  // compiler may not reorder.
  constexpr std::size_t lanes = 16;
  const std::size_t whole = m - m % lanes;
  for (std::size_t b = 0; b < B; ++b) {
    const Real* __restrict d = dy + b * m;
    for (std::size_t i = 0; i < n; ++i) {
      const Real* __restrict row = w + i * m;
      Real sum = 0;
      if (whole > 0) {
        Real partial[lanes] = {};
        for (std::size_t j = 0; j < whole; j += lanes)
          for (std::size_t k = 0; k < lanes; ++k) partial[k] += row[j + k] * d[j + k];
        for (std::size_t width = lanes / 2; width > 0; width /= 2)
          for (std::size_t k = 0; k < width; ++k) partial[k] += partial[k + width];
        sum = partial[0];
      }
      for (std::size_t j = whole; j < m; ++j) sum += row[j] * d[j];
      dx[b * n + i] = sum;
    }
  }
}

template <class Real, std::size_t B>
RMTLAB_INLINE void outer_step_body(Real* __restrict w, Real* __restrict v, const Real* __restrict x,
                                   const Real* __restrict dy, std::size_t n, std::size_t m,
                                   StepCoefficients<Real> c) {
  for (std::size_t i = 0; i < n; ++i) {
    Real* __restrict w_row = w + i * m;
    Real* __restrict v_row = v + i * m;
    Real a[B];
    for (std::size_t b = 0; b < B; ++b) a[b] = x[b * n + i];
    for (std::size_t j = 0; j < m; ++j) {
      Real g = c.weight_decay * w_row[j];
      for (std::size_t b = 0; b < B; ++b) g += a[b] * dy[b * m + j];
      const Real velocity = c.momentum * v_row[j] - c.learning_rate * g;
      v_row[j] = velocity;
      w_row[j] += velocity;
    }
  }
}

template <class Real>
RMTLAB_INLINE void step_body(Real* __restrict w, Real* __restrict v, const Real* __restrict g,
                             std::size_t size, StepCoefficients<Real> c) {
  for (std::size_t i = 0; i < size; ++i) {
    const Real velocity = c.momentum * v[i] - c.learning_rate * (g[i] + c.weight_decay * w[i]);
    v[i] = velocity;
    w[i] += velocity;
  }
}

// The gradient with what acts on it: clipping, coupled decay, L1.
template <class Real>
RMTLAB_INLINE Real regularised(Real g, Real w, const RuleCoefficients<Real>& c) {
  const Real sign = static_cast<Real>(w > 0) - static_cast<Real>(w < 0);
  return c.gradient_scale * g + c.weight_decay * w + c.l1 * sign;
}

template <class Real, bool nesterov>
RMTLAB_INLINE void sgd_rule_body(Real* __restrict w, Real* __restrict v, const Real* __restrict g,
                                 std::size_t size, RuleCoefficients<Real> c) {
  for (std::size_t i = 0; i < size; ++i) {
    const Real pull = c.learning_rate * regularised(g[i], w[i], c);
    const Real velocity = c.momentum * v[i] - pull;
    v[i] = velocity;
    w[i] = c.keep * w[i] + (nesterov ? c.momentum * velocity - pull : velocity);
  }
}

template <class Real>
RMTLAB_INLINE void adam_rule_body(Real* __restrict w, Real* __restrict v, Real* __restrict u,
                                  const Real* __restrict g, std::size_t size,
                                  RuleCoefficients<Real> c) {
  for (std::size_t i = 0; i < size; ++i) {
    const Real slope = regularised(g[i], w[i], c);
    const Real mean = c.momentum * v[i] + (1 - c.momentum) * slope;
    const Real square = c.beta2 * u[i] + (1 - c.beta2) * slope * slope;
    v[i] = mean;
    u[i] = square;
    w[i] = c.keep * w[i] - c.learning_rate * mean / (c.root_scale * std::sqrt(square) + c.epsilon);
  }
}

// An attribute cannot be a template parameter, hence a macro for the wrappers. B becomes a constant
// so that the loops over samples unroll. More than four samples go forward in groups of four:
// the sums of more would not stay in registers.
// NOLINTBEGIN(bugprone-macro-parentheses): an attribute in parentheses is none
#define RMTLAB_KERNELS(NAME, TARGET)                                                            \
  template <class Real>                                                                         \
  struct NAME {                                                                                 \
    template <std::size_t B>                                                                    \
    TARGET static void forward_of(Real* y, const Real* x, const Real* w, const Real* bias,      \
                                  std::size_t n, std::size_t m) {                               \
      forward_body<Real, B>(y, x, w, bias, n, m);                                               \
    }                                                                                           \
    static void forward(Real* y, const Real* x, const Real* w, const Real* bias, std::size_t B, \
                        std::size_t n, std::size_t m) {                                         \
      constexpr std::array chosen{forward_of<1>, forward_of<2>, forward_of<3>, forward_of<4>};  \
      for (; B > 4; B -= 4, y += 4 * m, x += 4 * n) forward_of<4>(y, x, w, bias, n, m);         \
      chosen[B - 1](y, x, w, bias, n, m);                                                       \
    }                                                                                           \
    TARGET static void backward(Real* dx, const Real* dy, const Real* w, std::size_t B,         \
                                std::size_t n, std::size_t m) {                                 \
      backward_body<Real>(dx, dy, w, B, n, m);                                                  \
    }                                                                                           \
    template <std::size_t B>                                                                    \
    TARGET static void outer_step_of(Real* w, Real* v, const Real* x, const Real* dy,           \
                                     std::size_t n, std::size_t m, StepCoefficients<Real> c) {  \
      outer_step_body<Real, B>(w, v, x, dy, n, m, c);                                           \
    }                                                                                           \
    template <std::size_t... I>                                                                 \
    static constexpr auto all_outer_steps(std::index_sequence<I...>) {                          \
      return std::array{outer_step_of<I + 1>...};                                               \
    }                                                                                           \
    static void outer_step(Real* w, Real* v, const Real* x, const Real* dy, std::size_t B,      \
                           std::size_t n, std::size_t m, StepCoefficients<Real> c) {            \
      constexpr auto chosen = all_outer_steps(std::make_index_sequence<small_batch>());         \
      chosen[B - 1](w, v, x, dy, n, m, c);                                                      \
    }                                                                                           \
    TARGET static void step(Real* w, Real* v, const Real* g, std::size_t size,                  \
                            StepCoefficients<Real> c) {                                         \
      step_body<Real>(w, v, g, size, c);                                                        \
    }                                                                                           \
    TARGET static void sgd_rule(Real* w, Real* v, const Real* g, std::size_t size,              \
                                RuleCoefficients<Real> c) {                                     \
      sgd_rule_body<Real, false>(w, v, g, size, c);                                             \
    }                                                                                           \
    TARGET static void nesterov_rule(Real* w, Real* v, const Real* g, std::size_t size,         \
                                     RuleCoefficients<Real> c) {                                \
      sgd_rule_body<Real, true>(w, v, g, size, c);                                              \
    }                                                                                           \
    TARGET static void adam_rule(Real* w, Real* v, Real* u, const Real* g, std::size_t size,    \
                                 RuleCoefficients<Real> c) {                                    \
      adam_rule_body<Real>(w, v, u, g, size, c);                                                \
    }                                                                                           \
    static constexpr Kernels<Real> table{forward,  backward,      outer_step, step,             \
                                         sgd_rule, nesterov_rule, adam_rule};                   \
  };
// NOLINTEND(bugprone-macro-parentheses)

RMTLAB_KERNELS(Plain, )
#ifdef __x86_64__
RMTLAB_KERNELS(Avx2, [[gnu::target("avx2,fma")]])
RMTLAB_KERNELS(Avx512, [[gnu::target("avx2,fma,avx512f")]])
#endif
#undef RMTLAB_KERNELS

}  // namespace

InstructionSet best_instruction_set() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return __builtin_cpu_supports("avx512f") ? InstructionSet::avx512 : InstructionSet::avx2;
#endif
  return InstructionSet::plain;
}

template <class Real>
const Kernels<Real>& kernels([[maybe_unused]] InstructionSet set) {
#ifdef __x86_64__
  if (set == InstructionSet::avx512) return Avx512<Real>::table;
  if (set == InstructionSet::avx2) return Avx2<Real>::table;
#endif
  return Plain<Real>::table;
}

template const Kernels<float>& kernels<float>(InstructionSet);
template const Kernels<double>& kernels<double>(InstructionSet);

}  // namespace rmtlab::network
