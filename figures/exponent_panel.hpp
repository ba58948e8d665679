// SPDX-License-Identifier: MIT
/// \file
/// \brief Panels of a fitted exponent alpha against the tail index mu, for figures 9 to 11.
#pragma once

#include <string>
#include <vector>

#include "figures/grouped_run.hpp"
#include "figures/plot.hpp"

namespace rmtlab::figures {

/// How the curve of one sweep point's matrices looks.
struct ExponentStyle {
  const char* colour;
  int shape;
};

/// Axes of alpha (logarithmic, 1 to `top`) against mu, and 1 + mu/2: a theorem on the spectrum for
/// mu < 2 (full line), on its few outliers above (dashed).
void exponent_axes(Panel& panel, double largest_mu, double top);

/// Mean and its 95 % interval at every mu, joined by a line.
void draw_means(Panel& panel, const std::string& series, const MeanCurve& curve,
                const ExponentStyle& style);

/// Matrices of one shape.
struct ShapeFamily {
  std::string name;
  std::vector<Condition> conditions;  ///< that their rows meet
  ExponentStyle style;
};

/// The row of panels of figures 10 and 11: alpha of raw entries, alpha of symmetrised ones, and the
/// decades that the fitted tails of the latter span; one curve per shape.
void draw_shape_panels(Figure& figure, const core::Table& records,
                       const std::vector<ShapeFamily>& families);

}  // namespace rmtlab::figures
