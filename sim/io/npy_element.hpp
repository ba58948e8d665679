// SPDX-License-Identifier: MIT
/// \file
/// \brief Internal to the .npy reader: the element types it knows and how each becomes a double.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace rmtlab::io {

struct NpyElement {
  std::size_t size;               ///< bytes
  double (*decode)(const char*);  ///< the value stored at an address, aligned or not
};

/// The element type NumPy writes as `dtype`: byte order `<` or `>` (also `|` for one byte), then f2, f4,
/// f8, or i or u with 1, 2, 4 or 8.
std::optional<NpyElement> find_npy_element(std::string_view dtype);

}  // namespace rmtlab::io
