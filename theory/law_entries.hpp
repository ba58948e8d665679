// SPDX-License-Identifier: MIT
/// \file
/// \brief Rows of the catalogue of laws that are written in other files than the catalogue.
#pragma once

#include "theory/law_catalogue.hpp"

namespace rmtlab::theory {

LawEntry semicircle_entry();
LawEntry wishart_edge_entry();
LawEntry hard_edge_entry();
LawEntry frechet_entry();
LawEntry spike_mapped_entry();
LawEntry bbp_entry();
LawEntry heavy_tailed_mp_entry();
LawEntry general_mp_entry();
LawEntry wigner_surmise_entry();
LawEntry spacing_entry();
LawEntry gap_ratio_entry();
LawEntry porter_thomas_entry();
LawEntry haar_maximum_entry();

}  // namespace rmtlab::theory
