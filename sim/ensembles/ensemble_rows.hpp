// SPDX-License-Identifier: MIT
/// \file
/// \brief Rows of the catalogue of ensembles, by the files they are written in.
#pragma once

#include <vector>

#include "sim/ensembles/ensemble_catalogue.hpp"

namespace rmtlab::ensembles {

std::vector<EnsembleEntry> entry_rows();       ///< independent entries
std::vector<EnsembleEntry> spike_rows();       ///< noise with planted directions
std::vector<EnsembleEntry> population_rows();  ///< rows or columns that differ in variance
std::vector<EnsembleEntry> structure_rows();   ///< entries tied to each other
std::vector<EnsembleEntry> spectrum_rows();    ///< known by their eigenvalues

}  // namespace rmtlab::ensembles
