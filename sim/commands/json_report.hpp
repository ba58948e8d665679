// SPDX-License-Identifier: MIT
/// \file
/// \brief Results as JSON: the field names other programs rely on.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "sim/inference/matrix_analysis.hpp"
#include "sim/inference/matrix_details.hpp"

namespace rmtlab::commands {

using Json = nlohmann::ordered_json;

Json to_json(const inference::MarchenkoPasturFit& fit,
             const inference::MarchenkoPasturOptions& options);
Json to_json(const inference::PowerLawFit& fit);
Json to_json(const inference::Alternative& alternative);

/// One matrix of `rmtlab analyze`; an impossible fit is null, with its reason in `<name>_reason`.
Json to_json(const inference::MatrixAnalysis& analysis, const inference::MatrixDetails& details,
             const std::string& file, const std::string& name);

}  // namespace rmtlab::commands
