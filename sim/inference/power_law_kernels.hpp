// SPDX-License-Identifier: MIT
/// \file
/// \brief Internal to the power-law fit: its inner loops, compiled for several instruction sets.
///
/// Only IEEE additions, multiplications, divisions and comparisons, never contracted to fused
/// multiply-adds: every instruction set, vector width and order of evaluation gives the same bits.
#pragma once

#include <cstddef>

namespace rmtlab::inference {

/// \f$e^x\f$ for \f$x\le0\f$, the one exponential of the search for xmin; `exp(-708)` below -708.
///
/// Relative error below 0.8 eps, measured against long double on 4,000,000 points of [-708, 0];
/// checked in tests/sim/inference/power_law_kernels_test.cpp, [accuracy].
double exp_of_negative(double x);

/// ln(upper / lower) for 0 < lower <= upper, without cancellation for neighbours and without overflow
/// for the ends of the exponent range.
double log_ratio(double lower, double upper);

/// A point where an empirical and a fitted tail are compared.
struct Witness {
  double log_value;  ///< y_w
  double at_least;   ///< observations >= it
  double below_top;  ///< observations > it, plus 1 in the csn convention
};

/// \f$-\ln u\f$ for a uniform variate 2^-53 <= u < 1: the logarithm of the bootstrap.
///
/// Relative error below 1.5 eps, measured and tested as above.
double minus_log_of_uniform(double u);

/// The loops. All pointers may be unaligned; `count` may be any number.
struct PowerLawKernels {
  /// out[k] = ln(values[k + 1] / values[k]), k < count; values ascending and positive.
  void (*log_spacings)(const double* values, std::size_t count, double* out);

  /// out[k] = m exp(-a (y[k stride] - y_i)): how many of m observations the law expects beyond y.
  void (*expected)(const double* y, std::size_t stride, std::size_t count, double y_i, double a,
                   double m, double* out);

  /// Largest over k < count of max(up[k] - expected[k], expected[k] - (up[k + 1] + last_rank)).
  double (*largest_gap)(const double* expected, const double* up, std::size_t count,
                        double last_rank);

  /// bound[k] = max(bound[k], gap at the witness of the candidate (y[k], a[k], m[k]), divided by
  /// m[k]), for candidates at or below the witness.
  void (*raise_bounds)(const double* y, const double* a, const double* m, std::size_t count,
                       const Witness& witness, double* bound);

  /// x[k] = -ln x[k] for uniform variates.
  void (*minus_log)(double* x, std::size_t count);
};

enum class PowerLawInstructions { plain, avx2, avx512 };

/// The widest set this processor has.
PowerLawInstructions widest_power_law_instructions();

/// \pre the processor has the instructions.
const PowerLawKernels& power_law_kernels(PowerLawInstructions set);

/// Those of the widest set.
const PowerLawKernels& power_law_kernels();

}  // namespace rmtlab::inference
