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
#include "sim/io/npz.hpp"
#include "sim/io/safetensors.hpp"
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

/// The reason why a complete .npy file is no matrix, or the matrix. An archive may hold arrays of other
/// types beside its weights, so one that cannot be understood does not stand in the way of the others.
void add_array(const std::string& name, const std::string& label, std::string_view bytes,
               WeightFile& file) {
  NpyHeader header;
  try {
    header = parse_npy_header(bytes, label);
  } catch (const std::runtime_error& error) {
    file.skipped.push_back({name, std::string(error.what()).substr(label.size() + 2)});
    return;
  }
  if (std::string reason = no_matrix_reason(header.shape); !reason.empty()) {
    file.skipped.push_back({name, std::move(reason)});
  } else {
    file.matrices.push_back({name, npy_matrix(bytes, header), header.dtype});
  }
}

WeightFile read_npz_file(const std::string& path, std::string_view bytes) {
  const NpzFile archive(bytes, display_name(path));
  if (archive.names().empty()) {
    throw std::runtime_error(fmt::format("{}: is a zip archive without NumPy arrays (it holds {})",
                                         display_name(path), fmt::join(archive.others(), ", ")));
  }
  WeightFile file;
  for (const std::string& name : archive.names()) {
    add_array(name, archive.label(name), archive.read(name), file);
  }
  for (const std::string& name : archive.others()) {
    file.skipped.push_back({name, "no NumPy array (.npy)"});
  }
  return file;
}

WeightFile read_safetensors_file(const std::string& path, std::string_view bytes) {
  WeightFile file;
  for (const SafetensorsEntry& entry : parse_safetensors_header(bytes, display_name(path))) {
    if (std::string reason = no_matrix_reason(entry.shape); !reason.empty()) {
      file.skipped.push_back({entry.name, std::move(reason)});
    } else if (!entry.is_readable()) {
      file.skipped.push_back(
          {entry.name, fmt::format("elements are {} (read are F64, F32, F16, BF16)", entry.dtype)});
    } else {
      // NumPy's name tells single precision from the rest, as for the other formats.
      file.matrices.push_back({entry.name, safetensors_matrix(bytes, entry),
                               entry.dtype == "F32" ? "<f4" : entry.dtype});
    }
  }
  return file;
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
      {"NumPy archive (.npz)", {".npz"}, is_zip, read_npz_file},
      {"safetensors (.safetensors)", {".safetensors"}, is_safetensors, read_safetensors_file},
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
