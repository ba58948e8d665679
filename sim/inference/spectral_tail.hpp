// SPDX-License-Identifier: MIT
/// \file
/// \brief What a fitted exponent says about the true one when the values are eigenvalues.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/inference/power_law.hpp"

namespace rmtlab::inference {

/// How the tail of a spectrum came about; each is a generator of sim/ensembles.
enum class SpectralTail {
  covariance,     ///< W = Z Sigma^(1/2), levels of Sigma drawn from a Pareto law of exponent alpha
  heavy_entries,  ///< independent entries of tail index mu = 2 (alpha - 1), alpha < 2
};

/// "covariance", "heavy-entries".
std::string_view name(SpectralTail tail);

/// One draw of a spectrum of W^T W / N with that tail and exponent, ascending.
/// \throws std::domain_error for an exponent outside `exponent_range(tail)`.
std::vector<double> draw_spectrum(SpectralTail tail, double alpha, std::size_t rows,
                                  std::size_t cols, core::Stream& stream);

struct ExponentRange {
  double lower, upper;
};

/// The exponents that a calibration covers: 1.2 to 5 for covariance, 1.25 to 1.975 for heavy entries.
ExponentRange exponent_range(SpectralTail tail);

struct SpectralTailOptions {
  std::size_t draws = 200;  ///< spectra per exponent, >= 40
  std::size_t points = 15;  ///< exponents, >= 4
  std::size_t threads = 1;  ///< results do not depend on it
  double level = 0.95;      ///< in (0.5, 1)
};

/// The exponent behind a fitted one.
struct CalibratedExponent {
  double estimate;      ///< the exponent whose fits have the observed one as their median
  double lower, upper;  ///< interval at `level`; a bound that is open lies at the range's end
  bool open_below, open_above;  ///< the range ends before the interval does
  double level;
};

/**
 * \brief The map from the true exponent of a class of spectra to the fitted one, simulated at one shape,
 * and its inverse.
 *
 * The minimum-KS fit is biased on spectra: it follows the slope of the body, and an interval around
 * the fitted exponent, however wide its standard error says, covers the true one rarely. So the *whole*
 * procedure (search for xmin included) is repeated on spectra of known exponent, and the interval is
 * the set of exponents for which the observed fit lies between the (1 - level)/2 and (1 + level)/2
 * quantiles of the simulated ones. It is as right as the declared class: the mechanism is an
 * assumption, which localisation and the shuffle test can refute.
 *
 * Quantiles at `points` exponents, evenly spaced in log(alpha - 1), from `draws` spectra each; their
 * log(alpha - 1) is smoothed by a quadratic over five neighbours and made monotone: the scatter of
 * fits is nearly constant on that scale. Draw r of point i has the stream
 * `stream.child(i).child(r)`.
 *
 * Coverage, measured by configs/spectral_tail_calibration.yaml.
 */
class SpectralTailCalibration {
public:
  /// Simulates draws x points spectra. \param progress called with the number done, from any thread
  /// \throws std::domain_error unless rows >= cols >= 20 and the options are in their ranges.
  SpectralTailCalibration(SpectralTail tail, std::size_t rows, std::size_t cols,
                          const PowerLawOptions& fit, const SpectralTailOptions& options,
                          const core::Stream& stream,
                          const std::function<void(std::size_t)>& progress = {});

  /// \throws std::domain_error unless fitted_alpha is finite and > 1.
  [[nodiscard]] CalibratedExponent invert(double fitted_alpha) const;

  [[nodiscard]] const std::vector<double>& exponents() const { return exponents_; }
  /// Simulated quantiles of the fitted exponent at `exponents`: lower, median, upper.
  [[nodiscard]] const std::vector<double>& lower() const { return lower_; }
  [[nodiscard]] const std::vector<double>& median() const { return median_; }
  [[nodiscard]] const std::vector<double>& upper() const { return upper_; }

private:
  double level_;
  std::vector<double> exponents_, lower_, median_, upper_;
};

}  // namespace rmtlab::inference
