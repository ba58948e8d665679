// SPDX-License-Identifier: MIT
/// \file
/// \brief Inner loops of training at small batch, compiled for several instruction sets.
///
/// At one sample per step a matrix product is the wrong tool: the step is bound by how often the
/// weights travel through the cache. These loops read the weights once going forward and read and
/// write weights and velocity once going back; BLAS would add passes for the gradient.
#pragma once

#include <cstddef>

namespace rmtlab::network {

/// Instruction sets the loops are compiled for, slowest first.
enum class InstructionSet { plain, avx2, avx512 };

/// The best one that this processor has.
InstructionSet best_instruction_set();

/// What turns a gradient into a step: v = momentum v - learning_rate (g + weight_decay w); w += v.
template <class Real>
struct StepCoefficients {
  Real learning_rate;
  Real momentum;
  Real weight_decay;
};

/// Largest batch B the loops `forward`, `backward` and `outer_step` accept. For a 784 x 128 layer at
/// B = 16 they take 0.6 of the time of two matrix products and a step with AVX-512, the same with
/// AVX2 (OpenBLAS 0.3.21, its AVX2 kernel); at B = 4, a third and three quarters.
inline constexpr std::size_t small_batch = 16;

/**
 * \brief The loops. Shapes: x is B x n, y is B x m, w and v are n x m, all row-major; no overlap.
 *
 * The instruction sets give the same numbers up to rounding: fused multiply-adds round once where
 * `plain` rounds twice. Each sum is always taken in the same order.
 */
template <class Real>
struct Kernels {
  /// y = x w + 1 bias^T, with bias of m numbers; 1 <= B <= small_batch.
  void (*forward)(Real* y, const Real* x, const Real* w, const Real* bias, std::size_t B,
                  std::size_t n, std::size_t m);

  /// dx = dy w^T; 1 <= B <= small_batch.
  void (*backward)(Real* dx, const Real* dy, const Real* w, std::size_t B, std::size_t n,
                   std::size_t m);

  /// One step with the gradient g = x^T dy, which is never stored; 1 <= B <= small_batch.
  ///
  /// Units that are dead (dy = 0) are not skipped: they are columns, that is, scattered lanes of
  /// every vector, and weight decay and momentum act on them all the same.
  void (*outer_step)(Real* w, Real* v, const Real* x, const Real* dy, std::size_t B, std::size_t n,
                     std::size_t m, StepCoefficients<Real> c);

  /// One step with a stored gradient g of `size` numbers.
  void (*step)(Real* w, Real* v, const Real* g, std::size_t size, StepCoefficients<Real> c);
};

/// The loops compiled for `set`.
/// \pre the processor has `set`, that is, `set <= best_instruction_set()`.
template <class Real>
const Kernels<Real>& kernels(InstructionSet set = best_instruction_set());

}  // namespace rmtlab::network
