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

/// What else may turn a gradient into a step; see `OptimizerConfig` for the rules.
template <class Real>
struct RuleCoefficients {
  Real gradient_scale;  ///< what clipping leaves of g
  Real weight_decay;    ///< coupled: g + weight_decay w
  Real l1;              ///< g + l1 sign(w), with sign(0) = 0
  Real keep;            ///< 1 - learning_rate weight_decay if the decay is decoupled, else 1
  Real learning_rate;   ///< for Adam, divided by 1 - beta1^t
  Real momentum;        ///< for Adam, beta1
  Real beta2;           ///< Adam only, as the next two
  Real root_scale;      ///< 1/sqrt(1 - beta2^t)
  Real epsilon;
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

  /// One step of SGD with everything: with g' = gradient_scale g + weight_decay w + l1 sign(w),
  /// v = momentum v - learning_rate g'; w = keep w + v.
  void (*sgd_rule)(Real* w, Real* v, const Real* g, std::size_t size, RuleCoefficients<Real> c);

  /// As `sgd_rule`, but w = keep w + momentum v - learning_rate g' with the new v.
  void (*nesterov_rule)(Real* w, Real* v, const Real* g, std::size_t size,
                        RuleCoefficients<Real> c);

  /// One step of Adam: with g' as above, v = momentum v + (1 - momentum) g',
  /// u = beta2 u + (1 - beta2) g'^2, w = keep w - learning_rate v / (root_scale sqrt(u) + epsilon).
  void (*adam_rule)(Real* w, Real* v, Real* u, const Real* g, std::size_t size,
                    RuleCoefficients<Real> c);
};

/// The loops compiled for `set`.
/// \pre the processor has `set`, that is, `set <= best_instruction_set()`.
template <class Real>
const Kernels<Real>& kernels(InstructionSet set = best_instruction_set());

}  // namespace rmtlab::network
