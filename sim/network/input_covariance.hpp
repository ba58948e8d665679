// SPDX-License-Identifier: MIT
/// \file
/// \brief The law of Gaussian inputs, and what all synthetic data sets share.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sim/core/random.hpp"

namespace rmtlab::network {

enum class Covariance {
  power_law,  ///< independent inputs whose variances fall as i^-a
  toeplitz    ///< inputs of one variance, correlated as rho^|i - j|
};

struct InputLaw {
  std::size_t input_dimension = 784;  ///< d
  Covariance covariance = Covariance::power_law;
  double covariance_exponent = 1;  ///< power_law: a; 0 is white noise
  double correlation = 0.5;        ///< toeplitz: rho, -1 < rho < 1
  double input_norm2 = 96.04;      ///< E ||x||^2 = 0.35^2 * 784
};

/// Settings of every synthetic data set with Gaussian inputs.
struct SyntheticConfig : InputLaw {
  std::size_t train_samples = 4000;
  std::size_t test_samples = 2000;
  std::size_t classes = 10;  ///< K, 2 to 65536
  double snr = 0;            ///< signal to noise ratio, as the data set defines it
};

/**
 * \brief Gaussian inputs x ~ N(0, Sigma) in d dimensions with tr Sigma = `input_norm2`.
 *
 * - power_law: Sigma_ij = s^2 i^-a delta_ij, i = 1 .. d. The coordinates are the principal axes;
 *   a = 1 is about the spectrum of natural images. `covariance_exponent` may have either sign.
 * - toeplitz: Sigma_ij = s^2 rho^|i - j|, drawn exactly as the stationary autoregression
 *   x_1 = s z_1, x_i = rho x_(i-1) + s sqrt(1 - rho^2) z_i. Its eigenvalues lie between
 *   s^2 (1 - |rho|)/(1 + |rho|) and s^2 (1 + |rho|)/(1 - |rho|) and, by Szego's theorem, fill that
 *   interval for large d: a bulk, without the outliers that a power law has.
 */
class GaussianInputs {
public:
  /// \throws std::domain_error naming `function` and a setting outside its range.
  GaussianInputs(const char* function, const InputLaw& law);

  [[nodiscard]] std::size_t dimension() const { return scales_.size(); }

  /// One sample into x: d times `stream.normal()`. \pre x.size() == dimension().
  void draw(core::Stream& stream, std::span<double> x) const;

  /// t^T Sigma t, the variance of t . x. \pre t.size() == dimension().
  [[nodiscard]] double variance_along(std::span<const double> t) const;

private:
  std::vector<double> scales_;  // standard deviation of each coordinate
  double correlation_ = 0;      // of neighbours
};

/// Checks what `SyntheticConfig` adds to the law of the inputs: at least one sample of each part, 2 to
/// 65536 classes, snr >= 0 or infinite. \throws std::domain_error naming `function` and the setting.
void check_synthetic(const char* function, const SyntheticConfig& config);

}  // namespace rmtlab::network
