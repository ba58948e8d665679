// SPDX-License-Identifier: MIT
/// \file
/// \brief The picture of a Marchenko-Pastur fit: the spectrum over its law, and where the two part.
#pragma once

#include <string>

#include <armadillo>

#include "sim/inference/marchenko_pastur_fit.hpp"

namespace rmtlab::commands {

/// Two panels: density with the fitted law, outliers and both edges; and the unfolded levels minus
/// their rank with the band in which noise of this shape stays with probability 95 %. `excess_kurtosis` is that of the fit. `file` may end in .png
/// or .pdf or nothing; .pdf, .png and .csv are written.
/// \throws std::runtime_error if they cannot be drawn or written.
void plot_marchenko_pastur(const arma::vec& eigenvalues, const inference::MarchenkoPasturFit& fit,
                           std::size_t rows, double excess_kurtosis, const std::string& file);

}  // namespace rmtlab::commands
