// SPDX-License-Identifier: MIT
#include "sim/io/weight_file.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "sim/io/file_bytes.hpp"
#include "sim/io/npy.hpp"
#include "sim/io/text_matrix.hpp"
#include "sim/io/text_rows.hpp"

namespace rmtlab::io {
namespace {

std::string stem(const std::string& path) {
  return path == "-" ? path : std::filesystem::path(path).stem().string();
}

/// Why a tensor of this shape is no matrix; empty if it is one.
std::string no_matrix_reason(std::span<const std::uint64_t> shape) {
  if (shape.size() != 2) {
    return fmt::format("{}-dimensional, shape {} (not a matrix)", shape.size(), shape_text(shape));
  }
  if (shape[0] == 0 || shape[1] == 0) return fmt::format("empty, shape {}", shape_text(shape));
  if (shape[0] == 1 || shape[1] == 1) {
    return fmt::format("one row or column, shape {} (not a matrix)", shape_text(shape));
  }
  return {};
}

WeightFile read_npy_file(const std::string& path, std::string_view bytes) {
  const NpyHeader header = parse_npy_header(bytes, display_name(path));
  if (const std::string reason = no_matrix_reason(header.shape); !reason.empty()) {
    return {{}, {{stem(path), reason}}};
  }
  return {{{stem(path), npy_matrix(bytes, header), header.dtype}}, {}};
}

WeightFile read_text_file(const std::string& path, std::string_view content) {
  arma::mat matrix = parse_text_matrix(content, display_name(path));
  const std::array<std::uint64_t, 2> shape = {matrix.n_rows, matrix.n_cols};
  if (const std::string reason = no_matrix_reason(shape); !reason.empty()) {
    return {{}, {{stem(path), reason}}};
  }
  return {{{stem(path), std::move(matrix), "text"}}, {}};
}

/// Whether the first row is numbers, or a header with a row of numbers under it.
bool begins_with_numbers(std::string_view head) {
  TextRows rows("", head);
  try {
    if (!rows.next()) return false;
    static_cast<void>(rows.number(0));
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

/// One row per format; the first that recognises the beginning of a file reads it. If none does,
/// the extension decides.
struct Format {
  std::string_view description;
  std::vector<std::string_view> extensions;
  bool (*recognises)(std::string_view head);
  WeightFile (*read)(const std::string& path, std::string_view bytes);
};

const std::vector<Format>& formats() {
  static const std::vector<Format> table = {
      {"NumPy array (.npy)", {".npy"}, is_npy, read_npy_file},
      {"text, one matrix row a line (.txt, .csv, .tsv, .dat)",
       {".txt", ".csv", ".tsv", ".dat"},
       begins_with_numbers,
       read_text_file},
  };
  return table;
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

const Format& format_of(const std::string& path, std::string_view bytes) {
  constexpr std::size_t head_size = 65536;
  const std::string_view head = bytes.substr(0, head_size);
  for (const Format& format : formats()) {
    if (format.recognises(head)) return format;
  }
  const std::string extension = lower_case(std::filesystem::path(path).extension().string());
  for (const Format& format : formats()) {
    const auto& known = format.extensions;
    if (std::find(known.begin(), known.end(), extension) != known.end()) return format;
  }
  throw std::runtime_error(fmt::format(
      "{}: begins with {}, which is no known format (can be read: {})", display_name(path),
      quoted(bytes.substr(0, 8)), fmt::join(supported_weight_formats(), "; ")));
}

}  // namespace

WeightFile read_weight_file(const std::string& path) {
  const std::string bytes = read_bytes(path);
  return format_of(path, bytes).read(path, bytes);
}

std::vector<std::string> supported_weight_formats() {
  std::vector<std::string> descriptions;
  for (const Format& format : formats()) descriptions.emplace_back(format.description);
  return descriptions;
}

}  // namespace rmtlab::io
