// SPDX-License-Identifier: MIT
/// \file
/// \brief Lists of numbers, with or without multiplicities, from text or .npy files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rmtlab::io {

/// A list as it stands in the file: unsorted, repeats and all. Values of any sign, also inf and
/// nan: the fit says what a sample may hold and names the index; `lines` has its line.
struct ValueList {
  std::vector<double> values;
  std::vector<std::uint64_t> counts;  ///< of each value; empty if the file has values only
  std::vector<std::size_t> lines;     ///< line of each value, from 1; empty for .npy
  std::string source;                 ///< name of the file for messages
};

/**
 * \brief Reads values, or value,count pairs, from a file; `-` is standard input.
 *
 * Text: one column of values, or two of value,count, as TextRows reads them (`#` comments, a header
 * of words, commas or blanks). A .npy file, known by its first bytes: shape (n,) or (n, 1) is
 * values, (n, 2) is value,count. Counts are whole numbers from 0 to 2^53.
 *
 * \throws std::runtime_error "file:line: found ..., expected ..." for a malformed line; naming the
 *   file if it is absent, a directory, has no values, or is an array of another shape.
 */
ValueList read_values(const std::string& path);

/// As above from memory; `name` is used in messages.
ValueList parse_values(std::string_view content, const std::string& name);

}  // namespace rmtlab::io
