// SPDX-License-Identifier: MIT
/// \file
/// \brief Which code, compiler and libraries make the numbers.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace rmtlab::core {

/// Version, commit and dirty flag (as of the build), compiler, libraries, BLAS kernel. No host name,
/// no path: manifests are published.
nlohmann::ordered_json provenance();

/// The same as lines for `rmtlab --version`.
std::string version_text();

/// One thread for BLAS from now on: its bits depend on the number of threads, and the runner has
/// threads of its own.
void use_one_blas_thread();

/// UTC now, "2026-01-31T12:00:00Z".
std::string utc_now();

}  // namespace rmtlab::core
