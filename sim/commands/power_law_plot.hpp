// SPDX-License-Identifier: MIT
/// \file
/// \brief The picture of a power-law fit: the tail, what was fitted to it, and why xmin is where it is.
#pragma once

#include <string>
#include <vector>

#include "sim/inference/power_law.hpp"
#include "sim/inference/power_law_alternatives.hpp"

namespace rmtlab::commands {

/// Two panels: P(X >= x) with the fitted laws, and the KS distance against xmin. `file` may end in
/// .png or .pdf or nothing; .pdf, .png and .csv are written.
/// \throws std::runtime_error if they cannot be drawn or written.
void plot_power_law(const inference::CountedValues& sample,
                    const inference::PowerLawOptions& options, const inference::PowerLawFit& fit,
                    const std::vector<inference::Alternative>& alternatives,
                    const std::string& file);

}  // namespace rmtlab::commands
