// SPDX-License-Identifier: MIT
/// \file
/// \brief Adaptive quadrature of a positive function with a narrow step or peak.
#pragma once

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <gsl/gsl_integration.h>

namespace rmtlab::ensembles {

/**
 * \brief \f$\int_a^bf\f$ for f >= 0, by the 31-point Gauss-Kronrod rule on panels of which always the
 * worst is halved: a step of relative width w costs about log2(1/w) panels and no more. It must be seen,
 * though: what happens within a thousandth of the range beside an end escapes the rule. Cut there.
 *
 * The estimated error, far above the true one, ends below 1e-12 of the integral or of `scale`, the
 * greater: what a small part of a sum needs. Only GSL's rule is used: its own driver aborts the process,
 * by default, when rounding keeps it from the tolerance.
 *
 * \throws std::runtime_error if 200 panels do not suffice.
 */
template <class F>
double integrate_adaptively(F f, double a, double b, double scale = 0) {
  constexpr std::size_t most_panels = 200;
  constexpr double tolerance = 1e-12;
  struct Panel {
    double from, to, value, error;
  };
  gsl_function function{};
  function.function = [](double x, void* closure) { return (*static_cast<F*>(closure))(x); };
  function.params = &f;
  const auto panel = [&function](double from, double to) {
    Panel result{from, to, 0, 0};
    double absolute = 0, deviation = 0;  // not needed
    gsl_integration_qk31(&function, from, to, &result.value, &result.error, &absolute, &deviation);
    return result;
  };
  std::vector<Panel> panels{panel(a, b)};
  while (true) {
    double value = 0, error = 0;
    for (const Panel& p : panels) {
      value += p.value;
      error += p.error;
    }
    if (error <= tolerance * std::max(value, scale)) return value;
    if (!(panels.size() < most_panels))
      throw std::runtime_error(
          fmt::format("integrate_adaptively: {} +- {} after {} panels (wanted relative error {})",
                      value, error, panels.size(), tolerance));
    const auto worst = std::ranges::max_element(panels, {}, &Panel::error);
    const double from = worst->from, to = worst->to, middle = from + (to - from) / 2;
    *worst = panel(from, middle);
    panels.push_back(panel(middle, to));
  }
}

}  // namespace rmtlab::ensembles
