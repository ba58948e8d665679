// SPDX-License-Identifier: MIT
/// \file
/// \brief Tests of sim/inference/spectral_tail.hpp.
#include "sim/inference/spectral_tail.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "tests/catch.hpp"

using namespace rmtlab;
using namespace rmtlab::inference;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;

namespace {

const PowerLawOptions fit_options{.min_tail = 10};

SpectralTailCalibration small_map(SpectralTail tail, std::size_t threads = 1) {
  return {tail,
          90,
          60,
          fit_options,
          {.draws = 100, .points = 6, .threads = threads},
          core::Stream(5).child("map")};
}

}  // namespace

TEST_CASE("spectral tail: a fit at the median of an exponent is taken for that exponent",
          "[inference]") {
  for (const SpectralTail tail : {SpectralTail::covariance, SpectralTail::heavy_entries}) {
    const auto map = small_map(tail);
    CAPTURE(name(tail));
    CHECK(std::is_sorted(map.median().begin(), map.median().end()));
    for (std::size_t i = 1; i + 1 < map.exponents().size(); ++i) {
      const auto found = map.invert(map.median()[i]);
      CHECK_THAT(found.estimate, WithinAbs(map.exponents()[i], 1e-9));
      CHECK(found.lower <= found.estimate);
      CHECK(found.estimate <= found.upper);
    }
    // Beyond the simulated range nothing is claimed.
    const auto steep = map.invert(1e3);
    CHECK(steep.open_above);
    CHECK(steep.upper == map.exponents().back());
    CHECK(map.invert(1.0001).open_below);
  }
}

TEST_CASE("spectral tail: the map does not depend on the number of threads", "[inference][repro]") {
  const auto one = small_map(SpectralTail::covariance, 1),
             two = small_map(SpectralTail::covariance, 2);
  CHECK(one.median() == two.median());
  CHECK(one.lower() == two.lower());
  CHECK(one.upper() == two.upper());
}

TEST_CASE("spectral tail: the calibrated interval covers where the classical one does not",
          "[inference]") {
  // 150 spectra each: 4.5 binomial standard deviations of a 95 % coverage are 0.08, and a map from 100
  // draws has tail quantiles that are a few percent off.
  for (const auto& [tail, alpha] :
       {std::pair{SpectralTail::covariance, 2.0}, std::pair{SpectralTail::heavy_entries, 1.8}}) {
    const auto map = small_map(tail);
    int calibrated = 0, classical = 0;
    constexpr int spectra = 150;
    for (std::uint64_t i = 0; i < spectra; ++i) {
      core::Stream stream = core::Stream(6).child(name(tail)).child(i);
      const auto spectrum = draw_spectrum(tail, alpha, 90, 60, stream);
      const auto fit = fit_power_law(std::span<const double>(spectrum), fit_options);
      const auto found = map.invert(fit.alpha);
      calibrated +=
          (found.open_below || found.lower <= alpha) && (found.open_above || alpha <= found.upper);
      classical += std::abs(fit.alpha - alpha) <= 1.96 * fit.sigma_alpha;
    }
    CAPTURE(name(tail), calibrated, classical);
    CHECK(calibrated >= 0.85 * spectra);
    CHECK(classical < calibrated);
  }
}

TEST_CASE("spectral tail: arguments outside the domain are named", "[inference][errors]") {
  core::Stream stream(1);
  CHECK_THROWS_WITH(draw_spectrum(SpectralTail::heavy_entries, 2.5, 90, 60, stream),
                    ContainsSubstring("spectral_tail: alpha = 2.5 (must be from 1.25 to 1.975)"));
  CHECK_THROWS_WITH(
      SpectralTailCalibration(SpectralTail::covariance, 50, 60, fit_options, {}, stream),
      ContainsSubstring("rows = 50 (must be >= cols = 60)"));
  CHECK_THROWS_AS(small_map(SpectralTail::covariance).invert(1), std::domain_error);
}
