// SPDX-License-Identifier: MIT
#include "sim/io/safetensors.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/io/file_bytes.hpp"
#include "sim/io/npy_element.hpp"

namespace rmtlab::io {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t length_size = 8;
constexpr std::uint64_t longest_header = 100'000'000;  // as the format's own readers have it
constexpr std::string_view metadata_key = "__metadata__";

/// bfloat16: the upper half of a float.
double decode_brain_float(const char* address) {
  const auto low = static_cast<unsigned char>(address[0]);
  const auto high = static_cast<unsigned char>(address[1]);
  return std::bit_cast<float>((std::uint32_t{high} << 24) | (std::uint32_t{low} << 16));
}

struct ElementType {
  std::string_view name;
  std::uint64_t size;
  std::string_view numpy;  // the same for the .npy reader; "" where there is none
};

constexpr std::array<ElementType, 14> types = {{{"F64", 8, "<f8"},
                                                {"F32", 4, "<f4"},
                                                {"F16", 2, "<f2"},
                                                {"BF16", 2, ""},
                                                {"I64", 8, ""},
                                                {"I32", 4, ""},
                                                {"I16", 2, ""},
                                                {"I8", 1, ""},
                                                {"U64", 8, ""},
                                                {"U32", 4, ""},
                                                {"U16", 2, ""},
                                                {"U8", 1, ""},
                                                {"BOOL", 1, ""},
                                                {"F8_E4M3", 1, ""}}};

const ElementType* find_type(std::string_view name) {
  if (name == "F8_E5M2") name = "F8_E4M3";  // the same size, and read by neither
  const auto at = std::ranges::find(types, name, &ElementType::name);
  return at == types.end() ? nullptr : &*at;
}

std::uint64_t header_length(std::string_view bytes) {
  std::uint64_t length = 0;
  for (std::size_t i = length_size; i-- > 0;)
    length = length << 8 | static_cast<unsigned char>(bytes[i]);
  return length;
}

/// Bytes of a tensor; nothing if they are more than 64 bits can count.
std::optional<std::uint64_t> bytes_needed(const std::vector<std::uint64_t>& shape,
                                          std::uint64_t element) {
  if (std::ranges::find(shape, 0U) != shape.end()) return 0;
  std::uint64_t total = element;
  for (const std::uint64_t extent : shape) {
    if (total > std::numeric_limits<std::uint64_t>::max() / extent) return std::nullopt;
    total *= extent;
  }
  return total;
}

std::vector<std::uint64_t> natural_numbers(const Json& list) {
  std::vector<std::uint64_t> numbers;
  for (const Json& number : list) {
    if (!number.is_number_unsigned()) throw std::runtime_error("not a natural number");
    numbers.push_back(number.get<std::uint64_t>());
  }
  return numbers;
}

/// One entry of the header; offsets are still those of the header. \throws std::exception
SafetensorsEntry entry_of(const std::string& tensor, const Json& json) {
  const auto offsets = natural_numbers(json.at("data_offsets"));
  if (offsets.size() != 2) throw std::runtime_error("data_offsets are not two numbers");
  return {tensor, json.at("dtype").get<std::string>(), natural_numbers(json.at("shape")),
          offsets[0], offsets[1]};
}

void check_entry(const SafetensorsEntry& entry, const std::string& label) {
  const ElementType* type = find_type(entry.dtype);
  if (type == nullptr)
    throw std::runtime_error(fmt::format("{}: unknown element type '{}'", label, entry.dtype));
  const auto needed = bytes_needed(entry.shape, type->size);
  if (entry.end < entry.begin || !needed || entry.end - entry.begin != *needed)
    throw std::runtime_error(fmt::format("{}: data_offsets {} to {} do not fit {} of shape {}",
                                         label, entry.begin, entry.end, entry.dtype,
                                         shape_text(entry.shape)));
}

/// The tensors must follow each other without gap or overlap, to the end of the file.
void check_cover(std::vector<SafetensorsEntry> entries, std::uint64_t present,
                 const std::string& name) {
  std::ranges::sort(entries, {}, [](const auto& e) { return std::pair(e.begin, e.end); });
  std::uint64_t end = 0;
  for (const SafetensorsEntry& entry : entries) {
    if (entry.begin != end)
      throw std::runtime_error(fmt::format(
          "{}: tensor '{}' begins at byte {} of the data, where {} ends at {}", name, entry.name,
          entry.begin, entry.begin < end ? "(overlapping) the one before" : "(a gap) what precedes",
          end));
    end = entry.end;
  }
  if (end > present)
    throw std::runtime_error(fmt::format(
        "{}: is cut short: its tensors need {} bytes of data, it has {}", name, end, present));
  if (end < present)
    throw std::runtime_error(fmt::format("{}: {} bytes follow the last tensor, which ends at {}",
                                         name, present - end, end));
}

Json parse_header(std::string_view bytes, const std::string& name) {
  if (bytes.size() < length_size)
    throw std::runtime_error(fmt::format(
        "{}: is cut short: the header's length needs 8 bytes, it has {}", name, bytes.size()));
  const std::uint64_t length = header_length(bytes);
  if (length > longest_header)
    throw std::runtime_error(
        fmt::format("{}: no safetensors file: its first 8 bytes give a header of {} bytes (at most "
                    "{})",
                    name, length, longest_header));
  if (length > bytes.size() - length_size)
    throw std::runtime_error(fmt::format("{}: is cut short: its header needs {} bytes, it has {}",
                                         name, length, bytes.size() - length_size));
  Json header = Json::parse(bytes.substr(length_size, length), nullptr, false);
  if (!header.is_object())
    throw std::runtime_error(
        fmt::format("{}: the header ({} bytes from byte 8) is no JSON object", name, length));
  return header;
}

struct Stored {
  std::string_view dtype;
  std::size_t size;
};

Stored stored_as(const NpyArray& array) {
  constexpr std::array<Stored, 4> by_index = {{{"F64", 8}, {"F32", 4}, {"I64", 8}, {"U8", 1}}};
  return by_index[array.values.index()];
}

void check_names(const std::vector<NamedArray>& arrays) {
  if (arrays.empty()) throw std::invalid_argument("write_safetensors: no arrays");
  std::vector<std::string> names;
  for (const NamedArray& array : arrays) names.push_back(array.name);
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  if (twice != names.end())
    throw std::invalid_argument(
        fmt::format("write_safetensors: two arrays are called '{}'", *twice));
  for (const std::string& name : names)
    if (name.empty() || name == metadata_key)
      throw std::invalid_argument(
          fmt::format("write_safetensors: name = '{}' (empty or reserved)", name));
}

template <class T>
void append(std::string& content, const std::vector<T>& values) {
  for (const T value : values) {
    auto bytes = std::bit_cast<std::array<char, sizeof(T)>>(value);
    if constexpr (std::endian::native == std::endian::big) std::reverse(bytes.begin(), bytes.end());
    content.append(bytes.data(), bytes.size());
  }
}

}  // namespace

