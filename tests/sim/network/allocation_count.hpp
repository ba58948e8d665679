// SPDX-License-Identifier: MIT
/// \file
/// \brief How often a test program has allocated memory with `new`.
#pragma once

#include <cstddef>
#include <optional>

namespace rmtlab::tests {

/// Allocations since the program started, of all threads; nothing under AddressSanitizer, which has
/// its own `operator new` that must not be replaced.
std::optional<std::size_t> allocation_count();

}  // namespace rmtlab::tests
