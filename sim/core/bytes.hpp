// SPDX-License-Identifier: MIT
/// \file
/// \brief Numbers and lists as bytes, little endian whatever the machine.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rmtlab::core {

/// What has a size and layout of its own everywhere: IEEE numbers and integers of fixed width.
template <class T>
concept PlainNumber = std::same_as<T, float> || std::same_as<T, double> ||
    std::same_as<T, std::uint32_t> || std::same_as<T, std::uint64_t>;

/// Appends numbers and lists to a string of bytes. A list is its length (64 bits) and its elements.
class ByteWriter {
public:
  template <PlainNumber T>
  void number(T value) {
    auto bytes = std::bit_cast<std::array<char, sizeof(T)>>(value);
    if constexpr (std::endian::native == std::endian::big) std::reverse(bytes.begin(), bytes.end());
    bytes_.append(bytes.data(), bytes.size());
  }
  template <PlainNumber T>
  void list(const std::vector<T>& values) {
    number(std::uint64_t{values.size()});
    bytes_.reserve(bytes_.size() + values.size() * sizeof(T));
    for (const T value : values) number(value);
  }
  void text(std::string_view value) {
    number(std::uint64_t{value.size()});
    bytes_.append(value);
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

private:
  std::string bytes_;
};

/// Reads what ByteWriter wrote, in the same order.
/// \throws std::runtime_error saying at which byte more was expected than there is.
class ByteReader {
public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  template <PlainNumber T>
  [[nodiscard]] T number() {
    std::array<char, sizeof(T)> value{};
    std::ranges::copy(next(1, sizeof(T)), value.begin());
    if constexpr (std::endian::native == std::endian::big) std::reverse(value.begin(), value.end());
    return std::bit_cast<T>(value);
  }
  template <PlainNumber T>
  [[nodiscard]] std::vector<T> list() {
    const auto count = number<std::uint64_t>();
    ByteReader elements(next(count, sizeof(T)));
    std::vector<T> values(count);
    for (T& value : values) value = elements.number<T>();
    return values;
  }
  [[nodiscard]] std::string_view text() { return next(number<std::uint64_t>(), 1); }

  /// Nothing may follow what was read.
  void expect_end() const {
    if (position_ != bytes_.size())
      throw std::runtime_error(std::to_string(bytes_.size() - position_) +
                               " bytes are left over at byte " + std::to_string(position_));
  }

private:
  std::string_view next(std::uint64_t count, std::size_t size) {
    const std::size_t left = bytes_.size() - position_;
    if (count > left / size)
      throw std::runtime_error("ends at byte " + std::to_string(bytes_.size()) + " (" +
                               std::to_string(count) + " elements of " + std::to_string(size) +
                               " bytes expected at byte " + std::to_string(position_) + ')');
    const auto part = bytes_.substr(position_, count * size);
    position_ += part.size();
    return part;
  }

  std::string_view bytes_;
  std::size_t position_ = 0;
};

}  // namespace rmtlab::core