bool SafetensorsEntry::is_readable() const {
  return dtype == "F64" || dtype == "F32" || dtype == "F16" || dtype == "BF16";
}

bool is_safetensors(std::string_view bytes) {
  return bytes.size() > length_size && bytes[length_size] == '{' &&
         header_length(bytes) <= longest_header;
}

std::vector<SafetensorsEntry> parse_safetensors_header(std::string_view bytes,
                                                       const std::string& name) {
  const Json header = parse_header(bytes, name);
  const std::size_t data = length_size + header_length(bytes);
  std::vector<SafetensorsEntry> entries;
  for (const auto& [tensor, json] : header.items()) {
    if (tensor == metadata_key) continue;
    const std::string label = fmt::format("{}: tensor '{}'", name, tensor);
    try {
      entries.push_back(entry_of(tensor, json));
    } catch (const std::exception& error) {
      throw std::runtime_error(
          fmt::format("{}: its entry in the header must have dtype, shape and "
                      "data_offsets: {}",
                      label, error.what()));
    }
    check_entry(entries.back(), label);
  }
  check_cover(entries, bytes.size() - data, name);
  for (SafetensorsEntry& entry : entries) {
    entry.begin += data;
    entry.end += data;
  }
  return entries;
}

arma::mat safetensors_matrix(std::string_view bytes, const SafetensorsEntry& entry) {
  if (!entry.is_readable() || entry.shape.size() != 2)
    throw std::invalid_argument(
        fmt::format("safetensors_matrix: {} of shape {} (must be two-dimensional and F64, F32, F16 "
                    "or BF16)",
                    entry.dtype, shape_text(entry.shape)));
  const ElementType& type = *find_type(entry.dtype);
  const auto known = find_npy_element(type.numpy);
  const auto decode = known ? known->decode : decode_brain_float;
  arma::mat matrix(entry.shape[0], entry.shape[1], arma::fill::none);
  const char* data = bytes.data() + entry.begin;
  for (arma::uword row = 0; row < matrix.n_rows; ++row)
    for (arma::uword col = 0; col < matrix.n_cols; ++col, data += type.size)
      matrix.at(row, col) = decode(data);
  return matrix;
}

void write_safetensors(const std::string& path, const std::vector<NamedArray>& arrays,
                       const std::map<std::string, std::string>& metadata) {
  check_names(arrays);
  std::vector<std::size_t> order(arrays.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{},
                           [&](std::size_t i) { return stored_as(arrays[i].array).size; });
  Json header = Json::object();
  if (!metadata.empty()) header[std::string(metadata_key)] = metadata;
  std::string data;
  for (const std::size_t i : order) {
    const auto& [name, array] = arrays[i];
    const Stored stored = stored_as(array);
    const std::size_t begin = data.size();
    std::visit([&](const auto& values) { append(data, values); }, array.values);
    if (bytes_needed(array.shape, stored.size) != data.size() - begin)
      throw std::invalid_argument(fmt::format("write_safetensors: '{}' has shape {} and {} values",
                                              name, shape_text(array.shape),
                                              (data.size() - begin) / stored.size));
    header[name] = {
        {"dtype", stored.dtype}, {"shape", array.shape}, {"data_offsets", {begin, data.size()}}};
  }
  std::string content = header.dump();
  content.append((length_size - content.size() % length_size) % length_size, ' ');
  std::string bytes;
  append(bytes, std::vector<std::uint64_t>{content.size()});
  replace_file(path, bytes + content + data);
}

}  // namespace rmtlab::io
