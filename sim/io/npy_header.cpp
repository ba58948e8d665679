// SPDX-License-Identifier: MIT
// The header is the literal of a Python dictionary with three keys in any order; read by descent,
// so that every complaint has its byte.
#include <algorithm>
#include <charconv>
#include <limits>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/io/npy.hpp"
#include "sim/io/npy_element.hpp"
#include "sim/io/text_rows.hpp"

namespace rmtlab::io {
namespace {

constexpr std::string_view magic = "\x93NUMPY";

class HeaderReader {
public:
  HeaderReader(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {}

  NpyHeader read() {
    enter_dictionary();
    NpyHeader header;
    header.data_offset = end_;
    std::set<std::string> seen;
    expect('{', "'{' at the start of the dictionary");
    while (!accept('}')) {
      const std::size_t start = position_;
      const std::string key = string("a key in quotes");
      if (!seen.insert(key).second) fail(start, "every key once", quoted(key) + " again");
      expect(':', "':' after the key");
      read_value(key, start, header);
      if (!accept(',') && peek() != '}') fail(position_, "',' or '}'", found());
    }
    if (skip_blanks(); position_ != end_) fail(position_, "blanks up to the data", found());
    for (const char* key : {"descr", "fortran_order", "shape"}) {
      if (!seen.contains(key)) fail(position_, fmt::format("the key '{}'", key), "none");
    }
    return header;
  }

private:
  /// Version and length: the dictionary is then bytes position_ to end_.
  void enter_dictionary() {
    if (!is_npy(bytes_)) fail(0, "the signature \\x93NUMPY", quoted(bytes_.substr(0, 6)));
    position_ = magic.size();
    const unsigned major = byte(), minor = byte();
    if (major < 1 || major > 3 || minor != 0) {
      fail(magic.size(), "version 1.0, 2.0 or 3.0", fmt::format("{}.{}", major, minor));
    }
    std::uint64_t length = 0;
    const int length_bytes = major == 1 ? 2 : 4;
    for (int i = 0; i < length_bytes; ++i) length |= std::uint64_t{byte()} << (8 * i);
    if (length > bytes_.size() - position_) {
      fail(position_, fmt::format("a header of {} bytes", length),
           fmt::format("the end of the file after {}", bytes_.size() - position_));
    }
    end_ = position_ + length;
  }

  void read_value(const std::string& key, std::size_t start, NpyHeader& header) {
    if (key == "descr") {
      header.dtype = string("a type in quotes (records are not supported)");
    } else if (key == "fortran_order") {
      header.fortran_order = boolean();
    } else if (key == "shape") {
      header.shape = tuple();
    } else {
      fail(start, "one of the keys 'descr', 'fortran_order', 'shape'", quoted(key));
    }
  }

  std::string string(std::string_view what) {
    const char quote = peek();
    if (quote != '\'' && quote != '"') fail(position_, what, found());
    const std::size_t start = ++position_;
    while (position_ < end_ && bytes_[position_] != quote) ++position_;
    if (position_ == end_) fail(start - 1, "a closing quote", "the end of the header");
    return std::string(bytes_.substr(start, position_++ - start));
  }

  bool boolean() {
    peek();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (bytes_.substr(position_, word.size()) != word) continue;
      position_ += word.size();
      return value;
    }
    fail(position_, "True or False", found());
  }

  std::vector<std::uint64_t> tuple() {
    expect('(', "'(' at the start of the shape");
    std::vector<std::uint64_t> shape;
    while (!accept(')')) {
      peek();
      std::uint64_t length = 0;
      const char* begin = bytes_.data() + position_;
      const auto [stop, error] = std::from_chars(begin, bytes_.data() + end_, length);
      if (error != std::errc{}) fail(position_, "a length (a whole number below 2^64)", found());
      position_ += static_cast<std::size_t>(stop - begin);
      shape.push_back(length);
      if (!accept(',') && peek() != ')') fail(position_, "',' or ')' in the shape", found());
    }
    return shape;
  }

  unsigned byte() {
    if (position_ == bytes_.size())
      fail(position_, "the rest of the header", "the end of the file");
    return static_cast<unsigned char>(bytes_[position_++]);
  }

  void skip_blanks() {
    while (position_ < end_ && (bytes_[position_] == ' ' || bytes_[position_] == '\n')) ++position_;
  }

  /// Next character that is no blank, NUL at the end.
  char peek() {
    skip_blanks();
    return position_ < end_ ? bytes_[position_] : '\0';
  }

  bool accept(char c) {
    if (peek() != c || position_ == end_) return false;
    ++position_;
    return true;
  }

  void expect(char c, std::string_view what) {
    if (!accept(c)) fail(position_, what, found());
  }

  [[nodiscard]] std::string found() const {
    if (position_ >= end_) return "the end of the header";
    return quoted(bytes_.substr(position_, std::min<std::size_t>(12, end_ - position_)));
  }

  [[noreturn]] void fail(std::size_t offset, std::string_view expected,
                         std::string_view found) const {
    throw std::runtime_error(fmt::format("{}: byte {} of the .npy header: expected {}, found {}",
                                         name_, offset, expected, found));
  }

  std::string_view bytes_;
  const std::string& name_;
  std::size_t position_ = 0, end_ = 0;
};

/// Throws unless the file has exactly the bytes its shape asks for; no product may overflow.
void check_size(const NpyHeader& header, std::uint64_t available, std::size_t element,
                const std::string& name) {
  std::uint64_t needed = element;
  bool overflow = false;
  bool empty = false;
  for (const std::uint64_t length : header.shape) {
    empty = empty || length == 0;
    overflow =
        overflow || (length != 0 && needed > std::numeric_limits<std::uint64_t>::max() / length);
    if (!overflow) needed *= length;
  }
  if (empty) needed = 0;
  if (needed == available && (empty || !overflow)) return;
  throw std::runtime_error(fmt::format(
      "{}: shape {} of {} needs {} bytes of data, but the file has {} after its header", name,
      shape_text(header.shape), header.dtype,
      overflow && !empty ? std::string("over 2^64") : fmt::to_string(needed), available));
}

}  // namespace

bool is_npy(std::string_view bytes) { return bytes.substr(0, magic.size()) == magic; }

NpyHeader parse_npy_header(std::string_view bytes, const std::string& name) {
  NpyHeader header = HeaderReader(bytes, name).read();
  const auto element = find_npy_element(header.dtype);
  if (!element) {
    throw std::runtime_error(
        fmt::format("{}: element type {} is not supported (f2, f4, f8, and i and u of 1, 2, 4 or 8 "
                    "bytes are, as '<f4' or '>f4')",
                    name, quoted(header.dtype)));
  }
  check_size(header, bytes.size() - header.data_offset, element->size, name);
  return header;
}

std::string shape_text(std::span<const std::uint64_t> shape) {
  if (shape.size() == 1) return fmt::format("({},)", shape.front());
  return fmt::format("({})", fmt::join(shape, ", "));
}

}  // namespace rmtlab::io
